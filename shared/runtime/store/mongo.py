"""MongoDB: a collection per kind, and every guard is the filter of a write to one document, so no transactions.

What is guarded or queried is a field, the rest one JSON value: ids may hold dots, field names may not. Writes are
answered once a majority has them on disk; reads see only such writes, from the primary.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import IndexModel, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from shared.runtime.errors import Unavailable
from shared.runtime.logs import without_password
from shared.runtime.store.port import Json, Schema, Store

Order = Sequence[tuple[str, int]]

_PATIENCE: Json = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "socketTimeoutMS": 30_000}
_MAJORITY = (ReadPreference.PRIMARY, WriteConcern("majority", j=True, wtimeout=10_000), ReadConcern("majority"))
_INDEXES = {
    "ledger": [
        IndexModel([("subject", 1), ("sequence", 1)], name="subject"),
        IndexModel([("patient", 1), ("time", 1)], name="patient"),
        IndexModel("filed_at", name="filed"),
        IndexModel([("time", 1), ("_id", 1)], name="time"),
    ],
    "cursors": [IndexModel("hold.sequence", name="held", sparse=True)],
    "audit": [
        IndexModel([("chain", 1), ("n", 1)], name="chain", unique=True),
        IndexModel([("person", 1), ("at", 1), ("chain", 1), ("n", 1)], name="person"),
    ],
}


def _document_indexes(schema: Schema) -> list[IndexModel]:
    return [
        *(IndexModel(name, name=name, sparse=True) for name in ("relay_at", "due_at")),
        *(IndexModel(f"keys.{key}", name=f"one_{key}", unique=True, sparse=True) for key in schema.unique),
        *(IndexModel(f"keys.{key}", name=f"by_{key}") for key in schema.queried if key not in schema.unique),
        *(IndexModel([(f"keys.{key}", 1), ("_id", 1)], name=f"in_order_{key}") for key in schema.ordered),
    ]


class MongoEngine:
    """The connection to one database of a server, and the few calls that all parts are made of."""

    def __init__(self, url: str, database: str) -> None:
        self._url, self._name = url, database
        # Without password and options: errors and logs show it.
        self._place = f"the store {database} at {without_password(url)}"
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

    async def in_order(self, name: str, writes: Sequence[UpdateOne]) -> None:
        """All of them, or the first few: never a later one without those before it."""
        with self.reached() as database:
            if writes:
                await database[name].bulk_write(writes, ordered=True)

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


class MongoPart:
    """One part of a store, on the engine that all share."""

    def __init__(self, engine: MongoEngine) -> None:
        self._engine = engine


def mongo_store(url: str, database: str) -> Store:
    """A store in one database of a MongoDB server; `url` may not ask for weaker guarantees than ours."""
    from shared.runtime.store.mongo_audit import MongoAudit
    from shared.runtime.store.mongo_documents import MongoDocuments
    from shared.runtime.store.mongo_records import MongoCursors, MongoKeys, MongoLedger

    engine = MongoEngine(url, database)
    ledger, cursors, keys = MongoLedger(engine), MongoCursors(engine), MongoKeys(engine)
    return Store(MongoDocuments(engine), ledger, cursors, keys, MongoAudit(engine), engine)
