"""How the events of an activity change its state. Total: an event that is not known changes nothing."""

from typing import Any

from services.interventions.domain.activity.state import ActivityState
from shared.contracts.envelope import Event
from shared.contracts.interventions import ActivityBegun, ActivityFinished, ActivitySaved, Written


def evolve(state: ActivityState, event: Event) -> ActivityState:
    """The state after `event`."""
    match event:
        case ActivityBegun():
            begun = {name: getattr(event, name) for name in type(event).model_fields if name != "at"}
            return ActivityState(**begun, begun_at=event.at)
        case ActivitySaved():
            return _saved(state, event)
        case ActivityFinished():
            return state.model_copy(update={"finished_at": event.at})
        case _:
            return state


def _saved(state: ActivityState, event: ActivitySaved) -> ActivityState:
    have = {one.field: one for one in state.written} | {one.field: one for one in event.written}
    kept = tuple(one for one in have.values() if one != Written(field=one.field))
    change: dict[str, Any] = {"written": kept, "saved_at": event.at}
    for name in ("rating_before", "rating_after"):
        if getattr(event, name) is not None:
            change[name] = getattr(event, name)
    return state.model_copy(update=change)
