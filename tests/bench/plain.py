"""What most projects would write: a FastStream outbox. A transaction a message, a handler a message, a poller."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from pydantic import BaseModel

from tests.bench.system import NOTIFICATIONS, REFERRALS, Applied, contact, person_id, person_number

T = TypeVar("T")

_POLL_SECONDS = 0.01
_POLLED = 100
_TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS docs (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, key TEXT NOT NULL, body TEXT NOT NULL,
    sent INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS unsent ON outbox (n) WHERE sent = 0;
CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY);
"""


class Person(BaseModel):
    id: str
    name: str
    email: str
    birth_date: str
    phone: str
    language: str
    time_zone: str
    n: int = 0
    granted: bool = False


class ConsentChanged(BaseModel):
    id: str
    type: Literal["consent_given", "consent_withdrawn"]
    subject: str
    n: int
    at: datetime


class PermissionChanged(BaseModel):
    id: str
    type: Literal["permission_changed"] = "permission_changed"
    subject: str
    n: int
    granted: bool
    at: datetime


class Database:
    """One SQLite file behind one thread, and a transaction for each piece of work."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.executescript(_TABLES)
        self._thread = ThreadPoolExecutor(1)

    async def transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result

    def close(self) -> None:
        self._thread.shutdown()
        self._connection.close()


class Plain:
    """Both services."""

    def __init__(self, folder: Path, kafka: str, applied: Applied) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._applied = applied
        self._people = Database(folder / "referrals.db")
        self._agendas = Database(folder / "notifications.db")
        self._producing = KafkaBroker(kafka, logger=None, acks="all", enable_idempotence=True)
        self._consuming = KafkaBroker(kafka, logger=None)
        self._pollers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._producing.start()
        self._pollers = [
            asyncio.create_task(self._poll(self._people, REFERRALS)),
            asyncio.create_task(self._poll(self._agendas, NOTIFICATIONS)),
        ]

    async def listen(self) -> None:
        for topic, handle in ((REFERRALS, self._change), (NOTIFICATIONS, self._hear)):
            self._consuming.subscriber(
                topic,
                group_id=f"plain-{topic}",
                auto_offset_reset="earliest",
                ack_policy=AckPolicy.NACK_ON_ERROR,
                # The embedded broker otherwise keeps each message back for half a second.
                fetch_max_wait_ms=20,
            )(handle)
        await self._consuming.start()

    async def stop(self) -> None:
        await self._consuming.stop()
        for poller in self._pollers:
            poller.cancel()
        await asyncio.gather(*self._pollers, return_exceptions=True)
        await self._producing.stop()
        self._people.close()
        self._agendas.close()

    async def register(self, people: Sequence[int]) -> None:
        rows = [(person_id(p), Person(id=person_id(p), **contact(p)).model_dump_json()) for p in people]
        for database in (self._people, self._agendas):
            await database.transaction(lambda c: _none(c.executemany("INSERT INTO docs VALUES (?, ?)", rows)))

    async def command(self, person: int) -> None:
        id = person_id(person)

        def work(connection: sqlite3.Connection) -> None:
            state = _load(connection, id)
            state.n, state.granted = state.n + 1, not state.granted
            _save(connection, state)
            event = ConsentChanged(
                id=f"{id}:{state.n}",
                type="consent_given" if state.granted else "consent_withdrawn",
                subject=id,
                n=state.n,
                at=datetime.now(UTC),
            )
            _put_out(connection, id, event)

        await self._people.transaction(work)

    async def settled(self) -> bool:
        waiting = "SELECT count(*) FROM outbox WHERE sent = 0"
        counts = [await d.transaction(lambda c: c.execute(waiting).fetchone()[0]) for d in self._databases()]
        return sum(counts) == 0

    async def effects(self, person: int) -> int:
        return (await self._agendas.transaction(lambda c: _load(c, person_id(person)))).n

    def _databases(self) -> tuple[Database, Database]:
        return self._people, self._agendas

    async def _change(self, event: ConsentChanged) -> None:
        def work(connection: sqlite3.Connection) -> bool:
            new = connection.execute("INSERT OR IGNORE INTO inbox VALUES (?)", (event.id,)).rowcount == 1
            if new:
                state = _load(connection, event.subject)
                state.n, state.granted = state.n + 1, event.type == "consent_given"
                _save(connection, state)
                told = PermissionChanged(
                    id=f"agenda-{event.id}", subject=event.subject, n=state.n, granted=state.granted, at=event.at
                )
                _put_out(connection, event.subject, told)
            return new

        if await self._agendas.transaction(work):
            self._applied(person_number(event.subject))

    async def _hear(self, event: PermissionChanged) -> None:
        note = "INSERT OR IGNORE INTO inbox VALUES (?)"
        await self._agendas.transaction(lambda c: _none(c.execute(note, (event.id,))))

    async def _poll(self, database: Database, topic: str) -> None:
        mark = "UPDATE outbox SET sent = 1 WHERE n = ?"
        unsent = f"SELECT n, key, body FROM outbox WHERE sent = 0 ORDER BY n LIMIT {_POLLED}"
        while True:
            rows = await database.transaction(lambda c: c.execute(unsent).fetchall())
            for _, key, body in rows:
                await self._producing.publish(body.encode(), topic, key=key.encode())
            if rows:
                sent = [(n,) for n, _, _ in rows]
                await database.transaction(lambda c, sent=sent: _none(c.executemany(mark, sent)))
            else:
                await asyncio.sleep(_POLL_SECONDS)


def _load(connection: sqlite3.Connection, id: str) -> Person:
    return Person.model_validate_json(connection.execute("SELECT body FROM docs WHERE id = ?", (id,)).fetchone()[0])


def _save(connection: sqlite3.Connection, state: Person) -> None:
    connection.execute("UPDATE docs SET body = ? WHERE id = ?", (state.model_dump_json(), state.id))


def _put_out(connection: sqlite3.Connection, key: str, event: BaseModel) -> None:
    connection.execute("INSERT INTO outbox (key, body) VALUES (?, ?)", (key, event.model_dump_json()))


def _none(_: Any) -> None:
    return None
