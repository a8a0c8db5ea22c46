"""Reminders before meetings. What tells the date shortly before its reminder would go is its own reminder."""

from datetime import datetime, timedelta

from services.notifications.domain.commands import MEETS_AT, HandleFact, Planned
from services.notifications.domain.evolve_message import message_of
from services.notifications.domain.state import AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessagePlanned


def wanted(clinic: Clinic, c: HandleFact) -> list[Planned]:
    """The reminders that this clinic sends of what is told: of meetings to come, each due its hours before."""
    hours = clinic.agenda.remind_hours
    if hours is None:
        return []
    return [
        one.model_copy(update={"shown_from": one.pointless_after - timedelta(hours=hours)})
        for one in c.remind
        if one.pointless_after is not None and one.pointless_after > c.now
    ]


def with_reminder(clinic: Clinic, state: AgendaState, told: list[Event], reminder: list[Event]) -> list[Event]:
    """`told` and the `reminder`, of which the first event is that it is planned. Where it is folded into what tells the
    date, `told` alone, which then says so.
    """
    planned = reminder[0]
    assert isinstance(planned, MessagePlanned)
    since = planned.send_at - timedelta(hours=clinic.agenda.folds_hours)
    fresh = {one.message_id: message_of(one) for one in told if isinstance(one, MessagePlanned)}
    tells = {id for id, one in {**state.messages, **fresh}.items() if _tells(one, planned) and _goes_out(one) >= since}
    if not tells:
        return [*told, *reminder]
    return [
        one.model_copy(update={"reminds": True}) if isinstance(one, MessagePlanned) and one.message_id in tells else one
        for one in told
    ]


def _tells(message: Message, reminder: MessagePlanned) -> bool:
    """Whether it names the same moment; a reminder that was planned before does not count."""
    return message.shown_from is None and reminder.parameters[MEETS_AT] in message.parameters.values()


def _goes_out(message: Message) -> datetime:
    return message.sent_at or message.send_at
