"""One request by one person: what they may ask of the services, and the page or the redirect that they get."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment

from services.portal import saved_views, session
from services.portal.calls import Away, Calls, Refused
from services.portal.dates import Dates
from services.portal.forms import Form, Problem, read_form
from services.portal.sessions import Sessions
from services.portal.settings import PortalSettings
from services.portal.staff_door import StaffDoor
from services.portal.words import Language, read_in, words
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_crisis import CrisisHelp
from shared.contracts.clinic_staff import StaffMember
from shared.runtime.auth import User
from shared.runtime.clock import Clock

log = structlog.get_logger()

Again = Callable[[Problem], Awaitable[Response]]

_SEE_OTHER = 303
_LOOK_AGAIN_SECONDS = 0.1
_OF_LOOKING = ("seen", "said", "at_once")
"""What a page sends along when it looks again by itself."""


class SignInFirst(Exception):
    """The page is for somebody who is signed in."""


class NotFromHere(Exception):
    """A form that no page of ours sent, or one of a session that has ended."""


@dataclass(frozen=True)
class Portal:
    """What all requests share."""

    settings: PortalSettings
    clock: Clock
    calls: Calls
    pages: Environment
    sessions: Sessions
    staff_door: StaffDoor | None = None

    def staff(self, id: str | None) -> StaffMember | None:
        return next((member for member in self.settings.clinic.staff if member.id == id), None)


class Visit:
    """Made for each request. `user` raises `SignInFirst` where nobody is signed in."""

    def __init__(self, request: Request, form: Form) -> None:
        self.portal: Portal = request.app.state.portal
        self.request = request
        self.form = form
        # Set before an answer is sent that asks for help at once: whatever becomes of it, the help is shown.
        self.worried = False
        # Services of which a part of the page would have come.
        self.missing: set[str] = set()
        self.now = self.portal.clock.now()
        self.session = session.signed_in(self.portal.settings, request, self.now)
        self.clinic: Clinic = self.portal.settings.clinic
        self.speak(read_in(request.cookies.get(session.LANGUAGE), request.headers.get("accept-language", "")))

    @property
    def signed(self) -> tuple[User, str] | None:
        """Who is here, and the token of their session."""
        return (self.session.user, self.session.token) if self.session else None

    async def check(self) -> None:
        """Whoever was signed out elsewhere, or may not be here any more, is not here."""
        if self.session is not None and not await self.portal.sessions.stands(self, self.session):
            self.session = None
        if self.session is not None and self.session.door == "provider":
            user = await self.portal.staff_door.still(self, self.session) if self.portal.staff_door else None
            self.session = replace(self.session, user=user) if user else None

    def speak(self, language: Language) -> None:
        """In this language from here on."""
        self.language: Language = language
        self.t = words(language)
        self.dates = Dates(language, self.clinic.time_zone, self.now)

    @property
    def user(self) -> User:
        if self.signed is None:
            raise SignInFirst
        return self.signed[0]

    @property
    def crisis(self) -> CrisisHelp:
        return self.clinic.help_in(self.language)

    @property
    def place(self) -> dict[str, str]:
        """Where in a list the page begins that was asked for; nothing at the list's own beginning."""
        after = self.request.query_params.get("after")
        return {"after": after} if after else {}

    @property
    def address(self) -> str:
        """The page that was asked for, without what was done, and what it sends along when it looks again."""
        asked = self.request.query_params.multi_items()
        kept = urlencode([(name, value) for name, value in asked if name not in ("done", *_OF_LOOKING)])
        return f"{self.request.url.path}?{kept}" if kept else self.request.url.path

    async def get(self, service: str, path: str, **query: str) -> Any:
        """What the person may read there. Raises `Refused` or `Away`."""
        try:
            return await self.portal.calls.get(self.user, self.correlation, service, path, **query)
        except Away:
            self.missing.add(service)
            raise

    async def maybe(self, service: str, path: str, **query: str) -> Any:
        """The same, or None while the service is away: for a part of a page that must not take the rest with it."""
        try:
            return await self.get(service, path, **query)
        except Away:
            log.warning("portal.part_missing", service=service)
            return None

    async def found(self, service: str, path: str, **query: str) -> Any:
        """The same, or None where there is nothing, or nothing for this person."""
        try:
            return await self.get(service, path, **query)
        except Refused:
            return None

    async def post(
        self, service: str, path: str, body: Mapping[str, Any], part: str = "", seconds: float | None = None
    ) -> Any:
        """Do what the form asks. `part` names a further step of the same press, `seconds` allows it more time than
        usual. Raises `Refused` or `Away`.
        """
        intention = self.form.intention
        if part:
            intention = intention.part(part)
        return await self.portal.calls.post(self.user, self.correlation, service, path, body, intention, seconds)

    async def submit(
        self, form: str, service: str, path: str, body: Mapping[str, Any], *, then: str, done: str, again: Again
    ) -> Response:
        """Do what the form asks, and go on to `then`; or show the page again with what was wrong and what was typed."""
        try:
            await self.post(service, path, body)
        except Refused as refused:
            if refused.status in (401, 404):
                raise
            return await again(Problem.of(form, refused, self.form))
        return self.go(then, done)

    async def until(self, holds: Callable[[], Awaitable[bool]], seconds: float = 3.0) -> None:
        """Wait a little for the other services to hear of it, so that the next page shows what was just done."""
        try:
            async with asyncio.timeout(seconds):
                while not await holds():
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except (TimeoutError, Away, Refused):
            log.info("portal.not_yet_heard")

    def go(self, path: str, done: str = "") -> Response:
        """On to another page, which says that it is done."""
        said = f"{'&' if '?' in path else '?'}done={done}" if done else ""
        return RedirectResponse(f"{path}{said}", _SEE_OTHER)

    def page(
        self, template: str, *, problem: Problem | None = None, status: int | None = None, **values: Any
    ) -> Response:
        """A page in the reader's language."""
        if status is None:
            status = problem.status if problem else 200
        text = self.portal.pages.get_template(template).render(**self._frame(problem), **values)
        return HTMLResponse(text, status, headers={"Content-Language": self.language})

    def _frame(self, problem: Problem | None) -> dict[str, Any]:
        """What every page may use."""
        settings = self.portal.settings
        dates = self.dates
        return {
            "t": self.t,
            "language": self.language,
            "day": dates.day,
            "last_day": dates.last_day,
            "weekday": dates.weekday,
            "moment": dates.moment,
            "when": dates.when,
            "clock": dates.clock,
            "is_past": dates.is_past,
            "lasting": self._lasting,
            "now": self.now,
            "worried": self.worried,
            "missing": sorted(self.missing),
            "clinic": self.clinic,
            "crisis": self.crisis,
            "role": self.signed[0].role if self.signed else "",
            "me": self.portal.staff(self.signed[0].id) if self.signed else None,
            "staff_name": self.staff_name,
            "problem": problem,
            "done": self.request.query_params.get("done", ""),
            "path": self.request.url.path if self.request.method == "GET" else "/",
            "form_token": session.form_token(settings, self.signed[1]) if self.signed else "",
            "saved_views": saved_views.read(settings, self.request, self.signed[0]) if self.signed else [],
            "fresh_key": session.fresh_key,
            "demo": settings.development_sign_in,
            "staff_door": settings.provider is not None,
        }

    def staff_name(self, id: str | None) -> str:
        """What a member of the staff is called."""
        member = self.portal.staff(id)
        return member.name if member else self.t("common.somebody")

    def _lasting(self, seconds: int) -> str:
        """How long something takes, roughly."""
        if seconds < 60:
            return self.t("activity.seconds", count=seconds)
        return self.t.count("activity.minutes", round(seconds / 60))

    @property
    def correlation(self) -> str:
        """Names this request, in all that it leads to."""
        return str(self.request.state.correlation)


