"""The dates of meetings in e-mails, as calendars read them: which e-mails have one, and that what is there follows."""

import email.policy
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from services.notifications import policy
from services.notifications.channels.mime import compose
from services.notifications.channels.port import CalendarFile, Email
from services.notifications.domain.evolve import message_of
from services.notifications.meetings import DATED, calendars_of
from services.notifications.texts import FOLDER, LANGUAGES
from shared.contracts.referrals import Language
from tests.notifications.people import (
    CLINIC,
    EMAIL_ALLOWED,
    KNOWN,
    MINUTE,
    MORNING,
    TANAKA_KNOWN,
    planned,
    state_after,
)
from tests.notifications.test_channels import MAIL, parsed
from tests.notifications.test_sender import CLAIM, Recorder, Scripted, offer
from tests.notifications.test_texts import LONGEST, RULES, TEXTS, parameters, reader

AT = datetime(2026, 6, 3, 9, 30, tzinfo=ZoneInfo("Europe/Madrid"))
ROSA_STATE = state_after(KNOWN, EMAIL_ALLOWED)
CIRCLE = "circle-part:c1/meeting:2"
DEADLINES = {"place_offered": "offer_until", "caregiver_invitation": "answer_by"}
"""What an e-mail says until when somebody may answer: no meeting."""


def told(template: str, topic: str = CIRCLE, later: int = 0, **values: str | int) -> Any:
    return message_of(planned(template, MORNING + later * MINUTE, template=template, topic=topic, parameters=values))


def meeting(later: int = 0, at: datetime = AT, template: str = "circle_meeting_moved", topic: str = CIRCLE) -> Any:
    return told(template, topic, later, meet_at=at.isoformat(), minutes=90)


def files(*messages: Any, language: Language = "en", state: Any = ROSA_STATE) -> tuple[CalendarFile, ...]:
    return calendars_of(CLINIC, state, messages, language, MORNING + timedelta(hours=2))


def entries(file: CalendarFile) -> list[Any]:
    read = Calendar.from_ical(file.content)
    assert read["method"] == file.method
    return list(read.walk("VEVENT"))


def entry(*messages: Any, state: Any = ROSA_STATE) -> Any:
    (file,) = files(*messages, state=state)
    (found,) = entries(file)
    return found


# --- which e-mails have one


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(DATED))
def test_an_email_with_an_entry_says_its_date_in_words(template: str, language: Language) -> None:
    rule, dated = RULES[template], DATED[template]
    assert {dated.moment, *([dated.minutes] if dated.minutes else [])} <= set(rule.shows)
    days = {"en": ("Wednesday 3 June 2026 at 08:30"), "es": ("miércoles 3 de junio de 2026 a las 08:30")}
    values = {**parameters(template, LONGEST), dated.moment: AT.isoformat()}
    assert days[language] in TEXTS.email(template, values, reader(language)).body


def test_every_email_that_says_a_moment_has_an_entry_unless_it_is_a_deadline() -> None:
    said: dict[str, str] = {}
    for template in sorted(RULES):
        text = (FOLDER / template / "en.txt").read_text(encoding="utf-8")
        for moment in re.findall(r"\{\{ (\w+) \| moment \}\}", text.partition("[inbox]")[0]):
            said[template] = moment
    # An alarm has a deadline, and of what a reminder tells the calendar has an entry already.
    without = {template for template in said if RULES[template].critical or RULES[template].remind}
    meetings = {template: moment for template, moment in said.items() if template not in without}
    assert meetings == {**DEADLINES, **{template: dated.moment for template, dated in DATED.items()}}


def test_what_is_taken_out_was_told_under_the_same_topic() -> None:
    rules = {rule.template: rule for rules in policy.RULES.values() for rule in rules}
    published = {rules[name].topic for name, dated in DATED.items() if dated.method == "PUBLISH"}
    assert {rules[name].topic for name, dated in DATED.items() if dated.method == "CANCEL"} <= published


def test_an_email_without_a_date_has_none() -> None:
    assert files(told("welcome", "news:1"), told("appointment_cancelled_patient", "referral:1/wait/booking")) == ()


# --- what an entry says


def test_an_entry_says_when_and_nothing_else() -> None:
    found = entry(meeting())
    assert found["dtstart"].to_ical() == b"20260603T073000Z"
    assert found.decoded("dtend") - found.decoded("dtstart") == timedelta(minutes=90)
    assert found["dtstamp"].to_ical() == b"20260302T120000Z"
    assert str(found["summary"]) == f"Meeting, {CLINIC.sender_name}"
    assert str(found["organizer"]) == f"mailto:{CLINIC.sender_email}"
    assert (found["status"], found["class"]) == ("CONFIRMED", "PRIVATE")
    assert not {"location", "description", "attendee", "url"} & set(map(str.lower, found))
    (file,) = files(meeting(), language="es")
    assert f"SUMMARY:Cita\\, {CLINIC.sender_name}" in file.content.decode()


