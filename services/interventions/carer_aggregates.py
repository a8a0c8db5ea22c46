"""The aggregates of caregivers for themselves, as the runtime takes them."""

from functools import partial
from zoneinfo import ZoneInfo

from services.interventions.domain.caregiver_check import decide as check
from services.interventions.domain.caregiver_check.evolve import evolve as evolve_check
from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_course import decide as course
from services.interventions.domain.caregiver_course.evolve import evolve as evolve_course
from services.interventions.domain.caregiver_course.plan import CoursePlan
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from services.interventions.domain.caregiver_support import decide as support
from services.interventions.domain.caregiver_support.evolve import evolve as evolve_support
from services.interventions.domain.caregiver_support.state import CarerSupportState
from services.interventions.domain.caregiver_word import decide as word
from services.interventions.domain.caregiver_word.evolve import evolve as evolve_word
from services.interventions.domain.caregiver_word.state import CaregiverWordState
from services.interventions.domain.over import OVER
from shared.contracts.clinic import Clinic
from shared.contracts.interventions.caregiver import (
    CAREGIVER_CHECK_EVENTS,
    CAREGIVER_COURSE_EVENTS,
    CAREGIVER_SUPPORT_EVENTS,
    CAREGIVER_WORD_EVENTS,
)
from shared.runtime.aggregate import Aggregate


def carer_aggregates(clinic: Clinic, plan: CoursePlan) -> tuple[Aggregate, ...]:
    """Bound to what this clinic has set for caregivers, and to the course that it has."""
    return (_course(plan), _check(clinic), _support(clinic), _word(clinic))


def _course(plan: CoursePlan) -> Aggregate:
    return Aggregate(
        name="caregiver_course",
        state=CaregiverCourseState,
        decide=partial(course.decide, plan),
        evolve=evolve_course,
        events=CAREGIVER_COURSE_EVENTS,
        person=course.person,
        keys=course.keys,
        queried=("caregiver_id",),
    )


def _check(clinic: Clinic) -> Aggregate:
    settings, zone = clinic.together.caregivers, ZoneInfo(clinic.time_zone)
    return Aggregate(
        name="caregiver_check",
        state=CaregiverCheckState,
        decide=partial(check.decide, settings, zone),
        evolve=evolve_check,
        events=CAREGIVER_CHECK_EVENTS,
        person=check.person,
        timers=partial(check.timers, settings, zone),
        keys=check.keys,
        queried=("caregiver_id",),
    )


def _support(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="caregiver_support",
        state=CarerSupportState,
        decide=partial(support.decide, clinic),
        evolve=evolve_support,
        events=CAREGIVER_SUPPORT_EVENTS,
        person=support.person,
        timers=partial(support.timers, clinic),
        keys=support.keys,
        queried=("caregiver_id", "open"),
        ordered=(OVER,),
    )


def _word(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="caregiver_word",
        state=CaregiverWordState,
        decide=partial(word.decide, clinic),
        evolve=evolve_word,
        events=CAREGIVER_WORD_EVENTS,
        person=word.person,
        timers=word.timers,
        keys=word.keys,
        queried=("caregiver_id", "about_id", "unread"),
        ordered=(OVER,),
    )
