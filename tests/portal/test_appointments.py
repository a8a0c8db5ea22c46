"""From yes to the first meeting and on the way, through the real pages; on a system of its own, whose clock moves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.dates import Dates
from tests.portal.api import OKAFOR, TANAKA, post, referred
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, started, visitor
from tests.portal.test_tidy import is_sound

YES = {"rationale": "Fits well.", "step": 3, "priority": "urgent"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("appointments")) as system:
        yield system


def to_book(system: Running, kind: str = "assessment") -> str:
    """Somebody who said yes, and whose first meeting is owed."""
    referral = referred(system, register(visitor(system, REFERRER)), {"kind": kind})
    post(system, TANAKA, f"/referrals/{referral}/accept", YES)
    post(system, OKAFOR, f"/referrals/{referral}/agree")
    system.settle()
    return referral


def local(system: Running, later: timedelta) -> str:
    """A moment as it is typed: by the clinic's clock."""
    return f"{(system.clock.now() + later).astimezone(ZoneInfo(system.clinic.time_zone)):%Y-%m-%dT%H:%M}"


def book(system: Running, referral: str, later: timedelta = timedelta(days=1)) -> Visitor:
    """The browser of psychology, where the meeting is booked."""
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("schedule", at=local(system, later), mode="video")
    assert page.query == "done=referral-schedule", page.text
    return psychology


def actions(page: PageSeen) -> set[str]:
    return {form.name for form in page.forms}


def test_a_meeting_is_booked_moved_and_cancelled(own: Running) -> None:
    referral = to_book(own)
    psychology = visitor(own, PSYCHOLOGY)
    assert f"/referrals/{referral}" in psychology.get("/waiting/to_book").links
    page = psychology.get(f"/referrals/{referral}")
    is_sound(page)
    assert page.form("schedule").values["clinician_id"] == ["psy-tanaka"]
    assert "Please choose a day and a time" in psychology.submit("schedule").text
    page = psychology.submit("schedule", at=local(own, timedelta(days=-1)), minutes="40")
    assert "The meeting must be in the future" in page.text
    assert page.form("schedule").values["minutes"] == ["40"]
    is_sound(page)

    page = psychology.submit("schedule", at="2199-07-01T09:30", mode="video", clinician_id="psy-moreno")
    assert page.query == "done=referral-schedule"
    assert "1 July 2199 at 09:30, 40 minutes, By video, Elena Moreno" in page.text
    assert not {"attended", "missed"} & actions(page)
    assert "Meeting 1 July 2199 at 09:30" in psychology.get("/waiting/scheduled").text

    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("schedule", at="2199-07-02T10:00")
    assert "2 July 2199 at 10:00" in page.text
    assert "Please choose a reason" in psychology.submit("cancel-appointment").text
    page = psychology.submit("cancel-appointment", reason_code="clinician_unavailable")
    assert page.query == "done=referral-cancel-appointment"
    assert "The clinician cannot come." in page.text
    assert f"/referrals/{referral}" in psychology.get("/waiting/missed").links


def test_who_did_not_come_gets_another_time_and_an_assessment_ends_with_findings(own: Running) -> None:
    referral = to_book(own)
    book(own, referral)
    own.clock.offset += timedelta(days=2)
    psychology = visitor(own, PSYCHOLOGY)
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("missed", reason_code="ill")
    assert page.query == "done=referral-missed"
    assert "Was ill." in page.text
    assert f"/referrals/{referral}" in psychology.get("/waiting/missed").links

    book(own, referral)
    own.clock.offset += timedelta(days=2)
    psychology = visitor(own, PSYCHOLOGY)
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("attended")
    assert page.query == "done=referral-attended"
    assert f"/referrals/{referral}" in psychology.get("/waiting/treatment").links

    psychology.get(f"/referrals/{referral}")
    assert "Please write what the assessment found" in psychology.submit("send-findings").text
    page = psychology.submit("send-findings", findings="Grief after a loss.", recommendation="Six sessions.")
    assert page.query == "done=referral-send-findings"
    assert "Grief after a loss." in page.text
    assert "Six sessions." in page.text
    is_sound(page)


def test_the_waiting_clock_stops_with_a_reason_and_goes_on(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    page = psychology.get(f"/referrals/{to_book(own)}")
    assert not page.has_form("resume")
    assert "Please choose a reason" in psychology.submit("pause").text
    page = psychology.submit("pause", reason_code="medical_reason")
    assert page.query == "done=referral-pause"
    assert "Stands still since today: A medical reason." in page.text
    assert not page.has_form("pause")
    page = psychology.submit("resume")
    assert page.query == "done=referral-resume"
    assert "Stands still" not in page.text


def test_psychology_writes_to_the_pain_team_on_the_way(own: Running) -> None:
    started(own)
    psychology = visitor(own, PSYCHOLOGY)
    page = psychology.get("/waiting/treatment")
    assert "0 of 8 parts done" in page.text
    psychology.get([link for link in page.links if link.startswith("/referrals/")][-1])
    page = psychology.submit("note-progress", occasion="middle", note="Sleeps better.")
    assert page.query == "done=referral-note-progress"
    assert not page.has_form("send-findings")


def test_only_what_is_possible_has_a_button(own: Running) -> None:
    referrer, psychology = visitor(own, REFERRER), visitor(own, PSYCHOLOGY)
    waiting = psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    first = {"accept", "ask", "return", "decline", "redirect", "prioritise", "take-on", "enter-in-error"}
    later = {"schedule", "pause", "resume", "warm-handoff", "send-findings", "note-progress", "reopen"}
    assert first <= actions(waiting)
    assert not later & actions(waiting)
    booked = actions(psychology.get(f"/referrals/{to_book(own)}"))
    assert {"schedule", "pause", "decline", "redirect"} <= booked
    assert not {"accept", "ask", "return", "take-on", "send-findings"} & booked


def test_booking_is_whole_in_spanish(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY, "es")
    page = psychology.get(f"/referrals/{to_book(own)}")
    assert "Fijar la primera cita" in page.text
    is_sound(page)
    page = psychology.submit("schedule", at="2199-07-01T09:30", mode="in_person")
    assert "1 de julio de 2199 a las 09:30, 50 minutos, En la clínica, Yuki Tanaka" in page.text
    is_sound(page)


def test_what_is_typed_is_read_by_the_clinics_clock() -> None:
    dates = Dates("en", "Europe/Madrid", datetime(2027, 5, 3, tzinfo=ZoneInfo("UTC")))
    assert dates.at("2027-07-01T09:30") == "2027-07-01T09:30:00+02:00"
    assert dates.at("2027-12-01T09:30") == "2027-12-01T09:30:00+01:00"
    assert [dates.at(typed) for typed in ("", "soon", "2027-07-01")] == ["", "soon", "2027-07-01"]
