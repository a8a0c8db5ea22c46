"""A caregiver's main job, on every screen: asked, there, in their own course, and reading what was opened to them."""

import pytest
from playwright.sync_api import Browser

from tests.browser.walking import Screen, on_every_screen, walking
from tests.portal import sharing_story as sharing
from tests.portal.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def treated(system: Running) -> str:
    """Somebody in treatment, who names those whom they trust."""
    return sharing.in_treatment(system)[1]


@on_every_screen
def test_a_caregiver_accepts_learns_reads_what_is_open_and_asks_for_support(
    system: Running, browser: Browser, screen: Screen, treated: str
) -> None:
    carer = sharing.named(system, treated, f"luis-{screen}@people.example")
    with walking(browser, system, f"caregiver:{carer.id}", screen) as luis:
        luis.shows("asked")
        luis.press("trust-yes")
        luis.shows("home", "Ana")
        luis.goes(luis.page.locator('main a[href^="/shared/"]').first)
        luis.shows("nothing-open-yet")
        sharing.opens(system, treated, carer, "news", "appointments", "progress", "plan", "scores")
        luis.page.reload()
        luis.shows("what-was-opened", sharing.OWN_STEP)
        luis.page.goto("/for-you")
        luis.shows("course")
        luis.goes(luis.page.locator("main a.button").first)
        luis.shows("session")
        luis.press("carer-read")
        luis.shows("session-next-page")
        luis.page.goto("/for-you/check")
        luis.press("check")
        luis.shows("check-again", "Please answer whether you feel safe")
        luis.choose("check", "q-sleep", "always")
        luis.choose("check", "safe", "yes")
        luis.press("check")
        luis.shows("check-done")
        luis.page.goto("/for-you/support")
        luis.form("carer-support").locator("[name=words]").fill("Somebody to talk to who knows this.")
        luis.press("carer-support")
        luis.shows("support-asked")
        luis.page.goto("/inbox")
        luis.shows("messages")
        luis.page.goto("/resources")
        luis.shows("more-help")
        luis.page.goto("/help")
        luis.shows("help-now", system.clinic.help_in("en").text)
