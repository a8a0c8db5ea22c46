"""A referrer's main job, on every screen: somebody referred, asked about, and heard of again at the end."""

import pytest
from playwright.sync_api import Browser

from tests.browser.walking import Screen, Walker, on_every_screen, walking
from tests.portal.acting import TANAKA, accept, read
from tests.portal.running import Running
from tests.portal.story import ANSWERS, PSYCHOLOGY, REFERRER, visitor
from tests.portal.test_advice import answer

pytestmark = pytest.mark.browser


@on_every_screen
def test_a_referrer_refers_somebody_asks_and_hears_how_it_ended(
    system: Running, browser: Browser, screen: Screen
) -> None:
    with walking(browser, system, REFERRER, screen) as referrer:
        referrer.shows("home")
        patient = _registers(referrer, f"Carmen Vidal {screen}")
        referral = _refers(referrer, patient)
        number = read(system, TANAKA, f"/referrals/{referral}")["number"]
        _follows(referrer, patient, number)
        _asks(system, referrer, patient)
        _ends(system, patient, referral)
        _hears(referrer, referral)


def _registers(referrer: Walker, name: str) -> str:
    referrer.page.goto("/patients")
    referrer.shows("patients")
    referrer.follow("Register a patient")
    form = referrer.form("register-patient")
    form.locator("[name=name]").fill(name)
    referrer.press("register-patient")
    referrer.shows("register-again", "Please write the date of birth.")
    form.locator("[name=birth_date]").fill("1975-02-11")
    form.locator("[name=email]").fill("carmen@people.example")
    for scope in ("refer", "share_back", "caregiver", "email"):
        referrer.choose("register-patient", "consents", scope)
    referrer.press("register-patient")
    referrer.shows("patient", "The person is registered.")
    return referrer.page.url.partition("/patients/")[2].partition("?")[0]


def _refers(referrer: Walker, patient: str) -> str:
    referrer.follow("Write a referral")
    referrer.shows("is-there-room", "Is there room?")
    referrer.goes(referrer.page.locator('main a[href="/conversation-aid"]').first)
    referrer.shows("conversation-aid")
    referrer.page.goto(f"/patients/{patient}/refer")
    referrer.press("draft")
    form = referrer.form("refer")
    form.locator("[name=reason]").fill("Back pain for four years. Sleeps badly.")
    form.locator("[name=goal]").fill("To walk to the market with my daughter.")
    referrer.choose("refer", "priority", "urgent")
    for name, value in ANSWERS.items():
        referrer.choose("refer", name, value)
    referrer.shows("referral-written")
    referrer.press("refer")
    referrer.shows("referral-sent", "Psychology has not decided yet.")
    return referrer.page.url.partition("/referrals/")[2].partition("?")[0]


def _follows(referrer: Walker, patient: str, number: str) -> None:
    referrer.page.goto("/")
    referrer.shows("worklists")
    referrer.form("find").locator("[name=number]").fill(number)
    referrer.press("find")
    referrer.says("Psychology has not decided yet.")
    referrer.page.goto("/mine/all")
    referrer.shows("all-of-mine")
    referrer.page.goto(f"/patients/{patient}")
    referrer.shows("timeline", "What happened")


def _asks(system: Running, referrer: Walker, patient: str) -> None:
    referrer.page.goto(f"/patients/{patient}/ask")
    referrer.choose("ask-psychology", "topic", "how_to_talk")
    referrer.form("ask-psychology").locator("[name=question]").fill("She sleeps badly. How can I bring it up?")
    referrer.shows("question-written")
    referrer.press("ask-psychology")
    referrer.says("Psychology has not answered yet")
    question = referrer.page.url.partition("/advice/")[2].partition("?")[0]
    answer(visitor(system, PSYCHOLOGY), question)
    referrer.page.reload()
    referrer.shows("advice", "Begin with her sleep.")


def _ends(system: Running, patient: str, referral: str) -> None:
    """The person begins, and stops."""
    accept(system, referral)
    visitor(system, f"patient:{patient}").submit("agree")
    system.settle()
    psychology = visitor(system, PSYCHOLOGY)
    links = psychology.get(f"/referrals/{referral}").links
    psychology.get(next(link for link in links if link.startswith("/episodes/")))
    words = "Ask her again in spring."
    page = psychology.submit("finish-episode", end_reason="stopped_by_patient", recommendation=words)
    assert page.query == "done=finished"
    system.settle()


def _hears(referrer: Walker, referral: str) -> None:
    referrer.page.goto("/")
    referrer.shows("an-outcome-to-read")
    referrer.goes(referrer.page.locator(f'main a[href="/referrals/{referral}"]').first)
    referrer.shows("outcome", "Ask her again in spring.")
    referrer.press("acknowledge-outcome")
    referrer.shows("outcome-read")
    assert referrer.form("acknowledge-outcome").count() == 0
