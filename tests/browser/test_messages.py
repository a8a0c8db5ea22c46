"""The pages about messages in a real browser: how people are reached, what waits and why, its words, who is called."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser

from deploy.people import Desk
from deploy.provider import Provider
from deploy.reaching import code_sent_to
from shared.runtime import take_on, unsubscribe
from shared.runtime.take_on import TakeOn
from shared.runtime.unsubscribe import Unsubscriber
from tests.browser.seat import Seat, seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, refer, register, started, visitor

pytestmark = pytest.mark.browser

PHONES = {"en": "+447700900124", "es": "+447700900125"}
"""A number for each language: a number that was confirmed needs no code again."""
LANGUAGES = ("en", "es")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def patient(system: Running) -> str:
    """Somebody who was referred today: an e-mail to them waits for the next part of the day."""
    referrer = visitor(system, REFERRER)
    found = register(referrer)
    refer(referrer, found)
    system.settle()
    return found


@pytest.fixture(params=LANGUAGES)
def person(request: pytest.FixtureRequest, browser: Browser, system: Running, patient: str) -> Iterator[Seat]:
    """The same person, once in each language."""
    with seat(browser, system.addresses["portal"], f"patient:{patient}") as sat:
        if request.param != "en":
            sat.press("language")
        yield sat


def _language(sat: Seat) -> str:
    return str(sat.page.locator("html").get_attribute("lang"))


def _shows(sat: Seat, path: str, picture: str) -> None:
    """A page in the language of the person; its picture is named after both."""
    sat.page.goto(path)
    sat.looks_right(f"{picture}-{_language(sat)}")


def test_how_somebody_is_reached(person: Seat, system: Running) -> None:
    _shows(person, "/inbox/ways", "ways")
    phone = PHONES[_language(person)]
    for one in ("email", "sms"):
        _ticks(person, "ways", "ways", one)
    person.choose("ways", "first", "sms")
    person.form("ways").locator("[name=phone]").fill("")
    person.press("ways")
    person.looks_right(f"ways-fault-{_language(person)}")
    person.form("ways").locator("[name=phone]").fill(phone)
    person.page.locator("details summary").click()
    person.looks_right(f"ways-by-kind-{_language(person)}")
    person.press("ways")
    assert person.page.url.endswith("done=ways-chosen")
    person.looks_right(f"ways-code-{_language(person)}")
    system.settle()
    person.form("confirm-way").locator("[name=code]").fill(code_sent_to(system.mail, phone, "sms"))
    person.press("confirm-way")
    assert person.page.url.endswith("done=way-confirmed")
    try:
        assert system.run(_answers(system, phone, "STOP")) == 1
        _shows(person, "/inbox/ways", "ways-stopped")
    finally:
        system.run(_answers(system, phone, "START"))


def _ticks(sat: Seat, form: str, field: str, value: str) -> None:
    if not sat.form(form).locator(f'input[name="{field}"][value="{value}"]').is_checked():
        sat.choose(form, field, value)


async def _answers(system: Running, phone: str, word: str) -> int:
    async with httpx.AsyncClient() as client:
        desk = Desk(client, system.addresses, system.secret, system.clock)
        return await Provider(desk, system.webhook_secret).answers(phone, word)


def test_what_waits_and_why_it_came(person: Seat) -> None:
    _shows(person, "/inbox", "inbox-waiting")
    _shows(person, "/inbox/planned", "planned")
    assert person.form("stop-message").count() == 1
    person.page.goto("/inbox")
    person.goes(person.page.locator('a[href$="/why"]').first)
    assert person.page.locator("ol.steps li").count() >= 1
    person.looks_right(f"why-{_language(person)}")


def test_which_messages_come_by_email(person: Seat) -> None:
    _shows(person, "/inbox/emails", "emails")
    person.form("emails").locator("[name=quiet_from]").fill("21:00")
    person.press("emails")
    person.looks_right(f"emails-fault-{_language(person)}")


def test_psychology_sees_what_a_person_was_told(browser: Browser, system: Running, patient: str) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as psychology:
        _shows(psychology, f"/patients/{patient}/messages", "messages-of")
        psychology.goes(psychology.page.locator('a[href$="/why"]').first)
        psychology.looks_right("messages-of-why")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_that_ends_emails_of_a_kind(browser: Browser, system: Running, patient: str, language: str) -> None:
    kinds = ("meetings", "encouragement") if language == "es" else ("encouragement",)
    who = Unsubscriber(patient, "patient", "es" if language == "es" else "en", kinds)  # type: ignore[arg-type]
    now = system.clock.now()
    fresh, over = (unsubscribe.issue_link(system.link_secret, who, now + wait) for wait in (DAY, -DAY))
    with seat(browser, system.addresses["portal"], "", language) as guest:
        _shows(guest, f"/unsubscribe/{over}", "unsubscribe-expired")
        _shows(guest, f"/unsubscribe/{over[::-1]}", "unsubscribe-invalid")
        _shows(guest, f"/unsubscribe/{fresh}", "unsubscribe")
        guest.press("unsubscribe")
        guest.says("Ya está hecho" if language == "es" else "It is done")
        guest.looks_right(f"unsubscribed-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_messages(browser: Browser, system: Running, language: str) -> None:
    coordinator = "psychology:psy-moreno" if language == "es" else PSYCHOLOGY
    with seat(browser, system.addresses["portal"], coordinator) as psychology:
        _shows(psychology, "/wordings", "wordings")
        psychology.page.goto(f"/wordings/referral_sent/{language}")
        form = psychology.form("draft-wording")
        form.locator("[name=email]").fill("Your therapy\n\nPlease sign in to read about your pain.")
        psychology.press("draft-wording")
        psychology.looks_right(f"wording-fault-{language}")
        form.locator("[name=email]").fill("")
        psychology.press("draft-wording")
        assert psychology.form("publish-wording").count() == 1
        psychology.page.locator("details summary").last.click()
        psychology.looks_right(f"wording-to-publish-{language}")
        form.locator("[name=inbox]").fill("Hello {{ nobody }}\n\nIt is here.")
        psychology.press("draft-wording")
        psychology.looks_right(f"wording-unknown-value-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_the_ways_out_do(browser: Browser, system: Running, language: str) -> None:
    with seat(browser, system.addresses["portal"], "operator:op-byrne") as operator:
        if language != "en":
            operator.press("language")
        _shows(operator, "/", "system-ways-out")
        assert operator.page.locator('section[aria-labelledby="providers"] li').count() == 3


def test_who_is_called_and_takes_it_on(browser: Browser, system: Running) -> None:
    alarmed = started(system)
    answer_all(alarmed, "5")
    answer_all(alarmed, "1", last="2")
    system.settle()
    address = system.addresses["portal"]
    with seat(browser, address, PSYCHOLOGY) as psychology:
        alert = str(psychology.page.locator('.alarm a[href^="/alerts/"]').first.get_attribute("href"))
        _shows(psychology, "/on-call", "on-call")
    called = TakeOn(alert.removeprefix("/alerts/"), "psy-tanaka")
    now = system.clock.now()
    for language in LANGUAGES:
        fresh, over = (take_on.issue_link(system.link_secret, called, now + wait) for wait in (DAY, -DAY))
        with seat(browser, address, "", language) as guest:
            _shows(guest, f"/take-on/{over}", "take-on-expired")
            _shows(guest, f"/take-on/{fresh}", "take-on")
            if guest.form("take-on").count():
                guest.press("take-on")
            assert guest.form("take-on").count() == 0
            guest.looks_right(f"taken-on-{language}")
