"""Claim, call, record: the decisions around handing a message to a provider, which cannot join our write.

After a crash between claim and record the outcome is unknown. An ordinary message is then not sent again, since two are
worse than none; one about safety is, since none is worse than two, and its Message-ID lets mailboxes fold the repeat.
"""

from datetime import datetime, timedelta

from services.notifications.domain import choosing, schedule
from services.notifications.domain.commands import UNASKED, RecordClosed, RecordFailed, RecordSent
from services.notifications.domain.evolve import SEND, SETTLE, UNREAD
from services.notifications.domain.rerouting import or_by_another_way, others, unread, unread_from
from services.notifications.domain.schedule import allowed_from
from services.notifications.domain.state import AgendaState, Message
from services.notifications.domain.ways import address_of, may_be_told, way_of
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    DropReason,
    MessageClaimed,
    MessageDropped,
    MessageFailed,
    MessagePostponed,
    MessageSent,
)
from shared.contracts.preferences import MessageWithheld

SETTLES_WITHIN = timedelta(seconds=90)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
ATTEMPTS = len(BACK_OFF) + 1
ASK_AGAIN = BACK_OFF[:3]
"""Where nobody says whether it is open, it is asked again for as long as it takes; the last of these repeats."""


def timer_due(clinic: Clinic, state: AgendaState, command: TimerDue) -> list[Event]:
    """A message is due to go out, the outcome of an attempt stayed unknown, or it was not opened for long."""
    kind, _, id = command.name.partition(":")
    message = state.messages.get(id)
    if message is None:
        return []
    if f"{kind}:" == SEND and message.status == "queued" and message.send_at <= command.now:
        return _send(clinic, state, id, message, command.now)
    is_lost = message.settle_by is not None and message.settle_by <= command.now
    if f"{kind}:" == SETTLE and message.status == "sending" and is_lost:
        return _settle(clinic, state, id, message, command.now)
    if f"{kind}:" == UNREAD and message.unread_at is not None and message.unread_at <= command.now:
        return unread(clinic, state, id, message, command.now)
    return []


def record_sent(clinic: Clinic, state: AgendaState, command: RecordSent) -> list[Event]:
    """What was sent is recorded whatever was thought meanwhile."""
    _known(state, command.message_id)
    carried = carried_by(state, command.message_id)
    said = {"at": command.now, "recipient_id": state.recipient_id}
    return [
        MessageSent.model_validate(
            {**said, "message_id": id, "unread_at": unread_from(clinic, state, message, command.now)}
        )
        for id, message in carried.items()
        if message.status != "sent"
    ]


def record_failed(clinic: Clinic, state: AgendaState, command: RecordFailed) -> list[Event]:
    """A failure of the attempt under way; that of an earlier attempt changes nothing."""
    message = _known(state, command.message_id)
    if message.status != "sending" or message.attempts != command.attempt:
        return []
    return [
        event
        for id, one in carried_by(state, command.message_id).items()
        for event in or_by_another_way(clinic, state, one, _failed(clinic, state, id, one, command))
    ]


def record_closed(state: AgendaState, command: RecordClosed) -> list[Event]:
    """It was not handed over, since it is not open to them any more; of an earlier attempt that changes nothing."""
    message = _known(state, command.message_id)
    if message.status != "sending" or message.attempts != command.attempt:
        return []
    said = {"at": command.now, "recipient_id": state.recipient_id, "message_id": command.message_id}
    return [MessageDropped.model_validate({**said, "reason": "consent_withdrawn"})]


def carried_by(state: AgendaState, id: str) -> dict[str, Message]:
    """The message `id` and those that went out along with it the last time. By another way it goes by itself."""
    lead = state.messages[id]
    company = {
        other: one
        for other, one in state.messages.items()
        if one.carrier == id and one.channel == lead.channel and one.status != "queued"
    }
    return {id: lead, **company}


