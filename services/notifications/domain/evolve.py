"""What an event makes of the state, and what the runtime asks of it. Total: an unknown event changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.notifications.domain.commands import UNASKED
from services.notifications.domain.state import AgendaState, Message, Note, Permission, Settled
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    AgendaEvent,
    CaregiverKnown,
    CaregiversToBeTold,
    Channel,
    MessageClaimed,
    MessageDropped,
    MessageEvent,
    MessageFailed,
    MessagePlanned,
    MessagePostponed,
    MessageRead,
    MessageSent,
    PermissionChanged,
    RecipientKnown,
    TopicSettled,
)
from shared.contracts.preferences import MessageWithheld, PreferencesChosen
from shared.contracts.wordings import MessageReworded

KEPT = 200
NOTES_KEPT = 20
SEND = "send:"
SETTLE = "settle:"
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


QUEUES = (Queue("email", critical=True), Queue("email", critical=False))
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
        case MessagePlanned():
            return _with_planned(state, event)
        case MessageClaimed() if event.together:
            return _with_company(_with_message_changed(state, event), event)
        case MessageEvent():
            return _with_message_changed(state, event)
    return state


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
    )


def _with_planned(state: AgendaState, event: MessagePlanned) -> AgendaState:
    messages = {**state.messages, event.message_id: message_of(event)}
    finished = [id for id, one in messages.items() if not one.unfinished]
    for id in finished[: max(0, len(messages) - KEPT)]:
        del messages[id]
    return state.model_copy(update={"messages": messages})


def _with_message_changed(state: AgendaState, event: MessageEvent) -> AgendaState:
    message = state.messages.get(event.message_id)
    if message is None:
        return state
    update: dict[str, Any]
    match event:
        case MessagePostponed():
            update = {"send_at": event.send_at, "held": None if event.reason == "moved" else event.reason}
        case MessageWithheld():
            update = {"status": "dropped", "reason": event.reason, "settle_by": None}
        case MessageDropped():
            update = {"status": "dropped", "reason": event.reason, "settle_by": None}
        case MessageClaimed():
            # Claimed anew while it was being sent: what became of the attempt before is not known.
            lost = message.status == "sending" or message.possibly_sent
            claimed = {"status": "sending", "attempts": event.attempt, "settle_by": event.settle_by, "carrier": None}
            update = {**claimed, "possibly_sent": lost}
        case MessageSent():
            update = {"status": "sent", "reason": None, "settle_by": None, "possibly_sent": False, "sent_at": event.at}
        case MessageFailed() if event.retry_at is not None:
            unasked = event.detail == UNASKED
            why = {"reason": UNASKED if unasked else event.failure, "unasked": message.unasked + unasked}
            update = {**why, "status": "queued", "send_at": event.retry_at, "settle_by": None, "carrier": None}
        case MessageFailed():
            failed = {"status": "failed", "reason": event.failure, "settle_by": None}
            update = {**failed, "possibly_sent": event.possibly_sent or message.possibly_sent}
        case MessageRead():
            update = {"read_at": event.at}
        case MessageReworded():
            update = {"wording": {**message.wording, event.language: event.wording}}
        case _:
            return state
    changed = message.model_copy(update=update)
    return state.model_copy(update={"messages": {**state.messages, event.message_id: changed}})


def _with_company(state: AgendaState, event: MessageClaimed) -> AgendaState:
    """Those that go out in the same e-mail. What becomes of it is said of each of them."""
    carried = {
        id: one.model_copy(update={"status": "sending", "attempts": one.attempts + 1, "carrier": event.message_id})
        for id, one in state.messages.items()
        if id in event.together
    }
    return state.model_copy(update={"messages": {**state.messages, **carried}})


def timers(state: AgendaState) -> dict[str, datetime]:
    """`send:<message>` when an e-mail is due, `settle:<message>` when an attempt counts as lost.

    Nothing is due to a recipient of whom nothing is known yet: their contact data may be on its way.
    """
    if state.kind is None:
        return {}
    sends = {f"{SEND}{id}": one.send_at for id, one in state.messages.items() if one.status == "queued"}
    settles = {f"{SETTLE}{id}": one.settle_by for id, one in state.messages.items() if one.settle_by is not None}
    return {**sends, **settles}


def moment_of(moment: datetime) -> str:
    """A moment as a text that sorts as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _first_in(queue: Queue, state: AgendaState) -> str | None:
    if state.kind is None:
        return None
    waiting = [(one, id) for id, one in state.messages.items() if one.status == "queued"]
    return min((f"{moment_of(one.send_at)}/{id}" for one, id in waiting if queue_of(one) == queue), default=None)


def queue_of(message: Message) -> Queue:
    """Where a message waits until it is sent."""
    return Queue("email", message.critical)


def keys(state: AgendaState) -> dict[str, str | None]:
    """What queries use, and in which order messages go out."""
    messages = state.messages.values()
    return {
        **{queue.key: _first_in(queue, state) for queue in QUEUES},
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
