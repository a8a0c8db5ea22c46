"""Pages to read look right in a real browser: the aid for the talk, its leaflet, and the page with the picture."""

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, accept, refer, register, visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_to_read_can_be_read_by_everybody(browser: Browser, system: Running, language: str) -> None:
    with seat(browser, system.addresses["portal"], "", language) as guest:
        guest.page.goto("/about-pain-and-mind")
        assert guest.page.locator("html").get_attribute("lang") == language
        guest.looks_right(f"about-{language}")
    with seat(browser, system.addresses["portal"], REFERRER) as referrer:
        if language == "es":
            referrer.press("language")
        for name, path in (("aid", "/conversation-aid"), ("leaflet", "/conversation-aid/leaflet")):
            referrer.page.goto(path)
            assert referrer.page.locator("html").get_attribute("lang") == language
            referrer.looks_right(f"{name}-{language}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_runs_out_of_its_bubble(browser: Browser, system: Running, language: str) -> None:
    with seat(browser, system.addresses["portal"], "", language) as guest:
        guest.page.goto("/about-pain-and-mind")
        share = "t => t.getBBox().width / t.parentElement.querySelector('rect').getBBox().width"
        for text in guest.page.locator(".picture svg text").all():
            assert text.evaluate(share) < 0.95, text.inner_html()


def test_the_first_talk_stands_below_the_choice(browser: Browser, system: Running) -> None:
    staff = visitor(system, REFERRER)
    patient = register(staff, new_to_mental_health="yes")
    accept(system, visitor(system, PSYCHOLOGY), refer(staff, patient))
    with seat(browser, system.addresses["portal"], f"patient:{patient}") as new:
        new.says("Would you like to talk first?")
        new.looks_right("talk-first")
