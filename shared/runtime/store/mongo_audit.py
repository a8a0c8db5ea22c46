"""The audit in MongoDB: a document for each record, and nothing here that changes or removes one."""

from collections.abc import Sequence

from pymongo import UpdateOne

from shared.runtime.store.mongo import MongoPart
from shared.runtime.store.port import Json


class MongoAudit(MongoPart):
    async def append(self, records: Sequence[Json]) -> None:
        # In order, and again from the first after any fault: of a chain, no record may stand without those before it.
        await self._engine.in_order("audit", [_kept(record) for record in records])

    async def chain(self, chain: str, above: int = 0, limit: int = 1000) -> list[Json]:
        found = await self._engine.find("audit", {"chain": chain, "n": {"$gt": above}}, [("n", 1)], limit)
        return [_record(row) for row in found]

    async def heads(self, limit: int) -> list[Json]:
        found: list[Json] = []
        which: Json = {}
        while len(found) < limit and (row := await self._engine.find("audit", which, [("chain", -1), ("n", -1)], 1)):
            found.append(_record(row[0]))
            which = {"chain": {"$lt": found[-1]["chain"]}}
        return found

    async def of_person(self, person: str, before: tuple[str, str, int] | None, limit: int) -> list[Json]:
        which: Json = {"person": person}
        if before is not None:
            at, chain, n = before
            of_that_moment = [{"at": at, "chain": {"$lt": chain}}, {"at": at, "chain": chain, "n": {"$lt": n}}]
            which["$or"] = [{"at": {"$lt": at}}, *of_that_moment]
        order = [("at", -1), ("chain", -1), ("n", -1)]
        return [_record(row) for row in await self._engine.find("audit", which, order, limit)]


def _kept(record: Json) -> UpdateOne:
    id = f"{record['chain']}/{record['n']}"
    return UpdateOne({"_id": id}, {"$setOnInsert": dict(record)}, upsert=True)


def _record(row: Json) -> Json:
    return {name: value for name, value in row.items() if name != "_id"}
