"""When a group meets, decides and closes. Days are those of the clinic's clock, so summer time moves no meeting."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.interventions.domain.group.state import GroupState, Session
from services.interventions.domain.local import days_after
from shared.contracts.clinic_together import Groups

DECIDE_TIMER = "decide"
CLOSE_TIMER = "close_joining"
ATTENDANCE_TIMER = "attendance"
SOON_TIMER = "meets_soon"
UNFINISHED_TIMER = "unfinished"


def planned(first_at: datetime, every_days: int, minutes: int, modules: list[str], zone: ZoneInfo) -> list[Session]:
    """One session for each module, at the same time of day."""
    return [
        Session(number=place + 1, at=days_after(first_at, place * every_days, zone), minutes=minutes, module_ids=(id,))
        for place, id in enumerate(modules)
    ]


def later(state: GroupState, days: int, zone: ZoneInfo) -> tuple[Session, ...]:
    """All sessions, moved on by whole days."""
    return tuple(one.model_copy(update={"at": days_after(one.at, days, zone)}) for one in state.sessions)


def starts_at(state: GroupState) -> datetime:
    """When the first session begins."""
    return state.sessions[0].at


def decided_at(first_at: datetime, settings: Groups, zone: ZoneInfo) -> datetime:
    """When it is decided whether there are enough people."""
    return days_after(first_at, -settings.decide_days, zone)


def closes_at(state: GroupState, settings: Groups) -> datetime:
    """When nobody can begin any more: as the last session begins that somebody can begin with."""
    return state.sessions[min(settings.join_until_session, len(state.sessions)) - 1].at


def answer_by(state: GroupState, settings: Groups, zone: ZoneInfo, now: datetime) -> datetime:
    """Until when somebody who is asked now can answer: so many days, but not beyond the next session that they can
    begin with. It is not after `now` where nobody can begin any more.
    """
    following = next_session(state, now)
    last = closes_at(state, settings) if following is None else min(following.at, closes_at(state, settings))
    return min(days_after(now, settings.answer_days, zone), last)


def next_session(state: GroupState, now: datetime) -> Session | None:
    """The first that has not begun."""
    return next((one for one in state.sessions if one.at > now), None)


def timers(settings: Groups, zone: ZoneInfo, state: GroupState) -> dict[str, datetime]:
    """What happens by itself, if nobody does it before."""
    if not state.open:
        return {}
    found: dict[str, datetime] = {}
    if state.status == "forming" and state.decide_at is not None:
        said = state.under_minimum_at
        due = state.decide_at if said is None else days_after(said, 1, zone)
        found[DECIDE_TIMER] = min(due, starts_at(state))
    if state.reserves:
        found[CLOSE_TIMER] = closes_at(state, settings)
    return found | _of_sessions(settings, zone, state) if state.goes_on else found


def unsaid(state: GroupState) -> Session | None:
    """The first session of which attendance is to be asked for."""
    return next((one for one in state.unsettled if one.number not in state.overdue), None)


def near(state: GroupState) -> Session | None:
    """The first session that is to be said to be near."""
    return next((one for one in state.unsettled if one.number > state.announced), None)


def _of_sessions(settings: Groups, zone: ZoneInfo, state: GroupState) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    if one := near(state):
        found[SOON_TIMER] = days_after(one.at, -settings.rules_ask_days, zone)
    if one := unsaid(state):
        found[ATTENDANCE_TIMER] = _over(one) + timedelta(hours=settings.attendance_hours)
    if state.unsettled:
        since = max(_over(state.sessions[-1]), state.unfinished_at or state.sessions[-1].at)
        found[UNFINISHED_TIMER] = days_after(since, settings.unfinished_days, zone)
    return found


def _over(session: Session) -> datetime:
    return session.at + timedelta(minutes=session.minutes)
