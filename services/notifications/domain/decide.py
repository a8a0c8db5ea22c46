"""What an agenda does with a command. Planning is here; sending is in `sending.py`."""

from datetime import datetime, timedelta

from services.notifications.domain import choosing, reaching, reminding, rewording, schedule, sending
from services.notifications.domain.calling import with_failed_calls
from services.notifications.domain.commands import (
    ChangePermission,
    ChoosePreferences,
    ChooseReach,
    ConfirmReach,
    HandleFact,
    HeedWord,
    KnowCaregiver,
    LearnRecipient,
    Planned,
    ReadMessage,
    RecordClosed,
    RecordFailed,
    RecordReceipt,
    RecordSent,
    RewordMessages,
    SeeMessages,
    StopMessage,
    Unsubscribe,
)
from services.notifications.domain.evolve import evolve
from services.notifications.domain.evolve_message import message_of
from services.notifications.domain.state import AgendaState, covers
from services.notifications.domain.ways import open_to, staff_member
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    CaregiverKnown,
    CaregiverMessageDue,
    CaregiversToBeTold,
    MessageDropped,
    MessagePlanned,
    MessageRead,
    PermissionChanged,
    RecipientKnown,
    TopicSettled,
)

_MOMENT = timedelta.resolution


def decide(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    """The events that `command` leads to. Raises `Rejected`."""
    return with_failed_calls(state, _decide(clinic, state, command))


def _decide(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    match command:
        case LearnRecipient():
            return _learn(clinic, state, command)
        case ChangePermission():
            return _change_permission(clinic, state, command)
        case KnowCaregiver():
            return _know_caregiver(state, command)
        case ChooseReach():
            return reaching.choose(clinic, state, command)
        case ConfirmReach():
            return reaching.confirm(state, command)
        case HeedWord():
            return reaching.heed(state, command)
        case SeeMessages():
            return reaching.see(state, command)
        case RecordReceipt():
            return reaching.receipt(clinic, state, command)
        case HandleFact():
            return _handle(clinic, state, command)
        case TimerDue():
            return sending.timer_due(clinic, state, command)
        case RecordSent():
            return sending.record_sent(clinic, state, command)
        case RecordFailed():
            return sending.record_failed(clinic, state, command)
        case RecordClosed():
            return sending.record_closed(state, command)
        case ReadMessage():
            return _read(state, command)
        case ChoosePreferences():
            return choosing.choose(clinic, state, command)
        case Unsubscribe():
            return choosing.unsubscribe(clinic, state, command)
        case StopMessage():
            return choosing.stop(state, command)
        case RewordMessages():
            return rewording.reword(state, command)
    raise TypeError(f"{type(command).__name__} is no command of an agenda")


def _learn(clinic: Clinic, state: AgendaState, c: LearnRecipient) -> list[Event]:
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
    events: list[Event] = []
    if not same:
        elsewhere = state.model_copy(update={"kind": c.kind, "time_zone": c.time_zone, "recipient_id": c.recipient_id})
        events += [known, *reaching.opened(state, c.email, c.now)]
        events += choosing.moved(clinic, state, elsewhere, c.now)
    given = [(c.recipient_id, scope, True) for scope in c.scopes]
    if c.about is not None:
        given.append((c.about, "caregiver", c.granted))
    for about, scope, granted in given:
        if state.permits(about, scope) != granted:
            events += _permission_changed(clinic, state, c, about, scope, granted)
    return events


def _change_permission(clinic: Clinic, state: AgendaState, c: ChangePermission) -> list[Event]:
    settled = [event for topic in c.settle for event in _settle(state, c, topic, c.fact_at)]
    settled += _reads_otherwise(state, c)
    if state.permits(c.about, c.scope) == c.granted:
        return settled
    events = [*settled, *_permission_changed(clinic, state, c, c.about, c.scope, c.granted, c.since)]
    if c.granted and (c.about, c.scope) == (c.recipient_id, "caregiver"):
        events += _told_late(state, c, state.caregivers)
    return events


def _reads_otherwise(state: AgendaState, c: ChangePermission) -> list[Event]:
    if state.kind is None or c.language is None or c.language == state.language:
        return []
    known = state.model_dump(include={"kind", "name", "email", "time_zone"})
    return [RecipientKnown(at=c.now, recipient_id=c.recipient_id, language=c.language, **known)]


def _permission_changed(
    clinic: Clinic,
    state: AgendaState,
    c: ChangePermission | LearnRecipient,
    about: str,
    scope: str,
    granted: bool,
    since: datetime | None = None,
) -> list[Event]:
    changed = PermissionChanged(
        at=c.now, recipient_id=c.recipient_id, about=about, scope=scope, granted=granted, since=since
    )
    after = evolve(state, changed)
    stopped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="consent_withdrawn")
        for id, message in state.messages.items()
        if not granted
        and message.status == "queued"
        and (message.about, message.needs) == (about, scope)
        and not open_to(clinic, after, message)
    ]
    return [changed, *stopped]


