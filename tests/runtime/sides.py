"""Stores side by side: each answers in a form in which only what the port promises can differ."""

from dataclasses import replace
from typing import Any

from shared.runtime.store.mongo import MongoEngine
from shared.runtime.store.port import Document, Heads, Stale, Store, Taken
from shared.runtime.store.sqlite import SqliteEngine
from tests.runtime.operations import PASS_TIME, REOPEN, SINCE, Call, Operation, Save
from tests.runtime.stores import DISKS, SCHEMAS, open_by_words


class Side:
    """One of the stores that are compared."""

    def __init__(self, place: list[str]) -> None:
        self._place = place
        self.name = place[0]
        self.store = open_by_words(place)
        self._since = self._latest = 0

    async def open(self) -> None:
        await self.store.engine.open(SCHEMAS)

    async def close(self) -> None:
        await self.store.engine.close()

    async def reopen(self) -> None:
        await self.close()
        self.store = open_by_words(self._place)
        await self.open()

    async def clear(self) -> None:
        """Empty it; to make a new one costs more than to use it."""
        self._since = self._latest = 0
        match self.store.engine:
            case SqliteEngine() as engine:
                await engine.write(_empty)
            case MongoEngine() as engine:
                with engine.reached() as database:
                    for name in await database.list_collection_names():
                        await database[name].delete_many({})
            case _:
                del DISKS[self._place[1]]
                await self.reopen()

    async def answer(self, call: Operation) -> Any:
        if call is PASS_TIME:
            return await self._pass_time()
        if call is REOPEN:
            return await self.reopen()
        assert isinstance(call, Call)
        args: list[Any] = [self._since if one is SINCE else one for one in call.args]
        try:
            said = await getattr(getattr(self.store, call.part), call.method)(*args, **call.named)
        except Stale:
            return "stale"
        except Taken as refused:
            return "taken", await self._is_held_by_another(args[0], refused.key)
        match call.method:
            case "save":
                # As a relay does first of all: whether the save has filed it already is left open.
                await self.store.ledger.file(args[0].outbox)
            case "heads":
                return self._listed(said)
            case "claim_unrelayed" | "untold":
                return [one.relay_at for one in said], sorted(said, key=lambda one: one.id)
            case "due":
                found = [await self.store.documents.load(call.args[0], id) for id in said]
                return [one and one.due_at for one in found], sorted(said)
        return said

    async def _pass_time(self) -> None:
        """What is filed from here on is filed since then, and nothing that was filed before."""
        start = (await self.store.ledger.heads(None)).now
        while (now := (await self.store.ledger.heads(None)).now) <= start:
            pass
        self._since = now

    async def _is_held_by_another(self, document: Document, key: str) -> bool:
        """Of several keys that are taken, any may be named; but not one that is free."""
        holders = await self.store.documents.find(document.kind, {key: document.keys[key]})
        return any(one.id != document.id for one in holders)

    def _listed(self, heads: Heads) -> list[tuple[str, int]]:
        assert heads.now >= self._latest, f"the clock of {self.name} went back"
        self._latest = heads.now
        return sorted(heads.heads)


async def settled(operation: Operation, store: Store) -> Operation:
    """The operation with what depends on the contents filled in, and without what the port leaves open."""
    if isinstance(operation, Save):
        stored = await store.documents.load(operation.kind, operation.id)
        rev = 1 if operation.step is None else (stored.rev if stored else 0) + operation.step
        document = Document(operation.id, operation.kind, rev=rev, **operation.fields)
        return Call("documents", "save", (document,))
    if isinstance(operation, Call) and operation.method in ("claim_unrelayed", "untold", "due"):
        kind, *now, limit = operation.args
        documents = await store.documents.find(kind, {})
        if operation.method == "due":
            moments = [one.due_at for one in documents if one.due_at is not None and one.due_at <= now[0]]
        else:
            moments = [one.relay_at for one in documents if one.relay_at is not None]
            moments = [one for one in moments if not now or one <= now[0] or one > now[0] + 60_000]
        return replace(operation, args=(kind, *now, _beyond_equals(sorted(moments), limit)))
    return operation


def _beyond_equals(moments: list[int], limit: int) -> int:
    """Which of equals are within a limit is open."""
    while limit < len(moments) and moments[limit] == moments[limit - 1]:
        limit += 1
    return limit


def _empty(connection: Any) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f"DELETE FROM {name}")
