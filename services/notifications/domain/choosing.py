"""What people choose: which messages reach them by e-mail, how many, at what hours; and that one is not sent."""

from datetime import datetime

from services.notifications.domain import schedule
from services.notifications.domain.commands import ChoosePreferences, StopMessage, Unsubscribe
from services.notifications.domain.kinds import about
from services.notifications.domain.state import AgendaState, Message
from services.notifications.domain.ways import EMAIL_ALONE
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_agenda import leaves_an_hour
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessagePostponed
from shared.contracts.preferences import MessageWithheld, PreferencesChosen


def choose(clinic: Clinic, state: AgendaState, c: ChoosePreferences) -> list[Event]:
    """What they wish from now on, and what that does to what waits. Raises `Rejected`."""
    _require_chooser(state)
    chosen = PreferencesChosen(
        at=c.now,
        recipient_id=state.recipient_id,
        inbox_only=tuple(sorted(set(c.inbox_only))),
        weekly_emails=c.weekly_emails,
        quiet_from=c.hours.quiet_from if c.hours else None,
        quiet_to=c.hours.quiet_to if c.hours else None,
    )
    if not leaves_an_hour(schedule.hours_of(clinic, _after(state, chosen))):
        raise Rejected("preferences-no-hour-left")
    return _from_now_on(clinic, state, chosen)


def unsubscribe(clinic: Clinic, state: AgendaState, c: Unsubscribe) -> list[Event]:
    """These kinds stay in the inbox too. Raises `Rejected`, but for nothing that they chose before."""
    _require_chooser(state)
    chosen = PreferencesChosen(
        at=c.now,
        recipient_id=state.recipient_id,
        inbox_only=tuple(sorted({*state.inbox_only, *c.categories})),
        weekly_emails=state.weekly_emails,
        quiet_from=state.hours.quiet_from if state.hours else None,
        quiet_to=state.hours.quiet_to if state.hours else None,
    )
    return _from_now_on(clinic, state, chosen)


def _require_chooser(state: AgendaState) -> None:
    if state.kind is None or state.kind == "staff":
        raise Rejected("preferences-not-for-you")


def _after(state: AgendaState, chosen: PreferencesChosen) -> AgendaState:
    return state.model_copy(update={name: getattr(chosen, name) for name in ("inbox_only", "weekly_emails", "hours")})


def _from_now_on(clinic: Clinic, state: AgendaState, chosen: PreferencesChosen) -> list[Event]:
    after = _after(state, chosen)
    if after == state:
        return []
    kept = [id for id, one in waiting(state).items() if stays_in_the_inbox(after, one)]
    events: list[Event] = [chosen, *(withheld(after, chosen.at, id, "inbox_only") for id in kept)]
    return [*events, *moved(clinic, state, after, chosen.at, kept)]


def stop(state: AgendaState, c: StopMessage) -> list[Event]:
    """Its e-mail is not sent; it stays in the inbox. Raises `Rejected`."""
    message = state.messages.get(c.message_id)
    if message is None:
        raise Rejected("message-unknown")
    if (message.status, message.reason) == ("dropped", "stopped"):
        return []
    if message.critical:
        raise Rejected("message-about-safety")
    if message.status != "queued":
        raise Rejected("message-not-waiting")
    return [withheld(state, c.now, c.message_id, "stopped")]


def stays_in_the_inbox(state: AgendaState, message: Message) -> bool:
    """Whether the person wants its kind by no way. What is about safety has no kind that they could choose."""
    category = about(message.template).category
    if message.critical or category is None:
        return False
    unused = state.without.get(category, ())
    return category in state.inbox_only or all(way in unused for way in state.channels or EMAIL_ALONE)


def waiting(state: AgendaState) -> dict[str, Message]:
    """The messages whose e-mail waits for its time."""
    return {id: one for id, one in state.messages.items() if one.status == "queued"}


def moved(
    clinic: Clinic, before: AgendaState, after: AgendaState, now: datetime, without: list[str] | tuple[()] = ()
) -> list[Event]:
    """New times for what waits, once their zone or their hours are others. What is tried again keeps its time, and is
    looked at again when that comes.
    """
    same = (before.time_zone, before.hours, before.weekly_emails) == (after.time_zone, after.hours, after.weekly_emails)
    found: list[Event] = []
    for id, one in waiting(after).items():
        if same or id in without or one.reason is not None or one.critical:
            continue
        at = schedule.send_at(clinic, after, one, max(now, one.planned_at))
        if at != one.send_at:
            said = {"at": now, "recipient_id": after.recipient_id, "message_id": id}
            found.append(MessagePostponed.model_validate({**said, "send_at": at, "reason": "moved"}))
    return found


def withheld(state: AgendaState, now: datetime, id: str, reason: str) -> MessageWithheld:
    """Said of one message."""
    said = {"at": now, "recipient_id": state.recipient_id, "message_id": id}
    return MessageWithheld.model_validate({**said, "reason": reason})
