"""What an event makes of the state, and what the runtime asks of it. Total: an unknown event changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from services.notifications.domain.evolve_message import change_of, message_of
from services.notifications.domain.signed_in import change_of_sessions
from services.notifications.domain.signing_in import is_past
from services.notifications.domain.state import AgendaState, Message, Note, Permission, Settled
from services.notifications.domain.ways import address_of, drawer, way_of
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    AgendaEvent,
    CaregiverKnown,
    CaregiversToBeTold,
    Channel,
    MessageClaimed,
    MessageEvent,
    MessagePlanned,
    PermissionChanged,
    RecipientKnown,
    TopicSettled,
)
from shared.contracts.preferences import PreferencesChosen
from shared.contracts.reach import (
    ChannelStarted,
    ChannelStopped,
    ReachChosen,
    ReachConfirmed,
)
from shared.contracts.sessions import SessionBegun, SessionEnded, SessionUsed, SignedOutEverywhere

KEPT = 200
NOTES_KEPT = 20
SEND = "send:"
SETTLE = "settle:"
UNREAD = "unread:"
WAITING = "waiting"
"""The ordered key by which all are found for whom something waits to be sent: who it is for."""


@dataclass(frozen=True)
class Queue:
    """Where what is to go out by one channel waits: what is critical before, and apart from, all else."""

    channel: Channel
    critical: bool

    @property
    def key(self) -> str:
        """The ordered key by which agendas stand in it: the moment of their first message there, and its id."""
        return f"queued_{self.channel}_{'critical' if self.critical else 'ordinary'}"


CHANNELS: tuple[Channel, ...] = get_args(Channel)
QUEUES = tuple(Queue(channel, critical) for critical in (True, False) for channel in CHANNELS)
"""The more urgent first."""


def evolve(state: AgendaState, event: Event) -> AgendaState:
    """The state after `event`."""
    if not isinstance(event, AgendaEvent):
        return state
    state = state.model_copy(update={"recipient_id": event.recipient_id})
    match event:
        case RecipientKnown():
            names = ("kind", "name", "email", "language", "time_zone")
            return state.model_copy(update={name: getattr(event, name) for name in names})
        case PermissionChanged():
            permission = Permission(about=event.about, scope=event.scope, since=event.since)
            others = tuple(p for p in state.permissions if (p.about, p.scope) != (event.about, event.scope))
            return state.model_copy(update={"permissions": (*others, permission) if event.granted else others})
        case CaregiverKnown():
            caregivers = tuple(c for c in state.caregivers if c != event.caregiver_id)
            return state.model_copy(
                update={"caregivers": (*caregivers, event.caregiver_id) if event.linked else caregivers}
            )
        case CaregiversToBeTold():
            note = Note(**event.model_dump(include={"template", "topic", "cause", "fact_at", "scope"}))
            return state.model_copy(update={"notes": (*state.notes, note)[-NOTES_KEPT:]})
        case TopicSettled():
            earlier = tuple(s for s in state.settled if s.topic != event.topic)
            settled = (*earlier, Settled(topic=event.topic, up_to=event.fact_at or event.at))
            return state.model_copy(update={"settled": settled[-KEPT:]})
        case PreferencesChosen():
            return state.model_copy(
                update=event.model_dump(include={"inbox_only", "weekly_emails"}) | {"hours": event.hours}
            )
        case ReachChosen() | ReachConfirmed() | ChannelStopped() | ChannelStarted():
            return _with_reach(state, event)
        case SessionBegun() | SessionUsed() | SessionEnded() | SignedOutEverywhere():
            return state.model_copy(update=change_of_sessions(state, event))
        case MessagePlanned():
            return _with_planned(state, event)
        case MessageClaimed() if event.together:
            return _with_company(_with_message_changed(state, event), event)
        case MessageEvent():
            return _with_message_changed(state, event)
    return state


def _with_reach(
    state: AgendaState, event: ReachChosen | ReachConfirmed | ChannelStopped | ChannelStarted
) -> AgendaState:
    if isinstance(event, ReachConfirmed):
        waiting = tuple(channel for channel in state.unconfirmed if channel != event.channel)
        return state.model_copy(update={"unconfirmed": waiting})
    if not isinstance(event, ReachChosen):
        others = tuple(channel for channel in state.stopped if channel != event.channel)
        stops = isinstance(event, ChannelStopped)
        return state.model_copy(update={"stopped": (*others, event.channel) if stops else others})
    names = ("channels", "phone", "push", "sender_name", "says_more", "without", "unconfirmed")
    # Whoever chooses a way anew wants it again, whatever was said of it before.
    stopped = tuple(channel for channel in state.stopped if channel not in event.channels)
    return state.model_copy(update={name: getattr(event, name) for name in names} | {"stopped": stopped})


def _with_planned(state: AgendaState, event: MessagePlanned) -> AgendaState:
    messages = {**state.messages, event.message_id: message_of(event)}
    finished = [id for id, one in messages.items() if not one.unfinished]
    # Links to sign in go first: anybody may ask for them, and what the person was told must not fall off by that.
    finished.sort(key=lambda id: not is_past(messages[id], event.at))
    for id in finished[: max(0, len(messages) - KEPT)]:
        del messages[id]
    return state.model_copy(update={"messages": messages})


def _with_message_changed(state: AgendaState, event: MessageEvent) -> AgendaState:
    message = state.messages.get(event.message_id)
    if message is None:
        return state
    changed = message.model_copy(update=change_of(message, event))
    return state.model_copy(update={"messages": {**state.messages, event.message_id: changed}})


def _with_company(state: AgendaState, event: MessageClaimed) -> AgendaState:
    """Those that go out in the same e-mail. What becomes of it is said of each of them."""
    carried = {
        id: one.model_copy(
            update={
                "status": "sending",
                "attempts": one.attempts + 1,
                "carrier": event.message_id,
                "channel": event.channel,
            }
        )
        for id, one in state.messages.items()
        if id in event.together
    }
    return state.model_copy(update={"messages": {**state.messages, **carried}})


def timers(state: AgendaState) -> dict[str, datetime]:
    """`send:<message>` when it is to go out, `settle:<message>` when an attempt counts as lost, `unread:<message>` when
    it counts as unread.

    Nothing is due to a recipient of whom nothing is known yet: their contact data may be on its way.
    """
    if state.kind is None:
        return {}
    sends = {f"{SEND}{id}": one.send_at for id, one in state.messages.items() if one.status == "queued"}
    settles = {f"{SETTLE}{id}": one.settle_by for id, one in state.messages.items() if one.settle_by is not None}
    unread = {
        f"{UNREAD}{id}": one.unread_at
        for id, one in state.messages.items()
        if one.unread_at is not None and not state.is_settled(one.topic, one.fact_at)
    }
    return {**sends, **settles, **unread}


def moment_of(moment: datetime) -> str:
    """A moment as a text that sorts as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _first_in_each(clinic: Clinic, state: AgendaState) -> dict[str, str | None]:
    first: dict[str, str | None] = {queue.key: None for queue in QUEUES}
    waiting = [(id, one) for id, one in state.messages.items() if one.status == "queued" and state.kind is not None]
    for id, one in waiting:
        key, place = queue_of(clinic, state, one).key, f"{moment_of(one.send_at)}/{id}"
        first[key] = min(first[key] or place, place)
    return first


