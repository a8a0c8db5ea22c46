"""How the events of a caregiver's course change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e


def evolve(state: CaregiverCourseState, event: Event) -> CaregiverCourseState:
    """The state after `event`."""
    match event:
        case e.CaregiverCourseOpened():
            return CaregiverCourseState(caregiver_id=event.caregiver_id, young=event.young)
        case e.CaregiverCourseYoungSet():
            return state.model_copy(update={"young": event.young})
        case e.CaregiverPageRead():
            return state.model_copy(
                update={"read": (*state.read, f"{event.part}/{event.page}"), "last_part": event.part}
            )
        case e.CaregiverPartFinished():
            return state.model_copy(update={"done": (*state.done, event.part)})
        case _:
            return state
