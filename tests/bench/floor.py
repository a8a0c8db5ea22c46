"""The floor: the same durable work by hand. No types, no checks, no encryption, no room for another event.

Kept: a guarded save, the event with it in one commit, acknowledged idempotent sends, a mark for what is sent, a cursor
for each source, the offset after the effect. Left out: all else. Being SQLite only, it puts save, event and cursor into
one commit.
"""

import asyncio
import gc
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.bench.system import NOTIFICATIONS, REFERRALS, Applied, contact, person_id, person_number

_TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS docs (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB NOT NULL, sent INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (source TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
"""
SAVE = "INSERT INTO docs VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET rev = ?, body = excluded.body WHERE rev = ?"
_FILE = "INSERT INTO events VALUES (?, ?, 0)"
_SENT = "UPDATE events SET sent = 1 WHERE id = ?"
_CURSOR = "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET n = excluded.n WHERE excluded.n > n"

Statement = tuple[str, tuple[Any, ...]]
Json = dict[str, Any]


class File:
    """One SQLite file. What waits while a commit is under way goes into the next one together."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.executescript(_TABLES)
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[Sequence[Statement], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    def prepare(self, script: str) -> None:
        self._connection.executescript(script)

    def one(self, query: str, *values: Any) -> Any:
        return self._connection.execute(query, values).fetchone()

    def write(self, statements: Sequence[Statement]) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((statements, done))
        if self._task is None:
            self._task = asyncio.create_task(self._write_groups())
        return done

    async def _write_groups(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            self._connection.execute("BEGIN IMMEDIATE")
            for statements, _ in group:
                for statement, values in statements:
                    if self._connection.execute(statement, values).rowcount == 0 and statement is SAVE:
                        raise RuntimeError("somebody else saved it")
            await loop.run_in_executor(self._thread, self._connection.execute, "COMMIT")
            for _, done in group:
                if not done.done():
                    done.set_result(None)
        self._task = None

    async def close(self) -> None:
        if self._task is not None:
            await self._task
        self._thread.shutdown()
        self._connection.close()


class Floor:
    """Both services."""

    def __init__(self, folder: Path, kafka: str, applied: Applied) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        self._applied = applied
        self._kafka = kafka
        self._people = File(folder / "referrals.db")
        self._agendas = File(folder / "notifications.db")
        self._sends: dict[str, asyncio.Task[None]] = {}
        self._consuming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._kafka, acks="all", enable_idempotence=True, linger_ms=2
        )
        await self._producer.start()

    async def listen(self) -> None:
        self._consumer = AIOKafkaConsumer(
            REFERRALS,
            NOTIFICATIONS,
            bootstrap_servers=self._kafka,
            group_id="floor",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=20,
        )
        await self._consumer.start()
        self._consuming = asyncio.create_task(self._consume())

    async def stop(self) -> None:
        if self._consuming is not None:
            self._consuming.cancel()
            await asyncio.gather(self._consuming, return_exceptions=True)
            await self._consumer.stop()
        await asyncio.gather(*self._sends.values())
        await self._producer.stop()
        await self._people.close()
        await self._agendas.close()

    async def register(self, people: Sequence[int]) -> None:
        for start in range(0, len(people), 500):
            some = people[start : start + 500]
            rows = [(person_id(p), orjson.dumps({**contact(p), "n": 0, "consents": []})) for p in some]
            await self._people.write([(SAVE, (id, body, 1, 0)) for id, body in rows])
            await self._agendas.write([(SAVE, (id, body, 1, 0)) for id, body in rows])

    async def command(self, person: int) -> None:
        id = person_id(person)
        rev, body = self._people.one("SELECT rev, body FROM docs WHERE id = ?", id)
        state = orjson.loads(body)
        given = "email" not in state["consents"]
        state["consents"] = ["email"] if given else []
        state["n"] += 1
        event = _event(id, state["n"], "consent_given" if given else "consent_withdrawn", {"scope": "email"})
        filed = orjson.dumps(event)
        await self._people.write(
            [(SAVE, (id, orjson.dumps(state), rev + 1, rev)), (_FILE, (event["id"], filed))],
        )
        self._send(self._people, REFERRALS, id, event["id"], filed)

    async def settled(self) -> bool:
        return not self._sends

    async def effects(self, person: int) -> int:
        return int(orjson.loads(self._agendas.one("SELECT body FROM docs WHERE id = ?", person_id(person))[0])["n"])

    def _send(self, file: File, topic: str, key: str, id: str, value: bytes) -> None:
        before = self._sends.get(key)

        async def send() -> None:
            if before is not None:
                await before
            await (await self._producer.send(topic, value, key.encode()))
            await file.write([(_SENT, (id,))])
            if self._sends.get(key) is task:
                del self._sends[key]

        task = self._sends[key] = asyncio.create_task(send())

    async def _consume(self) -> None:
        while True:
            batch = await self._consumer.getmany(timeout_ms=1000, max_records=500)
            by_key: dict[bytes, list[tuple[int, Any]]] = {}
            offsets: dict[TopicPartition, int] = {}
            for partition, records in batch.items():
                offsets[partition] = records[-1].offset + 1
                for record in records:
                    by_key.setdefault(record.key, []).append(self._read(record.value))
            await asyncio.gather(*(self._apply(key.decode(), events) for key, events in by_key.items()))
            if offsets:
                await self._consumer.commit(offsets)

    def _read(self, value: bytes) -> tuple[int, Any]:
        """An event's number, and the event."""
        event = orjson.loads(value)
        return event["n"], event

    async def _apply(self, source: str, events: list[tuple[int, Any]]) -> None:
        row = self._agendas.one("SELECT n FROM cursors WHERE source = ?", source)
        cursor = row[0] if row else 0
        for n, event in events:
            if n != cursor + 1:
                continue
            cursor = n
            moved = (_CURSOR, (source, cursor))
            if source.startswith("agenda-"):
                await self._agendas.write([moved])
            else:
                await self._change(source, event, moved)

    async def _change(self, id: str, event: Any, moved: Statement) -> None:
        rev, body = self._agendas.one("SELECT rev, body FROM docs WHERE id = ?", id)
        state = orjson.loads(body)
        granted = event["type"] == "consent_given"
        state["consents"] = ["email"] if granted else []
        state["n"] += 1
        agenda = f"agenda-{id}"
        follows = _event(agenda, state["n"], "permission_changed", {"scope": "email", "granted": granted})
        filed = orjson.dumps(follows)
        await self._agendas.write(
            [(SAVE, (id, orjson.dumps(state), rev + 1, rev)), (_FILE, (follows["id"], filed)), moved]
        )
        self._applied(person_number(id))
        self._send(self._agendas, NOTIFICATIONS, agenda, follows["id"], filed)


def _event(subject: str, n: int, type: str, data: Json) -> Json:
    return {"id": f"{subject}:{n}", "n": n, "type": type, "at": datetime.now(UTC), "data": data}