def looks_again(request: Request) -> bool:
    """Whether a page that is open asks for what is new, and not a person for the page."""
    return "seen" in request.query_params


async def arrive(request: Request) -> Visit:
    """The visit of a request; a form that is not from one of our own pages goes no further. Raises `NotFromHere`."""
    form = await read_form(request) if request.method == "POST" else Form()
    visit = Visit(request, form)
    request.state.visit = visit
    await visit.check()
    if request.method == "POST":
        token = visit.signed[1] if visit.signed else None
        if not session.is_from_here(visit.portal.settings, request, token, form.text("form_token")):
            raise NotFromHere
    return visit


async def arrive_at_the_door(request: Request) -> Visit:
    """The visit of somebody who asks to be let in: their form must come from a page of ours, but may be older than the
    session, since a double click sends it twice. Raises `NotFromHere`.
    """
    visit = Visit(request, await read_form(request) if request.method == "POST" else Form())
    request.state.visit = visit
    await visit.check()
    if request.method == "POST" and not session.is_from_here(visit.portal.settings, request, None, ""):
        raise NotFromHere
    return visit


async def arrive_by_link(request: Request) -> Visit:
    """The visit of whoever holds a link that says all: a form may come from anywhere, and nothing in it is read."""
    visit = Visit(request, Form())
    request.state.visit = visit
    return visit


def allow(*roles: str) -> Any:
    """A dependency that lets these roles in; for anybody else the page is not there."""

    async def visit(request: Request) -> Visit:
        found = await arrive(request)
        if found.user.role not in roles:
            raise Refused(404, {"code": "not-found"})
        return found

    return Depends(visit)


Anybody = Annotated[Visit, Depends(arrive)]
AtTheDoor = Annotated[Visit, Depends(arrive_at_the_door)]
ByLink = Annotated[Visit, Depends(arrive_by_link)]
SignedIn = Annotated[Visit, allow("referrer", "psychology", "operator", "patient", "caregiver")]
Reader = Annotated[Visit, allow("referrer", "psychology", "patient", "caregiver")]
Referrer = Annotated[Visit, allow("referrer")]
Psychology = Annotated[Visit, allow("psychology")]
Clinician = Annotated[Visit, allow("referrer", "psychology")]
Patient = Annotated[Visit, allow("patient")]
Chooser = Annotated[Visit, allow("patient", "caregiver")]
Caregiver = Annotated[Visit, allow("caregiver")]
Operator = Annotated[Visit, allow("operator")]
Overseer = Annotated[Visit, allow("psychology", "operator")]
