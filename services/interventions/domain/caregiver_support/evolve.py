"""How the events of a request for support change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.caregiver_support.state import CarerSupportState
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e


def evolve(state: CarerSupportState, event: Event) -> CarerSupportState:
    """The state after `event`."""
    match event:
        case e.CaregiverSupportAsked():
            said = event.model_dump(exclude={"at"})
            return CarerSupportState.model_validate({**said, "asked_at": event.at, "status": "open"})
        case e.CaregiverSupportWaits():
            return state.model_copy(update={"told_at": event.at, "level": event.level})
        case e.CaregiverSupportTaken():
            return state.model_copy(update={"taken_by": event.taken_by, "taken_at": event.at, "status": "taken"})
        case e.CaregiverSupportAnswered():
            said = {"answer_kind": event.kind, "answer": event.words}
            whose = {"answered_by": event.answered_by, "answered_at": event.at}
            return state.model_copy(update={**said, **whose, "status": "answered"})
        case e.CaregiverSupportClosed():
            return state.model_copy(update={"closed_by": event.closed_by, "closed_at": event.at, "status": "closed"})
        case _:
            return state
