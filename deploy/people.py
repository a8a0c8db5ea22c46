"""People who use the services over HTTP, as the portal does for them: for the demo clinic and for the journeys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from shared.runtime.auth import User, issue
from shared.runtime.clock import Clock


class Refused(Exception):
    """The service said no."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(f"{status}: {answer}")
        self.status = status
        self.code = answer.get("code", "") if isinstance(answer, dict) else ""
        self.answer = answer


@dataclass
class Desk:
    """Where people's requests go, and who vouches for them."""

    client: httpx.AsyncClient
    addresses: Mapping[str, str]
    token_secret: str
    clock: Clock
    mail: Path = Path("var/mail")
    """Where messages lie that would have gone to people."""

    def person(self, id: str, role: str) -> "Person":
        return Person(self, User(id, role))


@dataclass
class Person:
    """One signed-in person. Each `post` is one intention; its key is counted, so that a run can be repeated exactly."""

    desk: Desk
    user: User
    _intentions: int = field(default=0)

    async def get(self, service: str, path: str, **query: str) -> Any:
        """What this person sees. Raises `Refused`."""
        return await self._send("GET", service, path, params=query)

    async def post(
        self, service: str, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None, seen: str = "*"
    ) -> Any:
        """What this person does. Raises `Refused`."""
        self._intentions += 1
        headers = {"Idempotency-Key": key or f"{path}#{self._intentions}", "If-Match": seen}
        return await self._send("POST", service, path, json=dict(body or {}), headers=headers)

    async def _send(self, method: str, service: str, path: str, **rest: Any) -> Any:
        token = issue(self.desk.token_secret, self.user, self.desk.clock.now(), timedelta(minutes=10))
        headers = {"Authorization": f"Bearer {token}", **rest.pop("headers", {})}
        answer = await self.desk.client.request(
            method, f"{self.desk.addresses[service]}{path}", headers=headers, **rest
        )
        content = answer.json()
        if answer.is_error:
            raise Refused(answer.status_code, content)
        return content
