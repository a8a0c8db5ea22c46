"""How the events of a post change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.circle_post.state import CirclePostState, Joined, Report
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle_post as e

_LOOKED_AT = {"checked": True, "reports": (), "waits_since": None, "waits_told_at": None}


def evolve(state: CirclePostState, event: Event) -> CirclePostState:
    """The state after `event`."""
    match event:
        case e.CirclePostWritten():
            return _written(event)
        case e.CircleRiskWordsWritten():
            return state.model_copy(update={"risk": True})
        case e.CirclePostShown():
            looked = _LOOKED_AT if event.checked_by else {}
            return state.model_copy(update={"status": "shown", **looked})
        case e.CirclePostChecked():
            return state.model_copy(update=_LOOKED_AT)
        case e.CirclePostRemoved():
            return state.model_copy(update={**_LOOKED_AT, "status": "removed", "removed_for": event.reason_code})
        case e.CirclePostReported():
            return _reported(state, event)
        case e.CirclePostWaits():
            return state.model_copy(update={"waits_told_at": event.at})
        case e.CirclePostWithdrawn():
            return state.model_copy(update={**_LOOKED_AT, "status": "withdrawn", "text": None})
        case e.CircleGoalJoined():
            joined = Joined(member_id=event.joined_by, at=event.at)
            others = tuple(one for one in state.joined if one.member_id != event.joined_by)
            return state.model_copy(update={"joined": (*others, joined)})
        case e.CircleGoalReached():
            return state.model_copy(update={"reached_at": event.at})
        case _:
            return state


def _written(event: e.CirclePostWritten) -> CirclePostState:
    kept = {name: getattr(event, name) for name in type(event).model_fields if name not in ("at", "held")}
    status = "held" if event.held else "shown"
    return CirclePostState(status=status, written_at=event.at, waits_since=event.at, **kept)


def _reported(state: CirclePostState, event: e.CirclePostReported) -> CirclePostState:
    report = Report(member_id=event.reported_by, reason_code=event.reason_code, at=event.at)
    waits = state.waits_since or event.at
    heard = (*state.heard, event.reported_by)
    seen = {"status": "held", "checked": False, "waits_since": waits, "heard": heard}
    return state.model_copy(update={**seen, "reports": (*state.reports, report)})
