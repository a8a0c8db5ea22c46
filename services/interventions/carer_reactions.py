"""What follows for caregivers themselves: a part of the one table in `reactions.py`."""

from services.interventions.domain.caregiver_check.commands import PlanCaregiverCheck, SetYoungForCheck
from services.interventions.domain.caregiver_course.commands import OpenCaregiverCourse, SetYoungCarer
from services.interventions.domain.caregiver_support.commands import AskForCarerSupport
from shared.contracts.envelope import Event
from shared.contracts.interventions.caregiver import CaregiverNotSafe
from shared.contracts.referrals import CaregiverAccepted, YoungCarerNoted
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def carer_course_of(caregiver_id: str) -> str:
    """The id of the one course of a caregiver."""
    return derived_id("carer-course", caregiver_id)


def carer_check_of(caregiver_id: str) -> str:
    """The id of the one document with how a caregiver is."""
    return derived_id("carer-check", caregiver_id)


def open_course(event: CaregiverAccepted, cause: Cause) -> list[Target]:
    """They take part: their course and their check are open."""
    said = {"now": cause.now, "actor": cause.actor, "caregiver_id": event.caregiver_id, "young": event.young}
    return [
        Target("caregiver_course", carer_course_of(event.caregiver_id), OpenCaregiverCourse.model_validate(said)),
        Target("caregiver_check", carer_check_of(event.caregiver_id), PlanCaregiverCheck.model_validate(said)),
    ]


def set_young(event: YoungCarerNoted, cause: Cause) -> list[Target]:
    """It was written down that they are young, or are not."""
    said = {"now": cause.now, "actor": cause.actor, "young": event.young}
    return [
        Target("caregiver_course", carer_course_of(event.caregiver_id), SetYoungCarer.model_validate(said)),
        Target("caregiver_check", carer_check_of(event.caregiver_id), SetYoungForCheck.model_validate(said)),
    ]


def call_for_carer(event: CaregiverNotSafe, cause: Cause) -> list[Target]:
    """They are not safe: somebody must call them, without their asking."""
    request_id = derived_id("carer-support", event.caregiver_id, "check", str(event.number))
    command = AskForCarerSupport(
        now=cause.now,
        actor=cause.actor,
        request_id=request_id,
        caregiver_id=event.caregiver_id,
        kind="phone",
        phone=event.phone,
        source="check",
        urgent=True,
        young=event.young,
    )
    return [Target("caregiver_support", request_id, command)]


CARERS: dict[type[Event], Reaction] = {
    CaregiverAccepted: open_course,
    YoungCarerNoted: set_young,
    CaregiverNotSafe: call_for_carer,
}
