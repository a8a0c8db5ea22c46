"""Psychology's main job, on every screen: whom to take on, who may be unsafe, who goes on how, groups and circles."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from deploy.visitor import Visitor
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.browser.walking import Screen, Walker, on_every_screen, walking
from tests.portal import circle_story
from tests.portal.api import referred
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, started, visitor
from tests.portal.test_groups import forms, joins, waits
from tests.portal.test_review import to_the_early_look
from tests.portal.whole_clinic import alarming

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("psychology")) as started:
        yield started


@pytest.fixture(scope="module")
def group(system: Running) -> str:
    """A group whose first meeting is over. The clock moves, so this comes before all else."""
    psychology = visitor(system, PSYCHOLOGY)
    rosa, referral = waits(system)
    group = forms(system, psychology)
    joins(system, psychology, group, rosa, referral, "Rosi")
    psychology.get(group)
    assert psychology.submit("confirm").query == "done=group-confirm"
    noon = (system.clock.now() + timedelta(days=10)).replace(hour=12)
    system.clock.offset += noon - system.clock.now()
    system.settle()
    return group


@pytest.fixture(scope="module")
def member(system: Running, group: str) -> Visitor:
    """Somebody who writes in their circle."""
    psychology = circle_story.psychologist(system)
    circle = circle_story.starts(psychology, "Friday circle")
    return circle_story.joins(system, circle, psychology, "Lia")[0]


@on_every_screen
def test_psychology_takes_somebody_on_keeps_people_safe_and_leads(
    system: Running, browser: Browser, screen: Screen, group: str, member: Visitor
) -> None:
    name = f"Omar Haddad {screen}"
    referral = referred(system, register(visitor(system, REFERRER), name=name), preferences={"mode": "video"})
    started(system)
    review = to_the_early_look(system)
    alarming(system)
    with walking(browser, system, PSYCHOLOGY, screen) as psychology:
        psychology.shows("my-work", "may be unsafe")
        _keeps_safe(psychology)
        _takes_on(psychology, system, name, referral)
        _goes_on(psychology, system, review)
        _leads(psychology, system, group, member)


def _keeps_safe(psychology: Walker) -> None:
    psychology.goes(psychology.page.locator('.alarm a[href^="/alerts/"]').first)
    psychology.shows("alert")
    psychology.press("acknowledge-alert")
    psychology.shows("alert-taken-on", "Please call the person now.")
    for question in (*ASSESSMENT_QUESTIONS, "concern"):
        psychology.form("assess-alert").locator(f"[name={question}]").first.check()
    psychology.press("assess-alert")
    psychology.form("close-alert").locator("[name=plan]").fill("Safe at home; call again on Friday.")
    psychology.shows("alert-assessed", "Your assessment is on record.")
    psychology.press("close-alert")
    psychology.shows("alert-closed", "The alert is closed")


def _takes_on(psychology: Walker, system: Running, name: str, referral: str) -> None:
    """Triage by the rules' word, a yes, an offer that is taken, and the first meeting."""
    psychology.page.goto("/waiting/triage")
    psychology.shows("waiting-for-triage", name)
    psychology.follow(name)
    psychology.shows("triage", "Severe pain together with marked distress.")
    psychology.form("accept").locator("[name=rationale]").fill("Pain and low mood hold each other up.")
    psychology.press("accept")
    psychology.shows("accepted")
    _unfolds(psychology, "agree")
    psychology.press("agree")
    system.settle()
    psychology.page.goto("/places/place-video-sessions")
    psychology.shows("place", name)
    psychology.page.goto(f"/referrals/{referral}")
    _unfolds(psychology, "take-offer")
    psychology.press("take-offer")
    psychology.page.goto("/waiting/to_book")
    psychology.shows("to-book", name)
    psychology.follow(name)
    at = system.clock.now() + timedelta(days=4)
    psychology.form("schedule").locator("[name=at]").fill(f"{at:%Y-%m-%dT10:00}")
    psychology.shows("to-schedule")
    psychology.press("schedule")
    psychology.shows("scheduled", "Yuki Tanaka")


def _goes_on(psychology: Walker, system: Running, review: str) -> None:
    psychology.page.goto("/caseload")
    psychology.shows("caseload")
    psychology.page.goto(review.removesuffix("/review"))
    psychology.shows("episode")
    psychology.page.goto(review)
    psychology.shows("step-of-care", "The rules suggest")
    psychology.choose("decide-step", "decision", "step_down")
    psychology.press("decide-step")
    psychology.shows("step-needs-a-reason", "write why you decide otherwise")
    assert psychology.page.locator('a[href="#decide-step-departure_reason"]').count() == 1
    psychology.choose("decide-step", "decision", "stay")
    psychology.form("decide-step").locator("[name=departure_reason]").fill("She asks for more time.")
    psychology.press("decide-step")
    assert psychology.page.url.endswith("done=step-decided"), psychology.page.inner_text("main")
    system.settle()


def _leads(psychology: Walker, system: Running, group: str, member: Visitor) -> None:
    psychology.page.goto(group)
    psychology.shows("group")
    psychology.page.goto(f"{group}/meetings/1")
    psychology.page.locator('input[name^="there-"][value="present"]').check()
    psychology.shows("attendance")
    psychology.press("attendance")
    psychology.shows("attendance-saved")
    member.get("/my-circle")
    assert member.submit("write-message", text="Buy my miracle tea.").query == "done=circle-message"
    system.settle()
    psychology.page.goto("/circles/to-check")
    psychology.shows("messages-to-check", "Buy my miracle tea.")
    remove = psychology.page.locator('form[data-form^="remove-"]').first
    psychology.page.locator("main details > summary").last.click()
    remove.locator('[value="advertising"]').locator("xpath=ancestor::label").click()
    psychology.goes(remove.locator("button"))
    psychology.shows("message-not-shown")


def _unfolds(psychology: Walker, form: str) -> None:
    psychology.page.locator(f'details:has(form[data-form="{form}"]) > summary').click()
