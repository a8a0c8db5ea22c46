"""All pages of the seeded clinic, and the states that they can be in, as HTML that a browser can be shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from itertools import takewhile
from typing import Any

import pytest
from fastapi.responses import Response

from deploy.visitor import PageSeen, Visitor
from services.portal.calls import Away, Calls, Refused
from services.portal.settings import SERVICES
from services.portal.visit import Visit
from tests.portal.every_page import NOT_PAGES, browser_of, kind_of, kinds, walk
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER
from tests.portal.whole_clinic import Person, seeded

STAFF = [Person(who, who) for who in (REFERRER, PSYCHOLOGY, "operator:op-byrne")]
FAULTS = {"late": "feedback-closed", "done": "already-answered", "refused": "wrong-status"}
"""What is said of a service's no, and a code for it."""
_MADE_BY = "x-made-by"
_NEVER = ("language", "sign-out", "leave", "sign-in")
"""Forms of every page, by which one would go."""
_NOT_WRONG = ("find", "trust-preferences", "trust-young")
"""Forms in which nothing can be wrong: whatever is looked for has its answer, and one of the choices is always made."""
_KIND = ("class", "type", "role", "lang")
"""What of a tag makes it another kind of tag; of all else only that it is there."""


@dataclass(frozen=True)
class State:
    """One page as it was shown once. `form` is the one in which something was wrong."""

    name: str
    path: str
    html: str
    template: str
    kind: str = ""
    form: str = ""

    @property
    def where(self) -> tuple[str, str, str]:
        """What makes it the same page as another."""
        return self.template, self.kind, self.form

    @property
    def marks(self) -> frozenset[str]:
        """What it is made of: its kinds of tags, without what differs from one person to the next."""
        found = set()
        for tag in re.findall(r"<[a-z][^>]*>", self.html):
            attributes = re.findall(r'([a-z-]+)="([^"]*)"', tag)
            kept = (f"{name}={value if name in _KIND else ''}" for name, value in attributes)
            found.add(" ".join([tag.split()[0].strip("<>"), *sorted(kept)]))
        return frozenset(found)


@dataclass
class States:
    """All of a clinic. `forms` are those that ask for something, `wrong` those that were shown with something wrong."""

    all: list[State] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)

    def add(self, name: str, page: PageSeen, kind: str = "", form: str = "") -> None:
        is_there = page.status in (200, 409, 410)
        made_by = page.headers.get(_MADE_BY, "")
        self.all.append(State(name, page.path, page.html, made_by, kind if is_there else "", form))


@contextmanager
def named_by_template() -> Iterator[None]:
    """Each page says which template made it."""
    real = Visit.page

    @wraps(real)
    def page(visit: Visit, template: str, **values: Any) -> Response:
        answer = real(visit, template, **values)
        answer.headers[_MADE_BY] = template
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Visit, "page", page)
        yield


def states(system: Running) -> States:
    """Everything that anybody can be shown."""
    found = States()
    for person in STAFF:
        for one in walk(browser_of(system, person), person):
            found.add("nothing there yet", one.page, one.kind)
    people = seeded(system)
    browsers = {person: browser_of(system, person) for person in people}
    ways: dict[str, tuple[Visitor, str]] = {}
    for person, browser in browsers.items():
        for one in walk(browser, person):
            found.add(str(person), one.page, one.kind)
            ways.setdefault(one.kind, (browser, one.path))
            _wrong(found, browser, one.page)
    _away(found, list(ways.values()))
    _refused(found, browsers[people[-4]])
    _others(found, system, browsers[people[-4]])
    treated = next(browser for person, browser in browsers.items() if person.name == "who is in treatment")
    found.add("not open yet", treated.get("/programme/8"))
    _links(found, system, people[-1].starts[-1])
    return found


