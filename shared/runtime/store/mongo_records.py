"""Ledger, cursors and vault keys in MongoDB."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC

import orjson
from bson import ObjectId
from pymongo import UpdateOne

from shared.runtime.clock import milliseconds
from shared.runtime.store.mongo import MongoPart, Order
from shared.runtime.store.port import Cursor, Heads, Hold, Json


class MongoLedger(MongoPart):
    async def file(self, entries: Sequence[Json]) -> None:
        await self._engine.bulk("ledger", [_filing(entry) for entry in entries])

    async def history(self, subject: str, above: int = 0, limit: int = 500) -> list[Json]:
        return await self._bodies({"subject": subject, "sequence": {"$gt": above}}, [("sequence", 1)], limit)

    async def of_patient(self, patient: str, limit: int = 1000) -> list[Json]:
        order = [(name, -1) for name in ("time", "sequence", "subject")]
        return (await self._bodies({"patient": patient}, order, limit))[::-1]

    async def between(
        self, since: str, until: str, *, after: tuple[str, str] | None = None, limit: int = 1000
    ) -> list[Json]:
        low, last = after if after is not None and after >= (since, "") else (since, "")
        behind = {"$or": [{"time": {"$gt": low}}, {"time": low, "_id": {"$gt": last}}]}
        which: Json = {"time": {"$gte": low, "$lt": until}, **behind}
        return await self._bodies(which, [("time", 1), ("_id", 1)], limit)

    async def with_key(self, subject: str, key: str) -> Json | None:
        return next(iter(await self._bodies({"subject": subject, "key": key}, [("sequence", 1)], 1)), None)

    async def heads(self, since: int | None) -> Heads:
        filed: Json = {} if since is None else {"filed_at": {"$gte": since}}
        with self._engine.reached() as database:
            # The clock is read before the list: what is filed in between is listed again next time, never missed.
            now = (await database.command("hello"))["localTime"].replace(tzinfo=UTC)
        return Heads(milliseconds(now), tuple((await self._newest(filed)).items()))

    async def newest(self, subjects: Sequence[str]) -> dict[str, int]:
        return await self._newest({"subject": {"$in": list(subjects)}})

    async def _newest(self, which: Json) -> dict[str, int]:
        steps = [{"$match": which}, {"$group": {"_id": "$subject", "n": {"$max": "$sequence"}}}]
        with self._engine.reached() as database:
            rows = await database["ledger"].aggregate(steps, allowDiskUse=True).to_list(None)
        return {row["_id"]: row["n"] for row in rows}

    async def _bodies(self, which: Json, order: Order, limit: int) -> list[Json]:
        return [orjson.loads(row["body"]) for row in await self._engine.find("ledger", which, order, limit)]


class MongoCursors(MongoPart):
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


class MongoKeys(MongoPart):
    async def get(self, person: str) -> Json | None:
        row = await self._engine.one("vault", person)
        return orjson.loads(row["body"]) if row else None

    async def get_many(self, persons: Sequence[str]) -> dict[str, Json]:
        rows = await self._engine.find("vault", {"_id": {"$in": list(persons)}})
        return {row["_id"]: orjson.loads(row["body"]) for row in rows}

    async def put_new(self, person: str, entry: Json) -> Json:
        new = {"$setOnInsert": {"body": orjson.dumps(entry)}}
        await self._engine.update("vault", {"_id": person}, new, upsert=True)
        [kept] = await self._engine.find("vault", {"_id": person})
        return dict(orjson.loads(kept["body"]))

    async def replace(self, person: str, entry: Json) -> None:
        await self._engine.update("vault", {"_id": person}, {"$set": {"body": orjson.dumps(entry)}}, upsert=True)

    async def swap(self, person: str, before: Json, entry: Json) -> bool:
        kept = {"_id": person, "body": orjson.dumps(before)}
        return await self._engine.update("vault", kept, {"$set": {"body": orjson.dumps(entry)}})

    async def page(self, after: str, limit: int) -> dict[str, Json]:
        rows = await self._engine.find("vault", {"_id": {"$gt": after}}, [("_id", 1)], limit)
        return {row["_id"]: orjson.loads(row["body"]) for row in rows}


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
