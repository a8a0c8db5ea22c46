"""What SQLite is asked, and how it goes about it."""

import sqlite3

from shared.runtime.store.sqlite import SqliteEngine


def overhear(engine: SqliteEngine) -> list[str]:
    """Every statement, with its values in it, of the connections that `engine` opens from now on."""
    said: list[str] = []
    connect = engine._connect

    def overheard() -> sqlite3.Connection:
        connection = connect()
        connection.set_trace_callback(said.append)
        return connection

    engine._connect = overheard  # type: ignore[method-assign]
    return said


async def plan(engine: SqliteEngine, query: str) -> list[str]:
    """The steps of SQLite's plan for a statement."""
    rows = await engine.read(lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
    return [row[3] for row in rows]
