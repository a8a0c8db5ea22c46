"""How the events of a caregiver's check change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.caregiver_check.state import CaregiverCheckState, GivenCheck
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e


def evolve(state: CaregiverCheckState, event: Event) -> CaregiverCheckState:
    """The state after `event`."""
    match event:
        case e.CaregiverCheckPlanned():
            first = state.since or event.at
            return state.model_copy(update={"caregiver_id": event.caregiver_id, "young": event.young, "since": first})
        case e.CaregiverCheckGiven():
            given = GivenCheck.model_validate(event.model_dump(exclude={"caregiver_id"}))
            return state.model_copy(update={"given": (*state.given, given), "asked_again": False})
        case e.CaregiverCheckDue():
            return state.model_copy(update={"asked_again": True})
        case _:
            return state
