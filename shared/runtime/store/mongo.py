"""MongoDB: a collection per kind, and every guard is the filter of a write to one document, so no transactions.

What is guarded or queried is a field, the rest one JSON value: ids may hold dots, field names may not. Writes are
answered once a majority has them on disk; reads see only such writes, from the primary.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC

import orjson
from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import IndexModel, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from shared.runtime.clock import milliseconds
from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Cursor, Document, Heads, Hold, Json, Mark, Schema, Stale, Store, Taken

Order = Sequence[tuple[str, int]]

_PATIENCE: Json = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 30_000}
_MAJORITY = (ReadPreference.PRIMARY, WriteConcern("majority", j=True, wtimeout=10_000), ReadConcern("majority"))
_INDEXES = {
    "ledger": [
        IndexModel([("subject", 1), ("sequence", 1)], name="subject"),
        IndexModel([("patient", 1), ("time", 1)], name="patient"),
        IndexModel("filed_at", name="filed"),
    ],
    "cursors": [IndexModel("hold.sequence", name="held", sparse=True)],
}


def _document_indexes(schema: Schema) -> list[IndexModel]:
    return [
        *(IndexModel(name, name=name, sparse=True) for name in ("relay_at", "due_at")),
        *(IndexModel(f"keys.{key}", name=f"one_{key}", unique=True, sparse=True) for key in schema.unique),
        *(IndexModel(f"keys.{key}", name=f"by_{key}") for key in schema.queried if key not in schema.unique),
    ]


class MongoEngine:
    """The connection to one database of a server, and the few calls that all parts are made of."""

    def __init__(self, url: str, database: str) -> None:
        self._url, self._name = url, database
        # Without password and options: errors and logs show it.
        self._place = f"the store {database} at {re.sub(r'//.*@', '//', url).split('?')[0]}"
        self._client: AsyncIOMotorClient[Json] | None = None
        self._database: AsyncIOMotorDatabase[Json] | None = None

    async def open(self, schemas: Sequence[Schema]) -> None:
        if self._database is not None:
            return
        indexes = _INDEXES | {f"docs_{schema.kind}": _document_indexes(schema) for schema in schemas}
        try:
            with self._faults(PyMongoError, ValueError):
                self._client = AsyncIOMotorClient(self._url, **_PATIENCE)
                self._refuse_weaker(self._client)
                database = self._client.get_database(self._name, None, *_MAJORITY)
                for name, models in indexes.items():
                    await database[name].create_indexes(models)
            self._database = database
        finally:
            if self._database is None:
                await self.close()

    async def ping(self) -> None:
        with self.reached() as database:
            await database.command("ping")

    async def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._database = None

    @contextmanager
    def reached(self) -> Iterator[AsyncIOMotorDatabase[Json]]:
        """The database; a fault of the driver within the block becomes `Unavailable`."""
        if self._database is None:
            raise Unavailable(f"{self._place} is closed")
        with self._faults(PyMongoError):
            yield self._database

    @contextmanager
    def _faults(self, *kinds: type[Exception]) -> Iterator[None]:
        try:
            yield
        except kinds as fault:
            brief = str(fault).split(", Timeout:")[0][:300]
            remedy = "is MongoDB running there with a primary and free space, and are address and password right?"
            raise Unavailable(f"{self._place} failed: {brief}; {remedy}") from fault

    async def find(self, name: str, which: Json, order: Order | None = None, limit: int = 0, *only: str) -> list[Json]:
        with self.reached() as database:
            return await database[name].find(which, only or None).sort(order or [("_id", 1)]).limit(limit).to_list(None)

    async def one(self, name: str, id: str) -> Json | None:
        with self.reached() as database:
            return await database[name].find_one({"_id": id})

    async def update(self, name: str, which: Json, update: Json, upsert: bool = False) -> bool:
        """Whether `which` held. An upsert of what exists, but where `which` does not hold, changes nothing."""
        with self.reached() as database:
            try:
                done = await database[name].update_one(which, update, upsert=upsert)
            except DuplicateKeyError:
                # It exists, or was made this moment by another; `which` may hold for it all the same.
                done = await database[name].update_one(which, update)
            return done.matched_count == 1 or done.upserted_id is not None

    async def bulk(self, name: str, writes: Sequence[UpdateOne]) -> None:
        with self.reached() as database:
            try:
                if writes:
                    await database[name].bulk_write(writes, ordered=False)
            except BulkWriteError as fault:
                if {error["code"] for error in fault.details["writeErrors"]} != {11000}:
                    raise
                # Another upserted the same this moment; once more, to wait for the majority that has it.
                await database[name].bulk_write(writes, ordered=False)

    def _refuse_weaker(self, client: AsyncIOMotorClient[Json]) -> None:
        asked = client.write_concern.document
        are_kept = asked.get("w", "majority") == "majority" and asked.get("j", True)
        are_read = client.read_concern.level in (None, "majority") and client.read_preference == ReadPreference.PRIMARY
        if not (are_kept and are_read):
            options = "w, journal, readConcernLevel and readPreference"
            raise Unavailable(f"{self._place} must keep and read by majority; remove {options} from its address")


class _Part:
    def __init__(self, engine: MongoEngine) -> None:
        self._engine = engine


class MongoDocuments(_Part):
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

    async def due(self, kind: str, now: int, limit: int) -> list[str]:
        rows = await self._engine.find(f"docs_{kind}", {"due_at": {"$lte": now}}, [("due_at", 1)], limit, "_id")
        return [row["_id"] for row in rows]

    async def find(self, kind: str, where: Mapping[str, str], limit: int = 1000) -> list[Document]:
        tests = {f"keys.{key}": value for key, value in where.items()}
        return [_document(kind, row) for row in await self._engine.find(f"docs_{kind}", tests, limit=limit)]


class MongoLedger(_Part):
    async def file(self, entries: Sequence[Json]) -> None:
        await self._engine.bulk("ledger", [_filing(entry) for entry in entries])

    async def history(self, subject: str, above: int = 0, limit: int = 500) -> list[Json]:
        return await self._bodies({"subject": subject, "sequence": {"$gt": above}}, [("sequence", 1)], limit)

    async def of_patient(self, patient: str, limit: int = 1000) -> list[Json]:
        order = [(name, -1) for name in ("time", "sequence", "subject")]
        return (await self._bodies({"patient": patient}, order, limit))[::-1]

    async def with_key(self, subject: str, key: str) -> Json | None:
        return next(iter(await self._bodies({"subject": subject, "key": key}, [("sequence", 1)], 1)), None)

    async def heads(self, since: int | None) -> Heads:
        filed: Json = {} if since is None else {"filed_at": {"$gte": since}}
        steps = [{"$match": filed}, {"$group": {"_id": "$subject", "n": {"$max": "$sequence"}}}]
        with self._engine.reached() as database:
            # The clock is read before the list: what is filed in between is listed again next time, never missed.
            now = (await database.command("hello"))["localTime"].replace(tzinfo=UTC)
            rows = await database["ledger"].aggregate(steps, allowDiskUse=True).to_list(None)
        return Heads(milliseconds(now), tuple((row["_id"], row["n"]) for row in rows))

    async def _bodies(self, which: Json, order: Order, limit: int) -> list[Json]:
        return [orjson.loads(row["body"]) for row in await self._engine.find("ledger", which, order, limit)]


class MongoCursors(_Part):
    async def get(self, sources: Sequence[str]) -> dict[str, Cursor]:
        rows = await self._engine.find("cursors", {"_id": {"$in": list(sources)}})
        return {row["_id"]: _cursor(row) for row in rows}

    async def advance(self, cursors: Sequence[Cursor]) -> None:
        await self._engine.bulk("cursors", [_advance(cursor) for cursor in cursors])

    async def hold(self, source: str, service: str, at: int, hold: Hold) -> bool:
        update = {"$set": {"hold": asdict(hold)}, "$setOnInsert": {"service": service}}
        return await self._engine.update("cursors", {"_id": source, "n": at}, update, upsert=at == 0)

    async def release(self, source: str, at: int) -> bool:
        return await self._engine.update("cursors", {"_id": source, "n": at}, {"$unset": {"hold": ""}})

    async def holding(self) -> list[Cursor]:
        is_next = {"hold.sequence": {"$exists": True}, "$expr": {"$eq": ["$hold.sequence", {"$add": ["$n", 1]}]}}
        return [_cursor(row) for row in await self._engine.find("cursors", is_next)]

    async def listing_mark(self, service: str) -> int | None:
        row = await self._engine.one("listings", service)
        return row["mark"] if row else None

    async def set_listing_mark(self, service: str, mark: int) -> None:
        await self._engine.update("listings", {"_id": service}, {"$set": {"mark": mark}}, upsert=True)

    async def reject(self, id: str, entry: Json) -> None:
        kept = {"body": orjson.dumps(entry), "order": ObjectId()}
        await self._engine.update("rejected", {"_id": id}, {"$setOnInsert": kept}, upsert=True)

    async def rejected(self, limit: int = 100) -> list[Json]:
        rows = await self._engine.find("rejected", {}, [("order", -1)], limit)
        return [{"id": row["_id"], **orjson.loads(row["body"])} for row in rows]


class MongoKeys(_Part):
    async def get(self, person: str) -> Json | None:
        row = await self._engine.one("vault", person)
        return orjson.loads(row["body"]) if row else None

    async def put_new(self, person: str, entry: Json) -> Json:
        new = {"$setOnInsert": {"body": orjson.dumps(entry)}}
        await self._engine.update("vault", {"_id": person}, new, upsert=True)
        [kept] = await self._engine.find("vault", {"_id": person})
        return dict(orjson.loads(kept["body"]))

    async def replace(self, person: str, entry: Json) -> None:
        await self._engine.update("vault", {"_id": person}, {"$set": {"body": orjson.dumps(entry)}}, upsert=True)


def _values(document: Document) -> tuple[Json, Json]:
    """The fields to set, and those to remove: what is absent stays out of the sparse indexes."""
    rest = {name: getattr(document, name) for name in ("state", "outbox", "seen", "requests", "held", "last_event")}
    fields = {name: getattr(document, name) for name in ("version", "rev", "keys", "relay_at", "due_at")}
    values = {name: value for name, value in fields.items() if value is not None}
    return {**values, "body": orjson.dumps(rest)}, dict.fromkeys(fields.keys() - values.keys(), "")


def _document(kind: str, row: Json) -> Document:
    columns = {name: row.get(name) for name in ("version", "rev", "relayed", "relay_at", "due_at", "keys")}
    return Document(id=row["_id"], kind=kind, **columns, **orjson.loads(row["body"]))  # type: ignore[arg-type]


def _filing(entry: Json) -> UpdateOne:
    """Keep an event, stamped by the server's clock; one that is kept already stays as it is."""
    fields = {name: entry[name] for name in ("subject", "sequence", "patient", "time")}
    event = {**fields, "key": entry["idempotencykey"], "body": orjson.dumps(entry)}
    filed = {"$mergeObjects": [{"$literal": event}, {"filed_at": {"$toLong": "$$NOW"}}, "$$ROOT"]}
    return UpdateOne({"_id": entry["id"]}, [{"$replaceWith": filed}], upsert=True)


def _advance(cursor: Cursor) -> UpdateOne:
    """Raise a cursor, and never lower it: what is there is compared in the write itself."""
    ahead = {"$gt": [cursor.n, {"$ifNull": ["$n", -1]}]}
    raised = {
        "service": {"$ifNull": ["$service", {"$literal": cursor.service}]},
        "n": {"$cond": [ahead, cursor.n, "$n"]},
        "last_id": {"$cond": [ahead, {"$literal": cursor.last_id}, "$last_id"]},
    }
    return UpdateOne({"_id": cursor.source}, [{"$set": raised}], upsert=True)


def _cursor(row: Json) -> Cursor:
    hold = row.get("hold")
    return Cursor(row["_id"], row["service"], row["n"], row.get("last_id"), Hold(**hold) if hold else None)


def mongo_store(url: str, database: str) -> Store:
    """A store in one database of a MongoDB server; `url` may not ask for weaker guarantees than ours."""
    engine = MongoEngine(url, database)
    return Store(MongoDocuments(engine), MongoLedger(engine), MongoCursors(engine), MongoKeys(engine), engine)
