"""The pages of every role over the real services: the main path, and what happens when something is wrong."""

import re

import pytest

from deploy.visitor import Visitor
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.portal.running import Running
from tests.portal.story import (
    PSYCHOLOGY,
    REFERRER,
    accept,
    answer_all,
    invited,
    refer,
    register,
    started,
    visitor,
)


def test_a_person_goes_from_referral_to_their_first_step(system: Running) -> None:
    referrer, psychology = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    patient = register(referrer)
    referral = refer(referrer, patient)
    assert "Psychology has not decided yet" in referrer.page.text

    accept(system, psychology, referral)
    assert "The patient has not answered yet" in psychology.page.text

    browser = visitor(system, f"patient:{patient}")
    assert "Would you like to start?" in browser.page.text
    assert "Living well with lasting pain" in browser.page.text
    page = browser.submit("agree")
    assert page.query == "done=agreed"
    assert "A few questions before you begin" in page.text
    assert "0 of 8 parts done" in page.text


def test_answers_are_saved_one_by_one_and_lead_to_a_receipt(system: Running) -> None:
    browser = started(system)
    first = browser.get(next(link for link in browser.page.links if link.startswith("/questions/")))
    assert "Question 1 of 3" in first.text
    second = browser.submit("answer", answer="6")
    assert "Question 2 of 3" in second.text

    back = browser.get("/questions/1/1")
    assert back.form("answer").values["answer"] == ["6"]
    assert "Question 2 of 3" in browser.get("/questions/1").text

    receipt = answer_all(browser, "5")
    assert receipt.path == "/questions/1/sent"
    assert "Your answers are saved" in receipt.text
    assert "6 (No pain 0" in browser.get("/questions/1/check").text


def test_a_question_without_a_choice_is_asked_again(system: Running) -> None:
    browser = started(system)
    browser.get("/questions/1/1")
    page = browser.submit("answer")
    assert page.title.startswith("Error:")
    assert "Please choose one answer" in page.text
    assert page.status == 422


def test_a_worrying_answer_shows_help_before_anything_else_and_calls_psychology(system: Running) -> None:
    browser = started(system)
    answer_all(browser, "5")
    page = answer_all(browser, "1", last="2")
    assert page.path == "/questions/2/support"
    assert system.clinic.help_in("en").text in page.text
    assert system.clinic.help_in("en").text in browser.get("/questions/2/sent").text
    system.settle()

    psychology = visitor(system, PSYCHOLOGY)
    assert "may be unsafe" in psychology.page.text
    psychology.get(next(link for link in psychology.page.links if link.startswith("/alerts/")))
    taken = psychology.submit("acknowledge-alert")
    assert "Please call the person now" in taken.text
    assert not psychology.page.has_form("close-alert")
    asked = dict.fromkeys(ASSESSMENT_QUESTIONS, "no")
    hasty = psychology.submit("assess-alert", thoughts="yes")
    assert "Please choose one answer" in hasty.text
    assessed = psychology.submit("assess-alert", **asked, concern="low", note="Her sister is with her.")
    assert "Please agree a plan" in assessed.text
    assert "Her sister is with her." in assessed.text

    colleague = visitor(system, "psychology:psy-moreno")
    colleague.get(psychology.page.path)
    assert not colleague.page.has_form("close-alert")
    assert "Please write a reason" in colleague.submit("take-over-alert", reason="").text
    assert "You look after this now" in colleague.submit("take-over-alert", reason="Her shift has ended.").text
    assert "Earlier assessment" in colleague.page.text
    colleague.submit("assess-alert", **asked, concern="low")
    psychology = colleague
    without = psychology.submit("close-alert", plan="")
    assert "Please write what was agreed with the person" in without.text
    closed = psychology.submit("close-alert", plan="Safe at home; call on Friday.")
    assert closed.query == "done=alert-closed"
    assert "Safe at home" in closed.text


def test_a_part_is_read_and_done_and_the_next_one_says_when_it_opens(system: Running) -> None:
    browser = started(system)
    for _ in range(3):
        answer_all(browser, "1", last="0")
    system.settle()
    page = browser.get("/programme/1")
    assert "Your pain is real" in page.text
    done = browser.submit("complete-module")
    assert done.query == "done=part-done"
    assert "1 of 8 parts done" in done.text
    assert "Time to practise" in done.text
    locked = browser.get("/programme/2")
    assert locked.status == 409
    assert "It opens" in locked.text
    system.settle()
    assert "Two sets of answers make a picture" in browser.get("/progress").text


def test_somebody_undecided_is_not_pressed_and_can_still_say_yes(system: Running) -> None:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.get("/start/more-time")
    page = browser.submit("undecided", reason_code="pain_is_physical", note="How can talking help my back?")
    assert page.query == "done=more-time"
    assert "We will ask you again" in page.text
    assert page.has_form("agree")
    referrer = visitor(system, REFERRER)
    assert "The person needs time" in referrer.page.text


def test_no_thank_you_is_asked_once_more_and_then_respected(system: Running) -> None:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    assert "You can ask your pain team again at any time" in browser.get("/start/no-thank-you").text
    page = browser.submit("withdraw")
    assert page.query == "done=withdrawn"
    assert "You chose not to go on" in page.text
    assert not page.has_form("agree")


