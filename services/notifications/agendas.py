"""Where a recipient's agenda is found."""

from shared.runtime.aggregate import derived_id


def agenda_id(recipient_id: str) -> str:
    """Id of a recipient's agenda."""
    return derived_id("agenda", recipient_id)
