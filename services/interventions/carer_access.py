"""How somebody stands to what caregivers have for themselves; what they may see or do: `shared/policy/table.py`.

A caregiver sees what is theirs. Psychology sees who asked for support and what was told to the team, and the checks of
those alone. Patients see none of it.
"""

from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from services.interventions.domain.caregiver_support.state import CarerSupportState
from services.interventions.domain.caregiver_word.state import CaregiverWordState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.series.state import SeriesState
from shared.policy.table import named
from shared.policy.who import of_owner, of_patient, of_role
from shared.runtime.auth import User

_OWN, _LOOK_AFTER = named("interventions.carer.own"), named("interventions.carer.look-after")
_OPEN = named("interventions.treatment.open")
_Own = CaregiverCourseState | CaregiverCheckState | CarerSupportState | CaregiverWordState


def is_carer(user: User, state: _Own) -> bool:
    """One's own course, answers, request or word."""
    return _OWN.lets(of_owner(user, state.caregiver_id) if user.role == "caregiver" else ())


def looks_after_carers(user: User, state: CarerSupportState | CaregiverWordState) -> bool:
    """Take, answer and close a request; read and answer a word."""
    return state.status is not None and _LOOK_AFTER.lets(of_role(user))


def reads_check_of_request(user: User, state: CaregiverCheckState) -> bool:
    """How somebody is, of a request that was read just before: nobody else's check is read."""
    return _LOOK_AFTER.lets(of_role(user))


def of_what_is_open(user: User, state: EpisodeState | SeriesState) -> bool:
    """Treatment, of which only what is open is shown: the route has asked what that is just before."""
    return _OPEN.lets({"scope"} if user.role == "caregiver" else of_patient(user, state.patient_id))
