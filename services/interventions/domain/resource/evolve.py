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
            return state.model_copy(update=event.model_dump(exclude={"at"}))
        case e.ResourceRenewed():
            return state.model_copy(update={"ends_on": event.ends_on, "warned": False, "status": "live"})
        case e.ResourceRetired():
            return state.model_copy(update={"status": "retired"})
        case e.ResourceEnding():
            return state.model_copy(update={"warned": True})
        case e.ResourceEnded():
            return state.model_copy(update={"status": "ended"})
        case _:
            return state
