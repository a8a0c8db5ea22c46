"""HTTP in: who is asking, what they saw last (`If-Match`), which intention this is (`Idempotency-Key`); clear answers.

Every route names the roles that it needs by `allow(...)`; a service with a route that does not will not start.
"""

import hashlib
import re
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import structlog
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.contracts.commands import Command, Rejected
from shared.runtime import auth
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import NotSignedIn, User
from shared.runtime.core import Core, Found
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.treating import OUTSIDE, TOGETHER, patient_of
from shared.runtime.writing import Intention, Origin

__all__ = ["Caller", "Found", "Page", "allow", "problem", "problems"]

log = structlog.get_logger()

May = Callable[[User, Any], bool]
_VERSION = re.compile(r'^"(\d{1,9})"$')
_KEY = re.compile(r"^[\x21-\x7e]{1,128}$")
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
    """Some of a list. `next` is the cursor that the page after it is asked for by; `None` where there is none."""

    found: list[Found]
    next: str | None


class Caller:
    """One request by one person, and what it may do."""

    def __init__(self, user: User, core: Core, request: Request, body: bytes) -> None:
        self.user = user
        self.core = core
        self.now = core.clock.now()
        self.actor = user.actor
        self._request = request
        self._body = body

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
        user = self.user
        if self._is_of_a_team(aggregate):
            found = await self.core.load(aggregate, id)
            user = (await self._standing(aggregate, [found]))(found.state)
        origin = self._origin(self._intention(), self._expected(), lambda state: may(user, state))
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
        standing = await self._standing(aggregate, [found])
        if not may(standing(found.state), found.state):
            raise NotFound(f"{aggregate} {id}")
        return found

    async def find(self, aggregate: str, **where: str) -> list[Found]:
        """All whose queried keys equal `where`, but those of another team's patients. The route says which of them the
        caller may see.
        """
        found = await self.core.find(aggregate, where)
        standing = await self._standing(aggregate, found)
        return [one for one in found if standing(one.state).role != OUTSIDE]

    async def page(
        self, aggregate: str, key: str, prefix: str, *, after: str | None = None, limit: int, may: May
    ) -> Page:
        """What the caller may see among the next `limit` of those whose ordered `key` begins with `prefix`.

        `after` is the cursor that the page before gave; another one is `Rejected("cursor-invalid")`.
        """
        last = None if after is None else _read_cursor(after, prefix)
        found = await self.core.page(aggregate, key, prefix, after=last, limit=limit + 1)
        some = found[:limit]
        cursor = _cursor(some[-1].key) if len(found) > limit else None
        standing = await self._standing(aggregate, some)
        return Page([one for one in some if may(standing(one.state), one.state)], cursor)

    async def count(self, aggregate: str, key: str, prefix: str, most: int) -> int | None:
        """How many the pages of `prefix` hold together; `None` where it is more than `most`."""
        counted = await self.core.count(aggregate, key, prefix, most + 1)
        return counted if counted <= most else None

    async def load_many(self, aggregate: str, ids: Iterable[str], *, may: May) -> dict[str, Found]:
        """Those of `ids` that exist and that the caller may see, by id."""
        found = await self.core.load_many(aggregate, list(ids))
        standing = await self._standing(aggregate, found)
        return {one.id: one for one in found if may(standing(one.state), one.state)}

    async def is_outside(self, patient_id: str) -> bool:
        """Whether the caller is of psychology, and another team treats this patient. Raises `Unavailable`."""
        if self.core.treating is None or self.user.role != "psychology":
            return False
        return patient_id not in await self.core.treating.treated(self.user, [patient_id])

    def _is_of_a_team(self, aggregate: str) -> bool:
        return self.core.treating is not None and self.user.role == "psychology" and aggregate not in TOGETHER

    async def _standing(self, aggregate: str, found: Iterable[Found]) -> Callable[[Any], User]:
        """The caller as they stand to each of these: psychology of another team is nobody."""
        treating, outside = self.core.treating, replace(self.user, role=OUTSIDE)
        if treating is None or not self._is_of_a_team(aggregate):
            return lambda _: self.user
        patients = {patient for one in found if (patient := patient_of(one.state))}
        theirs = await treating.treated(self.user, patients) if patients else frozenset()
        return lambda state: self.user if patient_of(state) in (None, *theirs) else outside

    def _origin(self, intention: Intention, expected: int | None, may: Callable[[Any], bool] | None) -> Origin:
        return Origin(self.correlation, f"request:{intention.key}", request=intention, expected=expected, may=may)

    def _intention(self) -> Intention:
        key = self._request.headers.get("Idempotency-Key")
        if key is None or not _KEY.match(key):
            raise Rejected("idempotency-key-missing")
        # Not from `url`, which is made with the Host header: whatever that says, this is the path that was matched.
        what = f"{self._request.method} {self._request.scope['path']}\n".encode() + self._body
        return Intention(
            hashlib.sha256(f"{self.actor}|{key}".encode()).hexdigest()[:32], hashlib.sha256(what).hexdigest()[:32]
        )

    def _expected(self) -> int | None:
        seen = self._request.headers.get("If-Match")
        if seen is None:
            raise Rejected("if-match-missing")
        if seen == "*":
            return None
        if not (version := _VERSION.match(seen)):
            raise Rejected("if-match-malformed")
        return int(version[1])


def allow(*roles: str) -> Any:
    """A dependency that lets these roles in, and gives the route its `Caller`."""
    if unknown := set(roles) - set(auth.ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")

    async def caller(request: Request) -> Caller:
        user = signed_in(request)
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
    return auth.read(request.app.state.trusted, token.strip(), request.app.state.core.clock.now())


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

    return {
        Rejected: rejected,
        Conflict: conflict,
        Unavailable: unavailable,
        NotFound: _fixed(404, "not-found", "There is nothing here, or it is not yours to see."),
        Forbidden: _fixed(403, "forbidden", "Your role does not allow this."),
        NotSignedIn: _not_signed_in,
        RequestValidationError: _malformed,
        HTTPException: _http,
    }


def _cursor(value: str) -> str:
    return urlsafe_b64encode(value.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, prefix: str) -> str:
    """The key value that stands in it. It must be of the list that is asked for."""
    try:
        value = b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except ValueError as fault:
        raise Rejected("cursor-invalid") from fault
    if not value.startswith(prefix):
        raise Rejected("cursor-invalid")
    return value


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
