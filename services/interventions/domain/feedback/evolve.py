"""How the events of feedback change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.feedback.state import FeedbackState
from shared.contracts import interventions as e
from shared.contracts.envelope import Event


def evolve(state: FeedbackState, event: Event) -> FeedbackState:
    """The state after `event`."""
    match event:
        case e.FeedbackPlanned():
            return FeedbackState(
                feedback_id=event.feedback_id,
                episode_id=event.episode_id,
                patient_id=event.patient_id,
                ask_at=event.ask_at,
            )
        case e.FeedbackAsked():
            return state.model_copy(update={"asked_at": event.at, "closes_at": event.closes_at})
        case e.FeedbackGiven():
            said = event.model_dump(include={"helpful", "taken_seriously", "recommend", "words"})
            return state.model_copy(update={**said, "given_at": event.at})
        case e.FeedbackLapsed():
            return state.model_copy(update={"lapsed": True})
        case _:
            return state
