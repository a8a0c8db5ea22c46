"""Meetings as a calendar that programmes read (iCalendar, RFC 5545 and 5546)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress

Method = Literal["PUBLISH", "CANCEL"]


@dataclass(frozen=True)
class Entry:
    """One meeting. `uid` stays with it and `sequence` rises with every change, so that a calendar that has it already
    follows. What does not take place any more has no place.
    """

    uid: str
    sequence: int
    begins: datetime
    summary: str
    minutes: int | None = None
    where: str | None = None
    takes_place: bool = True


def calendar(
    entries: Iterable[Entry],
    now: datetime,
    *,
    method: Method = "PUBLISH",
    name: str | None = None,
    organizer: str | None = None,
) -> bytes:
    """All entries, made at `now`. `name` is what the calendar is called, `organizer` the address of whoever invites."""
    found = Calendar()
    found.add("prodid", "-//Carepath//Meetings//EN")
    found.add("version", "2.0")
    found.add("method", method)
    if name is not None:
        found.add("x-wr-calname", name)
    for entry in entries:
        found.add_component(_event(entry, now, organizer))
    found.add_missing_timezones()
    text: bytes = found.to_ical()
    return text


def _event(entry: Entry, now: datetime, organizer: str | None) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.begins)
    if entry.minutes is not None:
        event.add("dtend", entry.begins + timedelta(minutes=entry.minutes))
    event.add("summary", entry.summary)
    event.add("status", "CONFIRMED" if entry.takes_place else "CANCELLED")
    event.add("class", "PRIVATE")
    if organizer is not None:
        event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    if entry.takes_place and entry.where is not None:
        event.add("location", entry.where)
    return event
