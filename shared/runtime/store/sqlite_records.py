"""Ledger, cursors and vault keys in SQLite."""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from shared.runtime.store.port import Cursor, Heads, Hold, Json
from shared.runtime.store.sqlite import NOW, SqliteEngine

FILE = (
    "INSERT INTO ledger (id, subject, sequence, patient, key, time, body, filed_at)"
    f" VALUES (?, ?, ?, ?, ?, ?, ?, {NOW}) ON CONFLICT (id) DO NOTHING"
)
_FEW = 500


def filings(entries: Sequence[Json]) -> list[tuple[Any, ...]]:
    """The values of `FILE`, for each entry."""
    return [
        (e["id"], e["subject"], e["sequence"], e["patient"], e["idempotencykey"], e["time"], orjson.dumps(e))
        for e in entries
    ]


def _unfiled(connection: sqlite3.Connection, entries: Sequence[Json]) -> list[Json]:
    known = "SELECT 1 FROM ledger WHERE id = ?"
    return [entry for entry in entries if not connection.execute(known, (entry["id"],)).fetchone()]


class SqliteLedger:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def file(self, entries: Sequence[Json]) -> None:
        # A save has filed them already; a commit is only needed for what came another way.
        if len(entries) <= _FEW:
            entries = self._engine.look_up(lambda connection: _unfiled(connection, entries))
        if entries:
            rows = filings(entries)
            await self._engine.write(lambda connection: connection.executemany(FILE, rows).rowcount)

    async def history(self, subject: str, above: int = 0, limit: int = 500) -> list[Json]:
        query = "SELECT body FROM ledger WHERE subject = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        return await self._bodies(query, (subject, above, limit))

    async def of_patient(self, patient: str, limit: int = 1000) -> list[Json]:
        query = "SELECT body FROM ledger WHERE patient = ? ORDER BY time DESC, sequence DESC, subject DESC LIMIT ?"
        return list(reversed(await self._bodies(query, (patient, limit))))

    async def between(
        self, since: str, until: str, *, after: tuple[str, str] | None = None, limit: int = 1000
    ) -> list[Json]:
        # One lower bound, the higher one: with both, the index would be entered at either of them.
        further = after is not None and after >= (since, "")
        bound, low = ("(time, id) > (?, ?)", after) if further and after else ("time >= ?", (since,))
        query = f"SELECT body FROM ledger WHERE {bound} AND time < ? ORDER BY time, id LIMIT ?"
        return await self._bodies(query, (*low, until, limit))

    async def with_key(self, subject: str, key: str) -> Json | None:
        query = "SELECT body FROM ledger WHERE subject = ? AND key = ? ORDER BY sequence LIMIT 1"
        return next(iter(await self._bodies(query, (subject, key))), None)

    async def heads(self, since: int | None) -> Heads:
        def work(connection: sqlite3.Connection) -> Heads:
            # The clock is read before the list: what is filed in between is listed again next time, never missed.
            now = connection.execute(f"SELECT {NOW}").fetchone()[0]
            query = "SELECT subject, max(sequence) FROM ledger WHERE filed_at >= ? GROUP BY subject"
            rows = connection.execute(query, (since if since is not None else -1,)).fetchall()
            return Heads(now, tuple((subject, n) for subject, n in rows))

        return await self._engine.read(work)

    async def newest(self, subjects: Sequence[str]) -> dict[str, int]:
        query = "SELECT max(sequence) FROM ledger WHERE subject = ?"

        def work(connection: sqlite3.Connection) -> dict[str, int]:
            found = ((subject, connection.execute(query, (subject,)).fetchone()[0]) for subject in subjects)
            return {subject: n for subject, n in found if n is not None}

        return self._engine.look_up(work) if len(subjects) <= _FEW else await self._engine.read(work)

    async def _bodies(self, query: str, values: tuple[Any, ...]) -> list[Json]:
        rows = await self._engine.read(lambda connection: connection.execute(query, values).fetchall())
        return [orjson.loads(row[0]) for row in rows]


_CURSOR = "SELECT source, service, n, last_id, hold FROM cursors"


