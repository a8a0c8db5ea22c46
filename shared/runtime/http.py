"""HTTP in: who is asking, what they saw last (`If-Match`), which intention this is (`Idempotency-Key`); clear answers.

Every route names the roles that it needs by `allow(...)`; a service with a route that does not will not start.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from shared.contracts.commands import Command, Rejected
from shared.runtime import auth
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import NotSignedIn, User
from shared.runtime.core import Core, Found
from shared.runtime.cursors import read_cursor, written_cursor
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.rates import Rates, TooMany, client_of
from shared.runtime.writing import Intention, Origin

__all__ = ["Caller", "Found", "Page", "allow", "problem", "problems"]

log = structlog.get_logger()

May = Callable[[User, Any], bool]
_VERSION = re.compile(r'"([0-9]{1,9})"')
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_STATUS = {
    "if-match-missing": 428,
    "if-match-malformed": 400,
    "idempotency-key-missing": 400,
    "idempotency-key-reused": 422,
    "not-delegated": 403,
    "too-large": 413,
}
_ABOUT_THE_REQUEST = ("-missing", "-incomplete", "-refused", "-unknown", "-invalid")


class Forbidden(Exception):
    """The caller's role may not do this at all. 403."""


@dataclass(frozen=True)
class Page:
    """Some of a list. `next` is the cursor that the page after it is asked for by; `None` where there is none.

    `places` has the cursor right behind each of `found`, for whoever shows only some of them.
    """

    found: list[Found]
    next: str | None
    places: list[str]


class Caller:
    """One request by one person, and what it may do."""

    def __init__(self, user: User, core: Core, request: Request, body: bytes) -> None:
        self.user = user
        self.core = core
        self.now = core.clock.now()
        self.actor = user.actor
        self._request = request
        self._body = body

    def counted(self, rule: str) -> None:
        """One more try by this person at what `rule` of `rates.py` is about. Raises `TooMany`."""
        rates: Rates = self._request.app.state.rates
        rates.count(rule, self.actor)

    @property
    def correlation(self) -> str:
        return str(self._request.state.correlation)

    def derived_id(self, prefix: str) -> str:
        """The id of a part that this request adds: the same key by the same person makes the same part."""
        return derived_id(prefix, self._intention().key)

    async def create(self, aggregate: str, prefix: str, make: Callable[[str], Command]) -> Response:
        """Run the command that `make` gives for the new id. The same key by the same person makes the same thing."""
        intention = self._intention()
        id = derived_id(prefix, intention.key)
        outcome = await self.core.execute(aggregate, id, make(id), self._origin(intention, None, None))
        return _written(outcome.id, outcome.version, 201)

    async def change(self, aggregate: str, id: str, command: Command, *, may: May) -> Response:
        """Run `command` on what the caller saw, if `may` lets them."""
        origin = self._origin(self._intention(), self._expected(), lambda state: may(self.user, state))
        outcome = await self.core.execute(aggregate, id, command, origin)
        return _written(outcome.id, outcome.version, 200)

    async def begin_or_change(self, aggregate: str, id: str, make: Callable[[str], Command]) -> Response:
        """Run a command on the one `id`, which the first one begins: who saw nothing yet sends `If-Match: "0"`.

        `make` gets a name for this intention, the same at each repeat. The route says first whether the caller may.
        """
        intention = self._intention()
        origin = self._origin(intention, self._expected(), None)
        outcome = await self.core.execute(aggregate, id, make(intention.key), origin)
        return _written(outcome.id, outcome.version, 200)

    async def load(self, aggregate: str, id: str, *, may: May) -> Found:
        """What stands. Raises `NotFound` also for what the caller may not see."""
        found = await self.core.load(aggregate, id)
        if not may(self.user, found.state):
            raise NotFound(f"{aggregate} {id}")
        return found

    async def find(self, aggregate: str, **where: str) -> list[Found]:
        """All whose queried keys equal `where`. The route says which of them the caller may see."""
        return await self.core.find(aggregate, where)

    async def page(
        self, aggregate: str, key: str, prefix: str, *, after: str | None = None, limit: int, may: May
    ) -> Page:
        """What the caller may see among the next `limit` of those whose ordered `key` begins with `prefix`.

        `after` is the cursor that the page before gave; another one is `Rejected("cursor-invalid")`.
        """
        last = None if after is None else read_cursor(after, prefix)
        found = await self.core.page(aggregate, key, prefix, after=last, limit=limit + 1)
        return self._page(found, limit, may)

    async def merged(
        self, aggregate: str, key: str, prefixes: Sequence[str], *, after: str | None = None, limit: int, may: May
    ) -> Page:
        """As `page`, of several prefixes as one list: in the order of what stands behind the prefix in each value."""
        last = None if after is None else read_cursor(after, key)[len(key) :]
        found = await self.core.merged(aggregate, key, prefixes, after=last, limit=limit + 1)
        return self._page(found, limit, may, key)

    def _page(self, found: list[Found], limit: int, may: May, name: str = "") -> Page:
        some = [(one, written_cursor(name + one.key)) for one in found[:limit]]
        seen = [(one, place) for one, place in some if may(self.user, one.state)]
        places = [place for _, place in seen]
        return Page([one for one, _ in seen], some[-1][1] if len(found) > limit else None, places)

    async def count(self, aggregate: str, key: str, prefix: str, most: int) -> int | None:
        """How many the pages of `prefix` hold together; `None` where it is more than `most`."""
        counted = await self.core.count(aggregate, key, prefix, most + 1)
        return counted if counted <= most else None

    async def load_many(self, aggregate: str, ids: Iterable[str], *, may: May) -> dict[str, Found]:
        """Those of `ids` that exist and that the caller may see, by id."""
        found = await self.core.load_many(aggregate, list(ids))
        return {one.id: one for one in found if may(self.user, one.state)}

    def _origin(self, intention: Intention, expected: int | None, may: Callable[[Any], bool] | None) -> Origin:
        return Origin(self.correlation, f"request:{intention.key}", request=intention, expected=expected, may=may)

    def _intention(self) -> Intention:
        key = self._request.headers.get("Idempotency-Key")
        if key is None or not _KEY.fullmatch(key):
            raise Rejected("idempotency-key-missing")
        what = f"{self._request.method} {self._request.url.path}\n".encode() + self._body
        return Intention(
            hashlib.sha256(f"{self.actor}|{key}".encode()).hexdigest()[:32], hashlib.sha256(what).hexdigest()[:32]
        )

    def _expected(self) -> int | None:
        seen = self._request.headers.get("If-Match")
        if seen is None:
            raise Rejected("if-match-missing")
        if seen == "*":
            return None
        if not (version := _VERSION.fullmatch(seen)):
            raise Rejected("if-match-malformed")
        return int(version[1])


