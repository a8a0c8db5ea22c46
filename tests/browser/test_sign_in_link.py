"""Signing in by a link in a real browser: the door, the page behind the link, and links that are of no use any more."""

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.parts.wait import until
from tests.portal.running import Running
from tests.portal.test_sign_in_link import OVER, link_for, links_to, registered

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_patient_signs_in_by_a_link(browser: Browser, system: Running, language: str) -> None:
    address = registered(system, language=language)
    with seat(browser, system.addresses["portal"], "", language) as guest:
        guest.follow("Entrar como los pacientes" if language == "es" else "Sign in as patients do")
        guest.looks_right(f"sign-in-link-{language}")
        guest.press("sign-in-link")
        guest.looks_right(f"sign-in-link-fault-{language}")
        guest.form("sign-in-link").locator("[name=email]").fill(address)
        guest.press("sign-in-link")
        guest.looks_right(f"sign-in-sent-{language}")
        [link] = until(lambda: links_to(system, address), "the e-mail", timeout=30)
        guest.page.goto(link)
        guest.looks_right(f"sign-in-with-{language}")
        guest.press("sign-in-with")
        assert guest.page.url == f"{system.addresses['portal']}/"
        assert guest.form("sign-out").count() == 1
        guest.press("sign-out")
        guest.page.goto(link)
        guest.says("ya se usó" if language == "es" else "was used already")
        guest.looks_right(f"sign-in-used-{language}")
        guest.page.goto("/sign-in/with/nonsense")
        guest.looks_right(f"sign-in-invalid-{language}")


def test_a_link_that_is_over(browser: Browser, system: Running) -> None:
    link = link_for(system, registered(system))
    system.clock.offset += OVER
    try:
        with seat(browser, system.addresses["portal"], "") as guest:
            guest.page.goto(link)
            guest.says("The time of this link is over")
            guest.looks_right("sign-in-over")
    finally:
        system.clock.offset -= OVER