def test_psychology_asks_and_the_pain_team_answers(system: Running) -> None:
    referrer, psychology = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    referral = refer(referrer, register(referrer))
    psychology.get(f"/referrals/{referral}")
    assert psychology.submit("ask", question="Which medicines?").query == "done=referral-ask"
    referrer.get(f"/referrals/{referral}")
    assert "Which medicines?" in referrer.page.text
    assert "Please write an answer" in referrer.submit("answer", answer="").text
    assert referrer.submit("answer", answer="None now.").query == "done=referral-answer"
    assert "None now." in psychology.get(f"/referrals/{referral}").text


@pytest.mark.parametrize(
    ("form", "fields", "status"),
    [
        ("return", {"rationale": "Try pacing first."}, "Sent back to the referrer"),
        ("decline", {"reason_code": "no_capacity", "rationale": "Full until May."}, "Not accepted"),
        ("withdraw", {}, "Withdrawn"),
    ],
)
def test_psychology_can_say_no_with_reasons(system: Running, form: str, fields: dict[str, str], status: str) -> None:
    referrer, psychology = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    referral = refer(referrer, register(referrer))
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit(form, **fields)
    assert page.query == f"done=referral-{form}"
    assert status in page.text


def test_a_treatment_ends_and_the_referrer_closes_the_loop(system: Running) -> None:
    patient, referral = invited(system)
    visitor(system, f"patient:{patient}").submit("agree")
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get(f"/referrals/{referral}")
    page = psychology.get(next(link for link in page.links if link.startswith("/episodes/")))
    opened = psychology.submit("unlock-module", module_id="good-moments", reason="Asked for it.")
    assert opened.query == "done=unlocked"
    ended = psychology.submit("finish-episode", end_reason="referred_on", recommendation="A sleep clinic.")
    assert ended.query == "done=finished"
    system.settle()

    referrer = visitor(system, REFERRER)
    assert "Outcome to read" in referrer.page.text
    referrer.get(f"/referrals/{referral}")
    assert "A sleep clinic." in referrer.page.text
    assert "No finished course of treatment" in referrer.page.text
    assert "Reliable change: not known" in referrer.page.text
    assert referrer.submit("acknowledge-outcome").query == "done=referral-acknowledge"
    browser = visitor(system, f"patient:{patient}")
    assert "Your programme has ended" in browser.page.text
    assert "You have come to the end of your plan here" in browser.get("/progress").text


def test_psychology_reads_one_history_over_all_services(system: Running) -> None:
    patient, _ = invited(system)
    page = visitor(system, PSYCHOLOGY).get(f"/patients/{patient}")
    for sentence in ("Registered.", "The referral was sent (Urgent).", "The treatment was planned.", "was invited"):
        assert sentence in page.text
    assert page.text.index("The treatment was planned.") < page.text.index("Registered.")
    assert "carepath." not in page.text


def test_a_trusted_person_sees_who_trusts_them_until_that_is_taken_back(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    carer = {"caregiver_name": "Luis Ruiz", "caregiver_email": "luis@people.example"}
    patient = register(referrer, **carer, caregiver_relationship="partner")
    name = re.search(r"<h1>(.*?)</h1>", referrer.page.html)
    assert name is not None
    system.settle()
    sign_in = Visitor(system.addresses["portal"]).get("/sign-in")
    mine = [form.values["person"][0] for form in sign_in.forms if form.name == "sign-in"]
    caregiver = next(one for one in mine if one.startswith("caregiver:"))
    home = visitor(system, caregiver)
    first, _, family = name[1].partition(" ")
    assert first in home.page.text
    assert home.submit("trust-yes").query == "done=trust-yes"
    assert "These people trust you." in home.get("/").text
    assert home.submit("trust-young", young="yes").query == "done=trust-saved"
    assert home.submit("trust-young", young="no").query == "done=trust-saved"
    for path in ("/", "/for-you/word"):
        system.settle()
        page = home.get(path)
        assert (page.status, family in page.text) == (200, False), "a first name is all that they read"

    own = visitor(system, f"patient:{patient}")
    own.get("/privacy")
    own.submit(own.page.form("withdraw-consent", scope="caregiver"))
    assert "Nothing is shared with you right now" in home.get("/").text
    own.submit("remove-caregiver")
    assert own.page.query == "done=caregiver-removed"


def test_messages_are_read_and_marked(system: Running) -> None:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    page = browser.get("/inbox")
    assert "You got this because" in page.text
    waiting = sum(form.name == "read-message" for form in page.forms)
    after = browser.submit("read-message")
    assert sum(form.name == "read-message" for form in after.forms) == waiting - 1


def test_an_operator_sees_that_all_is_well(system: Running) -> None:
    page = visitor(system, "operator:op-byrne").page
    assert page.text.count("Ready") == 3
    assert "None held." in page.text


def test_pages_are_whole_in_spanish(system: Running) -> None:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}", "es")
    assert browser.page.language == "es"
    assert "¿Le gustaría empezar?" in browser.page.text
    assert "Vivir mejor con un dolor que dura" in browser.page.text
    page = browser.submit("agree")
    assert "Algunas preguntas antes de empezar" in page.text