def allow(*roles: str) -> Any:
    """A dependency that lets these roles in, and gives the route its `Caller`."""
    if unknown := set(roles) - set(auth.ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")

    async def caller(request: Request) -> Caller:
        user = _within_bounds(request)
        if user.role not in roles:
            raise Forbidden
        structlog.contextvars.bind_contextvars(actor=user.actor)
        return Caller(user, request.app.state.core, request, await request.body())

    caller.roles = roles  # type: ignore[attr-defined]
    return Depends(caller)


def signed_in(request: Request) -> User:
    """The user of the request's bearer token. Raises `NotSignedIn`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    return auth.read(request.app.state.token_secret, token.strip(), request.app.state.core.clock.now())


def _within_bounds(request: Request) -> User:
    """Whoever asks, if not too often; services may ask one another as often as they like. Raises `TooMany`."""
    rates: Rates = request.app.state.rates
    try:
        user = signed_in(request)
    except NotSignedIn:
        rates.count("sign-in", client_of(request.scope))
        raise
    if user.role != "service":
        rates.count("requests", user.actor)
    return user


def problem(status: int, code: str, title: str, **more: Any) -> JSONResponse:
    """An RFC 9457 answer. `type` is stable and made from `code`."""
    body = {"type": f"urn:carepath:problem:{code}", "title": title, "status": status, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def problems(sentences: dict[str, str]) -> dict[Any, Any]:
    """Exception handlers for an app; `sentences` says each refusal's code in words for people."""

    async def rejected(_: Request, refused: Rejected) -> Response:
        title = sentences.get(refused.code, "This is not possible right now.")
        return problem(_status(refused.code), refused.code, title, detail=refused.detail)

    async def conflict(_: Request, lost: Conflict) -> Response:
        more = {} if lost.version is None else {"version": lost.version}
        return problem(412, "changed-meanwhile", "Somebody changed this meanwhile. Look at it again first.", **more)

    async def unavailable(_: Request, away: Unavailable) -> Response:
        log.warning("answer_unavailable", error=str(away))
        answer = problem(503, "unavailable", "A part of the system does not answer. Nothing was lost; try again soon.")
        answer.headers["Retry-After"] = "5"
        return answer

    async def too_many(_: Request, often: TooMany) -> Response:
        answer = problem(429, "too-many", "This was asked too often. Please wait a little.")
        answer.headers["Retry-After"] = str(often.seconds)
        return answer

    return {
        TooMany: too_many,
        Rejected: rejected,
        Conflict: conflict,
        Unavailable: unavailable,
        NotFound: _fixed(404, "not-found", "There is nothing here, or it is not yours to see."),
        Forbidden: _fixed(403, "forbidden", "Your role does not allow this."),
        NotSignedIn: _not_signed_in,
        RequestValidationError: _malformed,
        ValidationError: _no_command,
        HTTPException: _http,
    }


def _status(code: str) -> int:
    """409 when the state says no, 422 when what was sent is not enough."""
    return _STATUS.get(code) or (422 if code.endswith(_ABOUT_THE_REQUEST) else 409)


def _fixed(status: int, code: str, title: str) -> Callable[[Request, Exception], Any]:
    async def answer(_: Request, __: Exception) -> Response:
        return problem(status, code, title)

    return answer


async def _malformed(_: Request, fault: RequestValidationError) -> Response:
    errors = fault.errors()
    if any(error["type"] == "json_invalid" for error in errors):
        return problem(400, "malformed-json", "The body is not JSON.")
    return _invalid(errors)


async def _no_command(_: Request, fault: ValidationError) -> Response:
    """A part of the address that no command takes. Anything else of ours that is not valid is a bug."""
    if fault.title not in _names(Command):
        raise fault
    return _invalid(fault.errors(include_input=False))


def _names(kind: type[Command]) -> set[str]:
    return {kind.__name__}.union(*(_names(more) for more in kind.__subclasses__()))


def _invalid(errors: Sequence[Any]) -> Response:
    places = [{"where": ".".join(map(str, e["loc"])), "what": e["type"]} for e in errors]
    return problem(422, "invalid", "Some of what was sent is missing or not valid.", errors=places)


async def _http(_: Request, fault: HTTPException) -> Response:
    code = "too-large" if fault.status_code == 413 else f"http-{fault.status_code}"
    answer = problem(fault.status_code, code, str(fault.detail))
    answer.headers.update(fault.headers or {})
    return answer


async def _not_signed_in(_: Request, __: Exception) -> Response:
    answer = problem(401, "not-signed-in", "Please sign in.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _written(id: str, version: int, status: int) -> Response:
    return JSONResponse({"id": id, "version": version}, status, headers={"ETag": f'"{version}"'})
