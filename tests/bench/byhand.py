"""The floor with the contents that a clinic needs, still by hand: what Carepath's runtime could at best come to.

Added to the floor: checked types, personal fields sealed for their person and place, whole envelopes, and a history
that answers by person and by time. Still without: any second event, unique keys, requests, timers, holds, gaps, logs.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from services.notifications.domain.state import AgendaState, Permission
from services.referrals.domain.patient.state import PatientState
from shared.contracts.envelope import Envelope, Event
from shared.contracts.notifications import PermissionChanged
from shared.contracts.referrals import ConsentGiven, ConsentScope, ConsentWithdrawn
from shared.runtime.clock import SystemClock
from shared.runtime.store.port import Json
from shared.runtime.store.sqlite import NOW
from shared.runtime.vault import Vault
from tests.bench import floor
from tests.bench.floor import SAVE, Floor, Statement
from tests.bench.system import NOTIFICATIONS, REFERRALS, Applied, contact, person_id, person_number
from tests.simulation.disk import DirectLine, Disk
from tests.simulation.records import SimulatedKeys

_TABLES = """
DROP TABLE events;
CREATE TABLE events (id TEXT PRIMARY KEY, subject TEXT NOT NULL, sequence INTEGER NOT NULL, patient TEXT,
    time TEXT NOT NULL, filed_at INTEGER NOT NULL, body BLOB NOT NULL, sent INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX events_subject ON events (subject, sequence);
CREATE INDEX events_patient ON events (patient, time);
CREATE INDEX events_filed ON events (filed_at);
"""
_FILE = f"INSERT INTO events VALUES (?, ?, ?, ?, ?, {NOW}, ?, 0)"


class Byhand(Floor):
    """Both services."""

    def __init__(self, folder: Path, kafka: str, applied: Applied) -> None:
        super().__init__(folder, kafka, applied)
        self._clock = SystemClock()
        self._vault = Vault(SimulatedKeys(Disk(lambda: 0), DirectLine()), bytes(range(32)), self._clock)
        for file in (self._people, self._agendas):
            file.prepare(_TABLES)

    async def register(self, people: Sequence[int]) -> None:
        for person in people:
            id, agenda = person_id(person), f"agenda-{person_id(person)}"
            known = {**contact(person), "patient_id": id, "registered_by": "bench"}
            patient = PatientState.model_validate(known)
            recipient = AgendaState(recipient_id=id, kind="patient", name=known["name"], email=known["email"])
            self._people.write([(SAVE, (id, await self._sealed(patient, id, id, 1, 0, None), 1, 0))])
            await self._agendas.write([(SAVE, (agenda, await self._sealed(recipient, id, agenda, 1, 0, None), 1, 0))])

    async def command(self, person: int) -> None:
        id = person_id(person)
        rev, n, last, opened = await self._opened(self._people, id)
        state = PatientState.model_validate(opened)
        given = ConsentScope.EMAIL not in state.consents
        kind = ConsentGiven if given else ConsentWithdrawn
        event = kind(at=self._clock.now(), patient_id=id, scope=ConsentScope.EMAIL, caregiver_ids=())
        after = state.model_copy(update={"consents": (ConsentScope.EMAIL,) if given else ()})
        entry = await self._entry("referrals", id, n + 1, last, event, id)
        body = await self._sealed(after, id, id, rev + 1, n + 1, entry["id"])
        await self._people.write([(SAVE, (id, body, rev + 1, rev)), _filing(entry)])
        self._send(self._people, REFERRALS, id, entry["id"], orjson.dumps(entry))

    async def effects(self, person: int) -> int:
        return (await self._opened(self._agendas, f"agenda-{person_id(person)}"))[1]

    def _read(self, value: bytes) -> tuple[int, Any]:
        envelope = Envelope.model_validate_json(value)
        return envelope.sequence, envelope

    async def _change(self, id: str, event: Envelope, moved: Statement) -> None:
        agenda = f"agenda-{id}"
        rev, n, last, opened = await self._opened(self._agendas, agenda)
        state = AgendaState.model_validate(opened)
        kind = ConsentGiven if event.type == ConsentGiven.TYPE else ConsentWithdrawn
        told = kind.model_validate(await self._vault.open(event.data, f"{id}:{event.sequence}"))
        granted = isinstance(told, ConsentGiven)
        scope = told.scope.value
        changed = PermissionChanged(at=self._clock.now(), recipient_id=id, about=id, scope=scope, granted=granted)
        permissions = (Permission(about=id, scope=scope),) if granted else ()
        entry = await self._entry("notifications", agenda, n + 1, last, changed, event.id)
        after = state.model_copy(update={"permissions": permissions})
        body = await self._sealed(after, id, agenda, rev + 1, n + 1, entry["id"])
        await self._agendas.write([(SAVE, (agenda, body, rev + 1, rev)), _filing(entry), moved])
        self._applied(person_number(id))
        self._send(self._agendas, NOTIFICATIONS, agenda, entry["id"], orjson.dumps(entry))

    async def _opened(self, file: floor.File, id: str) -> tuple[int, int, str | None, Any]:
        rev, body = file.one("SELECT rev, body FROM docs WHERE id = ?", id)
        kept = orjson.loads(body)
        return rev, kept["n"], kept["last"], await self._vault.open(kept["state"], f"{id}@{rev}")

    async def _sealed(self, state: BaseModel, person: str, id: str, rev: int, n: int, last: str | None) -> bytes:
        return orjson.dumps({"n": n, "last": last, "state": await self._vault.seal(state, person, f"{id}@{rev}")})

    async def _entry(self, service: str, id: str, n: int, last: str | None, event: Event, cause: str) -> Json:
        identity = hashlib.sha256(f"{id}|{n}|{last}|{event.TYPE}|{event.at.isoformat()}|{cause}".encode())
        return Envelope(
            id=identity.hexdigest()[:32],
            source=f"carepath/{service}",
            type=event.TYPE,
            subject=id,
            time=event.at,
            sequence=n,
            previous=last,
            correlation=id,
            causation=cause,
            actor="referrer:bench",
            patient=event.concerns,
            data=await self._vault.seal(event, getattr(event, event.PERSON, None), f"{id}:{n}"),
        ).model_dump(mode="json")


def _filing(entry: Json) -> Statement:
    values = (entry["id"], entry["subject"], entry["sequence"], entry["patient"], entry["time"], orjson.dumps(entry))
    return _FILE, values