def _failed(clinic: Clinic, state: AgendaState, id: str, message: Message, command: RecordFailed) -> MessageFailed:
    failure, retry_at = command.failure, None
    if failure == "temporary":
        wait = _wait(message, command)
        if _goes_on_at_once(clinic, state, message, command):
            failure = "technical"
        elif wait is not None:
            retry_at = allowed_from(clinic, state, message, command.now + wait)
        else:
            failure = "technical"
    said = {"at": command.now, "recipient_id": state.recipient_id, "message_id": id, "detail": command.detail}
    return MessageFailed.model_validate({**said, "failure": failure, "retry_at": retry_at})


def _goes_on_at_once(clinic: Clinic, state: AgendaState, message: Message, command: RecordFailed) -> bool:
    """What is about safety does not wait for a way that is shut while another is open."""
    return message.critical and command.detail != UNASKED and bool(others(clinic, state, message))


def _wait(message: Message, command: RecordFailed) -> timedelta | None:
    """Until the next attempt, if there is one. A mail server is tried five times; who decides, for as long as need be:
    the person must not lose what is open to them because one of our own services is away.
    """
    if command.detail == UNASKED:
        return ASK_AGAIN[min(message.unasked, len(ASK_AGAIN) - 1)]
    tries = message.attempts - message.unasked - message.tries_before
    return BACK_OFF[tries - 1] if tries < ATTEMPTS else None


def _send(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    if choosing.stays_in_the_inbox(state, message):
        # Their kind was kept there while it was being sent, and it did not go out.
        return [choosing.withheld(state, now, id, "inbox_only")]
    # A process that was away may find a timer late, in the middle of the night.
    allowed = allowed_from(clinic, state, message, now)
    if schedule.is_too_late(message, allowed):
        late = {"at": now, "recipient_id": state.recipient_id, "message_id": id, "reason": "too_late"}
        return [MessageWithheld.model_validate(late)]
    if allowed > now:
        return [MessagePostponed(at=now, recipient_id=state.recipient_id, message_id=id, send_at=allowed)]
    held = schedule.held_until(clinic, state, message, now)
    if held is not None and _pointless(clinic, state, message) is None:
        until, why = held
        return [MessagePostponed(at=now, recipient_id=state.recipient_id, message_id=id, send_at=until, reason=why)]
    return _claim(clinic, state, id, message, now)


def _settle(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    # What has become pointless is not sent again; but it cannot be called dropped, since it may have gone out.
    left = message.attempts - message.tries_before < ATTEMPTS
    # What is about safety goes by another way at once, and only where there is none by the same again.
    again = message.critical and left and not others(clinic, state, message)
    if again and not _pointless(clinic, state, message):
        return _claim(clinic, state, id, message, now)
    lost = {"at": now, "recipient_id": state.recipient_id, "failure": "technical", "possibly_sent": True}
    return [
        event
        for other, one in carried_by(state, id).items()
        for event in or_by_another_way(clinic, state, one, MessageFailed.model_validate({**lost, "message_id": other}))
    ]


def _claim(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    reason, way = _pointless(clinic, state, message), way_of(clinic, state, message)
    if reason or way is None:
        return [MessageDropped(at=now, recipient_id=state.recipient_id, message_id=id, reason=reason or "no_address")]
    return [
        MessageClaimed(
            at=now,
            recipient_id=state.recipient_id,
            message_id=id,
            attempt=message.attempts + 1,
            settle_by=now + SETTLES_WITHIN,
            channel=way,
            together=tuple(
                other
                for other in schedule.company(clinic, state, message, now)
                if _pointless(clinic, state, state.messages[other]) is None
                and way_of(clinic, state, state.messages[other]) == way
            ),
        )
    ]


def _pointless(clinic: Clinic, state: AgendaState, message: Message) -> DropReason | None:
    if state.is_settled(message.topic, message.fact_at):
        return "settled"
    if way_of(clinic, state, message) is not None:
        return None
    # Without a way: for want of an address, or because nobody agreed to use the one there is.
    return "consent_withdrawn" if address_of(clinic, state) or not may_be_told(state, message) else "no_address"


def _known(state: AgendaState, id: str) -> Message:
    message = state.messages.get(id)
    if message is None:
        raise Rejected("message-unknown")
    return message