@contextmanager
def instead(name: str, does: Callable[..., Any]) -> Iterator[None]:
    """The portal's calls to the services go otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Calls, name, does)
        yield


async def _all_wrong(
    calls: Calls, user: Any, correlation: str, service: str, path: str, body: Any, *_: Any, **__: Any
) -> Any:
    """A service that accepts nothing, and names every field."""
    raise Refused(422, {"code": "invalid", "errors": [{"where": f"body.{name}"} for name in body]})


def _wrong(found: States, browser: Visitor, page: PageSeen) -> None:
    """Every form of the page with something wrong. Nothing changes, since no service hears of it."""
    hidden = {attrs.get("name") for tag, attrs in page.tags if tag == "input" and attrs.get("type") == "hidden"}
    with instead("post", _all_wrong):
        for form in page.forms:
            name = _unnumbered(form.name)
            if form.method == "post" and form.fields - hidden and name not in {*_NEVER, *_NOT_WRONG, *found.wrong}:
                found.forms.add(name)
                answer = PageSeen(browser.send(form))
                if 'class="problem"' in answer.html:
                    found.wrong.add(name)
                    found.add("something wrong", answer, form=name)


def _unnumbered(name: str) -> str:
    """The name of a form without the number or the id of what it is about."""
    return "-".join(takewhile(lambda part: not any(sign.isdigit() for sign in part), name.split("-")))


def _away(found: States, ways: list[tuple[Visitor, str]]) -> None:
    """Each page while one of the services does not answer, and a form that was sent meanwhile."""
    real = Calls._send
    for away in SERVICES:

        async def send(
            calls: Calls, user: Any, number: str, method: str, service: str, *args: Any, away: str = away, **more: Any
        ) -> Any:
            if service == away:
                raise Away(service)
            return await real(calls, user, number, method, service, *args, **more)

        with instead("_send", send):
            for browser, path in ways:
                found.add(f"without {away}", PageSeen(browser.client.get(path)), kind_of(path) or "")


def _refused(found: States, browser: Visitor) -> None:
    """A service that says no to whoever wants to look, and a portal that breaks."""
    for name, fault in [
        *((name, Refused(409, {"code": code, "title": "A sentence."})) for name, code in FAULTS.items()),
        ("too-many", Refused(429, {"code": "too-many", "title": "A sentence."})),
        ("broken", RuntimeError()),
    ]:

        async def refuses(*_: Any, fault: Exception = fault, **__: Any) -> Any:
            raise fault

        with instead("get", refuses):
            found.add(name, browser.get("/patients"))


def _others(found: States, system: Running, browser: Visitor) -> None:
    """What comes of addresses and forms that are not ours."""
    send = browser.client.post
    found.add("not-found", browser.get("/nowhere"))
    found.add("no-page", browser.get("/sign-out"))
    found.add("not-from-here", PageSeen(send("/patients/new", data={"form_token": "another"})))
    found.add("too-large", PageSeen(send("/patients/new", data={"name": "x" * 100_000})))
    found.add("done", browser.get("/?done=registered"))
    for why in ("session-over", "not-saved"):
        found.add(why, Visitor(system.addresses["portal"]).get(f"/sign-in?done={why}"))
    browser.get("/")
    found.add("not found", browser.submit("find", number="OWN-0"))

    async def away(*_: Any, **__: Any) -> Any:
        raise Away("referrals")

    async def changed(*_: Any, **__: Any) -> Any:
        raise Refused(412, {"code": "version-changed", "title": "Somebody changed this."})

    for name, does in (("sent while a service is away", away), ("changed meanwhile", changed)):
        with instead("post", does):
            form = browser.get("/patients/new").form("register-patient")
            found.add(name, PageSeen(browser.send(form, name="Ana", birth_date="1980-05-03")))


def _links(found: States, system: Running, link: str) -> None:
    """A link that lets somebody in once it is used, and one that was never sent; and whoever leaves quickly."""
    first, second = (Visitor(system.addresses["portal"]) for _ in range(2))
    first.get(link)
    first.submit("sign-in-with")
    found.add("link used", second.get(link))
    found.add("no such link", second.get("/sign-in/with/nonsense"))
    found.add("left quickly", PageSeen(second.client.post("/leave", follow_redirects=False)))


def pages() -> set[str]:
    """Every route of the table that shows one."""
    return {one.path for one in kinds()} - set(NOT_PAGES)
