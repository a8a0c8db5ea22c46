"""How the events of a word to the team change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.caregiver_word.state import CaregiverWordState
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e


def evolve(state: CaregiverWordState, event: Event) -> CaregiverWordState:
    """The state after `event`."""
    match event:
        case e.CaregiverWordSent():
            said = event.model_dump(exclude={"at"})
            return CaregiverWordState.model_validate({**said, "sent_at": event.at, "status": "sent"})
        case e.CaregiverWordWorries():
            return state.model_copy(update={"read_by_then": event.read_by, "level": event.level})
        case e.CaregiverWordRead():
            return state.model_copy(update={"reader_id": event.reader_id, "read_at": event.at, "status": "read"})
        case e.CaregiverWordReplied():
            whose = {"replied_by": event.replied_by, "replied_at": event.at}
            return state.model_copy(update={"reply": event.text, **whose, "status": "replied"})
        case _:
            return state
