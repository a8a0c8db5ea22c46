"""An operator's main job, on every screen: what is wrong, a held key tried again, one passed over, news not told."""

import pytest
from playwright.sync_api import Browser

from tests.browser.walking import Screen, Walker, on_every_screen, walking
from tests.portal.running import Running
from tests.portal.story import REFERRER, register, visitor
from tests.portal.test_operator import hold
from tests.portal.test_troubles import OPERATOR, Behind, telling

pytestmark = pytest.mark.browser


@on_every_screen
def test_an_operator_sees_what_is_wrong_and_mends_it(system: Running, browser: Browser, screen: Screen) -> None:
    again, over = (register(visitor(system, REFERRER)) for _ in range(2))
    system.settle()
    with walking(browser, system, OPERATOR, screen) as operator:
        operator.shows("all-clear", "All clear")
        hold(system, again)
        hold(system, over)
        operator.page.goto("/")
        operator.shows("keys-held", "notifications holds 2 keys.")
        _presses(operator, "retry", again)
        operator.shows("tried-again", "notifications holds 1 key.")
        _passes_over(operator, over, "no")
        operator.shows("a-reason-is-needed", "at least 5 letters")
        _passes_over(operator, over, "Made by a test.")
        operator.shows("passed-over", "Made by a test.")
        with telling(system, "notifications", Behind):
            operator.page.goto("/")
            operator.shows("not-told", "notifications has not told the others: 100 events or more")
        for path in ("system/notifications/held", "system/notifications/rejected", "on-call", "figures"):
            operator.page.goto(f"/{path}")
            operator.shows(path.replace("/", "-"))


def _presses(operator: Walker, form: str, source: str) -> None:
    operator.goes(operator.page.locator(f'form[data-form="{form}"]:has(input[value="{source}"]) button'))


def _passes_over(operator: Walker, source: str, reason: str) -> None:
    held = operator.page.locator("article", has=operator.page.locator(f'input[value="{source}"]'))
    if not held.locator("[name=reason]").is_visible():
        held.locator("summary").click()
    held.locator("[name=reason]").fill(reason)
    _presses(operator, "discard", source)
