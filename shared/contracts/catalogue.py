"""All that can be said, by wire name: which class it is and which service says it."""

from shared.contracts import interventions, notifications, preferences, reach, referrals, sessions, wordings
from shared.contracts.envelope import Event

PUBLISHERS: dict[str, tuple[type[Event], ...]] = {
    "referrals": referrals.EVENTS,
    "interventions": interventions.EVENTS,
    "notifications": (
        *notifications.EVENTS,
        *preferences.EVENTS,
        *reach.EVENTS,
        *wordings.EVENTS,
        *sessions.EVENTS,
    ),
}
EVENT_TYPES: dict[str, type[Event]] = {event.TYPE: event for events in PUBLISHERS.values() for event in events}


def topic_of(service: str) -> str:
    """The Kafka topic on which `service` publishes."""
    return f"carepath.{service}"
