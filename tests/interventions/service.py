"""The service over HTTP without Kafka: real store, vault, routes, sign-in, programmes; and a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.interventions.catalogue import load_catalogue
from services.interventions.content import Content
from services.interventions.main import CATALOGUE, parts
from services.interventions.reactions import REACTIONS, episode_of
from shared.contracts.envelope import Envelope, Event
from shared.contracts.interventions import EVENTS
from shared.contracts.referrals import ReferralAccepted, ReferralAgreed
from shared.runtime.aggregate import Cause
from shared.runtime.auth import User, issue
from shared.runtime.core import Core
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings
from tests.interventions.example import CLINIC, SYSTEM, T0
from tests.parts.trust import trusting

SECRET = "a-secret-that-only-tests-know-and-nobody-else"
CONTENT = Content(CLINIC, load_catalogue(CATALOGUE))


@dataclass
class TestClock:
    """Stands still until a test moves it."""

    __test__ = False

    moment: datetime = T0

    def now(self) -> datetime:
        return self.moment


@dataclass
class Http:
    """Speaks to the service as one user or another. `said` are own events that were not reacted to yet."""

    client: httpx.AsyncClient
    core: Core
    clock: TestClock
    said: list[tuple[Envelope, Event]]
    keys: Any = field(default_factory=count)

    async def post(self, who: User, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """One new intention on whatever version stands, and what follows from it in this service."""
        sent = {"Idempotency-Key": f"key-{next(self.keys)}", "If-Match": "*", **self._auth(who), **headers}
        answer = await self.client.post(path, json=body, headers=sent)
        await self.settle()
        return answer

    async def did(self, who: User, path: str, body: dict[str, Any] | None = None) -> None:
        """A post that must succeed."""
        answer = await self.post(who, path, body)
        assert answer.status_code == 200, answer.text

    async def refused(self, who: User, path: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
        """A post that must not succeed; answers status and code."""
        answer = await self.post(who, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]

    async def get(self, who: User, path: str, status: int = 200) -> Any:
        """What the user reads there."""
        answer = await self.client.get(path, headers=self._auth(who))
        assert answer.status_code == status, answer.text
        return answer.json()

    async def hears(self, event: Event) -> None:
        """An event of the referrals service arrives."""
        envelope = Envelope(
            id="x", source="carepath/referrals", type=event.TYPE, subject="r", time=self.clock.now(), sequence=1,
            correlation="c", causation="c", actor="a", data={},
        )  # fmt: skip
        self.said.append((envelope, event))
        await self.settle()

    async def days_pass(self, days: float) -> None:
        """Move the clock, and ring what is due."""
        self.clock.moment += timedelta(days=days)
        theirs = ("feedback", {"patient_id": "p1"})
        for kind, where in (("episode", {"status": "active"}), ("risk_alert", {"status": "open"}), theirs):
            for found in await self.core.find(kind, where):
                await self.core.run_timers(kind, found.id)
        for found in await self.core.find("engagement", {}):
            await self.core.run_timers("engagement", found.id)
        await self.settle()

    async def settle(self) -> None:
        """Do what follows in this service from all that was said."""
        while self.said:
            envelope, event = self.said.pop(0)
            if reaction := REACTIONS.get(type(event)):
                for target in reaction(event, Cause(self.clock.now(), SYSTEM, envelope)):
                    await self.core.execute(target.aggregate, target.id, target.command)

    def _auth(self, who: User) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(SECRET, who, self.clock.now(), timedelta(hours=1))}"}


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Http]:
    """The service on an empty store."""
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), SECRET, {}, CLINIC, trusted=trusting(SECRET))
    clock, said = TestClock(), list[tuple[Envelope, Event]]()
    store, vault = open_store(place, "interventions"), open_store(place, "vault")
    service = Service(parts(settings), settings, store, vault, clock)

    async def note(envelope: Envelope, event: Any, _state: Any) -> None:
        said.append((envelope, event))

    service.core.effects = dict.fromkeys(EVENTS, note)
    await store.engine.open([aggregate.schema for aggregate in service.parts.aggregates])
    await vault.engine.open([])
    transport = httpx.ASGITransport(app=service.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://interventions") as client:
        yield Http(client, service.core, clock, said)
    await store.engine.close()
    await vault.engine.close()


async def planned(http: Http, patient: User, referral_id: str = "r1") -> str:
    """The id of an episode whose patient has not answered yet."""
    about: dict[str, Any] = {"at": T0, "referral_id": referral_id, "patient_id": patient.id, "referrer_id": "doc"}
    await http.hears(ReferralAccepted(**about, rationale=None, programme_id="cbt-pain", step=2))
    return episode_of(referral_id)


async def started(http: Http, patient: User, referral_id: str = "r1") -> str:
    """The id of an episode that runs."""
    episode = await planned(http, patient, referral_id)
    about: dict[str, Any] = {"at": T0, "referral_id": referral_id, "patient_id": patient.id, "referrer_id": "doc"}
    await http.hears(ReferralAgreed(**about))
    return episode
