"""The date of a meeting that an e-mail tells, as an entry for the reader's calendar, which reveals no more.

The one table of which template tells one. What a calendar has already follows when the meeting is moved or cancelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.notifications import topics
from services.notifications.channels.port import CalendarFile
from services.notifications.domain.state import AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.runtime.aggregate import derived_id
from shared.runtime.calendars import Entry, Method, calendar


@dataclass(frozen=True)
class Dated:
    """The parameters that hold the moment and, where it is known, how many minutes it lasts."""

    moment: str
    minutes: str | None = None
    method: Method = "PUBLISH"


DATED: dict[str, Dated] = {
    "appointment_planned_patient": Dated("appointment", "minutes"),
    "group_session_moved": Dated("moved_to", "minutes"),
    "group_postponed": Dated("starts_at"),
    "circle_meeting": Dated("meet_at", "minutes"),
    "circle_meeting_moved": Dated("meet_at", "minutes"),
    "circle_meeting_cancelled": Dated("meet_at", method="CANCEL"),
    "appointment_cancelled_patient": Dated("appointment", method="CANCEL"),
    "discussion_scheduled": Dated("meet_at"),
}
"""Only templates whose e-mail says the date in words."""

_SUMMARY: dict[Language, str] = {"en": "Meeting, {sender}", "es": "Cita, {sender}"}
_DATES = topics.GROUP_DATES.rpartition("/")[2]
_FIRST_MEETING = topics.GROUP_MEETING.partition("/")[2].format(number=1)
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def calendars_of(
    clinic: Clinic, state: AgendaState, messages: Iterable[Message], language: Language, now: datetime
) -> tuple[CalendarFile, ...]:
    """The entries of all that one e-mail tells, in one file for what takes place and one for what does not.

    Of two messages about one meeting the newer counts. One without its moment is of an earlier build, and has no entry.
    """
    newest: dict[str, tuple[Method, Entry]] = {}
    for message in sorted(messages, key=lambda one: one.planned_at):
        if (dated := DATED.get(message.template)) is not None and dated.moment in message.parameters:
            entry = _entry(clinic, state.recipient_id, message, dated, language)
            newest[entry.uid] = (dated.method, entry)
    files: dict[Method, list[Entry]] = {}
    for method, entry in newest.values():
        files.setdefault(method, []).append(entry)
    return tuple(
        CalendarFile(method, calendar(entries, now, method=method, organizer=clinic.sender_email))
        for method, entries in sorted(files.items())
    )


def _entry(clinic: Clinic, recipient_id: str, message: Message, dated: Dated, language: Language) -> Entry:
    minutes = message.parameters.get(dated.minutes) if dated.minutes else None
    return Entry(
        uid=f"{derived_id('meeting', _meeting(message.topic), recipient_id)}@{clinic.sender_email.rpartition('@')[2]}",
        # A calendar reads it as 32 bits.
        sequence=int((message.planned_at - _COUNTED_FROM).total_seconds()),
        begins=datetime.fromisoformat(str(message.parameters[dated.moment])).astimezone(UTC),
        minutes=minutes if isinstance(minutes, int) else None,
        summary=_SUMMARY[language].format(sender=clinic.sender_name),
        takes_place=dated.method == "PUBLISH",
    )


def _meeting(topic: str) -> str:
    """What the dates of a group tell is when its first meeting is, which may be moved by itself later."""
    group, _, part = topic.partition("/")
    return f"{group}/{_FIRST_MEETING}" if part == _DATES else topic
