"""When an episode moves by itself."""

from datetime import datetime

from services.interventions.domain.episode.state import EpisodeState

MODULE_TIMER = "module"


def timers(state: EpisodeState) -> dict[str, datetime]:
    """The next module opens by itself."""
    if state.status == "active" and state.upcoming:
        return {MODULE_TIMER: state.upcoming.opens_at}
    return {}
