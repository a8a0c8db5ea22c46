"""A patient's main job, on every screen: from the e-mail that lets them in to their progress and their privacy."""

import pytest
from playwright.sync_api import Browser

from tests.browser.walking import Screen, Walker, on_every_screen, walking
from tests.parts.wait import until
from tests.portal.acting import accept
from tests.portal.running import Running
from tests.portal.story import REFERRER, refer, register, visitor
from tests.portal.test_sign_in_link import links_to

pytestmark = pytest.mark.browser


@on_every_screen
def test_a_patient_goes_from_the_link_in_an_e_mail_to_their_progress(
    system: Running, browser: Browser, screen: Screen
) -> None:
    address = f"rosa-{screen}@people.example"
    referrer = visitor(system, REFERRER)
    accept(system, refer(referrer, register(referrer, name="Rosa Delgado", email=address)))
    with walking(browser, system, "patient", screen) as rosa:
        _comes_in(system, rosa, address)
        _says_yes(system, rosa)
        _answers(system, rosa)
        _does_a_part(system, rosa)
        _looks_back(rosa)


def _comes_in(system: Running, rosa: Walker, address: str) -> None:
    rosa.page.goto("/sign-in/link")
    rosa.shows("ask-for-a-link")
    rosa.form("sign-in-link").locator("[name=email]").fill(address)
    rosa.press("sign-in-link")
    rosa.shows("link-is-on-its-way", "The link works for 15 minutes.")
    [link] = until(lambda: links_to(system, address), "the e-mail", timeout=30)
    rosa.page.goto(link)
    rosa.shows("link-opened", "Hello Rosa")
    rosa.press("sign-in-with")


def _says_yes(system: Running, rosa: Walker) -> None:
    rosa.shows("next-step-invitation", "Would you like to start?")
    rosa.follow("I need more time")
    rosa.shows("more-time")
    rosa.follow("Back")
    rosa.press("agree")
    # On a busy machine the first questions may open a moment after the page was made.
    system.settle()
    rosa.page.goto("/")
    rosa.shows("next-step-questions", "A few questions before you begin")


def _answers(system: Running, rosa: Walker) -> None:
    """One question a page; back for another look, away, and on where they stopped."""
    rosa.follow("Go to the questions")
    rosa.shows("question-1", "Question 1 of 3")
    rosa.press("answer")
    rosa.shows("question-1-again", "Please choose one answer")
    rosa.choose("answer", "answer", 7)
    rosa.press("answer")
    rosa.says("Question 2 of 3")
    rosa.follow("Back")
    rosa.shows("question-1-back", "Question 1 of 3")
    assert rosa.form("answer").locator("input[value='7']").is_checked()
    rosa.page.goto("/programme")
    rosa.shows("programme")
    rosa.page.goto("/")
    rosa.follow("Go to the questions")
    for number in (2, 3):
        rosa.says(f"Question {number} of 3")
        rosa.choose("answer", "answer", 6)
        rosa.press("answer")
    rosa.shows("answers-saved", "Your answers are saved")
    rosa.page.goto("/questions/1/check")
    rosa.shows("answers", "7 (No pain 0")
    for _ in range(2):
        _all_of_one(system, rosa)


def _all_of_one(system: Running, rosa: Walker) -> None:
    """The questionnaire that is next, without harm."""
    system.settle()
    rosa.page.goto("/")
    rosa.follow("Go to the questions")
    while rosa.form("answer").count():
        last = "last question" in rosa.page.inner_text("main")
        rosa.choose("answer", "answer", 0 if last else 1)
        rosa.press("answer")
    rosa.says("Your answers are saved")


def _does_a_part(system: Running, rosa: Walker) -> None:
    system.settle()
    rosa.page.goto("/")
    rosa.shows("next-step-part")
    rosa.page.goto("/programme/1")
    rosa.shows("part")
    rosa.goes(rosa.page.locator('main a[href="/programme/1/activities/1"]'))
    rosa.shows("activity")
    rosa.choose("activity", "before", 7)
    rosa.press("activity")
    rosa.shows("activity-saved")
    rosa.choose("activity", "after", 3)
    rosa.choose("activity", "finish", "yes")
    rosa.press("activity")
    rosa.says("Look at what you wrote")
    rosa.press("complete-module")
    rosa.shows("part-done", "1 of 8 parts done")
    system.settle()
    rosa.page.goto("/questions/c1-1")
    for value in (0, 1, 0):
        rosa.choose("answer", "answer", value)
        rosa.press("answer")
    system.settle()


def _looks_back(rosa: Walker) -> None:
    rosa.page.goto("/progress")
    rosa.shows("progress", "is better: 6.3 at first, 0.3 now")
    assert rosa.page.locator("main table").count() == 1
    rosa.page.goto("/inbox")
    rosa.shows("messages")
    rosa.goes(rosa.page.locator('main a[href$="/why"]').first)
    rosa.shows("why-a-message-came")
    rosa.page.goto("/inbox/emails")
    rosa.shows("which-emails")
    rosa.page.goto("/privacy")
    rosa.shows("privacy")
    rosa.page.goto("/plan")
    rosa.shows("plan")
    rosa.page.goto("/help")
    rosa.shows("help-now")
    rosa.press("sign-out")
    assert "/sign-in" in rosa.page.url
