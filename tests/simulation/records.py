"""One process's way to ledger, cursors and vault keys on a simulated disk, and the store that all of it makes up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar
from zlib import crc32

import orjson

from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Cursor, Heads, Hold, Json, Schema, Store
from tests.simulation.disk import DirectLine, Disk, Line, SimulatedDocuments

T = TypeVar("T")


class SimulatedLedger:
    def __init__(self, disk: Disk, line: Line) -> None:
        self._disk, self._line = disk, line

    async def file(self, entries: Sequence[Json]) -> None:
        # One by one: of several writes that belong to no transaction, a crash leaves the first few.
        for entry in entries:
            await self._line.call("ledger.file", partial(self._file, entry, orjson.dumps(entry)), entry)

    def _file(self, entry: Json, body: bytes) -> None:
        if entry["id"] not in self._disk.ledger:
            # Shown only some time after the moment that it is stamped with, as slow writes are.
            stamp = self._disk.now() - crc32(entry["id"].encode()) % self._disk.shown_within
            self._disk.ledger[entry["id"]] = (stamp, body)
            self._disk.by_subject.setdefault(entry["subject"], {})[entry["sequence"]] = entry["id"]

    async def history(self, subject: str, above: int = 0, limit: int = 500) -> list[Json]:
        def work() -> list[Json]:
            return [entry for entry in self._disk.entries(subject) if entry["sequence"] > above][:limit]

        return await self._line.call("ledger.history", work)

    async def of_patient(self, patient: str, limit: int = 1000) -> list[Json]:
        def work() -> list[Json]:
            found = [entry for entry in self._all() if entry["patient"] == patient]
            found.sort(key=lambda entry: (entry["time"], entry["sequence"], entry["subject"]))
            return found[-limit:] if limit else []

        return await self._line.call("ledger.of_patient", work)

    async def between(
        self, since: str, until: str, *, after: tuple[str, str] | None = None, limit: int = 1000
    ) -> list[Json]:
        def work() -> list[Json]:
            found = [entry for entry in self._all() if since <= entry["time"] < until]
            found.sort(key=lambda entry: (entry["time"], entry["id"]))
            return [entry for entry in found if after is None or (entry["time"], entry["id"]) > after][:limit]

        return await self._line.call("ledger.between", work)

    async def with_key(self, subject: str, key: str) -> Json | None:
        def work() -> Json | None:
            found = (entry for entry in self._disk.entries(subject) if entry["idempotencykey"] == key)
            return next(found, None)

        return await self._line.call("ledger.with_key", work, subject)

    async def heads(self, since: int | None) -> Heads:
        def work() -> Heads:
            newest: dict[str, int] = {}
            for subject, ids in self._disk.by_subject.items():
                filed = [n for n, id in ids.items() if since is None or self._disk.ledger[id][0] >= since]
                if filed:
                    newest[subject] = max(filed)
            return Heads(self._disk.now(), tuple(newest.items()))

        return await self._line.call("ledger.heads", work)

    async def newest(self, subjects: Sequence[str]) -> dict[str, int]:
        def work() -> dict[str, int]:
            filed = self._disk.by_subject
            return {subject: max(filed[subject]) for subject in subjects if subject in filed}

        return await self._line.call("ledger.newest", work)

    def _all(self) -> list[Json]:
        return [orjson.loads(body) for _, body in self._disk.ledger.values()]


class SimulatedCursors:
    def __init__(self, disk: Disk, line: Line) -> None:
        self._disk, self._line = disk, line

    async def get(self, sources: Sequence[str]) -> dict[str, Cursor]:
        def work() -> dict[str, Cursor]:
            return {source: self._disk.cursors[source] for source in sources if source in self._disk.cursors}

        return await self._line.call("cursors.get", work)

    async def advance(self, cursors: Sequence[Cursor]) -> None:
        # One by one, as `file` does.
        for cursor in cursors:
            await self._line.call("cursors.advance", partial(self._advance, cursor), cursor)

    def _advance(self, to: Cursor) -> None:
        before = self._disk.cursors.get(to.source)
        if before is None or to.n > before.n:
            self._disk.cursors[to.source] = replace(before or to, n=to.n, last_id=to.last_id)

    async def hold(self, source: str, service: str, at: int, hold: Hold) -> bool:
        def work() -> bool:
            before = self._disk.cursors.get(source)
            if before is None and at == 0:
                before = Cursor(source, service)
            if before is None or before.n != at:
                return False
            self._disk.cursors[source] = replace(before, hold=hold)
            return True

        return await self._line.call("cursors.hold", work, (source, hold))

    async def release(self, source: str, at: int) -> bool:
        def work() -> bool:
            before = self._disk.cursors.get(source)
            if before is None or before.n != at:
                return False
            self._disk.cursors[source] = replace(before, hold=None)
            return True

        return await self._line.call("cursors.release", work, source)

    async def holding(self) -> list[Cursor]:
        def work() -> list[Cursor]:
            return [cursor for _, cursor in sorted(self._disk.cursors.items()) if cursor.held]

        return await self._line.call("cursors.holding", work)

    async def listing_mark(self, service: str) -> int | None:
        return await self._line.call("cursors.listing_mark", lambda: self._disk.listings.get(service))

    async def set_listing_mark(self, service: str, mark: int) -> None:
        await self._line.call("cursors.set_listing_mark", lambda: self._disk.listings.update({service: mark}))

    async def reject(self, id: str, entry: Json) -> None:
        body = orjson.dumps(entry)
        await self._line.call("cursors.reject", lambda: self._disk.rejected.setdefault(id, body), id)

    async def rejected(self, limit: int = 100) -> list[Json]:
        def work() -> list[Json]:
            newest = list(self._disk.rejected.items())[::-1][:limit]
            return [{"id": id, **orjson.loads(body)} for id, body in newest]

        return await self._line.call("cursors.rejected", work)


class SimulatedKeys:
    def __init__(self, disk: Disk, line: Line) -> None:
        self._disk, self._line = disk, line

    async def get(self, person: str) -> Json | None:
        def work() -> Json | None:
            body = self._disk.keys.get(person)
            return orjson.loads(body) if body else None

        return await self._line.call("keys.get", work)

    async def get_many(self, persons: Sequence[str]) -> dict[str, Json]:
        def work() -> dict[str, Json]:
            return {person: orjson.loads(self._disk.keys[person]) for person in persons if person in self._disk.keys}

        return await self._line.call("keys.get_many", work)

    async def put_new(self, person: str, entry: Json) -> Json:
        body = orjson.dumps(entry)
        return await self._line.call(
            "keys.put_new", lambda: dict(orjson.loads(self._disk.keys.setdefault(person, body))), person
        )

    async def replace(self, person: str, entry: Json) -> None:
        body = orjson.dumps(entry)
        await self._line.call("keys.replace", lambda: self._disk.keys.update({person: body}), person)

    async def swap(self, person: str, before: Json, entry: Json) -> bool:
        def work() -> bool:
            holds = self._disk.keys.get(person) == orjson.dumps(before)
            if holds:
                self._disk.keys[person] = orjson.dumps(entry)
            return holds

        return await self._line.call("keys.swap", work, person)

    async def page(self, after: str, limit: int) -> dict[str, Json]:
        def work() -> dict[str, Json]:
            persons = sorted(person for person in self._disk.keys if person > after)[:limit]
            return {person: orjson.loads(self._disk.keys[person]) for person in persons}

        return await self._line.call("keys.page", work)


class SimulatedEngine:
    """The connection: the line, over which calls go only while it is open."""

    def __init__(self, disk: Disk, line: Line) -> None:
        self._disk, self._line = disk, line
        self._is_open = False

    async def open(self, schemas: Sequence[Schema]) -> None:
        def work() -> None:
            self._disk.unique.update({schema.kind: schema.unique for schema in schemas})

        await self._line.call("engine.open", work)
        self._is_open = True

    async def ping(self) -> None:
        await self.call("engine.ping", lambda: None)

    async def close(self) -> None:
        self._is_open = False

    async def call(self, name: str, work: Callable[[], T], about: object = None) -> T:
        if not self._is_open:
            raise Unavailable("the simulated store is closed")
        return await self._line.call(name, work, about)


def simulated_store(disk: Disk, line: Line | None = None) -> Store:
    """A process's store over `disk`, reached by `line`."""
    engine = SimulatedEngine(disk, line or DirectLine())
    return Store(
        SimulatedDocuments(disk, engine),
        SimulatedLedger(disk, engine),
        SimulatedCursors(disk, engine),
        SimulatedKeys(disk, engine),
        engine,
    )
