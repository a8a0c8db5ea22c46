"""What an agenda does with a command. Planning is here; sending is in `sending.py`."""

from services.notifications.domain import sending
from services.notifications.domain.commands import (
    ChangePermission,
    HandleFact,
    KnowCaregiver,
    LearnRecipient,
    Planned,
    ReadMessage,
    RecordFailed,
    RecordSent,
)
from services.notifications.domain.state import AgendaState, covers
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    CaregiverKnown,
    CaregiverMessageDue,
    MessageDropped,
    MessagePlanned,
    MessageRead,
    PermissionChanged,
    RecipientKnown,
    TopicSettled,
)


def decide(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    """The events that `command` leads to. Raises `Rejected`."""
    match command:
        case LearnRecipient():
            return _learn(state, command)
        case ChangePermission():
            return _change_permission(state, command)
        case KnowCaregiver():
            return _know_caregiver(state, command)
        case HandleFact():
            return _handle(clinic, state, command)
        case TimerDue():
            return sending.timer_due(clinic, state, command)
        case RecordSent():
            return sending.record_sent(state, command)
        case RecordFailed():
            return sending.record_failed(clinic, state, command)
        case ReadMessage():
            return _read(state, command)
    raise TypeError(f"{type(command).__name__} is no command of an agenda")


def _learn(state: AgendaState, c: LearnRecipient) -> list[Event]:
    known = RecipientKnown(
        at=c.now,
        recipient_id=c.recipient_id,
        kind=c.kind,
        name=c.name,
        email=c.email,
        language=c.language,
        time_zone=c.time_zone,
    )
    same = all(getattr(state, name) == getattr(known, name) for name in RecipientKnown.model_fields if name != "at")
    events: list[Event] = [] if same else [known]
    if c.about is not None:
        change = ChangePermission(
            now=c.now,
            actor=c.actor,
            recipient_id=c.recipient_id,
            about=c.about,
            scope="caregiver",
            granted=c.granted,
        )
        events += _change_permission(state, change)
    return events


def _change_permission(state: AgendaState, c: ChangePermission) -> list[Event]:
    if state.permits(c.about, c.scope) == c.granted:
        return []
    changed = PermissionChanged(at=c.now, recipient_id=c.recipient_id, about=c.about, scope=c.scope, granted=c.granted)
    stopped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="consent_withdrawn")
        for id, message in state.messages.items()
        if not c.granted and message.status == "queued" and (message.about, message.needs) == (c.about, c.scope)
    ]
    return [changed, *stopped]


def _know_caregiver(state: AgendaState, c: KnowCaregiver) -> list[Event]:
    if (c.caregiver_id in state.caregivers) == c.linked:
        return []
    return [CaregiverKnown(at=c.now, recipient_id=c.recipient_id, caregiver_id=c.caregiver_id, linked=c.linked)]


def _handle(clinic: Clinic, state: AgendaState, c: HandleFact) -> list[Event]:
    events: list[Event] = []
    if c.kind == "staff" and state.kind is None:
        events.append(_staff_known(clinic, c))
    for topic in c.settle:
        events += _settle(state, c, topic)
    for planned in c.plan:
        if planned.message_id not in state.messages:
            events += _plan(clinic, state, c, planned)
    # Checked here, where the patient decides, and again by the caregiver's agenda before anything is sent.
    if state.permits(c.recipient_id, "caregiver"):
        for note in c.tell_caregivers:
            events += [
                CaregiverMessageDue(
                    at=c.now,
                    recipient_id=c.recipient_id,
                    caregiver_id=caregiver_id,
                    template=note.template,
                    topic=note.topic,
                    cause=c.cause,
                )
                for caregiver_id in state.caregivers
            ]
    return events


def _staff_known(clinic: Clinic, c: HandleFact) -> RecipientKnown:
    member = sending.staff_member(clinic, c.recipient_id)
    return RecipientKnown(
        at=c.now,
        recipient_id=c.recipient_id,
        kind="staff",
        name=None,
        email=None,
        language=member.language if member else "en",
        time_zone=clinic.time_zone,
    )


def _settle(state: AgendaState, c: HandleFact, topic: str) -> list[Event]:
    if any(one.topic == topic and one.up_to >= c.fact_at for one in state.settled):
        return []
    dropped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="settled")
        for id, message in state.messages.items()
        if message.status == "queued" and covers(topic, message.topic) and message.fact_at <= c.fact_at
    ]
    return [TopicSettled(at=c.now, recipient_id=c.recipient_id, topic=topic, fact_at=c.fact_at), *dropped]


def _plan(clinic: Clinic, state: AgendaState, c: HandleFact, planned: Planned) -> list[Event]:
    message = MessagePlanned(
        at=c.now,
        recipient_id=c.recipient_id,
        message_id=planned.message_id,
        template=planned.template,
        topic=planned.topic,
        parameters=planned.parameters,
        about=planned.about,
        cause=c.cause,
        critical=planned.critical,
        needs=planned.needs,
        fact_at=c.fact_at,
        send_at=sending.allowed_from(clinic, state, planned.critical, c.now),
    )
    if not state.is_settled(planned.topic, c.fact_at):
        return [message]
    late = MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=planned.message_id, reason="settled")
    return [message, late]


def _read(state: AgendaState, c: ReadMessage) -> list[Event]:
    message = state.messages.get(c.message_id)
    if message is None:
        raise Rejected("message-unknown")
    if message.read_at is not None:
        return []
    return [MessageRead(at=c.now, recipient_id=state.recipient_id, message_id=c.message_id)]
