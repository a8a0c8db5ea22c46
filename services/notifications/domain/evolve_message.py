"""What an event makes of one message."""

from typing import Any

from services.notifications.domain.commands import UNASKED
from services.notifications.domain.state import Message
from shared.contracts.notifications import (
    MessageClaimed,
    MessageDropped,
    MessageEvent,
    MessageFailed,
    MessagePlanned,
    MessagePostponed,
    MessageRead,
    MessageSent,
)
from shared.contracts.preferences import MessageWithheld
from shared.contracts.reach import (
    MessageDelivered,
    MessageLeftUnread,
    MessageRerouted,
    MessageReturned,
    MessageSeen,
    SignInLinkUsed,
)
from shared.contracts.wordings import MessageReworded


def message_of(event: MessagePlanned) -> Message:
    """The message as it begins."""
    return Message(
        template=event.template,
        topic=event.topic,
        parameters=event.parameters,
        about=event.about,
        cause=event.cause,
        critical=event.critical,
        needs=event.needs,
        planned_at=event.at,
        fact_at=event.fact_at or event.at,
        send_at=event.send_at,
        wording=event.wording,
        by=event.by,
        shown_from=event.shown_from,
        pointless_after=event.pointless_after,
    )


def change_of(message: Message, event: MessageEvent) -> dict[str, Any]:
    """What is new of it; nothing where the event is not known."""
    match event:
        case MessagePostponed():
            waits = {"send_at": event.send_at, "held": None if event.reason == "moved" else event.reason}
            return waits | ({"status": "queued", "reason": None} if message.status == "dropped" else {})
        case MessageWithheld() | MessageDropped():
            return {"status": "dropped", "reason": event.reason, "settle_by": None}
        case MessageClaimed():
            # Claimed anew while it was being sent: what became of the attempt before is not known.
            lost = message.status == "sending" or message.possibly_sent
            claimed = {"status": "sending", "attempts": event.attempt, "settle_by": event.settle_by, "carrier": None}
            return {**claimed, "channel": event.channel, "possibly_sent": lost}
        case MessageSent():
            sent = {"status": "sent", "reason": None, "settle_by": None, "possibly_sent": False, "sent_at": event.at}
            return {**sent, "unread_at": event.unread_at}
        case MessageFailed() if event.retry_at is not None:
            unasked = event.detail == UNASKED
            why = {"reason": UNASKED if unasked else event.failure, "unasked": message.unasked + unasked}
            return {**why, "status": "queued", "send_at": event.retry_at, "settle_by": None, "carrier": None}
        case MessageFailed():
            failed = {"status": "failed", "reason": event.failure, "settle_by": None}
            return {**failed, "possibly_sent": event.possibly_sent or message.possibly_sent}
        case MessageRead():
            return {"read_at": event.at, **_opened(message)}
    return _change_after(message, event)


def _change_after(message: Message, event: MessageEvent) -> dict[str, Any]:
    """What comes beside the first way out."""
    match event:
        case MessageRerouted():
            again = {"status": "queued", "reason": None, "settle_by": None, "carrier": None, "held": None}
            tried = {"tried": (*message.tried, event.before), "tries_before": message.attempts - message.unasked}
            return {**again, **tried, "send_at": event.send_at, "unread_at": None}
        case MessageDelivered():
            return {"delivered_at": event.at}
        case MessageReturned():
            return {"status": "failed", "reason": event.failure, "unread_at": None, "possibly_sent": False}
        case MessageSeen():
            return {"seen_at": event.at, **_opened(message)}
        case MessageLeftUnread():
            return {"unread_at": None}
        case SignInLinkUsed():
            return {"used_at": event.at}
        case MessageReworded():
            return {"wording": {**message.wording, event.language: event.wording}}
    return {}


def _opened(message: Message) -> dict[str, Any]:
    stays = {"status": "sent", "reason": None} if message.goes_again else {}
    return {"unread_at": None, **stays}