class SqliteCursors:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def get(self, sources: Sequence[str]) -> dict[str, Cursor]:
        def work(connection: sqlite3.Connection) -> dict[str, Cursor]:
            found = {}
            for source in sources:
                if row := connection.execute(f"{_CURSOR} WHERE source = ?", (source,)).fetchone():
                    found[source] = _cursor(row)
            return found

        return self._engine.look_up(work) if len(sources) <= _FEW else await self._engine.read(work)

    async def advance(self, cursors: Sequence[Cursor]) -> None:
        statement = (
            "INSERT INTO cursors (source, service, n, last_id) VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET"
            " n = excluded.n, last_id = excluded.last_id WHERE excluded.n > n"
        )
        values = [(cursor.source, cursor.service, cursor.n, cursor.last_id) for cursor in cursors]
        await self._engine.write(lambda connection: connection.executemany(statement, values).rowcount)

    async def hold(self, source: str, service: str, at: int, hold: Hold) -> bool:
        body = orjson.dumps(asdict(hold))
        create = "INSERT INTO cursors (source, service, n) VALUES (?, ?, 0) ON CONFLICT (source) DO NOTHING"
        update = "UPDATE cursors SET hold = ?, hold_sequence = ? WHERE source = ? AND n = ?"

        def work(connection: sqlite3.Connection) -> bool:
            if at == 0:
                connection.execute(create, (source, service))
            return connection.execute(update, (body, hold.sequence, source, at)).rowcount == 1

        return await self._engine.write(work)

    async def release(self, source: str, at: int) -> bool:
        update = "UPDATE cursors SET hold = NULL, hold_sequence = NULL WHERE source = ? AND n = ?"
        return await self._engine.write(lambda connection: connection.execute(update, (source, at)).rowcount == 1)

    async def holding(self) -> list[Cursor]:
        query = f"{_CURSOR} WHERE hold_sequence IS NOT NULL AND hold_sequence = n + 1"
        rows = await self._engine.read(lambda connection: connection.execute(query).fetchall())
        return [_cursor(row) for row in rows]

    async def listing_mark(self, service: str) -> int | None:
        query = "SELECT mark FROM listings WHERE service = ?"
        row = await self._engine.read(lambda connection: connection.execute(query, (service,)).fetchone())
        return row[0] if row else None

    async def set_listing_mark(self, service: str, mark: int) -> None:
        statement = "INSERT OR REPLACE INTO listings (service, mark) VALUES (?, ?)"
        await self._engine.write(lambda connection: connection.execute(statement, (service, mark)).rowcount)

    async def reject(self, id: str, entry: Json) -> None:
        insert = "INSERT INTO rejected (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
        body = orjson.dumps(entry)
        await self._engine.write(lambda connection: connection.execute(insert, (id, body)).rowcount)

    async def rejected(self, limit: int = 100) -> list[Json]:
        query = "SELECT id, body FROM rejected ORDER BY rowid DESC LIMIT ?"
        rows = await self._engine.read(lambda connection: connection.execute(query, (limit,)).fetchall())
        return [{"id": row[0], **orjson.loads(row[1])} for row in rows]


def _cursor(row: Sequence[Any]) -> Cursor:
    source, service, n, last_id, hold = row
    return Cursor(source, service, n, last_id, Hold(**orjson.loads(hold)) if hold else None)


class SqliteKeys:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def get(self, person: str) -> Json | None:
        query = "SELECT body FROM vault WHERE person = ?"
        row = self._engine.look_up(lambda connection: connection.execute(query, (person,)).fetchone())
        return orjson.loads(row[0]) if row else None

    async def get_many(self, persons: Sequence[str]) -> dict[str, Json]:
        query = "SELECT body FROM vault WHERE person = ?"

        def work(connection: sqlite3.Connection) -> dict[str, Json]:
            rows = ((person, connection.execute(query, (person,)).fetchone()) for person in persons)
            return {person: orjson.loads(row[0]) for person, row in rows if row}

        return self._engine.look_up(work) if len(persons) <= _FEW else await self._engine.read(work)

    async def put_new(self, person: str, entry: Json) -> Json:
        body = orjson.dumps(entry)

        def work(connection: sqlite3.Connection) -> Json:
            connection.execute("INSERT INTO vault (person, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (person, body))
            kept = connection.execute("SELECT body FROM vault WHERE person = ?", (person,)).fetchone()
            return dict(orjson.loads(kept[0]))

        return await self._engine.write(work)

    async def replace(self, person: str, entry: Json) -> None:
        body = orjson.dumps(entry)
        statement = "INSERT OR REPLACE INTO vault (person, body) VALUES (?, ?)"
        await self._overwrite(statement, (person, body))

    async def swap(self, person: str, before: Json, entry: Json) -> bool:
        statement = "UPDATE vault SET body = ? WHERE person = ? AND body = ?"
        return await self._overwrite(statement, (orjson.dumps(entry), person, orjson.dumps(before)), at_rest=False)

    async def page(self, after: str, limit: int) -> dict[str, Json]:
        query = "SELECT person, body FROM vault WHERE person > ? ORDER BY person LIMIT ?"
        rows = await self._engine.read(lambda connection: connection.execute(query, (after, limit)).fetchall())
        return {person: orjson.loads(body) for person, body in rows}

    async def _overwrite(self, statement: str, values: tuple[Any, ...], at_rest: bool = True) -> bool:
        """A key that was destroyed must not be left in a free corner of the file, nor in the log beside it."""

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute("PRAGMA secure_delete=ON")
            return connection.execute(statement, values).rowcount == 1

        done = await self._engine.write(work)
        if at_rest:
            await self._engine.empty_log()
        return done
