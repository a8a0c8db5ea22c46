"""Signing in by a link in an e-mail: the whole way, by whom it works, and that it works once."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from shared.contracts.reach import SIGN_IN_MINUTES
from shared.runtime.auth import User, issue
from shared.runtime.sign_in import SignIn, issue_link
from shared.runtime.unsubscribe import Unsubscriber
from shared.runtime.unsubscribe import issue_link as unsubscribe_link
from tests.parts.wait import until
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, person, register, visitor
from tests.portal.test_tidy import is_sound

OVER = timedelta(minutes=SIGN_IN_MINUTES, seconds=1)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sign-in")) as system:
        yield system


@pytest.fixture
def rosa(system: Running) -> str:
    """The address of somebody who is registered."""
    return registered(system)


def registered(system: Running, **more: str) -> str:
    fields = {**person(), **more}
    register(visitor(system, REFERRER), **fields)
    system.settle()
    return fields["email"]


def guest(system: Running, language: str = "en") -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(system.addresses["portal"], language)


def ask(system: Running, address: str, browser: Visitor | None = None) -> PageSeen:
    browser = browser or guest(system)
    browser.get("/sign-in/link")
    return browser.submit("sign-in-link", email=address)


def links_to(system: Running, address: str) -> list[str]:
    """Where the e-mails to this address lead that let somebody in."""
    found = []
    for file in system.mail.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        if body is not None and str(mail["To"]).lower() == address.lower():
            found += [urlsplit(one).path for one in re.findall(r"http\S+/sign-in/with/\S+", body.get_content())]
    return found


def link_for(system: Running, address: str) -> str:
    """Ask, and find the link in the mailbox."""
    before = set(links_to(system, address))
    assert ask(system, address).path == "/sign-in/link/sent"
    new = until(lambda: set(links_to(system, address)) - before, "the e-mail", timeout=30)
    assert len(new) == 1
    return new.pop()


def is_in(browser: Visitor) -> bool:
    return browser.get("/").path == "/"


def test_the_whole_way_from_the_door_to_the_first_page(system: Running, rosa: str) -> None:
    browser = guest(system)
    assert "/sign-in/link" in browser.get("/sign-in").links
    is_sound(browser.get("/sign-in/link"))
    page = browser.submit("sign-in-link", email=f" {rosa.upper()} ")
    is_sound(page)
    assert "If we know this address, an e-mail is on its way. The link works for 15 minutes." in page.text
    [link] = until(lambda: links_to(system, rosa), "the e-mail", timeout=30)
    page = browser.get(link)
    is_sound(page)
    assert page.headings[0] == ("h1", "Hello Ana")
    assert [form.name for form in page.forms] == ["leave", "language", "sign-in-with"]
    page = browser.submit("sign-in-with")
    assert (page.path, page.status, page.has_form("sign-out")) == ("/", 200, True)
    assert "/programme" in page.links, "a patient's own pages"
    assert browser.get(link).path == "/", "who is in already needs it no more"
    browser.submit("sign-out")
    page = browser.get(link)
    assert (page.status, "This link was used already" in page.text) == (410, True)
    is_sound(page)
    assert browser.submit("sign-in-link", email=rosa).path == "/sign-in/link/sent"


def test_who_has_no_address_here_reads_the_very_same_page_and_gets_nothing(system: Running, rosa: str) -> None:
    unknown, known = (ask(system, address) for address in ("nobody@people.example", rosa))
    assert (unknown.path, unknown.status, unknown.html) == (known.path, known.status, known.html)
    until(lambda: links_to(system, rosa), "the e-mail", timeout=30)
    assert links_to(system, "nobody@people.example") == []


def test_scanners_that_follow_the_link_do_not_use_it_up(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    for _ in range(3):
        answer = httpx.get(system.addresses["portal"] + link, trust_env=False)
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert httpx.head(system.addresses["portal"] + link, trust_env=False).status_code in (200, 405)
    browser = guest(system)
    browser.get(link)
    browser.submit("sign-in-with")
    assert is_in(browser)


def test_a_second_use_is_refused_kindly_and_a_double_click_is_none(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    first, second = guest(system), guest(system)
    for browser in (first, second):
        browser.get(link)
    form = first.page.form("sign-in-with")
    for _ in range(2):
        first.submit(form)
        assert is_in(first)
    page = second.submit("sign-in-with")
    assert (page.status, "This link was used already" in page.text) == (410, True)
    assert page.has_form("sign-in-link")
    is_sound(page)
    assert not is_in(second)


def test_its_time_ends(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    browser = guest(system)
    browser.get(link)
    system.clock.offset += OVER
    try:
        for page in (browser.submit("sign-in-with"), browser.get(link)):
            assert (page.status, "The time of this link is over" in page.text) == (410, True)
            assert page.has_form("sign-in-link")
            is_sound(page)
        assert not is_in(browser)
    finally:
        system.clock.offset -= OVER


def test_two_people_with_one_address_each_have_a_link_of_their_own(system: Running) -> None:
    address = "family@people.example"
    for name in ("Marta Vidal", "Joan Vidal"):
        registered(system, name=name, email=address)
    ask(system, address.capitalize())
    links = until(lambda: (found := links_to(system, address))[1:] and found, "both e-mails", timeout=30)
    greetings = set()
    for link in links:
        browser = guest(system)
        greetings.add(browser.get(link).headings[0][1])
        browser.submit("sign-in-with")
        assert is_in(browser)
    assert greetings == {"Hello Marta", "Hello Joan"}


def test_somebody_whom_a_patient_trusts_signs_in_the_same_way(system: Running) -> None:
    trusted = "luis.trusted@people.example"
    registered(system, caregiver_name="Luis Ruiz", caregiver_email=trusted, caregiver_relationship="partner")
    browser = guest(system)
    browser.get(link_for(system, trusted))
    assert browser.page.headings[0][1] == "Hello Luis"
    assert "/for-you" in browser.submit("sign-in-with").links


def test_staff_get_nothing(system: Running, rosa: str) -> None:
    staff = next(member for member in system.clinic.staff if member.id == "psy-tanaka")
    ask(system, staff.email)
    link_for(system, rosa)
    assert links_to(system, staff.email) == []


def test_the_person_reads_on_in_their_language(system: Running) -> None:
    browser = guest(system)
    page = browser.get(link_for(system, registered(system, name="Ana Ruiz", language="es")))
    assert (page.language, page.headings[0][1]) == ("es", "Hola, Ana")
    is_sound(page)
    assert browser.submit("sign-in-with").language == "es"
    assert browser.submit("sign-out").language == "es"


def test_what_is_no_such_link_lets_nobody_in(system: Running, rosa: str) -> None:
    link, now = link_for(system, rosa), system.clock.now()
    somebody = Unsubscriber("patient-1", "patient", "en", ("people",))
    unsubscribe = unsubscribe_link(system.link_secret, somebody, now + OVER)
    forged = [
        *("nonsense", link.rpartition("/")[2][:-4] + "AAAA", unsubscribe),
        issue(system.secret, User("patient-1", "patient"), now, OVER),
        issue_link("another secret that is long enough to sign with", SignIn("p", "patient", "en", "m"), now + OVER),
        *(issue_link(system.link_secret, SignIn(one, "patient", "en", "m"), now + OVER) for one in ("patient-1", "..")),
    ]
    for token in forged:
        browser = guest(system)
        page = browser.get(f"/sign-in/with/{token}")
        assert (page.status, "This link does not work" in page.text) == (404, True), token
        is_sound(page)
        assert browser.client.post(f"/sign-in/with/{token}", data={"key": "k"}).status_code == 404
        assert not is_in(browser)


def test_another_site_cannot_sign_somebody_in_as_somebody_else(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    browser = guest(system)
    browser.get(link)
    form = browser.page.form("sign-in-with")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert browser.client.post(link, data=form.values, headers=headers).status_code == 403
    assert not is_in(browser)
    browser.submit(form)
    assert is_in(browser)


def test_the_page_is_kept_nowhere_and_its_address_told_to_no_other_site(system: Running, rosa: str) -> None:
    headers = guest(system).get(link_for(system, rosa)).headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize("written", ["", "ana", "ana @people.example", "a@" + "x" * 254])
def test_what_is_no_address_is_said_to_be_none(system: Running, written: str) -> None:
    page = ask(system, written)
    assert (page.status, "Please write an e-mail address" in page.text) == (422, True)
    assert page.form("sign-in-link").values["email"] == [written]
    is_sound(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_are_sound_in_both_languages(system: Running, language: str) -> None:
    browser = guest(system)
    browser.get("/sign-in/link")
    if language == "es":
        browser.submit("language")
    for path in ("/sign-in/link", "/sign-in/link/sent", "/sign-in/with/nonsense"):
        page = browser.get(path)
        is_sound(page)
        assert page.language == language
