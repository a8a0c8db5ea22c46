"""A list with its filter and its views in a real browser: how it looks, by keyboard alone, and back again."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.seat import seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor

pytestmark = pytest.mark.browser

IN_FOCUS = "[document.activeElement.getAttribute('href'), getComputedStyle(document.activeElement).outlineStyle]"


@pytest.fixture(scope="module")
def waiting(system: Running) -> str:
    referrer = visitor(system, REFERRER)
    refer(referrer, register(referrer, name="Bartholomew Featherstonehaugh-Wolfeschlegelstein"), priority="routine")
    return refer(referrer, register(referrer, name="Ursula Ågren"), priority="urgent")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_list_is_chosen_kept_and_left_by_the_back_button(
    system: Running, browser: Browser, waiting: str, language: str
) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as tanaka:
        if language == "es":
            tanaka.press("language")
        page = tanaka.page
        page.goto("/waiting/triage")
        tanaka.looks_right(f"list-{language}")
        form = tanaka.form("filter")
        form.locator("[name=contains]").fill("agren")
        form.locator("[name=sort]").select_option("name")
        tanaka.press("filter")
        expect(page.locator(f'a[href="/referrals/{waiting}"]')).to_be_visible()
        chosen = page.url
        page.locator("main details > summary").click()
        tanaka.form("keep-view").locator("[name=name]").fill("By name")
        tanaka.press("keep-view")
        page.locator("main details > summary").click()
        tanaka.looks_right(f"list-chosen-{language}")
        page.goto(chosen)
        tanaka.goes(page.locator(f'a[href="/referrals/{waiting}"]'))
        page.go_back()
        assert page.url == chosen
        assert tanaka.form("filter").locator("[name=contains]").input_value() == "agren"
        page.goto("/")
        tanaka.looks_right(f"list-home-{language}")
        tanaka.follow("By name")
        assert page.url.endswith("/waiting/triage?sort=name")


def test_the_rows_are_a_key_away(system: Running, browser: Browser, waiting: str) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as tanaka:
        page = tanaka.page
        page.goto("/waiting/triage")
        page.locator("#main").focus()
        for expected in ("/", "#list"):
            page.keyboard.press("Tab")
            assert page.evaluate(IN_FOCUS) == [expected, "solid"]
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "contains"
        page.locator('a[href="#list"]').focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(IN_FOCUS) == [f"/referrals/{waiting}", "solid"]
