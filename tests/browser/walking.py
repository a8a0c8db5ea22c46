"""Somebody on their way through their own pages, as wide or narrow as their screen is, with JavaScript or without."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from shared.runtime.auth import User, issue
from tests.browser.seat import PICTURES, Seat, faults_of, grave_faults
from tests.portal.running import Running

_HEIGHTS = {320: 640, 1280: 800}


@dataclass(frozen=True)
class Screen:
    """How somebody looks at the pages."""

    width: int
    scripts: bool

    def __str__(self) -> str:
        return f"{self.width}-{'js' if self.scripts else 'plain'}"


SCREENS = [Screen(320, True), Screen(1280, False)]
"""Each width and each way once: the other two would double the time, and `Seat.looks_right` looks at both widths."""
on_every_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)


class Walker(Seat):
    """`shows` is said of every page that they come to."""

    def __init__(self, page: Page, glass: Page, address: str, person: str, screen: Screen) -> None:
        super().__init__(page, person)
        self._glass = glass
        self._address = address
        self._screen = screen
        self._count = 0

    def shows(self, name: str, words: str = "") -> None:
        """The page says these words; it is whole, accessible and no wider than the screen; and its picture is kept."""
        self._count += 1
        self.says(words)
        page = self.page
        where = f"{page.url} on {self._screen}"
        assert page.locator("h1").count() == 1, where
        assert page.title().strip(), where
        assert page.locator("html").get_attribute("lang") in ("en", "es"), where
        assert page.evaluate("document.documentElement.scrollWidth") <= self._screen.width, f"{where} is too wide"
        assert self._accessible() == [], where
        assert self._refused == [], self._refused
        folder = PICTURES / self._person
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{self._count:02}-{name}-{self._screen}.png", full_page=True)

    def _accessible(self) -> list[tuple[str, list[str]]]:
        if self._screen.scripts:
            return grave_faults(self.page)
        # Axe cannot run where no script does.
        return faults_of(self.page.content(), self._glass, self._address)


@contextmanager
def walking(browser: Browser, system: Running, person: str, screen: Screen) -> Iterator[Walker]:
    """A browser window in which that person is signed in: `patient:patient-1`. `patient` alone is not signed in yet."""
    address = system.addresses["portal"]
    size = {"width": screen.width, "height": _HEIGHTS[screen.width]}
    context = browser.new_context(base_url=address, viewport=size, locale="en", java_script_enabled=screen.scripts)  # type: ignore[arg-type]
    glass = browser.new_context(viewport=size)  # type: ignore[arg-type]
    role, _, id = person.partition(":")
    if id:
        token = issue(system.secret, User(id, role), system.clock.now(), timedelta(hours=12))
        context.add_cookies([{"name": "carepath", "value": token, "url": address}])
    walker = Walker(context.new_page(), glass.new_page(), address, role, screen)
    walker.page.goto("/" if id else "/sign-in")
    try:
        yield walker
    finally:
        context.close()
        glass.close()
