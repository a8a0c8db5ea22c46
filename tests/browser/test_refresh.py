"""A list that lies open is told what is new, and stays as it is for whoever works in it. It is whole with no script."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.seat import Seat, seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, refer, register, started, visitor

pytestmark = pytest.mark.browser

ROWS = "main .rows .who a"
HELD = "document.activeElement.getAttribute('href')"


@pytest.fixture(scope="module")
def waiting(system: Running) -> None:
    """More referrals than a narrow window shows."""
    referrer = visitor(system, REFERRER)
    for _ in range(6):
        refer(referrer, register(referrer))
    system.settle()


def come_back(page: Seat) -> None:
    """As if the window came to the front again."""
    page.page.evaluate("window.dispatchEvent(new Event('focus'))")


def _one_more(system: Running) -> str:
    referrer = visitor(system, REFERRER)
    return refer(referrer, register(referrer))


def test_what_is_new_is_said_without_moving_anything(system: Running, browser: Browser, waiting: None) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as tanaka:
        page = tanaka.page
        page.set_viewport_size({"width": 320, "height": 640})
        page.emulate_media(reduced_motion="reduce")
        page.goto("/waiting/triage")
        row = page.locator(ROWS).nth(4)
        row.focus()
        place, held = row.bounding_box(), page.evaluate(HELD)
        shown = page.locator(ROWS).all_inner_texts()
        referral = _one_more(system)
        come_back(tanaka)
        notice = page.locator("#show-news")
        expect(notice).to_have_text("1 new or changed. Show it")
        assert notice.locator("xpath=ancestor::*[@role='status']").count() == 1
        assert page.locator(ROWS).all_inner_texts() == shown
        assert (row.bounding_box(), page.evaluate(HELD)) == (place, held)
        tanaka.looks_right("waiting-news")

        page.set_viewport_size({"width": 320, "height": 640})
        row.focus()
        where = page.evaluate("window.scrollY")
        assert where > 0
        tanaka.goes(notice)
        expect(page.locator(f'a[href="/referrals/{referral}"]')).to_be_attached()
        assert page.evaluate("window.scrollY") == pytest.approx(where, abs=2)
        assert page.evaluate("document.activeElement.id") == "main"
        expect(notice).to_have_count(0)


def test_a_page_looks_again_every_minute_and_shows_danger_at_once(system: Running, browser: Browser) -> None:
    patient = started(system)
    answer_all(patient, "5")
    system.settle()
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as tanaka:
        tanaka.page.clock.install()
        tanaka.page.goto("/")
        expect(tanaka.page.locator("#at-once")).not_to_contain_text("may be unsafe")
        answer_all(patient, "1", last="2")
        system.settle()
        tanaka.page.clock.fast_forward("01:01")
        expect(tanaka.page.locator("#at-once")).to_contain_text("may be unsafe")
        tanaka.page.get_by_role("link", name="Who may be unsafe has changed").click()
        assert tanaka.page.evaluate("document.activeElement.id") == "at-once"
        alert = tanaka.page.locator("#at-once a").first
        alert.focus()
        held = tanaka.page.evaluate(HELD)
        _one_more(system)
        tanaka.page.clock.fast_forward("01:01")
        expect(tanaka.page.locator("#show-news")).to_be_visible()
        assert tanaka.page.evaluate(HELD) == held
        tanaka.looks_right("work-news")


def test_a_page_that_is_hidden_or_cut_off_does_not_pretend(system: Running, browser: Browser, waiting: None) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as tanaka:
        page = tanaka.page
        page.goto("/waiting/triage")
        stale = page.locator("#stale")
        page.context.set_offline(True)
        come_back(tanaka)
        expect(stale).to_be_visible()
        page.context.set_offline(False)
        come_back(tanaka)
        expect(stale).to_be_hidden()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        come_back(tanaka)
        page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
        with page.expect_request(lambda request: "seen=" in request.url):
            come_back(tanaka)
        assert len(requests) == 1


def test_without_scripts_the_page_is_whole(system: Running, browser: Browser, waiting: None) -> None:
    with seat(browser, system.addresses["portal"], PSYCHOLOGY, scripts=False) as tanaka:
        tanaka.page.goto("/waiting/triage")
        assert tanaka.page.locator(ROWS).count() >= 6
        expect(tanaka.page.locator("#stale")).to_be_hidden()
        expect(tanaka.page.locator("#show-news")).to_have_count(0)
        referral = _one_more(system)
        tanaka.page.goto("/waiting/triage")
        tanaka.goes(tanaka.page.locator(f'a[href="/referrals/{referral}"]'))
        assert tanaka.page.url.endswith(f"/referrals/{referral}")