def _know_caregiver(state: AgendaState, c: KnowCaregiver) -> list[Event]:
    if (c.caregiver_id in state.caregivers) == c.linked:
        return []
    known = CaregiverKnown(at=c.now, recipient_id=c.recipient_id, caregiver_id=c.caregiver_id, linked=c.linked)
    late = _told_late(state, c, (c.caregiver_id,)) if c.linked and state.permits(c.recipient_id, "caregiver") else []
    return [known, *late]


def _told_late(state: AgendaState, c: ChangePermission | KnowCaregiver, caregivers: tuple[str, ...]) -> list[Event]:
    """Events of different aggregates may pass each other: what happened after link or consent is told all the same."""
    return [
        _due(c, caregiver_id, note.template, note.topic, note.cause, note.scope, note.fact_at)
        for note in state.notes
        if note.fact_at >= c.fact_at
        for caregiver_id in caregivers
    ]


def _due(
    c: ChangePermission | KnowCaregiver | HandleFact,
    caregiver_id: str,
    template: str,
    topic: str,
    cause: str,
    scope: str | None,
    fact_at: datetime,
) -> Event:
    return CaregiverMessageDue(
        at=c.now,
        recipient_id=c.recipient_id,
        caregiver_id=caregiver_id,
        template=template,
        topic=topic,
        cause=cause,
        scope=scope,
        fact_at=fact_at,
    )


def _handle(clinic: Clinic, state: AgendaState, c: HandleFact) -> list[Event]:
    events: list[Event] = []
    if c.kind == "staff" and state.kind is None:
        events.append(_staff_known(clinic, c))
    for topic in c.settle:
        events += _settle(state, c, topic, c.fact_at)
    for topic in c.replace:
        events += _settle(state, c, topic, c.fact_at - _MOMENT)
    for planned in c.plan:
        if planned.message_id not in state.messages:
            events += _plan(clinic, state, c, planned)
    for reminder in reminding.wanted(clinic, c):
        if reminder.message_id not in state.messages:
            events = reminding.with_reminder(clinic, state, events, _plan(clinic, state, c, reminder))
    for note in c.tell_caregivers:
        events.append(
            CaregiversToBeTold(
                at=c.now,
                recipient_id=c.recipient_id,
                template=note.template,
                topic=note.topic,
                cause=c.cause,
                fact_at=c.fact_at,
                scope=note.scope,
            )
        )
        # Checked here, where the patient decides, and again by the caregiver's agenda before anything is sent.
        if state.permits(c.recipient_id, "caregiver"):
            told = (note.template, note.topic, c.cause, note.scope, c.fact_at)
            events += [_due(c, caregiver_id, *told) for caregiver_id in state.caregivers]
    return events


def _staff_known(clinic: Clinic, c: HandleFact) -> RecipientKnown:
    member = staff_member(clinic, c.recipient_id)
    return RecipientKnown(
        at=c.now,
        recipient_id=c.recipient_id,
        kind="staff",
        name=None,
        email=None,
        language=member.language if member else "en",
        time_zone=clinic.time_zone,
    )


def _settle(state: AgendaState, c: HandleFact | ChangePermission, topic: str, up_to: datetime) -> list[Event]:
    if any(one.topic == topic and one.up_to >= up_to for one in state.settled):
        return []
    dropped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="settled")
        for id, message in state.messages.items()
        if message.status == "queued" and covers(topic, message.topic) and message.fact_at <= up_to
    ]
    return [TopicSettled(at=c.now, recipient_id=c.recipient_id, topic=topic, fact_at=up_to), *dropped]


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
        send_at=c.now + planned.wait,
        shown_from=planned.shown_from,
        pointless_after=planned.pointless_after,
        wording=planned.wording,
    )
    waits = message_of(message)
    message = message.model_copy(update={"send_at": schedule.send_at(clinic, state, waits, message.send_at)})
    if state.is_settled(planned.topic, c.fact_at):
        late = MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=planned.message_id, reason="settled")
        return [message, late]
    if choosing.stays_in_the_inbox(state, waits):
        return [message, choosing.withheld(state, c.now, planned.message_id, "inbox_only")]
    if schedule.is_too_late(waits, message.send_at):
        return [message, choosing.withheld(state, c.now, planned.message_id, "too_late")]
    return [message]


def _read(state: AgendaState, c: ReadMessage) -> list[Event]:
    message = state.messages.get(c.message_id)
    if message is None:
        raise Rejected("message-unknown")
    if message.read_at is not None:
        return []
    return [MessageRead(at=c.now, recipient_id=state.recipient_id, message_id=c.message_id)]
