"""How looks at the step of care, a new programme and risk alerts change an episode's state."""

from services.interventions.domain.episode.state import EarlierProgramme, EpisodeState, Review
from shared.contracts.interventions import EpisodeStepped, ReviewDue, RiskCleared, RiskFlagged, StepDecided


def evolve_review(
    state: EpisodeState, event: ReviewDue | StepDecided | EpisodeStepped | RiskFlagged | RiskCleared
) -> EpisodeState:
    """The state after `event`."""
    match event:
        case ReviewDue():
            review = Review(programme_id=state.later_programme, moment=event.moment, due_at=event.at)
            return state.model_copy(update={"reviews": (*state.reviews, review)})
        case StepDecided():
            return _decided(state, event)
        case EpisodeStepped():
            return _stepped(state, event)
        case RiskFlagged():
            others = tuple(one for one in state.open_alerts if one != event.alert_id)
            first = state.alert_since or event.at
            return state.model_copy(update={"open_alerts": (*others, event.alert_id), "alert_since": first})
        case RiskCleared():
            still = tuple(one for one in state.open_alerts if one != event.alert_id)
            since = state.alert_since if still else None
            return state.model_copy(update={"open_alerts": still, "alert_since": since})


def _decided(state: EpisodeState, event: StepDecided) -> EpisodeState:
    """A decision answers every look at the step that was still open."""
    reviews = tuple(one if one.decided_at else one.model_copy(update={"decided_at": event.at}) for one in state.reviews)
    return state.model_copy(update={"reviews": reviews})


def _stepped(state: EpisodeState, event: EpisodeStepped) -> EpisodeState:
    """The new programme begins with nothing done and outside any group; what was answered before stays on record."""
    before = EarlierProgramme(
        programme_id=state.programme_id,
        version=state.programme_version,
        step=state.step,
        began_at=state.began_at,
        done=state.done,
        set_aside=state.set_aside,
    )
    return state.model_copy(
        update={
            "programme_id": event.programme_id,
            "programme_version": event.programme_version,
            "step": event.step,
            "since": event.at,
            "began_at": event.at,
            "unlocked": (),
            "opened_at": {},
            "done": (),
            "set_aside": (),
            "upcoming": None,
            "paced_by": None,
            "requested": (),
            "ready": False,
            "earlier": (*state.earlier, before),
        }
    )
