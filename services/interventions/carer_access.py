"""Who may see or do what of caregivers for themselves. Deny by default.

A caregiver sees what is theirs. Psychology sees who asked for support and what was told to the team, and the checks of
those alone. Patients see none of it.
"""

from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from services.interventions.domain.caregiver_support.state import CarerSupportState
from services.interventions.domain.caregiver_word.state import CaregiverWordState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.series.state import SeriesState
from shared.runtime.auth import User

_Own = CaregiverCourseState | CaregiverCheckState | CarerSupportState | CaregiverWordState


def is_carer(user: User, state: _Own) -> bool:
    """One's own course, answers, request or word."""
    return user.role == "caregiver" and bool(state.caregiver_id) and user.id == state.caregiver_id


def looks_after_carers(user: User, state: CarerSupportState | CaregiverWordState) -> bool:
    """Take, answer and close a request; read and answer a word."""
    return user.role == "psychology" and state.status is not None


def reads_check_of_request(user: User, state: CaregiverCheckState) -> bool:
    """How somebody is, of a request that was read just before: nobody else's check is read."""
    return user.role == "psychology"


def of_what_is_open(user: User, state: EpisodeState | SeriesState) -> bool:
    """Treatment, of which only what is open is shown: the route has asked what that is just before."""
    return user.role == "caregiver" or (user.role == "patient" and user.id == state.patient_id)
