"""The caseload, a waiting list with its reasons and the figures look right in a real browser, wide and narrow."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, started, visitor

pytestmark = pytest.mark.browser


def test_psychology_sees_who_needs_what_next_why_an_order_is_as_it_is_and_how_the_service_does(
    browser: Browser, system: Running
) -> None:
    started(system)
    refer(referrer := visitor(system, REFERRER), register(referrer))
    for _ in range(16):
        system.clock.offset += timedelta(days=1)
        system.settle()
    started(system)
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as psychology:
        psychology.follow("People in treatment, and what each needs next")
        psychology.says("Call them. This is due since")
        psychology.says("Questions wait for their answers since")
        psychology.looks_right("caseload")
        psychology.follow("Mine")
        psychology.says("Nobody in treatment had their first meeting with you.")
        psychology.looks_right("caseload-mine")
        psychology.page.goto("/waiting/triage")
        psychology.says("How this list is in order: First what is very urgent")
        psychology.looks_right("waiting-why")
        psychology.page.goto("/figures")
        psychology.says("fewer than 5")
        psychology.looks_right("figures")
        psychology.press("language")
        psychology.says("Derivaciones recibidas")
        psychology.looks_right("figures-es")
