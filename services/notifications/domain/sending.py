"""Claim, call, record: the decisions around handing an e-mail to a mail server, which cannot join our write.

After a crash between claim and record the outcome is unknown. An ordinary message is then not sent again, since two are
worse than none; one about safety is, since none is worse than two, and its Message-ID lets mailboxes fold the repeat.
"""

from datetime import datetime, timedelta

from services.notifications.domain import schedule
from services.notifications.domain.commands import UNASKED, RecordClosed, RecordFailed, RecordSent
from services.notifications.domain.evolve import SEND, SETTLE
from services.notifications.domain.schedule import allowed_from
from services.notifications.domain.state import BY_EMAIL, OWN, REPLY, AgendaState, Message, is_shared
from shared.contracts.clinic import Clinic, StaffMember
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
    """An e-mail is due, or the outcome of an attempt stayed unknown."""
    kind, _, id = command.name.partition(":")
    message = state.messages.get(id)
    if message is None:
        return []
    if f"{kind}:" == SEND and message.status == "queued" and message.send_at <= command.now:
        return _send(clinic, state, id, message, command.now)
    is_lost = message.settle_by is not None and message.settle_by <= command.now
    if f"{kind}:" == SETTLE and message.status == "sending" and is_lost:
        return _settle(clinic, state, id, message, command.now)
    return []


def record_sent(state: AgendaState, command: RecordSent) -> list[Event]:
    """What was sent is recorded whatever was thought meanwhile."""
    _known(state, command.message_id)
    carried = carried_by(state, command.message_id)
    return [
        MessageSent(at=command.now, recipient_id=state.recipient_id, message_id=id)
        for id, message in carried.items()
        if message.status != "sent"
    ]


def record_failed(clinic: Clinic, state: AgendaState, command: RecordFailed) -> list[Event]:
    """A failure of the attempt under way; that of an earlier attempt changes nothing."""
    message = _known(state, command.message_id)
    if message.status != "sending" or message.attempts != command.attempt:
        return []
    return [_failed(clinic, state, id, one, command) for id, one in carried_by(state, command.message_id).items()]


def record_closed(state: AgendaState, command: RecordClosed) -> list[Event]:
    """It was not handed over, since it is not open to them any more; of an earlier attempt that changes nothing."""
    message = _known(state, command.message_id)
    if message.status != "sending" or message.attempts != command.attempt:
        return []
    said = {"at": command.now, "recipient_id": state.recipient_id, "message_id": command.message_id}
    return [MessageDropped.model_validate({**said, "reason": "consent_withdrawn"})]


def carried_by(state: AgendaState, id: str) -> dict[str, Message]:
    """The message `id` and those that went out in the same e-mail."""
    company = {other: one for other, one in state.messages.items() if one.carrier == id and one.status != "queued"}
    return {id: state.messages[id], **company}


def _failed(clinic: Clinic, state: AgendaState, id: str, message: Message, command: RecordFailed) -> MessageFailed:
    failure, retry_at = command.failure, None
    if failure == "temporary":
        wait = _wait(message, command)
        if wait is not None:
            retry_at = allowed_from(clinic, state, message.critical, command.now + wait)
        else:
            failure = "technical"
    said = {"at": command.now, "recipient_id": state.recipient_id, "message_id": id, "detail": command.detail}
    return MessageFailed.model_validate({**said, "failure": failure, "retry_at": retry_at})


def staff_member(clinic: Clinic, id: str) -> StaffMember | None:
    """The member of staff `id`, if the clinic's configuration has them."""
    return next((member for member in clinic.staff if member.id == id), None)


def address_of(clinic: Clinic, state: AgendaState) -> str | None:
    """Where e-mail for this recipient goes."""
    if state.kind != "staff":
        return state.email
    member = staff_member(clinic, state.recipient_id)
    return member.email if member else None


def _wait(message: Message, command: RecordFailed) -> timedelta | None:
    """Until the next attempt, if there is one. A mail server is tried five times; who decides, for as long as need be:
    the person must not lose what is open to them because one of our own services is away.
    """
    if command.detail == UNASKED:
        return ASK_AGAIN[min(message.unasked, len(ASK_AGAIN) - 1)]
    tries = message.attempts - message.unasked
    return BACK_OFF[tries - 1] if tries < ATTEMPTS else None


def _send(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    # A process that was away may find a timer late, in the middle of the night.
    allowed = allowed_from(clinic, state, message.critical, now)
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
    if message.critical and message.attempts < ATTEMPTS and not _pointless(clinic, state, message):
        return _claim(clinic, state, id, message, now)
    return [
        MessageFailed(at=now, recipient_id=state.recipient_id, message_id=one, failure="technical", possibly_sent=True)
        for one in carried_by(state, id)
    ]


def _claim(clinic: Clinic, state: AgendaState, id: str, message: Message, now: datetime) -> list[Event]:
    if reason := _pointless(clinic, state, message):
        return [MessageDropped(at=now, recipient_id=state.recipient_id, message_id=id, reason=reason)]
    return [
        MessageClaimed(
            at=now,
            recipient_id=state.recipient_id,
            message_id=id,
            attempt=message.attempts + 1,
            settle_by=now + SETTLES_WITHIN,
            together=tuple(
                other
                for other in schedule.company(clinic, state, message, now)
                if _pointless(clinic, state, state.messages[other]) is None
            ),
        )
    ]


def _pointless(clinic: Clinic, state: AgendaState, message: Message) -> DropReason | None:
    if state.is_settled(message.topic, message.fact_at):
        return "settled"
    if message.needs == REPLY:
        if not state.wishes_for_email:
            return "consent_withdrawn"
    elif message.needs == OWN:
        if not any(state.permits(one, BY_EMAIL) for one in state.trusted_by):
            return "consent_withdrawn"
    elif not state.permits(message.about, message.needs, message.fact_at):
        return "consent_withdrawn"
    if is_shared(message.needs) and not state.permits(message.about, BY_EMAIL):
        return "consent_withdrawn"
    return None if address_of(clinic, state) else "no_address"


def _known(state: AgendaState, id: str) -> Message:
    message = state.messages.get(id)
    if message is None:
        raise Rejected("message-unknown")
    return message
