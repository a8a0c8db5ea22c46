"""A person's meetings as a calendar that programmes read (iCalendar, RFC 5545), in words that reveal nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services.interventions.domain.group.state import GroupState, Session
from services.interventions.domain.membership.state import MembershipState
from services.interventions.words import MEETING
from shared.contracts.clinic import Clinic
from shared.runtime.core import Found


def calendar_of(clinic: Clinic, membership: Found, group: Found, now: datetime) -> bytes:
    """One entry for each session. Its UID stays, and its SEQUENCE rises with every change of the group or of the
    person's part in it, so that a calendar that has it already follows.

    Only whoever has, or had, a seat has entries, and reads where it is. What does not take place any more is CANCELLED.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Carepath//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clinic.sender_name)
    state: MembershipState = membership.state
    if state.status == "seat" or (state.status == "ended" and state.had_seat):
        for session in group.state.sessions:
            calendar.add_component(_entry(clinic, membership, group, session, now))
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _entry(clinic: Clinic, membership: Found, group: Found, session: Session, now: datetime) -> Event:
    state: MembershipState = membership.state
    its: GroupState = group.state
    begins = session.at.astimezone(ZoneInfo(clinic.time_zone))
    concerned = state.status == "seat" or session.number in state.marks
    takes_place = its.status != "cancelled" and session.not_held is None and concerned
    entry = Event()
    entry.add("uid", f"{membership.id}.{its.group_id}.{session.number}@carepath")
    entry.add("sequence", group.version + membership.version)
    entry.add("dtstamp", now)
    entry.add("dtstart", begins)
    entry.add("dtend", begins + timedelta(minutes=session.minutes))
    entry.add("summary", MEETING.in_(its.language).format(clinic=clinic.sender_name))
    entry.add("status", "CONFIRMED" if takes_place else "CANCELLED")
    entry.add("class", "PRIVATE")
    if takes_place and state.status == "seat":
        entry.add("location", session.where or its.where)
    return entry
