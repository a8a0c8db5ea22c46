"""An alert is taken on from the e-mail that calls somebody: a link opens a page, a button takes it on."""

import email
import re
from collections.abc import Iterator
from datetime import timedelta
from email.policy import default
from pathlib import Path

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from shared.runtime.auth import User, issue
from shared.runtime.take_on import TakeOn, issue_link
from tests.portal.running import Running, running
from tests.portal.story import answer_all, started, visitor
from tests.portal.test_tidy import is_sound

LINK = re.compile(r"/take-on/[\w.-]+")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("take-on")


@pytest.fixture(scope="module")
def system(folder: Path) -> Iterator[Running]:
    with running(folder) as system:
        yield system


@pytest.fixture
def call(system: Running, folder: Path) -> tuple[str, str]:
    """Somebody is in danger: the link in the e-mail, and who was called."""
    before = set(folder.rglob("*.eml"))
    browser = started(system)
    answer_all(browser, "5")
    answer_all(browser, "1", last="2")
    system.settle()
    for file in sorted(set(folder.rglob("*.eml")) - before):
        mail = email.message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        found = LINK.search(body.get_content()) if body else None
        if found:
            return found[0], str(mail["To"])
    raise AssertionError("nobody was called")


def nobody(system: Running) -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(system.addresses["portal"])


def called(system: Running, address: str) -> str:
    return next(member.id for member in system.clinic.staff if member.email == address)


def test_the_link_opens_a_page_and_the_button_takes_it_on(system: Running, call: tuple[str, str]) -> None:
    link, address = call
    browser = nobody(system)
    for _ in range(2):
        # A mail scanner opens it as well: that changes nothing.
        page = browser.get(link)
        assert "Then press the button" in page.text
    is_sound(page)
    assert "Ana Ruiz" not in page.text
    page = browser.submit("take-on")
    assert "You have taken this on." in page.text
    is_sound(page)
    alert = next(one for one in page.links if one.startswith("/alerts/"))
    team = visitor(system, f"psychology:{called(system, address)}")
    assert team.get(alert).status == 200
    assert "You have taken this on." in browser.get(link).text


def test_once_a_colleague_has_it_the_link_says_who(system: Running, call: tuple[str, str]) -> None:
    link, address = call
    other = next(one for one in ("psy-moreno", "lead-haddad") if one != called(system, address))
    browser = nobody(system)
    alert = next(one for one in browser.get(link).links if one.startswith("/alerts/"))
    team = visitor(system, f"psychology:{other}")
    team.get(alert)
    team.submit("acknowledge-alert")
    names = {member.id: member.name for member in system.clinic.staff}
    # The page from before is still open in a tab: its button does not take it from the colleague.
    assert f"{names[other]} has taken this on." in browser.submit("take-on").text


def test_after_its_time_it_opens_nothing(system: Running, call: tuple[str, str]) -> None:
    link, _ = call
    system.clock.offset += timedelta(hours=5)
    page = nobody(system).get(link)
    assert (page.status, "The time of this link is over." in page.text) == (410, True)
    assert not page.forms or all(form.name != "take-on" for form in page.forms)
    answer = httpx.post(system.addresses["portal"] + link, data={"key": "k", "version": "1"}, trust_env=False)
    assert answer.status_code == 410
    system.clock.offset -= timedelta(hours=5)


def _status(system: Running, token: str) -> PageSeen:
    return nobody(system).get(f"/take-on/{token}")


def test_what_is_no_such_link_opens_nothing(system: Running, call: tuple[str, str]) -> None:
    link, _ = call
    now = system.clock.now()
    token = link.removeprefix("/take-on/")
    alert = next(one for one in nobody(system).get(link).links if one.startswith("/alerts/")).removeprefix("/alerts/")
    head, body, signature = token.split(".")
    forged = [
        "nonsense",
        f"{head}.{body}.{signature[::-1]}",
        issue(system.secret, User("psy-tanaka", "psychology"), now, timedelta(hours=1)),
        issue_link(system.link_secret, TakeOn("risk-unknown", "psy-tanaka"), now + timedelta(hours=1)),
        issue_link(system.link_secret, TakeOn(alert, "somebody-who-left"), now + timedelta(hours=1)),
        issue_link(system.link_secret, TakeOn(alert, "op-byrne"), now + timedelta(hours=1)),
        issue_link("another secret that is long enough to sign with", TakeOn(alert, "psy-tanaka"), now),
    ]
    assert [_status(system, one).status for one in forged] == [404] * len(forged)


def test_the_link_is_no_token_of_a_user(system: Running, call: tuple[str, str]) -> None:
    token = call[0].removeprefix("/take-on/")
    answer = httpx.get(
        f"{system.addresses['interventions']}/risk-alerts?list=open",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.status_code == 401


def test_in_spanish(system: Running, call: tuple[str, str]) -> None:
    spanish = {"Accept-Language": "es"}
    answer = httpx.get(system.addresses["portal"] + call[0], headers=spanish, trust_env=False)
    assert "Me ocupo yo" in answer.text
