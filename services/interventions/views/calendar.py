"""A person's meetings as a calendar that programmes read, in words that reveal nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.interventions.domain.group.state import GroupState, Session
from services.interventions.domain.membership.state import MembershipState
from services.interventions.words import MEETING
from shared.contracts.clinic import Clinic
from shared.runtime.calendars import Entry, calendar
from shared.runtime.core import Found


def calendar_of(clinic: Clinic, membership: Found, group: Found, now: datetime) -> bytes:
    """One entry for each session. Its UID stays, and its SEQUENCE rises with every change of the group or of the
    person's part in it, so that a calendar that has it already follows.

    Only whoever has, or had, a seat has entries, and reads where it is. What does not take place any more is CANCELLED.
    """
    state: MembershipState = membership.state
    has_entries = state.status == "seat" or (state.status == "ended" and state.had_seat)
    sessions = group.state.sessions if has_entries else ()
    entries = [_entry(clinic, membership, group, session) for session in sessions]
    return calendar(entries, now, name=clinic.sender_name)


def _entry(clinic: Clinic, membership: Found, group: Found, session: Session) -> Entry:
    state: MembershipState = membership.state
    its: GroupState = group.state
    concerned = state.status == "seat" or session.number in state.marks
    return Entry(
        uid=f"{membership.id}.{its.group_id}.{session.number}@carepath",
        sequence=group.version + membership.version,
        begins=session.at.astimezone(ZoneInfo(clinic.time_zone)),
        minutes=session.minutes,
        summary=MEETING.in_(its.language).format(clinic=clinic.sender_name),
        where=(session.where or its.where) if state.status == "seat" else None,
        takes_place=its.status != "cancelled" and session.not_held is None and concerned,
    )
