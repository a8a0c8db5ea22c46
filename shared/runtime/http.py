"""HTTP in: who is asking, what they saw last (`If-Match`), which intention this is (`Idempotency-Key`).

Every route names the roles that it needs by `allow(...)`; a service with a route that does not will not start.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from shared.contracts.commands import Command, Rejected
from shared.runtime import auth
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import NotSignedIn, User
from shared.runtime.core import Core, Found
from shared.runtime.cursors import read_cursor, written_cursor
from shared.runtime.errors import NotFound
from shared.runtime.problems import Forbidden
from shared.runtime.rates import Rates, client_of
from shared.runtime.writing import Intention, Origin

__all__ = ["Caller", "Found", "Page", "allow"]

May = Callable[[User, Any], bool]
_VERSION = re.compile(r'"([0-9]{1,9})"')
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


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


def _written(id: str, version: int, status: int) -> Response:
    return JSONResponse({"id": id, "version": version}, status, headers={"ETag": f'"{version}"'})
