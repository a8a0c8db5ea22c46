"""What alerts are looked up by, and whose key each is kept under."""

from services.interventions.domain.alert.state import AlertState


def keys(state: AlertState) -> dict[str, str | None]:
    """By what alerts are looked up."""
    return {"status": state.status, "patient_id": state.patient_id or None, "episode_id": state.episode_id or None}


def person(state: AlertState) -> str | None:
    """Whose safety it is about."""
    return state.patient_id or None
