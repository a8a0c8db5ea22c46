"""The service without Kafka: real store, vault, routes, sign-in; a clock that tests move, a folder for its mail."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.notifications import access
from services.notifications.agendas import agenda_id
from services.notifications.aggregates import aggregates
from services.notifications.api import router
from services.notifications.channels.local import LocalChannel, LocalShortChannel
from services.notifications.channels.port import EmailChannel, ShortChannel
from services.notifications.domain.codes import CODES
from services.notifications.reactions import reactions
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from shared.contracts.catalogue import PUBLISHERS
from shared.contracts.envelope import Envelope, Event
from shared.contracts.notifications import Channel, MessageClaimed
from shared.runtime.auth import User, issue
from shared.runtime.core import Core
from shared.runtime.service import Parts, Service, open_store
from shared.runtime.settings import Settings
from tests.notifications.opened import Answers
from tests.notifications.people import CLINIC, MORNING, cause

SECRET = "a-secret-that-only-tests-know-and-nobody-else"
TEXTS = Texts(CLINIC)
TABLE = reactions(CLINIC)


@dataclass
class TestClock:
    """Stands still until a test moves it."""

    __test__ = False

    moment: datetime = MORNING

    def now(self) -> datetime:
        return self.moment


@dataclass
class Http:
    """The service and what it said. `sends` is false while a process that claims an e-mail dies before it sends."""

    client: httpx.AsyncClient
    core: Core
    clock: TestClock
    folder: Path
    sender: Sender
    answers: Answers
    sends: bool = True
    said: list[tuple[Envelope, Event]] = field(default_factory=list)
    keys: Any = field(default_factory=count)

    async def get(self, who: User, path: str, status: int = 200) -> Any:
        """What the user reads there."""
        answer = await self.client.get(path, headers=self._auth(who))
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(self, who: User, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One new intention, on whatever version stands."""
        sent = {"Idempotency-Key": f"key-{next(self.keys)}", "If-Match": "*", **self._auth(who), **headers}
        return await self.client.post(path, headers=sent, json=body)

    async def hears(self, *events: Event) -> None:
        """Events of the other services arrive, each a fact of its own."""
        for event in events:
            await self._react(event, f"event-{next(self.keys)}")
        await self._settle()

    async def settle(self) -> None:
        """What was said is heard, and what was claimed is sent."""
        await self._settle()

    async def passes(self, time: timedelta, recipients: Sequence[str]) -> None:
        """Move the clock, and ring what is due."""
        self.clock.moment += time
        for recipient in recipients:
            await self.core.run_timers("agenda", agenda_id(recipient))
        await self._settle()

    def mails(self) -> list[str]:
        """Subject lines of what was sent."""
        return sorted(file.name for file in self.folder.glob("*.eml"))

    async def _settle(self) -> None:
        while self.said:
            envelope, event = self.said.pop(0)
            if isinstance(event, MessageClaimed) and self.sends:
                found = await self.core.load("agenda", envelope.subject)
                await self.sender.offer(envelope, event, found.state)
            if type(event) in TABLE:
                await self._react(event, envelope.id)

    async def _react(self, event: Event, id: str) -> None:
        for target in TABLE[type(event)](event, cause(event, id, self.clock.now())):
            await self.core.execute(target.aggregate, target.id, target.command)

    def _auth(self, who: User) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue(SECRET, who, self.clock.now(), timedelta(hours=1))}"}


@asynccontextmanager
async def serving(
    folder: Path,
    channel: EmailChannel | None = None,
    texts: Texts = TEXTS,
    webhook_secrets: tuple[str, ...] = (),
    rates: Mapping[str, str] | None = None,
) -> AsyncIterator[Http]:
    """The service on an empty store."""
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), SECRET, {}, CLINIC, rates=rates or {})
    clock, mail = TestClock(), folder / "mail"
    parts = Parts(
        name="notifications",
        aggregates=aggregates(CLINIC, texts),
        reactions=TABLE,
        listens_to=("referrals", "interventions", "notifications"),
        router=router(CLINIC, texts, webhook_secrets=webhook_secrets),
        codes=CODES,
        timeline=access.sees_timeline,
    )
    store, vault = open_store(place, "notifications"), open_store(place, "vault")
    service = Service(parts, settings, store, vault, clock)
    await store.engine.open([aggregate.schema for aggregate in parts.aggregates])
    await vault.engine.open([])
    transport = httpx.ASGITransport(app=service.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://notifications") as client:
        short: dict[Channel, ShortChannel] = {
            "sms": LocalShortChannel(mail, "sms"),
            "push": LocalShortChannel(mail, "push"),
        }
        sender = Sender(CLINIC, texts, channel or LocalChannel(mail), service.core, short=short)
        answers = Answers()
        service.core.permissions = answers
        http = Http(client, service.core, clock, mail, sender, answers)

        async def note(envelope: Envelope, event: Any, _state: Any) -> None:
            http.said.append((envelope, event))

        service.core.effects = dict.fromkeys(PUBLISHERS["notifications"], note)
        yield http
    await store.engine.close()
    await vault.engine.close()
