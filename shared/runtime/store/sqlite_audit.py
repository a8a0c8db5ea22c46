"""The audit in SQLite. Two triggers refuse to change or remove a record; person and time are read out of its body."""

import sqlite3
from collections.abc import Sequence

import orjson

from shared.runtime.store.port import Json
from shared.runtime.store.sqlite import SqliteEngine

_APPEND = "INSERT INTO audit (chain, n, body) VALUES (?, ?, ?) ON CONFLICT (chain, n) DO NOTHING"


class SqliteAudit:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def append(self, records: Sequence[Json]) -> None:
        rows = [(record["chain"], record["n"], orjson.dumps(record).decode()) for record in records]
        await self._engine.write(lambda connection: connection.executemany(_APPEND, rows).rowcount)

    async def chain(self, chain: str, above: int = 0, limit: int = 1000) -> list[Json]:
        query = "SELECT body FROM audit WHERE chain = ? AND n > ? ORDER BY n LIMIT ?"
        return await self._bodies(query, (chain, above, limit))

    async def heads(self, limit: int) -> list[Json]:
        # One look at the key for each chain: to group them, every record would be read.
        query = "SELECT chain, body FROM audit WHERE chain < ? ORDER BY chain DESC, n DESC LIMIT 1"

        def work(connection: sqlite3.Connection) -> list[Json]:
            found: list[Json] = []
            below = chr(0x10FFFF)
            while len(found) < limit and (row := connection.execute(query, (below,)).fetchone()):
                below = row[0]
                found.append(orjson.loads(row[1]))
            return found

        return await self._engine.read(work)

    async def of_person(self, person: str, before: tuple[str, str, int] | None, limit: int) -> list[Json]:
        below, values = ("AND (at, chain, n) < (?, ?, ?)", before) if before else ("", ())
        query = f"SELECT body FROM audit WHERE person = ? {below} ORDER BY at DESC, chain DESC, n DESC LIMIT ?"
        return await self._bodies(query, (person, *values, limit))

    async def _bodies(self, query: str, values: Sequence[str | int]) -> list[Json]:
        def work(connection: sqlite3.Connection) -> list[Json]:
            return [orjson.loads(body) for (body,) in connection.execute(query, values)]

        return await self._engine.read(work)
