"""What happens to messages once the matter that they tell of is settled."""

from datetime import datetime

from services.notifications.domain.commands import ChangePermission, HandleFact
from services.notifications.domain.state import AgendaState, covers
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessageDropped, TopicSettled


def settle(state: AgendaState, c: HandleFact | ChangePermission, topic: str, up_to: datetime) -> list[Event]:
    """The topic is settled for all facts up to then; what waits about them is dropped."""
    if any(one.topic == topic and one.up_to >= up_to for one in state.settled):
        return []
    dropped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="settled")
        for id, message in state.messages.items()
        if message.status == "queued" and covers(topic, message.topic) and message.fact_at <= up_to
    ]
    return [TopicSettled(at=c.now, recipient_id=c.recipient_id, topic=topic, fact_at=up_to), *dropped]
