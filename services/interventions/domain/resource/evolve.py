"""How the events of an entry change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.resource.state import ResourceState
from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e


def evolve(state: ResourceState, event: Event) -> ResourceState:
    """The state after `event`."""
    match event:
        case e.ResourceAdded():
            said = event.model_dump(exclude={"at"})
            return ResourceState.model_validate({**said, "status": "live", "looked_at": event.at})
        case e.ResourceChanged():
            return _changed(state, event)
        case e.ResourceRenewed():
            anew = {"warned": False, "told": (), "status": "live", "looked_at": event.at}
            return state.model_copy(update={"ends_on": event.ends_on, **anew})
        case e.ResourceRetired():
            return state.model_copy(update={"status": "retired"})
        case e.ResourceEnding():
            return state.model_copy(update={"warned": True, "told": event.tell})
        case e.ResourceEnded():
            # Whoever was told of it before has something open still.
            told = tuple(dict.fromkeys((*state.told, *event.tell)))
            return state.model_copy(update={"status": "ended", "warned": True, "told": told})
        case _:
            return state


def _changed(state: ResourceState, event: e.ResourceChanged) -> ResourceState:
    said = event.model_dump(exclude={"at", "told"})
    if event.owner_id != state.owner_id:
        # Whoever looks after it from now on has not heard yet that its last day is near, or over.
        said |= {"warned": False, "told": (), "looked_at": None}
    return state.model_copy(update=said)
