"""All that this service listens to: one row for each event, and the command that follows from it."""

from services.interventions.carer_reactions import CARERS
from services.interventions.circle_reactions import CIRCLES
from services.interventions.domain.alert.commands import RaiseRiskAlert, RaiseRiskAlertForWords
from services.interventions.domain.check_in.commands import OpenCheckIn
from services.interventions.domain.episode.commands import (
    ActivateEpisode,
    CancelEpisode,
    ClearRisk,
    FlagRisk,
    OfferWhileWaiting,
    OpenEpisode,
    RecordCheckIn,
    RecordMeasure,
)
from services.interventions.domain.feedback.commands import PlanFeedback
from services.interventions.domain.series.commands import OpenMeasures
from services.interventions.engagement_reactions import ENGAGEMENT, end_engagement, note_questions
from services.interventions.group_reactions import GROUPS, end_with_treatment
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    CheckInAsked,
    CheckInCompleted,
    CheckInRiskAnswered,
    EpisodeCancelled,
    EpisodeFinished,
    MeasureCompleted,
    MeasuresRequested,
    RiskAlertClosed,
    RiskAlertRaised,
    RiskAnswerGiven,
    RiskWordsWritten,
)
from shared.contracts.referrals import (
    EnteredInError,
    ReferralAccepted,
    ReferralAgreed,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEvent,
    ReferralLapsed,
    ReferralRedirected,
    ReferralReturned,
    ReferralWaitlisted,
    ReferralWithdrawn,
    RiskAnswerReported,
    TreatmentStarted,
)
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def episode_of(referral_id: str) -> str:
    """The id of the one episode that a referral leads to."""
    return derived_id("episode", referral_id)


def series_of(episode_id: str, later_programme: str | None = None) -> str:
    """The id of an episode's series of measures: the first programme's, or that of one it went on in."""
    return derived_id("series", episode_id, *([later_programme] if later_programme else []))


def open_episode(event: ReferralAccepted, cause: Cause) -> list[Target]:
    """Triage accepted: an episode is planned, but for an assessment, which is one meeting and no treatment."""
    if event.kind == "assessment":
        return []
    episode_id = episode_of(event.referral_id)
    command = OpenEpisode(
        now=cause.now,
        actor=cause.actor,
        episode_id=episode_id,
        patient_id=event.patient_id,
        referral_id=event.referral_id,
        programme_id=event.programme_id,
        step=event.step,
    )
    return [Target("episode", episode_id, command)]


def activate_agreed(event: ReferralAgreed, cause: Cause) -> list[Target]:
    """The patient agreed, before there were places: treatment starts. Since then `TreatmentStarted` says so."""
    return _activate(event, cause) if event.starts_now else []


def activate_episode(event: TreatmentStarted, cause: Cause) -> list[Target]:
    """Treatment starts. An assessment has no episode."""
    return _activate(event, cause, event.clinician_id) if event.kind == "treatment" else []


def offer_while_waiting(event: ReferralWaitlisted, cause: Cause) -> list[Target]:
    """The patient waits for a seat: the first module is theirs meanwhile."""
    return [Target("episode", episode_of(event.referral_id), OfferWhileWaiting(now=cause.now, actor=cause.actor))]


def cancel_episode(event: ReferralEvent, cause: Cause) -> list[Target]:
    """The referral ended without an outcome: so does its episode, if there is one."""
    return [Target("episode", episode_of(event.referral_id), CancelEpisode(now=cause.now, actor=cause.actor))]


def _activate(event: ReferralEvent, cause: Cause, clinician_id: str | None = None) -> list[Target]:
    command = ActivateEpisode(now=cause.now, actor=cause.actor, clinician_id=clinician_id)
    return [Target("episode", episode_of(event.referral_id), command)]


def open_measures(event: MeasuresRequested, cause: Cause) -> list[Target]:
    """The episode asked for questionnaires: they can be answered, and so there is something to do."""
    series_id = series_of(event.episode_id, event.programme_id)
    command = OpenMeasures(
        now=cause.now,
        actor=cause.actor,
        series_id=series_id,
        episode_id=event.episode_id,
        patient_id=event.patient_id,
        occasion=event.occasion,
        measures=event.measures,
        programme_id=event.programme_id,
    )
    return [Target("measure_series", series_id, command), *note_questions(event, cause)]


def record_measure(event: MeasureCompleted, cause: Cause) -> list[Target]:
    """A questionnaire is complete: the episode takes note."""
    taken = event.model_dump(include={"occasion", "reading", "programme_id"})
    command = RecordMeasure(now=cause.now, actor=cause.actor, **taken)
    return [Target("episode", event.episode_id, command)]


def raise_reported_risk(event: RiskAnswerReported, cause: Cause) -> list[Target]:
    """A worrying answer came with a referral: somebody must look at it now, whatever triage decides."""
    alert_id = derived_id("risk", cause.envelope.id)
    command = RaiseRiskAlert(
        now=cause.now,
        actor=cause.actor,
        alert_id=alert_id,
        episode_id=episode_of(event.referral_id),
        patient_id=event.patient_id,
        measure=event.measure,
        item=event.item,
        value=event.value,
    )
    return [Target("risk_alert", alert_id, command)]


def check_in_of(episode_id: str, moment: str) -> str:
    """The id of the one check-in of an episode at a moment."""
    return derived_id("check-in", episode_id, moment)


