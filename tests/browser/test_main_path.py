"""The main path, clicked through in a real browser without JavaScript's help; each page checked and pictured."""

import pytest
from playwright.sync_api import Browser

from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.browser.seat import Seat, seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor

pytestmark = pytest.mark.browser

NAME = "Carmen Vidal"


def test_a_person_is_referred_accepted_agrees_and_is_met_with_help(system: Running, browser: Browser) -> None:
    address = system.addresses["portal"]
    with seat(browser, address, REFERRER) as referrer:
        patient = _refers(referrer)
    system.settle()
    with seat(browser, address, PSYCHOLOGY) as psychology:
        _accepts(psychology)
    system.settle()
    with seat(browser, address, f"patient:{patient}") as person:
        _agrees(system, person)
        _answers(person)
    system.settle()
    with seat(browser, address, PSYCHOLOGY) as psychology:
        _looks_after(psychology)


def test_a_fault_is_named_beside_its_field_and_linked(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], REFERRER) as referrer:
        referrer.page.goto("/patients/new")
        referrer.form("register-patient").get_by_label("Full name").fill("Carmen Vidal")
        referrer.press("register-patient")
        assert referrer.page.title().startswith("Error:")
        referrer.looks_right("register-fault")
        referrer.follow("Please write the date of birth.")
        assert referrer.page.url.endswith("#register-patient-birth_date")
        assert referrer.page.locator("#register-patient-name").input_value() == "Carmen Vidal"


def test_pages_for_everybody_look_right(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], "") as guest:
        guest.looks_right("sign-in")
        guest.follow("I need help now")
        guest.says(system.clinic.help_in("en").text)
        guest.looks_right("help")
        guest.page.goto("/nowhere")
        assert "/sign-in" in guest.page.url or "There is nothing here" in guest.page.inner_text("main")
    with seat(browser, system.addresses["portal"], "operator:op-byrne") as operator:
        operator.says("None held.")
        operator.looks_right("system")


def test_a_page_can_be_used_by_keyboard_alone(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], REFERRER) as referrer:
        referrer.page.keyboard.press("Tab")
        assert referrer.page.evaluate("document.activeElement.className") == "skip"
        referrer.page.keyboard.press("Enter")
        referrer.page.keyboard.press("Tab")
        inside = "document.activeElement.closest('main') !== null"
        assert referrer.page.evaluate(inside)


def test_pages_are_whole_in_spanish(system: Running, browser: Browser) -> None:
    referrer = visitor(system, REFERRER)
    register(referrer, caregiver_name="Luis Soto", caregiver_email="luis.soto@people.example")
    listed = referrer.get("/sign-in")
    caregivers = [form.values["person"][0] for form in listed.forms if form.name == "sign-in"]
    with seat(browser, system.addresses["portal"], caregivers[-1]) as trusted:
        trusted.looks_right("asked")
        trusted.press("trust-yes")
        trusted.says("These people trust you.")
        trusted.looks_right("home")
        trusted.press("language")
        trusted.says("Gracias por estar ahí")
        assert trusted.page.locator("html").get_attribute("lang") == "es"
        trusted.looks_right("home-es")
    with seat(browser, system.addresses["portal"], "psychology:psy-moreno") as psychology:
        psychology.says("Mi trabajo")
        psychology.looks_right("work")


