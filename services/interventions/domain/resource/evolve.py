"""How the events of an entry change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.resource.state import ResourceState
from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e


def evolve(state: ResourceState, event: Event) -> ResourceState:
    """The state after `event`."""
    match event:
        case e.ResourceAdded():
            return ResourceState.model_validate({**event.model_dump(exclude={"at"}), "status": "live"})
        case e.ResourceChanged():
            return _changed(state, event)
        case e.ResourceRenewed():
            return state.model_copy(update={"ends_on": event.ends_on, "warned": False, "told": (), "status": "live"})
        case e.ResourceRetired():
            return state.model_copy(update={"status": "retired"})
        case e.ResourceEnding():
            return state.model_copy(update={"warned": True, "told": event.tell})
        case e.ResourceEnded():
            return state.model_copy(update={"status": "ended", "told": event.tell})
        case _:
            return state


def _changed(state: ResourceState, event: e.ResourceChanged) -> ResourceState:
    said = event.model_dump(exclude={"at", "told"})
    if event.owner_id != state.owner_id:
        # Whoever looks after it from now on has not heard yet that its last day is near.
        said |= {"warned": False, "told": ()}
    return state.model_copy(update=said)