def open_check_in(event: CheckInAsked, cause: Cause) -> list[Target]:
    """The episode asked a few questions in between: they can be answered."""
    check_in_id = check_in_of(event.episode_id, event.moment)
    asked = event.model_dump(include={"episode_id", "patient_id", "moment", "measures", "closes_at"})
    command = OpenCheckIn(now=cause.now, actor=cause.actor, check_in_id=check_in_id, **asked)
    return [Target("check_in", check_in_id, command)]


def record_check_in(event: CheckInCompleted, cause: Cause) -> list[Target]:
    """A questionnaire of a check-in is complete: the episode takes note."""
    command = RecordCheckIn(now=cause.now, actor=cause.actor, moment=event.moment, reading=event.reading)
    return [Target("episode", event.episode_id, command)]


def feedback_of(episode_id: str) -> str:
    """The id of the one feedback on an episode."""
    return derived_id("feedback", episode_id)


def plan_feedback(event: EpisodeFinished, cause: Cause) -> list[Target]:
    """Treatment has ended, completed or not: in a while the person is asked how it was."""
    feedback_id = feedback_of(event.episode_id)
    about = event.model_dump(include={"episode_id", "patient_id"})
    command = PlanFeedback(now=cause.now, actor=cause.actor, feedback_id=feedback_id, **about)
    return [Target("feedback", feedback_id, command)]


def end_treatment(event: EpisodeFinished, cause: Cause) -> list[Target]:
    """Treatment has ended: nobody waits to hear from the person any more, but to hear how it was."""
    return [
        *plan_feedback(event, cause),
        *end_engagement(event, cause),
        *end_with_treatment(event, cause),
    ]


def call_off(event: EpisodeCancelled, cause: Cause) -> list[Target]:
    """Treatment was called off: it is not kept up any more, in a group either."""
    return [*end_engagement(event, cause), *end_with_treatment(event, cause)]


def raise_check_in_risk(event: CheckInRiskAnswered, cause: Cause) -> list[Target]:
    """A worrying answer at a check-in: somebody must look at it now."""
    alert_id = derived_id("risk", event.check_in_id, event.measure, str(event.item))
    worry = event.model_dump(include={"episode_id", "patient_id", "measure", "item", "value"})
    command = RaiseRiskAlert(now=cause.now, actor=cause.actor, alert_id=alert_id, **worry)
    return [Target("risk_alert", alert_id, command)]


def raise_alert_for_words(event: RiskWordsWritten, cause: Cause) -> list[Target]:
    """Words that worry in an activity: somebody must look at it now."""
    alert_id = derived_id("risk", event.record_id, event.field)
    worry = event.model_dump(include={"episode_id", "patient_id", "activity_id", "number", "field", "words"})
    command = RaiseRiskAlertForWords(now=cause.now, actor=cause.actor, alert_id=alert_id, **worry)
    return [Target("risk_alert", alert_id, command)]


def raise_risk_alert(event: RiskAnswerGiven, cause: Cause) -> list[Target]:
    """A worrying answer: somebody must look at it now."""
    alert_id = derived_id("risk", event.series_id, event.occasion, event.measure, str(event.item))
    command = RaiseRiskAlert(
        now=cause.now,
        actor=cause.actor,
        alert_id=alert_id,
        episode_id=event.episode_id,
        patient_id=event.patient_id,
        measure=event.measure,
        item=event.item,
        value=event.value,
    )
    return [Target("risk_alert", alert_id, command)]


def flag_risk(event: RiskAlertRaised, cause: Cause) -> list[Target]:
    """Somebody may be unsafe: no step is recommended until the alert is closed."""
    return [Target("episode", event.episode_id, FlagRisk(now=cause.now, actor=cause.actor, alert_id=event.alert_id))]


def clear_risk(event: RiskAlertClosed, cause: Cause) -> list[Target]:
    """The alert is closed with a plan."""
    return [Target("episode", event.episode_id, ClearRisk(now=cause.now, actor=cause.actor, alert_id=event.alert_id))]


REACTIONS: dict[type[Event], Reaction] = {
    ReferralAccepted: open_episode,
    ReferralAgreed: activate_agreed,
    ReferralWaitlisted: offer_while_waiting,
    TreatmentStarted: activate_episode,
    ReferralReturned: cancel_episode,
    ReferralDeclined: cancel_episode,
    ReferralLapsed: cancel_episode,
    ReferralRedirected: cancel_episode,
    ReferralWithdrawn: cancel_episode,
    ReferralCancelled: cancel_episode,
    EnteredInError: cancel_episode,
    RiskAnswerReported: raise_reported_risk,
    MeasuresRequested: open_measures,
    MeasureCompleted: record_measure,
    RiskAnswerGiven: raise_risk_alert,
    RiskAlertRaised: flag_risk,
    RiskAlertClosed: clear_risk,
    RiskWordsWritten: raise_alert_for_words,
    CheckInAsked: open_check_in,
    CheckInCompleted: record_check_in,
    CheckInRiskAnswered: raise_check_in_risk,
    **ENGAGEMENT,
    **CIRCLES,
    EpisodeFinished: end_treatment,
    EpisodeCancelled: call_off,
    **GROUPS,
    **CARERS,
}
