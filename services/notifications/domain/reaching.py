"""What people choose about the ways to them, the words STOP and START, and what providers say of a message later."""

from datetime import datetime, timedelta

from services.notifications.domain.choosing import stays_in_the_inbox, waiting, withheld
from services.notifications.domain.commands import ChooseReach, ConfirmReach, HeedWord, RecordReceipt, SeeMessages
from services.notifications.domain.evolve import evolve
from services.notifications.domain.rerouting import another_way, unread_from
from services.notifications.domain.sending import carried_by
from services.notifications.domain.state import CONFIRM, AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Event
from shared.contracts.notifications import Channel, MessagePlanned, MessageSent
from shared.contracts.reach import (
    ChannelStarted,
    ChannelStopped,
    MessageDelivered,
    MessageReturned,
    MessageSeen,
    ReachChosen,
    ReachConfirmed,
)

CODE_HOLDS = timedelta(hours=1)
"""How long a code can be used: a technical limit, with the number of codes there are against guessing."""


def choose(clinic: Clinic, state: AgendaState, c: ChooseReach) -> list[Event]:
    """By which ways they are reached from now on, and what that does to what waits. Raises `Rejected`."""
    if state.kind is None or state.kind == "staff":
        raise Rejected("preferences-not-for-you")
    channels = tuple(dict.fromkeys(c.channels))
    if not channels:
        raise Rejected("reach-way-missing")
    if "sms" in channels and c.phone is None:
        raise Rejected("reach-phone-missing")
    if "push" in channels and c.push is None:
        raise Rejected("reach-push-missing")
    if c.sender_name is not None and c.sender_name not in clinic.agenda.sender_names:
        raise Rejected("reach-sender-unknown")
    fields = c.model_dump(include={"phone", "push", "sender_name", "says_more"})
    without = {category: ways for category, ways in sorted(c.without.items()) if ways}
    said = {"at": c.now, "recipient_id": state.recipient_id, **fields, "channels": channels, "without": without}
    chosen = ReachChosen.model_validate({**said, "unconfirmed": _unconfirmed(state, c)})
    after = evolve(state, chosen)
    codes = [_code(state, c, channel) for channel in chosen.unconfirmed]
    if after == state and not codes:
        return []
    kept = [id for id, one in waiting(state).items() if stays_in_the_inbox(after, one)]
    return [chosen, *(withheld(after, c.now, id, "inbox_only") for id in kept), *codes]


def confirm(state: AgendaState, c: ConfirmReach) -> list[Event]:
    """They read what comes there, since they know the code. Raises `Rejected`."""
    if c.channel not in state.unconfirmed:
        return []
    sent = [one for one in state.messages.values() if (one.template, one.by) == (CONFIRM, c.channel)]
    newest = max(sent, key=lambda one: one.planned_at, default=None)
    if newest is None or newest.parameters["code"] != c.code or c.now > newest.planned_at + CODE_HOLDS:
        raise Rejected("reach-code-invalid")
    return [ReachConfirmed(at=c.now, recipient_id=state.recipient_id, channel=c.channel)]


def _unconfirmed(state: AgendaState, c: ChooseReach) -> tuple[Channel, ...]:
    """What is chosen with a number or name that is new, or was never confirmed."""
    new: dict[Channel, bool] = {"sms": c.phone != state.phone, "push": c.push != state.push}
    return tuple(one for one in ("sms", "push") if one in c.channels and (new[one] or _waits(state, one)))


def _waits(state: AgendaState, channel: Channel) -> bool:
    return channel in state.unconfirmed or channel not in state.channels


def _code(state: AgendaState, c: ChooseReach, channel: Channel) -> Event:
    new = c.codes[channel]
    return MessagePlanned(
        at=c.now,
        recipient_id=state.recipient_id,
        message_id=new.message_id,
        template=CONFIRM,
        topic=f"reach:{state.recipient_id}/{channel}/confirm",
        parameters={"code": new.code},
        cause=c.actor,
        critical=False,
        send_at=c.now,
        pointless_after=c.now + CODE_HOLDS,
        by=channel,
        wording=c.wording,
    )


