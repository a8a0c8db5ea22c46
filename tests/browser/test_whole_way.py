"""The pages of the referrer, the patient and the trusted person up to the first meeting, in a real browser."""

from datetime import timedelta

from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.acting import TANAKA, accept, act, read
from tests.portal.running import Running
from tests.portal.story import ANSWERS, REFERRER, refer, register, visitor

VIDEO = "place-video-sessions"
CARER = {"caregiver_name": "Inés Soler", "caregiver_email": "ines.soler@people.example"}


def test_pages_of_a_choice_look_right(system: Running, browser: Browser) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    referral = refer(referrer, patient)
    with seat(browser, system.addresses["portal"], f"patient:{patient}") as person:
        person.says("We are looking at it")
        person.looks_right("reading")
        accept(system, referral)
        person.page.goto("/")
        for page in ("more-time", "not-now", "no-thank-you"):
            person.page.goto(f"/start/{page}")
            person.looks_right(f"choice-{page}")
        act(system, TANAKA, f"/referrals/{referral}/agree", place_id=VIDEO)
        person.page.goto("/")
        person.says("There is a place for you")
        person.looks_right("offer")
        person.page.goto("/offer/another-time")
        person.looks_right("another-time")
        act(system, TANAKA, f"/referrals/{referral}/take-offer")
        at = (system.clock.now() + timedelta(days=4)).isoformat()
        meeting = {"at": at, "mode": "video", "clinician_id": "psy-tanaka"}
        act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
        person.page.goto("/")
        person.says("Your first meeting")
        person.looks_right("appointment")
        person.page.goto("/appointment/cancel")
        person.looks_right("cannot-come")
    with seat(browser, system.addresses["portal"], REFERRER) as pain_team:
        pain_team.page.goto(f"/referrals/{referral}")
        pain_team.says("First meeting")
        pain_team.looks_right("referral-scheduled")
        pain_team.page.goto(f"/referrals/{referral}/measures/3")
        pain_team.looks_right("measure")


def test_worklists_and_the_form_look_right(system: Running, browser: Browser) -> None:
    referrer = visitor(system, REFERRER)
    returned = refer(referrer, register(referrer))
    act(system, TANAKA, f"/referrals/{returned}/return", rationale="Try pacing first.")
    patient = register(referrer)
    with seat(browser, system.addresses["portal"], REFERRER) as pain_team:
        pain_team.says("Returned or declined")
        pain_team.looks_right("worklists")
        pain_team.page.goto("/mine/all")
        pain_team.looks_right("all")
        pain_team.page.goto(f"/patients/{patient}/refer")
        pain_team.looks_right("refer-begin-first")
        pain_team.press("draft")
        for summary in pain_team.page.locator("details > summary").all():
            summary.click()
        pain_team.looks_right("refer-whole")
        pain_team.press("refer")
        pain_team.says("There is a problem")
        pain_team.looks_right("refer-wrong")


def test_a_suggestion_looks_right_to_both(system: Running, browser: Browser) -> None:
    patient = register(visitor(system, REFERRER), **CARER, caregiver_relationship="partner")
    system.settle()
    carer = read(system, TANAKA, f"/patients/{patient}")["caregivers"][0]["caregiver_id"]
    with seat(browser, system.addresses["portal"], f"caregiver:{carer}") as trusted:
        trusted.press("trust-yes")
        trusted.page.locator("summary").last.click()
        trusted.looks_right("suggest")
        trusted.press("suggest")
        trusted.says("they find your suggestion on their page")
    with seat(browser, system.addresses["portal"], f"patient:{patient}") as person:
        person.says("Somebody you trust thought of you")
        person.looks_right("suggested")
        person.follow("Look at it")
        person.looks_right("ask-for-support")
        person.form("ask-for-support").locator("[name=reason]").fill("My back hurts.")
        person.form("ask-for-support").locator("[name=goal]").fill("To play with my grandson.")
        for name, value in ANSWERS.items():
            person.choose("ask-for-support", name, value)
        person.press("ask-for-support")
        person.says("Thank you for asking.")
