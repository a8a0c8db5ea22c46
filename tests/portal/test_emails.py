"""What reaches somebody by e-mail: chosen, seen before it goes, stopped, and explained afterwards."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.visitor import Visitor
from tests.portal import api
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor
from tests.portal.test_appointments import YES, book
from tests.portal.test_tidy import is_sound


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("emails")) as system:
        # Five in the afternoon is the last part of the day, and eight the beginning of quiet hours: half past five
        # leaves what can wait for the next morning, whenever the tests run.
        now = datetime.now(ZoneInfo("Europe/London"))
        system.clock.offset = now.replace(hour=17, minute=30) + timedelta(days=1) - now
        yield system


@pytest.fixture
def referred(system: Running) -> tuple[Visitor, str]:
    """Somebody whose referral was just sent: their browser, and who they are."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return visitor(system, f"patient:{patient}"), patient


def test_what_waits_is_seen_and_stopped(system: Running, referred: tuple[Visitor, str]) -> None:
    browser, _ = referred
    page = browser.get("/inbox/planned")
    assert "Goes out:" in page.text
    assert "9:00" in page.text
    is_sound(page)
    page = browser.submit("stop-message")
    assert page.query == "done=email-stopped"
    assert "Nothing waits at the moment." in page.text
    system.settle()
    assert "because it was stopped" in browser.get("/inbox").text


def test_why_tells_each_step(referred: tuple[Visitor, str]) -> None:
    browser, _ = referred
    browser.get("/inbox/planned")
    browser.submit("stop-message")
    inbox = browser.get("/inbox")
    why = next(link for link in inbox.links if link.endswith("/why"))
    page = browser.get(why)
    is_sound(page)
    assert "It came into the inbox, and an e-mail was planned." in page.text
    assert "because somebody stopped it" in page.text


def test_what_is_kept_to_the_inbox_is_not_sent(system: Running, referred: tuple[Visitor, str]) -> None:
    browser, _ = referred
    is_sound(browser.get("/inbox/emails"))
    wanted = ("meetings", "treatment", "encouragement", "people")
    page = browser.submit("emails", by_email=wanted, weekly_emails="2", quiet_from="18:00", quiet_to="10:00")
    assert page.query == "done=emails-chosen"
    assert "Nothing waits at the moment." in browser.get("/inbox/planned").text
    assert "you keep messages of this kind here" in browser.get("/inbox").text


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("18:00", "", "choose both times"), ("", "10:00", "choose both times")],
)
def test_half_a_choice_is_explained(referred: tuple[Visitor, str], start: str, end: str, said: str) -> None:
    browser, _ = referred
    browser.get("/inbox/emails")
    page = browser.submit("emails", quiet_from=start, quiet_to=end)
    assert page.status == 422
    assert said in page.text


def test_psychology_sees_what_waits_without_its_words_and_may_stop_it(
    system: Running, referred: tuple[Visitor, str]
) -> None:
    browser, patient = referred
    heading = next(text for level, text in browser.get("/inbox").headings if level == "h2").removeprefix("New ")
    team = visitor(system, PSYCHOLOGY)
    page = team.get(f"/patients/{patient}/messages")
    is_sound(page)
    assert "Their referral" in page.text
    assert heading not in page.text
    why = next(link for link in page.links if link.endswith("/why"))
    is_sound(team.get(why))
    team.get(f"/patients/{patient}/messages")
    assert team.submit("stop-message").query == "done=email-stopped"
    assert visitor(system, REFERRER).get(f"/patients/{patient}/messages").status in (403, 404)


def test_a_reminder_waits_among_what_goes_out_and_not_in_the_inbox(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    referral = api.referred(system, patient, {"kind": "assessment"})
    api.post(system, api.TANAKA, f"/referrals/{referral}/accept", YES)
    api.post(system, api.OKAFOR, f"/referrals/{referral}/agree")
    system.settle()
    book(system, referral, timedelta(days=9))
    system.settle()
    browser = visitor(system, f"patient:{patient}")
    page = browser.get("/inbox/planned")
    is_sound(page)
    assert "We meet soon" in page.text
    assert "We meet soon" not in browser.get("/inbox").text
    assert "Your first meeting is planned" in browser.get("/inbox").text


def test_in_spanish(system: Running, referred: tuple[Visitor, str]) -> None:
    _, patient = referred
    browser = visitor(system, f"patient:{patient}", "es")
    assert "Sus correos" in browser.get("/inbox/emails").text
    assert "En camino hacia usted" in browser.get("/inbox/planned").text
