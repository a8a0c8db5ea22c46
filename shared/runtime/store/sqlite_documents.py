"""Documents in SQLite: what is guarded or queried is a column, the rest one JSON value."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from shared.runtime.store.port import Document, Mark, Stale, Taken, beyond
from shared.runtime.store.sqlite import SqliteEngine, ordered, table
from shared.runtime.store.sqlite_records import FILE, filings

_COLUMNS = "id, version, rev, relayed, relay_at, due_at, keys, body"
_FEW = 500

_Order = dict[str, str | None]
"""What is in the columns of ordered keys."""


class SqliteDocuments:
    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    async def load(self, kind: str, id: str) -> Document | None:
        query = f"SELECT {_COLUMNS} FROM {table(kind)} WHERE id = ?"
        row = self._engine.look_up(lambda connection: connection.execute(query, (id,)).fetchone())
        return _document(kind, row) if row else None

    async def save(self, document: Document) -> None:
        values, filed = _row(document), filings(document.outbox)
        order = {ordered(key): document.keys.get(key) for key in self._engine.ordered.get(document.kind, ())}
        await self._engine.write(lambda connection: _save(connection, document, values, order, filed))

    async def mark_relayed(self, marks: Sequence[Mark]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            for mark in marks:
                connection.execute(
                    f"UPDATE {table(mark.kind)} SET relayed = max(relayed, ?),"
                    " relay_at = CASE WHEN version = ? THEN NULL ELSE relay_at END WHERE id = ?",
                    (mark.n, mark.n, mark.id),
                )

        await self._engine.write(work)

    async def claim_unrelayed(self, kind: str, now: int, limit: int) -> list[Document]:
        name = table(kind)
        waiting = f"SELECT {_COLUMNS} FROM {name} WHERE relay_at <= ? OR relay_at > ? ORDER BY relay_at LIMIT ?"

        def work(connection: sqlite3.Connection) -> list[Document]:
            rows = connection.execute(waiting, (now, now + 60_000, limit)).fetchall()
            claim = f"UPDATE {name} SET relay_at = ? WHERE id = ?"
            connection.executemany(claim, [(now + 30_000, row[0]) for row in rows])
            return [_document(kind, row) for row in rows]

        return await self._engine.write(work)

    async def untold(self, kind: str, limit: int) -> list[Document]:
        query = f"SELECT {_COLUMNS} FROM {table(kind)} WHERE relay_at >= 0 ORDER BY relay_at LIMIT ?"
        rows = await self._engine.read(lambda connection: connection.execute(query, (limit,)).fetchall())
        return [_document(kind, row) for row in rows]

    async def due(self, kind: str, now: int, limit: int) -> list[str]:
        query = f"SELECT id FROM {table(kind)} WHERE due_at <= ? ORDER BY due_at LIMIT ?"
        rows = await self._engine.read(lambda connection: connection.execute(query, (now, limit)).fetchall())
        return [row[0] for row in rows]

    async def find(self, kind: str, where: Mapping[str, str], limit: int = 1000) -> list[Document]:
        tests = " AND ".join(f"json_extract(keys, '$.{key}') = ?" for key in where) or "1"
        query = f"SELECT {_COLUMNS} FROM {table(kind)} WHERE {tests} ORDER BY id LIMIT ?"
        values = (*where.values(), limit)
        rows = await self._engine.read(lambda connection: connection.execute(query, values).fetchall())
        return [_document(kind, row) for row in rows]

    async def page(self, kind: str, key: str, prefix: str, *, after: str | None = None, limit: int) -> list[Document]:
        value = ordered(key)
        # One lower bound, the higher one: with both, the index would be entered at either of them.
        bound, low = ("> ?", after) if after is not None and after >= prefix else (">= ?", prefix)
        query = (
            f"SELECT {_COLUMNS} FROM {table(kind)} WHERE {value} {bound} AND {value} < ? ORDER BY {value}, id LIMIT ?"
        )
        values = (low, beyond(prefix), limit)
        rows = await self._engine.read(lambda connection: connection.execute(query, values).fetchall())
        return [_document(kind, row) for row in rows]

    async def count(self, kind: str, key: str, prefix: str, most: int) -> int:
        value = ordered(key)
        some = f"SELECT 1 FROM {table(kind)} WHERE {value} >= ? AND {value} < ? LIMIT ?"
        query, values = f"SELECT count(*) FROM ({some})", (prefix, beyond(prefix), most)
        return int(await self._engine.read(lambda connection: connection.execute(query, values).fetchone()[0]))

    async def load_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        query, wanted = f"SELECT {_COLUMNS} FROM {table(kind)} WHERE id = ?", sorted(set(ids))

        def work(connection: sqlite3.Connection) -> list[Any]:
            found = (connection.execute(query, (id,)).fetchone() for id in wanted)
            return [row for row in found if row]

        rows = self._engine.look_up(work) if len(wanted) <= _FEW else await self._engine.read(work)
        return [_document(kind, row) for row in rows]


def _row(document: Document) -> tuple[Any, ...]:
    rest = {
        "state": document.state,
        "outbox": document.outbox,
        "seen": document.seen,
        "requests": document.requests,
        "held": document.held,
        "last_event": document.last_event,
    }
    return (
        document.version,
        document.rev,
        document.relayed,
        document.relay_at,
        document.due_at,
        orjson.dumps(document.keys).decode(),
        orjson.dumps(rest),
    )


def _save(
    connection: sqlite3.Connection, document: Document, values: tuple[Any, ...], order: _Order, filed: list[Any]
) -> None:
    change = _insert if document.rev == 1 else _update
    try:
        done = change(connection, document, values, order)
    except sqlite3.IntegrityError as refused:
        name = table(document.kind)
        marker = f"{name}_one_"
        twin = f"SELECT 1 FROM {name} WHERE id = ? AND ? = 1"
        # A twin that was created first holds our keys as well, and Stale is the answer that leads to it.
        if marker in str(refused) and not connection.execute(twin, (document.id, document.rev)).fetchone():
            raise Taken(str(refused).split(marker)[1].strip("'")) from refused
        raise Stale(document.id) from refused
    if not done:
        raise Stale(document.id)
    # One file holds both, so the relay finds its events filed, and no second commit stands before the first send.
    connection.executemany(FILE, filed)


def _insert(connection: sqlite3.Connection, document: Document, values: tuple[Any, ...], order: _Order) -> bool:
    places = ", ".join("?" * (1 + len(values) + len(order)))
    insert = f"INSERT INTO {table(document.kind)} ({', '.join((_COLUMNS, *order))}) VALUES ({places})"
    return connection.execute(insert, (document.id, *values, *order.values())).rowcount == 1


def _update(connection: sqlite3.Connection, document: Document, values: tuple[Any, ...], order: _Order) -> bool:
    # A relay may have marked meanwhile, without raising rev: its mark is kept, never lowered.
    update = (
        f"UPDATE {table(document.kind)} SET version = ?, rev = ?, relayed = max(relayed, ?), relay_at = ?, due_at = ?"
    )
    which = "WHERE id = ? AND rev = ?"
    *numbers, keys, body = values
    guard = (document.id, document.rev - 1)
    # Mostly the keys stay as they are, and then their indexes need not be written.
    same = connection.execute(f"{update}, body = ? {which} AND keys = ?", (*numbers, body, *guard, keys)).rowcount
    if same:
        return True
    moved = "".join(f", {column} = ?" for column in order)
    change = f"{update}, body = ?, keys = ?{moved} {which}"
    return connection.execute(change, (*numbers, body, keys, *order.values(), *guard)).rowcount == 1


def _document(kind: str, row: Sequence[Any]) -> Document:
    id_, version, rev, relayed, relay_at, due_at, keys, body = row
    return Document(
        id=id_,
        kind=kind,
        version=version,
        rev=rev,
        relayed=relayed,
        relay_at=relay_at,
        due_at=due_at,
        keys=orjson.loads(keys),
        **orjson.loads(body),
    )
