"""Some days after treatment has ended the person is asked, once, how it was. They may answer for so many days."""

from datetime import datetime

from services.interventions.domain.feedback.commands import GiveFeedback, PlanFeedback
from services.interventions.domain.feedback.state import FeedbackState
from services.interventions.domain.local import days_after
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

ASK_TIMER = "ask"
CLOSE_TIMER = "close"


def decide(plans: Plans, state: FeedbackState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case PlanFeedback():
            return _plan(plans, state, command)
        case GiveFeedback():
            return _give(state, command)
        case TimerDue():
            return _timer_due(plans, state, command)
        case _:
            raise TypeError(f"feedback has no branch for {type(command).__name__}")


def timers(state: FeedbackState) -> dict[str, datetime]:
    """It is asked, and closes, by itself."""
    if state.given_at is not None or state.lapsed:
        return {}
    if state.closes_at is not None:
        return {CLOSE_TIMER: state.closes_at}
    return {ASK_TIMER: state.ask_at} if state.ask_at is not None else {}


def keys(state: FeedbackState) -> dict[str, str | None]:
    """By what feedback is looked up."""
    return {
        "patient_id": state.patient_id or None,
        "episode_id": state.episode_id or None,
        "given": "yes" if state.given_at is not None else None,
    }


def person(state: FeedbackState) -> str | None:
    """Whose words they are."""
    return state.patient_id or None


def _plan(plans: Plans, state: FeedbackState, command: PlanFeedback) -> list[Event]:
    if state.ask_at is not None:
        return []
    said = command.model_dump(include={"feedback_id", "episode_id", "patient_id"})
    ask_at = days_after(command.now, plans.treatment.feedback_after_days, plans.zone)
    return [e.FeedbackPlanned(at=command.now, **said, ask_at=ask_at)]


def _give(state: FeedbackState, command: GiveFeedback) -> list[Event]:
    if state.given_at is not None:
        raise Rejected("feedback-given")
    if state.closes_at is None or state.lapsed or state.closes_at <= command.now:
        raise Rejected("feedback-closed")
    said = {name: getattr(command, name) or None for name in ("helpful", "taken_seriously", "recommend", "words")}
    if not any(said.values()):
        raise Rejected("feedback-missing")
    return [e.FeedbackGiven.model_validate({**_of(state, command), **said})]


def _timer_due(plans: Plans, state: FeedbackState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    if command.name == ASK_TIMER:
        closes_at = days_after(command.now, plans.treatment.feedback_days, plans.zone)
        return [e.FeedbackAsked.model_validate({**_of(state, command), "closes_at": closes_at})]
    return [e.FeedbackLapsed.model_validate(_of(state, command))]


def _of(state: FeedbackState, command: Command) -> dict[str, object]:
    about = {"feedback_id": state.feedback_id, "episode_id": state.episode_id, "patient_id": state.patient_id}
    return {"at": command.now, **about}