def _refers(referrer: Seat) -> str:
    referrer.looks_right("home-empty")
    referrer.follow("Register a patient")
    form = referrer.form("register-patient")
    form.get_by_label("Full name").fill(NAME)
    form.get_by_label("Date of birth").fill("1975-02-11")
    form.locator("[name=email]").fill("carmen@people.example")
    for scope in ("refer", "share_back", "caregiver", "email"):
        referrer.choose("register-patient", "consents", scope)
    form.locator("[name=caregiver_name]").fill("Pablo Vidal")
    form.locator("[name=caregiver_email]").fill("pablo@people.example")
    referrer.looks_right("register")
    referrer.press("register-patient")
    referrer.says("The person is registered.")
    referrer.looks_right("patient")
    patient = referrer.page.url.partition("/patients/")[2].partition("?")[0]

    referrer.follow("Write a referral")
    referrer.says("Is there room?")
    referrer.looks_right("refer-begin")
    referrer.press("draft")
    referrer.form("refer").locator("[name=reason]").fill("Back pain for four years. Sleeps badly.")
    referrer.form("refer").locator("[name=goal]").fill("To walk to the market with my daughter.")
    referrer.choose("refer", "priority", "urgent")
    for item, value in ((1, 6), (2, 7), (3, 8)):
        referrer.choose("refer", f"PEG-{item}", value)
    for item in (1, 2, 3, 4):
        referrer.choose("refer", f"PHQ-4-{item}", 2)
    referrer.looks_right("refer")
    referrer.press("refer")
    referrer.says("Psychology has not decided yet.")
    referrer.looks_right("referral")
    return patient


def _accepts(psychology: Seat) -> None:
    psychology.says("All clear")
    psychology.looks_right("work")
    psychology.follow(NAME)
    psychology.says("To walk to the market with my daughter.")
    psychology.form("accept").locator("[name=rationale]").fill("Pain and low mood hold each other up.")
    psychology.looks_right("triage")
    psychology.press("accept")
    psychology.says("The person is now asked whether they would like to start.")


def _agrees(system: Running, person: Seat) -> None:
    person.says("Would you like to start?")
    person.looks_right("invitation")
    person.follow("I need more time")
    person.looks_right("more-time")
    person.follow("Back")
    person.follow("No, thank you")
    person.looks_right("no-thank-you")
    person.follow("Back")
    person.press("agree")
    # On a busy machine the first questions may open a moment after the page was made.
    system.settle()
    person.page.reload()
    person.says("A few questions before you begin")
    person.looks_right("next-questions")


def _answers(person: Seat) -> None:
    person.follow("Go to the questions")
    for number in (1, 2, 3):
        person.says(f"Question {number} of 3")
        if number == 1:
            person.looks_right("question-scale")
        person.choose("answer", "answer", 6)
        person.press("answer")
    person.says("Your answers are saved")
    person.looks_right("sent")

    person.follow("Go to my next step")
    person.follow("Go to the questions")
    for number in range(1, 10):
        person.says(f"Question {number} of 9")
        if number == 9:
            person.looks_right("question-last")
            person.follow("Look at all answers first")
            person.looks_right("check")
            person.follow("Go on")
        person.choose("answer", "answer", 1)
        person.press("answer")
    person.says("please call 999 now")
    person.looks_right("support")
    person.follow("I am safe right now")
    person.says("Your answers are saved")
    for page in ("programme", "programme/1", "progress", "inbox", "privacy"):
        person.page.goto(f"/{page}")
        person.looks_right(page.replace("/", "-"))


def _looks_after(psychology: Seat) -> None:
    psychology.says("1 person may be unsafe")
    psychology.looks_right("work-alert")
    psychology.goes(psychology.page.locator(".alarm").get_by_role("link", name=NAME))
    psychology.looks_right("alert")
    psychology.press("acknowledge-alert")
    psychology.says("Please call the person now.")
    psychology.looks_right("alert-to-assess")
    for name in (*ASSESSMENT_QUESTIONS, "concern"):
        psychology.form("assess-alert").locator(f"[name={name}]").first.check()
    psychology.press("assess-alert")
    psychology.says("Your assessment is on record.")
    psychology.form("close-alert").locator("[name=plan]").fill("Called; safe at home; call again on Friday.")
    psychology.looks_right("alert-taken")
    psychology.press("close-alert")
    psychology.says("The alert is closed")
    psychology.follow("Open the treatment")
    psychology.looks_right("episode")
    psychology.follow("Open the person's page")
    psychology.says("Something that was answered or written was a reason to look.")
    psychology.looks_right("patient-history")
