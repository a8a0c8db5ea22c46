"""What a store keeps, in memory, and one process's way to its documents. The same answers as SQLite and MongoDB give.

Every call passes `Line.call`, which may be slow, fail, or end the process.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson

from shared.runtime.store.port import Cursor, Document, Json, Mark, Stale, Taken, beyond

T = TypeVar("T")


class Line(Protocol):
    """The way from a process to something outside it."""

    async def call(self, name: str, work: Callable[[], T], about: object = None) -> T: ...


class DirectLine:
    """Nothing ever happens on it."""

    async def call(self, name: str, work: Callable[[], T], about: object = None) -> T:
        return work()


@dataclass
class Disk:
    """Everything that one service has stored. `now` is the store's own clock, in milliseconds.

    What is filed is shown up to `shown_within` ms after its stamp.
    """

    now: Callable[[], int]
    shown_within: int = 1
    documents: dict[str, dict[str, Document]] = field(default_factory=dict)
    unique: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ledger: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    by_subject: dict[str, dict[int, str]] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    listings: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    audit: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, Document]:
        return self.documents.setdefault(kind, {})

    def entries(self, subject: str) -> list[Json]:
        """The ledger of one subject, in order."""
        ids = self.by_subject.get(subject, {})
        return [orjson.loads(self.ledger[ids[n]][1]) for n in sorted(ids)]


class SimulatedDocuments:
    def __init__(self, disk: Disk, line: Line) -> None:
        self._disk, self._line = disk, line

    async def load(self, kind: str, id: str) -> Document | None:
        def work() -> Document | None:
            found = self._disk.of(kind).get(id)
            return _copy(found) if found else None

        return await self._line.call("documents.load", work, (kind, id))

    async def save(self, document: Document) -> None:
        await self._line.call("documents.save", lambda: self._save(_copy(document)), document)

    def _save(self, document: Document) -> None:
        kept = self._disk.of(document.kind)
        before = kept.get(document.id)
        if (before.rev if before else 0) != document.rev - 1:
            raise Stale(document.id)
        for key in self._disk.unique.get(document.kind, ()):
            value = document.keys.get(key)
            if value is not None and any(o.id != document.id and o.keys.get(key) == value for o in kept.values()):
                raise Taken(key)
        relayed = max(before.relayed if before else 0, document.relayed)
        kept[document.id] = replace(document, relayed=relayed)

    async def mark_relayed(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            await self._line.call("documents.mark_relayed", partial(self._mark, mark), mark)

    def _mark(self, mark: Mark) -> None:
        found = self._disk.of(mark.kind).get(mark.id)
        if found:
            found.relayed = max(found.relayed, mark.n)
            if found.version == mark.n:
                found.relay_at = None

    async def claim_unrelayed(self, kind: str, now: int, limit: int) -> list[Document]:
        def work() -> list[Document]:
            waiting = [
                (document.relay_at, document)
                for document in self._disk.of(kind).values()
                if document.relay_at is not None and (document.relay_at <= now or document.relay_at > now + 60_000)
            ]
            claimed = [document for _, document in sorted(waiting, key=lambda pair: (pair[0], pair[1].id))[:limit]]
            found = [_copy(document) for document in claimed]
            for document in claimed:
                document.relay_at = now + 30_000
            return found

        return await self._line.call("documents.claim_unrelayed", work, (kind, now))

    async def untold(self, kind: str, limit: int) -> list[Document]:
        def work() -> list[Document]:
            waiting = [(d.relay_at, d.id, d) for d in self._disk.of(kind).values() if d.relay_at is not None]
            return [_copy(document) for _, _, document in sorted(waiting, key=lambda one: one[:2])[:limit]]

        return await self._line.call("documents.untold", work)

    async def due(self, kind: str, now: int, limit: int) -> list[str]:
        def work() -> list[str]:
            due = [(d.due_at, d.id) for d in self._disk.of(kind).values() if d.due_at is not None and d.due_at <= now]
            return [id for _, id in sorted(due)[:limit]]

        return await self._line.call("documents.due", work)

    async def find(self, kind: str, where: Mapping[str, str], limit: int = 1000) -> list[Document]:
        def work() -> list[Document]:
            found = [
                document
                for _, document in sorted(self._disk.of(kind).items())
                if all(document.keys.get(key) == value for key, value in where.items())
            ]
            return [_copy(document) for document in found[:limit]]

        return await self._line.call("documents.find", work)

    async def page(self, kind: str, key: str, prefix: str, *, after: str | None = None, limit: int) -> list[Document]:
        def work() -> list[Document]:
            found = self._in_order(kind, key, prefix)
            later = [document for value, _, document in found if after is None or value > after]
            return [_copy(document) for document in later[:limit]]

        return await self._line.call("documents.page", work)

    async def count(self, kind: str, key: str, prefix: str, most: int) -> int:
        return await self._line.call("documents.count", lambda: min(most, len(self._in_order(kind, key, prefix))))

    def _in_order(self, kind: str, key: str, prefix: str) -> list[tuple[str, str, Document]]:
        found = [(d.keys[key], d.id, d) for d in self._disk.of(kind).values() if key in d.keys]
        # By code points, which is the order of the bytes of UTF-8 as well; an id is there once.
        return sorted((one for one in found if prefix <= one[0] < beyond(prefix)), key=lambda one: one[:2])

    async def load_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        def work() -> list[Document]:
            kept = self._disk.of(kind)
            return [_copy(kept[id]) for id in sorted(set(ids)) if id in kept]

        return await self._line.call("documents.load_many", work)


def _copy(document: Document) -> Document:
    """Nothing of what a process holds in its hands is also on the disk."""
    nested: Any = {"state", "outbox", "seen", "requests", "held", "keys"}
    inner = orjson.loads(orjson.dumps({name: getattr(document, name) for name in nested}))
    return replace(document, **inner)