@pytest.mark.parametrize("template", sorted(DATED))
def test_no_entry_reveals_anything(template: str) -> None:
    values = {name: (AT.isoformat() if name == DATED[template].moment else 5) for name in RULES[template].shows}
    (file,) = files(told(template, RULES[template].topic, **values), language="en")
    text = file.content.decode().lower()
    revealing = ("circle", "group", "referral", "discussion", "patient", "rosa", "pain", "appointment", "therap")
    assert [word for word in revealing if word in text] == []


def test_a_message_from_before_its_length_was_kept_has_no_end() -> None:
    old = told("appointment_planned_patient", "referral:7/wait/meeting", appointment=AT.isoformat())
    assert "dtend" not in entry(old)


# --- what a calendar has already follows


def test_a_meeting_keeps_its_uid_and_its_sequence_rises() -> None:
    first, moved = entry(meeting(template="circle_meeting")), entry(meeting(later=1, at=AT + timedelta(days=1)))
    gone = entry(told("circle_meeting_cancelled", later=2, meet_at=AT.isoformat()))
    assert first["uid"] == moved["uid"] == gone["uid"]
    assert 0 < first["sequence"] < moved["sequence"] < gone["sequence"] < 2**31
    assert gone["status"] == "CANCELLED"


def test_a_first_meeting_that_is_cancelled_leaves_the_calendar() -> None:
    topic = "referral:7/wait/meeting"
    there = entry(told("appointment_planned_patient", topic, appointment=AT.isoformat(), minutes=50))
    gone = entry(told("appointment_cancelled_patient", topic, later=1, appointment=AT.isoformat()))
    assert (gone["uid"], gone["status"]) == (there["uid"], "CANCELLED")


def test_another_meeting_or_another_person_has_another_uid() -> None:
    uids = {
        str(entry(meeting())["uid"]),
        str(entry(meeting(topic="circle-part:c1/meeting:3"))["uid"]),
        str(entry(meeting(), state=state_after(TANAKA_KNOWN))["uid"]),
    }
    assert len(uids) == 3
    assert all(re.fullmatch(r"meeting-[0-9a-f]{20}@harbour\.example", uid) for uid in uids)


def test_when_a_group_begins_is_when_its_first_meeting_is() -> None:
    later = told("group_postponed", "group-part:g1/dates", starts_at=AT.isoformat())
    moved = [
        told("group_session_moved", f"group-part:g1/meetings/meeting:{n}", moved_to=AT.isoformat(), minutes=90)
        for n in (1, 2)
    ]
    begins, first, second = (str(entry(one)["uid"]) for one in (later, *moved))
    assert begins == first != second


# --- several in one e-mail


def test_an_email_carries_the_entries_of_all_that_it_tells_in_one_calendar_a_method() -> None:
    other, third = "circle-part:c2/meeting:1", "circle-part:c3/meeting:1"
    cancelled, published = files(
        meeting(),
        told("welcome", "news:1"),
        told("circle_meeting_cancelled", third, meet_at=AT.isoformat()),
        meeting(topic=other),
    )
    assert (cancelled.method, len(entries(cancelled))) == ("CANCEL", 1)
    assert (published.method, len(entries(published))) == ("PUBLISH", 2)


def test_of_two_messages_about_one_meeting_the_newer_counts() -> None:
    gone = told("circle_meeting_cancelled", later=1, meet_at=AT.isoformat())
    for order in ((meeting(), gone), (gone, meeting())):
        (file,) = files(*order)
        assert file.method == "CANCEL"
    assert entry(meeting(), meeting(later=1, at=AT + timedelta(days=1)))["dtstart"].dt.day == 4


# --- as a file of the e-mail


def test_the_files_travel_as_calendars_and_unchanged() -> None:
    sent = files(meeting(), told("circle_meeting_cancelled", "circle-part:c3/meeting:1", meet_at=AT.isoformat()))
    assert b"\r\n" in sent[0].content
    raw = compose(Email(**{**vars(MAIL), "calendars": sent})).as_bytes(policy=email.policy.SMTP)
    message = parsed(raw)
    assert message.get_content_type() == "multipart/mixed"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.text
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == ["cancelled.ics", "meeting.ics"]
    for part, file in zip(parts, sent, strict=True):
        kind = part["Content-Type"]
        assert kind.content_type == "text/calendar"
        assert dict(kind.params) == {"method": file.method, "charset": "utf-8"}
        assert part.get_payload(decode=True) == file.content


def test_an_email_without_a_date_has_no_files() -> None:
    assert compose(MAIL).get_content_type() == "multipart/alternative"


async def test_what_is_sent_carries_it() -> None:
    channel = Scripted()
    date = {"appointment": AT.astimezone(UTC).isoformat(), "minutes": 50}
    event = planned(template="appointment_planned_patient", topic="referral:7/wait/meeting", parameters=date)
    await offer(channel, Recorder(), state_after(KNOWN, EMAIL_ALLOWED, event, CLAIM))
    (mail,) = channel.sent
    (file,) = mail.calendars
    (found,) = entries(file)
    assert found.decoded("dtend") - found.decoded("dtstart") == timedelta(minutes=50)
    assert "SUMMARY:Cita" in file.content.decode()
