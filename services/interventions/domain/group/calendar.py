"""When a group meets, decides and closes. Days are those of the clinic's clock, so summer time moves no meeting."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.interventions.domain.group.state import GroupState, Session
from services.interventions.domain.local import days_after
from shared.contracts.clinic_together import Groups

DECIDE_TIMER = "decide"
CLOSE_TIMER = "close_joining"
ATTENDANCE_TIMER = "attendance"


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
    unsaid = next((one for one in state.sessions if not one.held and one.number not in state.overdue), None)
    if state.status != "forming" and unsaid is not None:
        found[ATTENDANCE_TIMER] = unsaid.at + timedelta(minutes=unsaid.minutes, hours=settings.attendance_hours)
    return found
