"""Several people at their own browsers, who go through pages together and are told what happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.visitor import PageSeen, Visitor

_PATIENCE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.3


class StepMissing(Exception):
    """Something that belongs on the way did not happen."""


@dataclass
class Somebody:
    """One person at their own browser, and the messages that they have been shown so far."""

    name: str
    browser: Visitor
    told: list[str] = field(default_factory=list)

    def news(self) -> list[str]:
        """Headings of messages that are new since the last look."""
        before = self.browser.page
        inbox = self.browser.get("/inbox")
        self.browser.page = before
        now = [text.removeprefix("New ") for level, text in inbox.headings if level == "h2"]
        fresh = now[: len(now) - len(self.told)]
        self.told = now
        return list(reversed(fresh))


class Walk:
    """A way through pages that several people go together, each step printed with what they saw and were sent."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._people: list[Somebody] = []
        self._step = 0

    def _sign_in(self, name: str, person: str) -> Somebody:
        browser = Visitor(self._address)
        page = browser.get("/sign-in")
        if not page.has_form("sign-in"):
            raise StepMissing(f"{self._address} has no development sign-in; only the embedded mode has one (make demo)")
        page = browser.submit(page.forms[_first(page, "sign-in")], person=person)
        if page.status != 200 or page.has_form("sign-in"):
            raise StepMissing(f"{name} could not sign in: {page.text.strip()[:200]}")
        somebody = Somebody(name, browser)
        somebody.news()
        self._people.append(somebody)
        return somebody

    def _submit(self, who: Somebody, form: str, **values: str | list[str]) -> PageSeen:
        if not who.browser.page.has_form(form):
            raise StepMissing(f"{who.name} sees no way to {form} on {who.browser.page.path}")
        page = who.browser.submit(form, **values)
        if page.status != 200 or page.title.startswith("Error"):
            raise StepMissing(f"{who.name} could not {form}: {page.title} {' '.join(page.text.split())[:300]}")
        return page

    def _wait(self, who: Somebody, path: str, holds: Callable[[PageSeen], bool], what: str) -> PageSeen:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not holds(page := who.browser.get(path)):
            if time.monotonic() > deadline:
                raise StepMissing(
                    f"{who.name} never saw {what} on {path}; the page says: {' '.join(page.text.split())}"
                )
            time.sleep(_LOOK_AGAIN_SECONDS)
        return page

    def _say(self, what: str, page: PageSeen) -> None:
        if what:
            self._step += 1
            print(f"\n{self._step}. {what}")
        seen = " ".join(page.text.split())
        print(f"   saw: {seen[:150]}{'...' if len(seen) > 150 else ''}")
        for somebody in self._people:
            for heading in somebody.news():
                print(f"   sent to {somebody.name}: {heading}")


def link_to(page: PageSeen, start: str) -> str | None:
    return next((link for link in page.links if link.startswith(start)), None)


def _first(page: PageSeen, form: str) -> int:
    return next(index for index, found in enumerate(page.forms) if found.name == form)