def queue_of(clinic: Clinic, state: AgendaState, message: Message) -> Queue:
    """Where a message waits until it is sent. One that no way is open to waits for that of e-mails to say why."""
    return Queue(way_of(clinic, state, message) or "email", message.critical)


def keys(clinic: Clinic, state: AgendaState) -> dict[str, str | None]:
    """What queries use, and in which order messages go out."""
    messages = state.messages.values()
    return {
        **_first_in_each(clinic, state),
        # Staff, whose addresses are not kept, stand in none of those of e-mails.
        "email_drawer": drawer("email", state.email),
        "sms_drawer": drawer("sms", address_of(clinic, state, "sms")),
        "push_drawer": drawer("push", address_of(clinic, state, "push")),
        WAITING: state.recipient_id if any(one.status == "queued" for one in messages) else None,
        "recipient_id": state.recipient_id or None,
        "kind": state.kind,
        "pending": _yes(any(one.unfinished for one in messages)),
        "failed": _yes(any(one.status == "failed" and not one.possibly_sent for one in messages)),
        "possibly_sent": _yes(any(one.possibly_sent for one in messages)),
    }


def person(state: AgendaState) -> str | None:
    """Whose key encrypts the contact data."""
    return state.recipient_id or None


def _yes(holds: bool) -> str | None:
    return "yes" if holds else None
