"""What an agenda does with a command. Planning is here."""

from datetime import timedelta

from services.notifications.domain import (
    choosing,
    permitting,
    reaching,
    reminding,
    rewording,
    schedule,
    sending,
    signed_in,
    signing_in,
)
from services.notifications.domain.calling import with_failed_calls
from services.notifications.domain.commands import (
    AskToSignIn,
    ChangePermission,
    ChoosePreferences,
    ChooseReach,
    ConfirmReach,
    EndSession,
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
    SignOutEverywhere,
    StopMessage,
    Unsubscribe,
    UseSession,
    UseSignInLink,
)
from services.notifications.domain.evolve_message import message_of
from services.notifications.domain.settling import settle
from services.notifications.domain.state import AgendaState
from services.notifications.domain.ways import staff_member
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    CaregiversToBeTold,
    MessageDropped,
    MessagePlanned,
    MessageRead,
    RecipientKnown,
)

_MOMENT = timedelta.resolution


def decide(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    """The events that `command` leads to. Raises `Rejected`."""
    return with_failed_calls(state, _decide(clinic, state, command))


def _decide(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    match command:
        case LearnRecipient():
            return permitting.learn(clinic, state, command)
        case ChangePermission():
            return permitting.change(clinic, state, command)
        case KnowCaregiver():
            return permitting.know_caregiver(state, command)
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
        case RewordMessages():
            return rewording.reword(state, command)
    return _decide_for_person(clinic, state, command)


def _decide_for_person(clinic: Clinic, state: AgendaState, command: Command) -> list[Event]:
    """What people themselves want."""
    match command:
        case ChooseReach():
            return reaching.choose(clinic, state, command)
        case ConfirmReach():
            return reaching.confirm(state, command)
        case HeedWord():
            return reaching.heed(state, command)
        case SeeMessages():
            return reaching.see(state, command)
        case ReadMessage():
            return _read(state, command)
        case ChoosePreferences():
            return choosing.choose(clinic, state, command)
        case Unsubscribe():
            return choosing.unsubscribe(clinic, state, command)
        case StopMessage():
            return choosing.stop(state, command)
        case AskToSignIn():
            return signing_in.ask(state, command)
        case UseSignInLink():
            return signing_in.use(state, command)
        case UseSession():
            return signed_in.use(state, command)
        case EndSession():
            return signed_in.end(state, command)
        case SignOutEverywhere():
            return signed_in.end_all(state, command)
    raise TypeError(f"{type(command).__name__} is no command of an agenda")


def _handle(clinic: Clinic, state: AgendaState, c: HandleFact) -> list[Event]:
    events: list[Event] = []
    if c.kind == "staff" and state.kind is None:
        events.append(_staff_known(clinic, c))
    for topic in c.settle:
        events += settle(state, c, topic, c.fact_at)
    for topic in c.replace:
        events += settle(state, c, topic, c.fact_at - _MOMENT)
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
            events += [permitting.due(c, caregiver_id, *told) for caregiver_id in state.caregivers]
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
