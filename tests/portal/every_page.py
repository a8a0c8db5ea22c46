"""All pages of the portal, by its table of routes and by the links on the pages, as each person may see them."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from deploy.visitor import PageSeen, Visitor
from services.portal.routes import routers
from tests.portal.running import Running
from tests.portal.story import visitor
from tests.portal.whole_clinic import Person

NOT_PAGES = (
    "/health/live",  # for whoever watches the process
    "/health/ready",
    "/calendar/{name}.ics",  # for a calendar
    "/programme/{number}/activities/{place}/recording",  # a sound
    "/static/htmx.js",  # a script
    "/figures.csv",  # for a spreadsheet
    "/sign-in/staff",  # leads to the clinic's own sign-in, and back: test_staff_sign_in.py
    "/sign-in/staff/back",
)
LEAD_ON = ("/my-circle", "/questions/{which}")
"""Addresses that lead on to a page, and have none."""
MOST_OF_A_KIND = 3
"""How many pages of one route one person looks at."""

_HEARD = ("aria-label", "alt", "title", "placeholder")
_VOID = ("input", "meta", "link", "br", "img", "hr", "source")


@dataclass(frozen=True)
class Kind:
    """One route that answers to GET."""

    path: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Seen:
    """One page as one person saw it."""

    person: Person
    kind: str
    path: str
    page: PageSeen

    def __str__(self) -> str:
        return f"{self.path} ({self.kind}) of {self.person}"


@cache
def kinds() -> tuple[Kind, ...]:
    """Every page of the table, in the order in which addresses are tried."""
    app = FastAPI(openapi_url=None)
    for router in routers:
        app.include_router(router)
    found = []
    for route in iter_route_contexts(app.routes):
        if "GET" in (getattr(route, "methods", None) or ()):
            pattern, _, _ = compile_path(str(route.path))
            found.append(Kind(str(route.path), pattern))
    return tuple(found)


def kind_of(path: str) -> str | None:
    """The route that answers for this address."""
    bare = path.partition("#")[0].partition("?")[0]
    return next((one.path for one in kinds() if one.pattern.match(bare)), None)


def walk(browser: Visitor, person: Person) -> Iterator[Seen]:
    """Every page that they may see: all of the table that need no more than their path, and all that links lead to."""
    fixed = [one.path for one in kinds() if "{" not in one.path]
    todo, asked, counted = deque([*person.starts, *fixed]), set[str](), Counter[str]()
    while todo:
        path = todo.popleft().partition("#")[0]
        kind = kind_of(path)
        if kind is None or kind in NOT_PAGES or path in asked or counted[kind] >= MOST_OF_A_KIND:
            continue
        asked.add(path)
        answer = browser.client.get(path, follow_redirects=False)
        if answer.is_redirect:
            todo.appendleft(answer.headers["location"])
            continue
        seen = Seen(person, kind, path, PageSeen(answer))
        if answer.status_code == 200:
            counted[kind] += 1
            todo += seen.page.links
        yield seen


def again(browser: Visitor, seen: Iterable[Seen]) -> Iterator[Seen]:
    """The same pages in another browser."""
    for one in seen:
        yield Seen(one.person, one.kind, one.path, PageSeen(browser.client.get(one.path, follow_redirects=False)))


def browser_of(system: Running, person: Person, language: str = "en") -> Visitor:
    """In which they are signed in, if they are anybody, and read in that language."""
    if person.who:
        return visitor(system, person.who, language)
    guest = Visitor(system.addresses["portal"], language)
    if guest.get("/help").language != language:
        guest.submit("language")
    return guest


class Shown(HTMLParser):
    """What a page says to eyes and ears: pieces of text, each with the language that it says it is in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        language = found.get("lang") or (self._open[-1][1] if self._open else "")
        self.pieces += [(language, value) for name in _HEARD if (value := found.get(name))]
        if tag not in _VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and self._open:
            self.pieces.append((self._open[-1][1], text))

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.pieces)
