"""Carepath itself: the services referrals and notifications as their `main.py` wires them, in one process, on SQLite.

The hop is a real one: a patient gives or withdraws the consent to e-mail, and their agenda changes what it permits.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from services.notifications.main import parts as notifications
from services.notifications.reactions import agenda_id
from services.referrals.domain.patient.commands import GiveConsent, RegisterPatient, WithdrawConsent
from services.referrals.domain.referral.commands import DraftReferral, SubmitReferral
from services.referrals.main import parts as referrals
from shared.contracts.notifications import PermissionChanged
from shared.contracts.referrals import ConsentScope, Priority
from shared.runtime.clock import MovedClock, milliseconds
from shared.runtime.logs import configure_logs
from shared.runtime.network import RealNetwork
from shared.runtime.service import Service, open_store, spare_the_collector
from shared.runtime.settings import Settings, load_clinic
from shared.runtime.store.port import Document, Documents, Store
from tests.bench.system import Applied, contact, person_id, person_number
from tests.parts.trust import trusting
from tests.parts.wait import eventually

_ACTOR = "referrer:bench"
_AT_ONCE = 500

Heard = Callable[[int, int], None]

SECRET = "a-secret-that-only-the-benchmark-knows"


class Watched:
    """A store's documents, which tell when the effect of a person's event, by its number, has become durable."""

    def __init__(self, documents: Documents, heard: Heard) -> None:
        self._documents = documents
        self._heard = heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    async def save(self, document: Document) -> None:
        await self._documents.save(document)
        for source, number in document.seen.items():
            if source.startswith("patient-"):
                self._heard(person_number(source), number)


class OneProcess(RealNetwork):
    """Real brokers; the ledgers are read by the services' own HTTP applications, without a socket in between."""

    def __init__(self, kafka: str) -> None:
        super().__init__(kafka)
        self.apps: dict[str, Any] = {}

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self._switch))

    async def _switch(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope["headers"])[b"host"].decode()
        await self.apps[host](scope, receive, send)


class Carepath:
    """Both services."""

    def __init__(self, folder: Path, kafka: str, applied: Applied) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        place = f"sqlite:{folder}"
        configure_logs("INFO", (folder / "log").open("w"))
        spare_the_collector()
        self.clock = MovedClock()
        self.settings = Settings(
            store=place,
            vault=place,
            kafka=kafka,
            master_key=bytes(range(32)),
            token_secret=SECRET,
            trusted=trusting(SECRET),
            services={name: f"http://{name}" for name in ("referrals", "interventions", "notifications")},
            clinic=load_clinic(Path("deploy/clinic.yaml")),
            mail_folder=folder / "mail",
            build="bench",
        )
        self._applied = applied
        self._known = asyncio.Event()
        self._unknown: set[int] = set()
        self._listening = False
        self._given: set[int] = set()
        self._network = OneProcess(kafka)
        self.referrals = self._service(referrals, "referrals")
        self.notifications = self._service(notifications, "notifications", self._heard)

    def _service(self, build: Any, name: str, heard: Heard | None = None) -> Service:
        store: Store = open_store(self.settings.store, name)
        if heard is not None:
            store = replace(store, documents=Watched(store.documents, heard))
        vault = open_store(self.settings.vault, "vault")
        service = Service(build(self.settings), self.settings, store, vault, self.clock, self._network)
        self._network.apps[name] = service.app()
        return service

    async def start(self) -> None:
        await self.referrals.start()

    async def listen(self) -> None:
        await self.notifications.start()
        self._listening = True

    async def stop(self) -> None:
        if self._listening:
            await self.notifications.stop()
        await self.referrals.stop()

    async def register(self, people: Sequence[int]) -> None:
        """By the commands that a clinic would send: whatever grows with people, grows as it does there."""
        for start in range(0, len(people), _AT_ONCE):
            some = people[start : start + _AT_ONCE]
            self._unknown = set(some)
            self._known.clear()
            await asyncio.gather(*(self._register(person) for person in some))
            if self._listening:
                await self._known.wait()

    async def command(self, person: int) -> None:
        kind = WithdrawConsent if person in self._given else GiveConsent
        command = kind(now=self.clock.now(), actor=_ACTOR, scope=ConsentScope.EMAIL)
        await self.referrals.core.execute("patient", person_id(person), command)
        self._given ^= {person}

    async def settled(self) -> bool:
        return self.referrals.idle and self.notifications.idle

    async def effects(self, person: int) -> int:
        count = above = 0
        while page := await self.notifications.store.ledger.history(agenda_id(person_id(person)), above):
            count += sum(entry["type"] == PermissionChanged.TYPE for entry in page)
            above = page[-1]["sequence"]
        return count

    async def overdue(self, referrals: int) -> float:
        """Referrals that triage has not seen in time: the seconds in which all their timers are run."""
        for start in range(0, referrals, _AT_ONCE):
            await asyncio.gather(*(self._refer(n) for n in range(start, min(start + _AT_ONCE, referrals))))
        await eventually(self.settled, "everything published", 60)
        self.clock.offset = timedelta(days=60)
        begun = time.perf_counter()
        documents = self.referrals.store.documents

        async def done() -> bool:
            return not await documents.due("referral", milliseconds(self.clock.now()), 1)

        await eventually(done, "every timer run", 600)
        return time.perf_counter() - begun

    async def _refer(self, n: int) -> None:
        id, execute = f"referral-{n:06d}", self.referrals.core.execute
        asked: dict[str, Any] = {"now": self.clock.now(), "actor": _ACTOR}
        draft = DraftReferral(referral_id=id, patient_id=person_id(n), referrer_id="bench", **asked)
        await execute("referral", id, draft)
        submit = SubmitReferral(
            reason="Pain for two years.",
            goal="Walk to the market.",
            priority=Priority.ROUTINE,
            answers={"PEG": {1: 6, 2: 7, 3: 8}, "PHQ-4": {1: 1, 2: 2, 3: 0, 4: 1}},
            refer_consented=True,
            **asked,
        )
        await execute("referral", id, submit)

    async def _register(self, person: int) -> None:
        known = {**contact(person), "birth_date": date(1980, 2, 3)}
        command = RegisterPatient(now=self.clock.now(), actor=_ACTOR, patient_id=person_id(person), **known)
        await self.referrals.core.execute("patient", person_id(person), command)

    def _heard(self, person: int, number: int) -> None:
        if number > 1:
            self._applied(person)
            return
        self._unknown.discard(person)
        if not self._unknown:
            self._known.set()
