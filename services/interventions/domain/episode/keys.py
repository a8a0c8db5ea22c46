"""What episodes are looked up by, and whose key each is kept under."""

from services.interventions.domain import caseload
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans


def keys(plans: Plans, state: EpisodeState) -> dict[str, str | None]:
    """By what episodes are looked up."""
    return {
        "status": state.status,
        "patient_id": state.patient_id or None,
        "referral_id": state.referral_id or None,
        "review": "yes" if state.review else None,
        "ready": "yes" if state.status == "active" and state.ready else None,
        **caseload.keys(caseload.of_episode(plans, state), state.clinician_id, state.episode_id),
    }


def person(state: EpisodeState) -> str | None:
    """Whose treatment it is."""
    return state.patient_id or None
