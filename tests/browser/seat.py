"""One person at a real browser. Every page that they come to is checked, and a picture of it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route

PICTURES = Path("var/screenshots")
_GRAVE = ("serious", "critical")
_NARROW = {"width": 320, "height": 640}
_WIDE = {"width": 1280, "height": 800}


def grave_faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds on the page that keeps somebody from using it: the rule, and where."""
    faults: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in faults if fault["impact"] in _GRAVE
    ]


def faults_of(html: str, window: Page, address: str) -> list[tuple[str, list[str]]]:
    """The same of a page shown elsewhere; the window shows it as if the portal had just said so, scripts aside."""
    window.unroute_all()
    window.route(f"{address}/shown", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    window.route("**/*.js", Route.abort)
    window.goto(f"{address}/shown")
    return grave_faults(window)


class Seat:
    """`page` is playwright's; `form` finds a form by its stable name."""

    def __init__(self, page: Page, person: str) -> None:
        self.page = page
        self._person = person.partition(":")[0]
        self._refused: list[str] = []
        page.on("console", lambda message: self._hear(message.text))

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self._refused.append(text)

    def form(self, name: str) -> Locator:
        return self.page.locator(f'form[data-form="{name}"]').first

    def press(self, name: str) -> None:
        """Press the one button of a form, and wait for the page that follows."""
        self.goes(self.form(name).locator("button"))

    def follow(self, link: str) -> None:
        """Click the link with this text, and wait for the page that follows."""
        self.goes(self.page.get_by_role("link", name=link))

    def goes(self, way: Locator) -> None:
        """Click it, and wait for the page that follows. A click alone returns while the old page still stands."""
        with self.page.expect_navigation():
            way.click()

    def choose(self, name: str, field: str, value: str | int) -> None:
        """Choose a radio button or tick a box by clicking its label, as a hand would."""
        box = self.form(name).locator(f'input[name="{field}"][value="{value}"]')
        box.locator("xpath=ancestor::label").click()
        assert box.is_checked()

    def says(self, words: str) -> None:
        assert words in self.page.locator("main").inner_text(), self.page.locator("main").inner_text()

    def looks_right(self, picture: str) -> None:
        """No grave accessibility fault, nothing refused by the page's own policy, and no sideways scrolling."""
        # Axe needs scripts to look, so they are not switched off; of the pages' own, all are files of ours.
        assert self.page.locator("script:not([src^='/static/'])").count() == 0
        assert "".join(self.page.locator("script").all_text_contents()) == ""
        grave = grave_faults(self.page)
        assert grave == [], f"{self.page.url}: {grave}"
        assert self._refused == [], self._refused
        PICTURES.mkdir(parents=True, exist_ok=True)
        self._fits(_WIDE)
        self.page.screenshot(path=PICTURES / f"{self._person}-{picture}-wide.png", full_page=True)
        self.page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        self._fits(_NARROW)
        self.page.screenshot(path=PICTURES / f"{self._person}-{picture}-narrow.png", full_page=True)
        self.page.set_viewport_size(_WIDE)  # type: ignore[arg-type]

    def _fits(self, view: dict[str, int]) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= view["width"], f"{self.page.url} is {width} px wide at {view['width']}"


@contextmanager
def seat(browser: Browser, address: str, person: str, language: str = "en", *, scripts: bool = True) -> Iterator[Seat]:
    """A browser window of its own, in which the person has signed in; without a person, nobody has."""
    context = browser.new_context(
        base_url=address,
        viewport=_WIDE,  # type: ignore[arg-type]
        locale=language,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.goto("/sign-in")
    sat = Seat(page, person or "guest")
    if person:
        page.locator(f'form:has(input[value="{person}"]) button').click()
        page.wait_for_url(f"{address}/")
    try:
        yield sat
    finally:
        context.close()
