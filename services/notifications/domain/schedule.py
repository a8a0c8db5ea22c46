"""When an e-mail may go out: quiet hours, parts of the day, hard news, and how much a week holds.

All by the recipient's own wall clock. What is critical goes at once, whatever else holds.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.notifications.domain.kinds import about
from services.notifications.domain.quiet_hours import is_quiet, last_allowed, next_allowed
from services.notifications.domain.state import ASKED_FOR, AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_agenda import Hours

WEEK = timedelta(days=7)
SETTLES_SOON = timedelta(minutes=10)
_DAYS_AHEAD = 9

Held = tuple[datetime, Literal["hard_news", "week_full"]]


def zone_of(clinic: Clinic, state: AgendaState) -> ZoneInfo:
    """The recipient's time zone; the clinic's where theirs is not known."""
    try:
        return ZoneInfo(state.time_zone or clinic.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(clinic.time_zone)


def hours_of(clinic: Clinic, state: AgendaState) -> tuple[Hours, ...]:
    """The quiet hours that hold: their own or the clinic's, and what no choice goes beyond."""
    theirs = state.hours or clinic.hours
    return (theirs, clinic.agenda.never) if clinic.agenda.never else (theirs,)


def allowed_from(clinic: Clinic, state: AgendaState, message: Message, moment: datetime) -> datetime:
    """The first moment from `moment` on at which this recipient may get it. At any hour, if it is about safety or
    somebody waits for it at this moment.
    """
    has_haste = message.critical or message.by is not None
    return moment if has_haste else next_allowed(moment, zone_of(clinic, state), hours_of(clinic, state))


def gathers(clinic: Clinic, state: AgendaState, message: Message) -> bool:
    """Whether its e-mail can wait for a part of the day, and go out with others. What depends on what a patient has
    open to somebody goes by itself, since that is asked for each.
    """
    is_plain = not message.critical and message.needs in (None, "email")
    return bool(clinic.agenda.day_parts) and state.kind != "staff" and is_plain and about(message.template).can_wait


def send_at(clinic: Clinic, state: AgendaState, message: Message, earliest: datetime) -> datetime:
    """When it should go out, `earliest` at the soonest. A time in the past counts as now: callers pass now."""
    if message.shown_from is not None:
        return _remind_at(clinic, state, message.shown_from, earliest)
    if gathers(clinic, state, message):
        return next_part(clinic, state, earliest)
    return allowed_from(clinic, state, message, earliest)


def is_too_late(message: Message, moment: datetime) -> bool:
    """Whether it would be pointless to send it at `moment`, since its meeting has begun by then."""
    return message.pointless_after is not None and moment >= message.pointless_after


def _remind_at(clinic: Clinic, state: AgendaState, wished: datetime, earliest: datetime) -> datetime:
    """Where it is quiet at the `wished` moment, the evening before if that is to come, else the morning after."""
    zone, hours = zone_of(clinic, state), hours_of(clinic, state)
    before = last_allowed(wished, zone, hours)
    return before if before >= earliest else next_allowed(max(wished, earliest), zone, hours)


def next_part(clinic: Clinic, state: AgendaState, moment: datetime) -> datetime:
    """The next part of the day that is not quiet; the end of quiet hours where every part is."""
    zone, hours = zone_of(clinic, state), hours_of(clinic, state)
    today = moment.astimezone(zone).date()
    parts = (
        _at(zone, today + timedelta(days=n), part)
        for n in range(_DAYS_AHEAD)
        for part in sorted(clinic.agenda.day_parts)
    )
    fitting = (part for part in parts if part >= moment and not is_quiet(part, zone, hours))
    return next(fitting, None) or next_allowed(moment, zone, hours)


def held_until(clinic: Clinic, state: AgendaState, message: Message, now: datetime) -> Held | None:
    """Until when a message that is due and can wait is held back, and why."""
    if not gathers(clinic, state, message):
        return None
    zone = zone_of(clinic, state)
    today = now.astimezone(zone).date()
    if about(message.template).kind == "nudge" and _hard_news_on(state, zone, today):
        return next_part(clinic, state, _at(zone, today + timedelta(days=1), time.min)), "hard_news"
    most = state.weekly_emails or clinic.agenda.weekly_emails
    sent = sorted(
        one.sent_at for one in state.messages.values() if one.sent_at and _counts(one) and one.sent_at > now - WEEK
    )
    if most is not None and len(sent) >= most:
        return next_part(clinic, state, sent[len(sent) - most] + WEEK), "week_full"
    return None


def company(clinic: Clinic, state: AgendaState, lead: Message, now: datetime) -> list[str]:
    """Ids of the messages that go out in the same e-mail as `lead`: what can wait and is due today.

    What was planned a moment ago stays behind, since what follows at once may settle it. What somebody waits for at
    this moment takes nothing along.
    """
    goes_alone = lead.critical or lead.by is not None or lead.needs not in (None, "email")
    if goes_alone or not clinic.agenda.day_parts or state.kind == "staff":
        return []
    return [
        id
        for id, one in state.messages.items()
        if one is not lead and gathers(clinic, state, one) and _rides(clinic, state, one, now)
    ]


def _rides(clinic: Clinic, state: AgendaState, message: Message, now: datetime) -> bool:
    zone = zone_of(clinic, state)
    today = now.astimezone(zone).date()
    # What is tried again, or goes another way, goes by itself: it may have counted in this week already.
    if message.status != "queued" or message.reason is not None or message.tried:
        return False
    if about(message.template).kind == "nudge" and _hard_news_on(state, zone, today):
        return False
    is_today = message.send_at.astimezone(zone).date() <= today or message.held == "week_full"
    return message.send_at <= now or (is_today and message.planned_at + SETTLES_SOON <= now)


def _counts(message: Message) -> bool:
    """One e-mail counts once. What is about safety never does, nor what the person has just asked for."""
    return message.carrier is None and not message.critical and message.template not in ASKED_FOR


def _hard_news_on(state: AgendaState, zone: ZoneInfo, day: date) -> bool:
    return any(
        about(one.template).kind == "hard" and one.planned_at.astimezone(zone).date() == day
        for one in state.messages.values()
    )


def _at(zone: ZoneInfo, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
