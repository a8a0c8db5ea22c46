"""What circles are looked up by. No single person owns one."""

from services.interventions.domain.circle.state import CircleState


def keys(state: CircleState) -> dict[str, str | None]:
    """By what circles are looked up. `all` stands for each, since a clinic has few."""
    return {"status": state.status, "all": "yes" if state.status else None}


def person(_: CircleState) -> None:
    """Nobody: it holds ids only."""
    return
