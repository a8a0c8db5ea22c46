"""Leaving quickly in a real browser: elsewhere at once, and nothing of ours on the way back."""

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.running import Running
from tests.portal.story import started

pytestmark = pytest.mark.browser


def test_one_press_leads_elsewhere_and_back_shows_nothing(system: Running, browser: Browser) -> None:
    person = started(system)
    answered = person.get("/")
    assert answered.has_form("leave")
    with seat(browser, system.addresses["portal"], "", "en") as guest:
        page, elsewhere = guest.page, system.clinic.leave_to
        page.context.route(
            f"{elsewhere}**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
        )
        page.context.add_cookies(
            [{"name": "carepath", "value": person.client.cookies["carepath"], "url": system.addresses["portal"]}]
        )
        page.goto("/")
        shown = page.locator("main").inner_text()
        assert page.get_by_role("button", name="Leave quickly").is_visible()
        guest.looks_right("leave")
        guest.form("leave").locator("button").click()
        page.wait_for_url(f"{elsewhere}**")
        assert page.locator("h1").inner_text() == "Weather"
        page.go_back()
        assert page.url.endswith("/sign-in")
        assert shown not in page.locator("body").inner_text()
