"""A part of a programme as its person does it: an activity with its worksheet, practice at home, leaving one out."""

import pytest

from deploy.visitor import Visitor
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, invited, started, visitor

pytestmark = pytest.mark.usefixtures("system")


@pytest.fixture
def patient(system: Running) -> Visitor:
    return started(system)


def test_an_activity_is_saved_in_part_and_gone_on_with(patient: Visitor) -> None:
    part = patient.get("/programme/1")
    assert 'href="/programme/1/activities/1"' in part.html
    patient.get("/programme/1/activities/1")
    saved = patient.submit("activity", before="7")
    assert (saved.path, saved.query) == ("/programme/1/activities/1", "done=activity-saved")
    assert saved.html.count("checked") == 1
    assert "Go on with this" in patient.get("/programme/1").text
    patient.get("/programme/1/activities/1")
    done = patient.submit("activity", after="3", finish="yes")
    assert (done.path, done.query) == ("/programme/1", "done=activity-done")
    assert "Look at what you wrote" in done.text


def test_what_two_devices_write_is_not_lost(patient: Visitor) -> None:
    patient.get("/programme/1/activities/1")
    phone = patient.page
    patient.get("/programme/1/activities/1")
    patient.submit("activity", before="7")
    patient.page = phone
    conflict = patient.submit("activity", before="2")
    assert conflict.status == 412
    assert 'value="2" checked' in conflict.html
    assert 'value="7" checked' in patient.get("/programme/1/activities/1").html


def test_words_that_worry_are_met_with_help_at_once_and_shown_to_psychology(system: Running) -> None:
    patient, referral = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get(f"/referrals/{referral}")
    psychology.get(next(link for link in page.links if link.startswith("/episodes/")))
    psychology.submit("unlock-module", module_id="fair-answers", reason="Asked for it.")
    address = "/programme/5/activities/1"
    browser.get(address)
    dark = {"field-thought": "They would be better off without me."}
    help_now = browser.submit("activity", **dark)
    assert help_now.path == f"{address}/support"
    assert system.clinic.help_in("en").text in help_now.text
    assert browser.get(address).html.count("better off without me") == 1
    assert browser.submit("activity", **dark, after="4").path == address
    system.settle()

    page = psychology.get("/")
    page = psychology.get([link for link in page.links if link.startswith("/alerts/")][-1])
    assert "That is a reason to look and to ask, not a diagnosis." in page.text
    assert "Your first full thought record" in page.text
    assert "They would be better off without me." in page.text
    psychology.submit("acknowledge-alert")
    psychology.submit("assess-alert", **dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), concern="low")
    assert psychology.submit("close-alert", plan="Spoke today; again on Friday.").query == "done=alert-closed"


def test_practice_is_written_down(patient: Visitor) -> None:
    page = patient.get("/practice")
    assert "0 of 14 this week" in page.text
    logged = patient.submit("practice-1", times="2")
    assert logged.query == "done=practice-logged"
    assert "2 of 14 this week" in logged.text
    again = patient.submit("practice-1", times="2")
    assert "2 of 14 this week" in again.text


def test_a_part_is_left_out_and_done_after_all(patient: Visitor, system: Running) -> None:
    patient.get("/programme/1")
    left = patient.submit("set-aside", reason_code="too_hard_now")
    assert left.query == "done=part-aside"
    system.settle()
    assert "Left out" in patient.get("/programme").text
    assert "You have left this part out." in patient.get("/programme/1").text
    assert patient.submit("complete-module").query == "done=part-done"


def test_nobody_finds_what_is_not_there(patient: Visitor) -> None:
    assert patient.get("/programme/1/activities/9").status == 404
    assert patient.get("/programme/99/activities/1").status == 404
    assert patient.get("/programme/2/activities/1").status in (404, 409)
