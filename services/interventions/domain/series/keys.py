"""What series are looked up by, and whose key each is kept under."""

from services.interventions.domain.series.state import SeriesState


def keys(state: SeriesState) -> dict[str, str | None]:
    """By what series are looked up."""
    return {"patient_id": state.patient_id or None, "episode_id": state.episode_id or None}


def person(state: SeriesState) -> str | None:
    """Whose answers they are."""
    return state.patient_id or None
