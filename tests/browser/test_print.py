"""On paper: whose it is, how to call them and the day; nothing to press, and all that is to be read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import PICTURES, Seat, seat
from tests.portal import sharing_story as sharing
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor
from tests.portal.test_resources import adds

pytestmark = pytest.mark.browser

NOT_ON_PAPER = "nav, .tools, .skip, .back, .screen, form, button, .button, .demo"
LINK = "https://walks.example/harbour"


@pytest.fixture(scope="module")
def patient(system: Running) -> str:
    adds(system, visitor(system, PSYCHOLOGY), "Short walks", topic="moving", link=LINK)
    return sharing.in_treatment(system)[1]


@pytest.fixture(params=["en", "es"])
def person(request: pytest.FixtureRequest, browser: Browser, system: Running, patient: str) -> Iterator[Seat]:
    with seat(browser, system.addresses["portal"], f"patient:{patient}") as sat:
        if request.param != "en":
            sat.press("language")
        yield sat


def _is_paper(system: Running, sat: Seat, path: str, name: str) -> None:
    page = sat.page
    page.goto(path)
    page.emulate_media(media="print")
    seen = [
        one.evaluate("e => e.outerHTML.slice(0, 90)") for one in page.locator(NOT_ON_PAPER).all() if one.is_visible()
    ]
    assert seen == [], f"{path} has on paper {seen}"
    head = page.locator(".paper")
    assert head.is_visible()
    words = head.inner_text()
    assert system.clinic.name in words
    assert system.clinic.phone in words
    assert str(system.clock.now().year) in words
    assert page.locator("h1").is_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280
    PICTURES.mkdir(parents=True, exist_ok=True)
    language = page.locator("html").get_attribute("lang")
    page.screenshot(path=PICTURES / f"paper-{name}-{language}.png", full_page=True)


def _never_cut(sat: Seat, parts: str) -> None:
    found = sat.page.locator(parts).all()
    assert found
    assert {one.evaluate("e => getComputedStyle(e).breakInside") for one in found} == {"avoid"}


def test_how_it_goes_is_a_sentence_and_a_whole_table(system: Running, person: Seat) -> None:
    _is_paper(system, person, "/progress", "progress")
    assert person.page.locator("main table").is_visible()
    assert person.page.locator(".scroll").evaluate("e => getComputedStyle(e).overflowX") == "visible"
    _never_cut(person, "main tr")


def test_the_plan_is_whole_and_its_cards_are_not_cut(system: Running, person: Seat) -> None:
    _is_paper(system, person, "/plan", "plan")
    assert sharing.GOAL in person.page.locator("main").inner_text()
    _never_cut(person, "main .card")


def test_help_says_whom_to_call(system: Running, person: Seat) -> None:
    _is_paper(system, person, "/help", "help")
    text = person.page.locator("main").inner_text()
    assert system.clinic.help_in("en").lines[0].phone in text
    _never_cut(person, ".crisis")


def test_a_link_that_leads_elsewhere_shows_its_address(system: Running, person: Seat) -> None:
    _is_paper(system, person, "/resources", "resources")
    after = "e => getComputedStyle(e, '::after').content"
    assert LINK in person.page.locator(f'main a[href="{LINK}"]').evaluate(after)


def test_the_leaflet_of_the_talk_is_whole(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], REFERRER) as referrer:
        _is_paper(system, referrer, "/conversation-aid/leaflet", "leaflet")
        _never_cut(referrer, ".leaflet section")


def test_what_is_folded_on_the_screen_is_open_on_paper(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], REFERRER) as referrer:
        referrer.page.goto("/conversation-aid")
        referrer.page.set_content(
            f'<link rel="stylesheet" href="{referrer.page.locator("link[rel=stylesheet]").get_attribute("href")}">'
            "<main><details><summary>More</summary><p id=folded>Folded away</p></details></main>"
        )
        assert not referrer.page.locator("#folded").is_visible()
        referrer.page.emulate_media(media="print")
        assert referrer.page.locator("#folded").is_visible()
