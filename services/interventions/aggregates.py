"""The aggregates of this service, as the runtime takes them."""

from functools import partial

from services.interventions.carer_aggregates import carer_aggregates
from services.interventions.circle_aggregates import circle_aggregates
from services.interventions.content import Content
from services.interventions.domain import caseload
from services.interventions.domain.activity import keys as activity_keys
from services.interventions.domain.activity.decide import decide as decide_activity
from services.interventions.domain.activity.evolve import evolve as evolve_activity
from services.interventions.domain.activity.state import ActivityState
from services.interventions.domain.alert import decide as alert
from services.interventions.domain.alert import keys as alert_keys
from services.interventions.domain.alert.evolve import evolve as evolve_alert
from services.interventions.domain.alert.state import AlertState
from services.interventions.domain.caregiver_course.plan import NO_COURSE, CoursePlan
from services.interventions.domain.check_in import decide as check_in
from services.interventions.domain.check_in.evolve import evolve as evolve_check_in
from services.interventions.domain.check_in.state import CheckInState
from services.interventions.domain.engagement import decide as engagement
from services.interventions.domain.engagement import keys as engagement_keys
from services.interventions.domain.engagement.evolve import evolve as evolve_engagement
from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.episode import clock as episode_clock
from services.interventions.domain.episode import keys as episode_keys
from services.interventions.domain.episode.decide import decide as decide_episode
from services.interventions.domain.episode.evolve import evolve as evolve_episode
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.feedback import decide as feedback
from services.interventions.domain.feedback.evolve import evolve as evolve_feedback
from services.interventions.domain.feedback.state import FeedbackState
from services.interventions.domain.plan import Plans
from services.interventions.domain.practice import decide as practice
from services.interventions.domain.practice.state import PracticeLogState
from services.interventions.domain.resource import decide as resource
from services.interventions.domain.resource.evolve import evolve as evolve_resource
from services.interventions.domain.resource.state import ResourceState
from services.interventions.domain.series import keys as series_keys
from services.interventions.domain.series.decide import decide as decide_series
from services.interventions.domain.series.evolve import evolve as evolve_series
from services.interventions.domain.series.state import SeriesState
from services.interventions.domain.sheet import Sheets
from services.interventions.group_aggregates import group_aggregates
from shared.contracts.clinic import Clinic
from shared.contracts.interventions import (
    ACTIVITY_EVENTS,
    CHECK_IN_EVENTS,
    ENGAGEMENT_EVENTS,
    EPISODE_EVENTS,
    FEEDBACK_EVENTS,
    PRACTICE_EVENTS,
    RESOURCE_EVENTS,
    RISK_EVENTS,
    SERIES_EVENTS,
)
from shared.contracts.risk_words import RiskWords
from shared.runtime.aggregate import Aggregate


def aggregates_for(content: Content) -> tuple[Aggregate, ...]:
    """Those of a clinic with its catalogue."""
    rules = content.group_rules.version
    return aggregates(content.clinic, content.plans, content.sheets, content.carer_plan, rules)


def aggregates(
    clinic: Clinic, plans: Plans, sheets: Sheets, carer_course: CoursePlan = NO_COURSE, group_rules: int = 1
) -> tuple[Aggregate, ...]:
    """Bound to this clinic's clocks, to the programmes it can deliver, and to the version of the rules of groups."""
    doing = (_activity(sheets, clinic.risk_words), _practice_log(plans), _check_in(clinic), _engagement(clinic, plans))
    return (
        _episode(plans),
        _series(clinic),
        _alert(clinic),
        *doing,
        _feedback(plans),
        *group_aggregates(clinic, plans, group_rules),
        *circle_aggregates(clinic, plans),
        _resource(clinic),
        *carer_aggregates(clinic, carer_course),
    )


def _episode(plans: Plans) -> Aggregate:
    return Aggregate(
        name="episode",
        state=EpisodeState,
        decide=partial(decide_episode, plans),
        evolve=evolve_episode,
        events=EPISODE_EVENTS,
        person=episode_keys.person,
        timers=partial(episode_clock.timers, plans),
        keys=partial(episode_keys.keys, plans),
        queried=("status", "patient_id", "referral_id", "ready", "review"),
        ordered=caseload.ORDERED,
    )


def _series(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="measure_series",
        state=SeriesState,
        decide=partial(decide_series, clinic.measures.phq_2_positive_from),
        evolve=evolve_series,
        events=SERIES_EVENTS,
        person=series_keys.person,
        keys=series_keys.keys,
        queried=("patient_id", "episode_id"),
    )


def _alert(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="risk_alert",
        state=AlertState,
        decide=partial(alert.decide, clinic),
        evolve=evolve_alert,
        events=RISK_EVENTS,
        person=alert_keys.person,
        timers=alert.timers,
        keys=alert_keys.keys,
        queried=("status", "patient_id", "episode_id"),
    )


def _activity(sheets: Sheets, words: RiskWords) -> Aggregate:
    return Aggregate(
        name="activity",
        state=ActivityState,
        decide=partial(decide_activity, sheets, words),
        evolve=evolve_activity,
        events=ACTIVITY_EVENTS,
        person=activity_keys.person,
        keys=activity_keys.keys,
        queried=("patient_id", "episode_id"),
    )


def _practice_log(plans: Plans) -> Aggregate:
    return Aggregate(
        name="practice_log",
        state=PracticeLogState,
        decide=partial(practice.decide, plans.zone),
        evolve=practice.evolve,
        events=PRACTICE_EVENTS,
        person=practice.person,
        keys=practice.keys,
        queried=("patient_id", "episode_id"),
    )


def _check_in(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="check_in",
        state=CheckInState,
        decide=partial(check_in.decide, clinic.measures.phq_2_positive_from),
        evolve=evolve_check_in,
        events=CHECK_IN_EVENTS,
        person=check_in.person,
        timers=check_in.timers,
        keys=check_in.keys,
        queried=("patient_id", "episode_id"),
    )


def _engagement(clinic: Clinic, plans: Plans) -> Aggregate:
    return Aggregate(
        name="engagement",
        state=EngagementState,
        decide=partial(engagement.decide, plans.treatment, clinic.together.groups.missed_to_call, plans.zone),
        evolve=evolve_engagement,
        events=ENGAGEMENT_EVENTS,
        person=engagement_keys.person,
        timers=partial(engagement.timers, plans.treatment, plans.zone),
        keys=engagement_keys.keys,
        queried=("patient_id", "episode_id", "call"),
        ordered=caseload.ORDERED,
    )


def _feedback(plans: Plans) -> Aggregate:
    return Aggregate(
        name="feedback",
        state=FeedbackState,
        decide=partial(feedback.decide, plans),
        evolve=evolve_feedback,
        events=FEEDBACK_EVENTS,
        person=feedback.person,
        timers=feedback.timers,
        keys=feedback.keys,
        queried=("patient_id", "episode_id", "given"),
    )


def _resource(clinic: Clinic) -> Aggregate:
    """The clinic's list: it is nobody's, and no field of it is personal."""
    return Aggregate(
        name="resource",
        state=ResourceState,
        decide=partial(resource.decide, clinic),
        evolve=evolve_resource,
        events=RESOURCE_EVENTS,
        person=lambda _: None,
        timers=partial(resource.timers, clinic),
        keys=resource.keys,
        queried=("status", "listed"),
    )
