"""Documents in MongoDB: what is guarded or queried is a field, the rest one JSON value."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import orjson
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from shared.runtime.store.mongo import MongoPart
from shared.runtime.store.port import Document, Json, Mark, Stale, Taken, beyond


class MongoDocuments(MongoPart):
    async def load(self, kind: str, id: str) -> Document | None:
        row = await self._engine.one(f"docs_{kind}", id)
        return _document(kind, row) if row else None

    async def save(self, document: Document) -> None:
        values, absent = _values(document)
        with self._engine.reached() as database:
            collection = database[f"docs_{document.kind}"]
            try:
                if document.rev == 1:
                    await collection.insert_one({"_id": document.id, "relayed": document.relayed, **values})
                    return
                # A relay may have marked meanwhile, without raising rev: its mark is kept, never lowered.
                update = {"$set": values, "$unset": absent, "$max": {"relayed": document.relayed}}
                done = await collection.update_one({"_id": document.id, "rev": document.rev - 1}, update)
            except DuplicateKeyError as refused:
                key = re.search(r"index: one_(\w+)", str(refused))
                # A twin that was created first holds our keys as well, and Stale is the answer that leads to it.
                if key is None or (document.rev == 1 and await collection.find_one({"_id": document.id}, {"_id": 1})):
                    raise Stale(document.id) from refused
                raise Taken(key[1]) from refused
        if done.matched_count == 0:
            raise Stale(document.id)

    async def mark_relayed(self, marks: Sequence[Mark]) -> None:
        updates: dict[str, list[UpdateOne]] = {}
        for mark in marks:
            relay_at = {"$cond": [{"$eq": ["$version", mark.n]}, "$$REMOVE", "$relay_at"]}
            change = {"$set": {"relayed": {"$max": ["$relayed", mark.n]}, "relay_at": relay_at}}
            updates.setdefault(f"docs_{mark.kind}", []).append(UpdateOne({"_id": mark.id}, [change]))
        for name, writes in updates.items():
            await self._engine.bulk(name, writes)

    async def claim_unrelayed(self, kind: str, now: int, limit: int) -> list[Document]:
        waiting = {"$or": [{"relay_at": {"$lte": now}}, {"relay_at": {"$gt": now + 60_000}}]}
        found = await self._engine.find(f"docs_{kind}", waiting, [("relay_at", 1)], limit, "relay_at")
        with self._engine.reached() as database:
            claim = database[f"docs_{kind}"].find_one_and_update
            rows = await asyncio.gather(*(claim(same, {"$set": {"relay_at": now + 30_000}}) for same in found))
        return [_document(kind, row) for row in rows if row]

    async def untold(self, kind: str, limit: int) -> list[Document]:
        rows = await self._engine.find(f"docs_{kind}", {"relay_at": {"$gte": 0}}, [("relay_at", 1)], limit)
        return [_document(kind, row) for row in rows]

    async def due(self, kind: str, now: int, limit: int) -> list[str]:
        rows = await self._engine.find(f"docs_{kind}", {"due_at": {"$lte": now}}, [("due_at", 1)], limit, "_id")
        return [row["_id"] for row in rows]

    async def find(self, kind: str, where: Mapping[str, str], limit: int = 1000) -> list[Document]:
        tests = {f"keys.{key}": value for key, value in where.items()}
        return [_document(kind, row) for row in await self._engine.find(f"docs_{kind}", tests, limit=limit)]

    async def page(self, kind: str, key: str, prefix: str, *, after: str | None = None, limit: int) -> list[Document]:
        low = {"$gt": after} if after is not None and after >= prefix else {"$gte": prefix}
        tests, order = {f"keys.{key}": {**low, "$lt": beyond(prefix)}}, [(f"keys.{key}", 1), ("_id", 1)]
        return [_document(kind, row) for row in await self._engine.find(f"docs_{kind}", tests, order, limit)]

    async def count(self, kind: str, key: str, prefix: str, most: int) -> int:
        tests = {f"keys.{key}": {"$gte": prefix, "$lt": beyond(prefix)}}
        with self._engine.reached() as database:
            return await database[f"docs_{kind}"].count_documents(tests, limit=most, hint=f"in_order_{key}")

    async def load_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        return [_document(kind, row) for row in await self._engine.find(f"docs_{kind}", {"_id": {"$in": list(ids)}})]


def _values(document: Document) -> tuple[Json, Json]:
    """The fields to set, and those to remove: what is absent stays out of the sparse indexes."""
    rest = {name: getattr(document, name) for name in ("state", "outbox", "seen", "requests", "held", "last_event")}
    fields = {name: getattr(document, name) for name in ("version", "rev", "keys", "relay_at", "due_at")}
    values = {name: value for name, value in fields.items() if value is not None}
    return {**values, "body": orjson.dumps(rest)}, dict.fromkeys(fields.keys() - values.keys(), "")


def _document(kind: str, row: Json) -> Document:
    columns: Json = {name: row.get(name) for name in ("version", "rev", "relayed", "relay_at", "due_at", "keys")}
    return Document(id=row["_id"], kind=kind, **columns, **orjson.loads(row["body"]))
