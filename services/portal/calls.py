"""The only way to the three services: HTTP in the name of whoever is signed in, by a token that lasts two minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from services.portal.settings import PortalSettings
from shared.runtime.auth import User, issue
from shared.runtime.clock import Clock

Json = dict[str, Any]

_TOKEN_LASTS = timedelta(minutes=2)
_SOMETHING_BROKE = 500


class Refused(Exception):
    """The service said no. `code` is stable; `title` is a sentence in English; `detail` and `errors` say about what."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {answer.get('code', '')}")
        self.status = status
        self.code = str(answer.get("code", ""))
        self.title = str(answer.get("title", ""))
        detail = answer.get("detail")
        self.detail: Json = dict(detail) if isinstance(detail, dict) else {}
        self.errors: list[Json] = list(answer.get("errors") or [])


class Away(Exception):
    """A service does not answer, or broke. What was sent may or may not have been done: send it again with its key."""


@dataclass(frozen=True)
class Intention:
    """One press of one button: `key` makes a repeat harmless, `seen` is the version that the person looked at."""

    key: str
    seen: str = ""

    def part(self, name: str) -> "Intention":
        """A further step of the same press, on something that it made itself."""
        return Intention(f"{self.key}.{name}")

    @property
    def headers(self) -> dict[str, str]:
        return {"Idempotency-Key": self.key, "If-Match": f'"{self.seen}"' if self.seen else "*"}


def at(*segments: str) -> str:
    """A path from its parts. Parts come from addresses that people can edit, so none may reach outside its place."""
    if any(segment in ("", ".", "..") for segment in segments):
        raise Refused(404, {"code": "not-found"})
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


class Calls:
    """Shared by all requests; `client` keeps its connections."""

    def __init__(self, settings: PortalSettings, clock: Clock, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._clock = clock
        self._client = client

    async def get(self, user: User, correlation: str, service: str, path: str, **query: str) -> Any:
        """What the user may read there. Raises `Refused` or `Away`."""
        return await self._send(user, correlation, "GET", service, path, params=query)

    async def text(self, user: User, correlation: str, service: str, path: str) -> str:
        """The same, of what is no JSON."""
        return str(await self._send(user, correlation, "GET", service, path, read=lambda answer: answer.text))

    async def post(
        self,
        user: User,
        correlation: str,
        service: str,
        path: str,
        body: Mapping[str, Any],
        intention: Intention,
        seconds: float | None = None,
    ) -> Any:
        """What the user does there. `seconds` is for what takes longer than a press. Raises `Refused` or `Away`."""
        more: Json = {"json": dict(body), "headers": intention.headers, **({"timeout": seconds} if seconds else {})}
        return await self._send(user, correlation, "POST", service, path, **more)

    async def missing(self, service: str) -> dict[str, str]:
        """What the service lacks to do its work; empty when it is ready. Raises `Away`."""
        try:
            answer = await self._client.get(f"{self._settings.services[service]}/health/ready")
            return dict(answer.json()["missing"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
            raise Away(service) from fault

    async def aside(
        self, user: User, correlation: str, method: str, service: str, path: str, seconds: float, **rest: Any
    ) -> Any:
        """What no page shows and no page waits for longer than `seconds`. Raises `Refused` or `Away`."""
        return await self._exchange(user, correlation, method, service, path, timeout=seconds, **rest)

    async def _send(self, user: User, correlation: str, method: str, service: str, path: str, **rest: Any) -> Any:
        return await self._exchange(user, correlation, method, service, path, **rest)

    async def _exchange(
        self,
        user: User,
        correlation: str,
        method: str,
        service: str,
        path: str,
        read: Callable[[httpx.Response], Any] = httpx.Response.json,
        **rest: Any,
    ) -> Any:
        token = issue(self._settings.token_secret, user, self._clock.now(), _TOKEN_LASTS)
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Correlation-Id": correlation,
            **rest.pop("headers", {}),
        }
        try:
            answer = await self._client.request(
                method, f"{self._settings.services[service]}{path}", headers=headers, **rest
            )
            content = read(answer) if answer.is_success else answer.json()
        except (httpx.HTTPError, ValueError) as fault:
            raise Away(service) from fault
        if answer.status_code >= _SOMETHING_BROKE:
            raise Away(service)
        if not answer.is_success:
            raise Refused(answer.status_code, content if isinstance(content, dict) else {})
        return content
