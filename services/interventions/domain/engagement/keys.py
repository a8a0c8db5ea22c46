"""What engagements are looked up by, and whose key each is kept under."""

from services.interventions.domain import caseload
from services.interventions.domain.engagement.state import EngagementState


def keys(state: EngagementState) -> dict[str, str | None]:
    """By what engagements are looked up. `call` stands while somebody has to call."""
    return {
        "patient_id": state.patient_id or None,
        "episode_id": state.episode_id or None,
        "call": "open" if state.call_since else None,
        **caseload.keys(caseload.of_engagement(state), state.clinician_id, state.episode_id),
    }


def person(state: EngagementState) -> str | None:
    """Whose treatment it is."""
    return state.patient_id or None
