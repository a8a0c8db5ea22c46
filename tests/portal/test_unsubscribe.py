"""No more e-mails of a kind: the page behind the link in an e-mail, for a person and for their mail program."""

import email
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from shared.runtime.unsubscribe import Unsubscriber, issue_link
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, invited, register, visitor
from tests.portal.test_tidy import is_sound

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unsubscribe")


@pytest.fixture(scope="module")
def system(folder: Path) -> Iterator[Running]:
    with running(folder) as system:
        # An hour that is not quiet, whenever the tests run.
        now = datetime.now(ZoneInfo("Europe/London"))
        system.clock.offset = now.replace(hour=11, minute=0) + timedelta(days=1) - now
        yield system


@pytest.fixture
def patient(system: Running) -> str:
    found = register(visitor(system, REFERRER))
    system.settle()
    return found


def path(system: Running, patient: str, *categories: Any, **more: Any) -> str:
    who = Unsubscriber(patient, more.get("role", "patient"), more.get("language", "en"), categories)
    return "/unsubscribe/" + issue_link(system.link_secret, who, system.clock.now() + YEAR)


def nobody(system: Running, language: str = "en") -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(system.addresses["portal"], language)


def post(system: Running, link: str, **more: Any) -> httpx.Response:
    """As a mail program does it: no cookie, no page that was looked at before."""
    return httpx.post(system.addresses["portal"] + link, trust_env=False, follow_redirects=False, **more)


def unwanted(system: Running, patient: str) -> set[str]:
    """What they get no e-mails about."""
    page = visitor(system, f"patient:{patient}").get("/inbox/emails")
    form = page.form("emails")
    every = {found["value"] for tag, found in page.tags if tag == "input" and found.get("name") == "by_email"}
    return {str(one) for one in every} - set(form.values.get("by_email", []))


def test_an_email_carries_the_link_and_its_mail_program_unsubscribes(system: Running, folder: Path) -> None:
    patient, _ = invited(system)
    mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in folder.rglob("*.eml")]
    links = {str(one["List-Unsubscribe"]) for one in mails if "ana" in str(one["To"]) and one["List-Unsubscribe"]}
    assert links
    assert {one["List-Unsubscribe-Post"] for one in mails if one["List-Unsubscribe"]} == {"List-Unsubscribe=One-Click"}
    for link in links:
        answer = post(system, "/" + link.strip("<>").split("/", 3)[3], data=ONE_CLICK)
        assert (answer.status_code, "It is done" in answer.text) == (200, True)
    assert "decisions" in unwanted(system, patient)
    staff = [one for one in mails if "harbour.example" in str(one["To"])]
    assert staff
    assert not [one for one in staff if one["List-Unsubscribe"]]


def test_opening_the_page_changes_nothing_and_its_button_does_it(system: Running, patient: str) -> None:
    browser, link = nobody(system), path(system, patient, "encouragement")
    for _ in range(2):
        page = browser.get(link)
        assert "no more e-mails about kind words and reminders?" in page.text
    is_sound(page)
    assert unwanted(system, patient) == set()
    page = browser.submit("unsubscribe")
    assert (page.status, page.path) == (200, link)
    assert "It is done" in page.text
    assert "/inbox/emails" in page.links
    is_sound(page)
    assert unwanted(system, patient) == {"encouragement"}


@pytest.mark.parametrize(
    "body",
    [
        {"data": ONE_CLICK},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
        {"content": b"\xff\xfe" * 50_000, "headers": {"Content-Type": "multipart/form-data"}},
        {"data": ONE_CLICK, "headers": {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}},
    ],
)
def test_a_mail_program_needs_no_session_and_may_send_what_it_likes(system: Running, patient: str, body: Any) -> None:
    link = path(system, patient, "treatment", "people")
    for _ in range(2):
        assert post(system, link, **body).status_code == 200
    assert unwanted(system, patient) == {"treatment", "people"}


def test_all_else_stays_as_it_was_chosen_and_it_can_be_undone_and_done_again(system: Running, patient: str) -> None:
    browser, link = visitor(system, f"patient:{patient}"), path(system, patient, "treatment")
    browser.get("/inbox/emails")
    browser.submit("emails", by_email=("meetings", "treatment", "encouragement"), weekly_emails="2")
    post(system, link)
    assert unwanted(system, patient) == {"decisions", "people", "treatment"}
    form = browser.get("/inbox/emails").form("emails")
    assert form.values["weekly_emails"] == ["2"]
    browser.submit("emails", by_email=("decisions", "meetings", "treatment", "encouragement", "people"))
    assert unwanted(system, patient) == set()
    post(system, link)
    assert unwanted(system, patient) == {"treatment"}


def test_somebody_who_is_signed_in_may_press_the_button_too(system: Running, patient: str) -> None:
    browser = visitor(system, f"patient:{patient}")
    browser.get(path(system, patient, "people"))
    assert browser.submit("unsubscribe").status == 200
    assert unwanted(system, patient) == {"people"}


def _seen(system: Running, link: str) -> list[PageSeen]:
    return [nobody(system).get(link), PageSeen(post(system, link, data=ONE_CLICK))]


def test_after_its_time_or_changed_it_does_nothing_and_says_so(system: Running, patient: str) -> None:
    link = path(system, patient, "people")
    for forged in ("/unsubscribe/nonsense", link[:-4] + "AAAA"):
        for page in _seen(system, forged):
            assert (page.status, "This link does not work." in page.text) == (404, True)
            is_sound(page)
    system.clock.offset += YEAR + timedelta(hours=1)
    for page in _seen(system, link):
        assert (page.status, "The time of this link is over." in page.text) == (410, True)
        assert not page.has_form("unsubscribe")
        is_sound(page)
    system.clock.offset -= YEAR + timedelta(hours=1)
    assert unwanted(system, patient) == set()


def test_a_link_for_somebody_who_is_not_there_does_nothing(system: Running, patient: str) -> None:
    assert post(system, path(system, "patient-unknown", "people")).status_code == 404


def test_the_page_is_in_the_persons_language_unless_another_was_chosen(system: Running, patient: str) -> None:
    link = path(system, patient, "meetings", "people", language="es")
    page = nobody(system).get(link)
    assert "¿No quiere más correos sobre estas cosas?" in page.text
    assert page.language == "es"
    is_sound(page)
    assert "Ya está hecho" in post(system, link, headers={"Accept-Language": "en"}).text
    chosen = httpx.get(system.addresses["portal"] + link, cookies={"carepath-language": "en"}, trust_env=False)
    assert "no more e-mails about these things?" in chosen.text
