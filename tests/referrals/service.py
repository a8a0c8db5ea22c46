"""The service over HTTP without Kafka: real store, vault, routes and sign-in, and a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.referrals.main import parts
from shared.contracts.clinic import Clinic
from shared.runtime.auth import User, issue
from shared.runtime.core import Core
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings
from tests.parts.trust import trusting
from tests.referrals.people import CLINIC, NOW

SECRET = "a-secret-that-only-tests-know-and-nobody-else"


@dataclass
class TestClock:
    """Stands still until a test moves it."""

    __test__ = False

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Http:
    """Speaks to the service as one user or another."""

    client: httpx.AsyncClient
    service: Service
    clock: TestClock
    keys: Any = field(default_factory=count)

    @property
    def core(self) -> Core:
        return self.service.core

    async def post(self, who: User, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """One new intention, on whatever version stands."""
        sent = {"Idempotency-Key": f"key-{next(self.keys)}", "If-Match": "*", **self._auth(who), **headers}
        return await self.client.post(path, json=body, headers=sent)

    async def did(self, who: User, path: str, body: dict[str, Any] | None = None) -> str:
        """A post that must succeed; answers the id."""
        answer = await self.post(who, path, body)
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["id"])

    async def get(self, who: User, path: str, status: int = 200) -> Any:
        """What the user reads there."""
        answer = await self.client.get(path, headers=self._auth(who))
        assert answer.status_code == status, answer.text
        return answer.json()

    def _auth(self, who: User) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(SECRET, who, self.clock.now(), timedelta(hours=1))}"}


@asynccontextmanager
async def serving(folder: Path, clinic: Clinic = CLINIC) -> AsyncIterator[Http]:
    """The service on an empty store."""
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), SECRET, {}, clinic, trusted=trusting(SECRET))
    clock = TestClock()
    store, vault = open_store(place, "referrals"), open_store(place, "vault")
    service = Service(parts(settings), settings, store, vault, clock)
    await store.engine.open([aggregate.schema for aggregate in service.parts.aggregates])
    await vault.engine.open([])
    transport = httpx.ASGITransport(app=service.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://referrals") as client:
        yield Http(client, service, clock)
    await store.engine.close()
    await vault.engine.close()