def opened(state: AgendaState, email: str | None, now: datetime) -> list[Event]:
    """Another address is given a chance where e-mails came back. Said, since no event may depend on what an erasure
    takes away.
    """
    if "email" not in state.stopped or email in (None, state.email):
        return []
    return [ChannelStarted(at=now, recipient_id=state.recipient_id, channel="email")]


def heed(state: AgendaState, c: HeedWord) -> list[Event]:
    """A word came back by `channel`: nothing more goes that way, or again. Said twice it changes nothing."""
    said = {"at": c.now, "recipient_id": state.recipient_id, "channel": c.channel}
    if c.word == "stop" and c.channel not in state.stopped:
        of_staff = state.kind == "staff"
        stopped = {**said, "reason": "asked", "about": _patient(state), "of_staff": of_staff}
        return [ChannelStopped.model_validate(stopped)]
    if c.word == "start" and c.channel in state.stopped:
        return [ChannelStarted.model_validate(said)]
    return []


def see(state: AgendaState, c: SeeMessages) -> list[Event]:
    """What they saw needs no other way. Of what nobody waits for, nothing is noted."""
    return [
        MessageSeen(at=c.now, recipient_id=state.recipient_id, message_id=id)
        for id in dict.fromkeys(c.message_ids)
        if id in state.messages and is_awaited(state.messages[id])
    ]


def is_awaited(message: Message) -> bool:
    """Whether something follows unless the person opens it."""
    return message.unread_at is not None or message.goes_again


def receipt(clinic: Clinic, state: AgendaState, c: RecordReceipt) -> list[Event]:
    """What a provider says of a message that it took. Of another way than it went last, that changes nothing.

    Raises `Rejected`.
    """
    message = state.messages.get(c.message_id)
    if message is None:
        raise Rejected("message-unknown")
    if message.channel != c.channel or message.carrier is not None:
        return []
    if c.outcome == "delivered":
        return _delivered(clinic, state, c)
    # A process may have died before it recorded that the provider took it.
    if message.status != "sent" and not message.possibly_sent:
        return []
    events: list[Event] = []
    for id, one in carried_by(state, c.message_id).items():
        said = {"at": c.now, "recipient_id": state.recipient_id, "message_id": id}
        events.append(MessageReturned.model_validate({**said, "failure": c.outcome, "detail": c.detail}))
        if one.read_at is None and one.seen_at is None:
            events += another_way(clinic, state, id, one, c.now, "returned")
    return [*events, *_gives_up(state, c.channel, c.now)] if c.address_is_wrong else events


def _delivered(clinic: Clinic, state: AgendaState, c: RecordReceipt) -> list[Event]:
    events: list[Event] = []
    for id, one in carried_by(state, c.message_id).items():
        said = {"at": c.now, "recipient_id": state.recipient_id, "message_id": id}
        if one.possibly_sent:
            unread_at = unread_from(clinic, state, one, c.now)
            events.append(MessageSent.model_validate({**said, "unread_at": unread_at}))
        if one.delivered_at is None:
            events.append(MessageDelivered.model_validate(said))
    return events


def _gives_up(state: AgendaState, channel: Channel, now: datetime) -> list[Event]:
    # The address of a member of staff stands in the clinic's file: an operator mends it there.
    if channel in state.stopped or state.kind == "staff":
        return []
    said = {"at": now, "recipient_id": state.recipient_id, "channel": channel}
    return [ChannelStopped.model_validate({**said, "reason": "returned", "about": _patient(state)})]


def _patient(state: AgendaState) -> str | None:
    if state.kind == "patient":
        return state.recipient_id
    return next(iter(state.trusted_by), None)
