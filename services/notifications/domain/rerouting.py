"""When a message goes by another way: by the one before it failed, came back, or nobody opened it there.

Where no way is left, somebody is asked to speak with the person.
"""

from datetime import datetime, timedelta

from services.notifications.domain.choosing import stays_in_the_inbox
from services.notifications.domain.kinds import about
from services.notifications.domain.schedule import allowed_from
from services.notifications.domain.state import AgendaState, Message
from services.notifications.domain.ways import open_to
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event
from shared.contracts.notifications import Channel, MessageFailed
from shared.contracts.reach import MessageLeftUnread, MessageRerouted

_MATTERS = ("at_once", "hard")
"""Kinds of messages that must not stay unread: what has a date or wants an answer."""


def or_by_another_way(clinic: Clinic, state: AgendaState, message: Message, failed: MessageFailed) -> list[Event]:
    """What failed for good goes by the next way. What perhaps arrived does so only if it is about safety: an ordinary
    message is better read once than twice.
    """
    if failed.retry_at is not None or (failed.possibly_sent and not message.critical):
        return [failed]
    return [failed, *another_way(clinic, state, failed.message_id, message, failed.at, "failed")]


def another_way(
    clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime, reason: str
) -> list[Event]:
    """It goes by the next way, if there is one and it is still to be told."""
    if not others(clinic, state, message) or state.is_settled(message.topic, message.fact_at):
        return []
    if stays_in_the_inbox(state, message):
        return []
    said = {"at": now, "recipient_id": state.recipient_id, "message_id": id, "before": message.channel}
    at = allowed_from(clinic, state, message, now)
    return [MessageRerouted.model_validate({**said, "reason": reason, "send_at": at})]


def others(clinic: Clinic, state: AgendaState, message: Message) -> tuple[Channel, ...]:
    """The ways left besides the one that it took last."""
    return tuple(way for way in open_to(clinic, state, message) if way != message.channel)


def unread_from(clinic: Clinic, state: AgendaState, message: Message, sent_at: datetime) -> datetime | None:
    """From when on it counts as unread; `None` where nothing follows from that."""
    limits = clinic.agenda.unread
    if limits is None or state.kind == "staff" or message.read_at or message.seen_at:
        return None
    # The work of staff has clocks of its own, and what is about safety has its ladder.
    if about(message.template).category is None or about(message.template).kind not in _MATTERS:
        return None
    left = others(clinic, state, message)
    unread_at = sent_at + timedelta(hours=limits.next_way_hours if left else limits.person_hours)
    # Once it is pointless nobody needs to read it.
    over = message.pointless_after is not None and message.pointless_after <= unread_at
    return None if over else unread_at


def unread(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    """It was not opened for so long that something follows."""
    if events := another_way(clinic, state, id, message, now, "unread"):
        return events
    left = MessageLeftUnread(
        at=now,
        recipient_id=state.recipient_id,
        message_id=id,
        template=message.template,
        topic=message.topic,
        about=message.about,
        sent_at=message.sent_at or now,
    )
    return [left]
