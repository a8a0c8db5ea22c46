"""What activities are looked up by, and whose key each is kept under."""

from services.interventions.domain.activity.state import ActivityState


def keys(state: ActivityState) -> dict[str, str | None]:
    """By what activities are looked up."""
    return {"patient_id": state.patient_id or None, "episode_id": state.episode_id or None}


def person(state: ActivityState) -> str | None:
    """Whose words they are."""
    return state.patient_id or None
