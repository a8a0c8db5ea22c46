"""SQLite: every write that waits when a transaction begins shares it, and so shares one fsync.

Statements run on the event loop, where each is a matter of microseconds; only what may wait, for a lock or for the
disk, runs in a thread. (In a thread, every statement would have to wait for the interpreter's lock.) A statement that
is guarded simply changes nothing when it loses, so the members of a group need no savepoints. A group whose commit
fails raises `Unavailable` for all its members.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Schema, Store

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_GROUP = 512
_LOCK_PATIENCE_MS = 10_000
_TABLES = """
CREATE TABLE IF NOT EXISTS ledger (id TEXT PRIMARY KEY, subject TEXT NOT NULL, sequence INTEGER NOT NULL, patient TEXT,
    key TEXT, time TEXT NOT NULL, filed_at INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ledger_subject ON ledger (subject, sequence);
CREATE INDEX IF NOT EXISTS ledger_patient ON ledger (patient, time) WHERE patient IS NOT NULL;
CREATE INDEX IF NOT EXISTS ledger_key ON ledger (subject, key) WHERE key IS NOT NULL;
CREATE INDEX IF NOT EXISTS ledger_filed ON ledger (filed_at);
CREATE INDEX IF NOT EXISTS ledger_time ON ledger (time);
CREATE TABLE IF NOT EXISTS cursors (source TEXT PRIMARY KEY, service TEXT NOT NULL, n INTEGER NOT NULL, last_id TEXT,
    hold BLOB, hold_sequence INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cursors_held ON cursors (hold_sequence) WHERE hold_sequence IS NOT NULL;
CREATE TABLE IF NOT EXISTS listings (service TEXT PRIMARY KEY, mark INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS vault (person TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
"""The store's own clock, in milliseconds."""


def table(kind: str) -> str:
    """Table of one kind of document. Kinds come from code, never from a request."""
    return f"docs_{kind}"


def _document_tables(schema: Schema) -> str:
    name = table(schema.kind)
    statements = [
        f"CREATE TABLE IF NOT EXISTS {name} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, rev INTEGER NOT NULL,"
        " relayed INTEGER NOT NULL, relay_at INTEGER, due_at INTEGER, keys TEXT NOT NULL, body BLOB NOT NULL)"
        " WITHOUT ROWID",
        f"CREATE INDEX IF NOT EXISTS {name}_relay ON {name} (relay_at) WHERE relay_at IS NOT NULL",
        f"CREATE INDEX IF NOT EXISTS {name}_due ON {name} (due_at) WHERE due_at IS NOT NULL",
    ]
    for key in schema.queried:
        statements.append(f"CREATE INDEX IF NOT EXISTS {name}_by_{key} ON {name} (json_extract(keys, '$.{key}'))")
    for key in schema.unique:
        statements.append(
            f"CREATE UNIQUE INDEX IF NOT EXISTS {name}_one_{key} ON {name} (json_extract(keys, '$.{key}'))"
            f" WHERE json_extract(keys, '$.{key}') IS NOT NULL"
        )
    return ";".join(statements) + ";"


def ordered(key: str) -> str:
    """The column of an ordered key. An index on the JSON could not count without a look at each document."""
    return f"in_order_{key}"


def _add_order(connection: sqlite3.Connection, schema: Schema) -> None:
    """Columns and indexes of ordered keys, filled in from what a file of an earlier build holds."""
    name = table(schema.kind)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        there = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({name})")}
        for key in schema.ordered:
            column = ordered(key)
            if column not in there:
                connection.execute(f"ALTER TABLE {name} ADD COLUMN {column} TEXT")
                connection.execute(f"UPDATE {name} SET {column} = json_extract(keys, '$.{key}')")
            # The id, the table's key, follows in every index of it: equal values are in order of id.
            connection.execute(f"CREATE INDEX IF NOT EXISTS {name}_{column} ON {name} ({column})")


class SqliteEngine:
    """The file: one connection that writes, one for brief reads, and readers in threads for long ones."""

    def __init__(self, path: Path) -> None:
        self.ordered: dict[str, tuple[str, ...]] = {}
        self._path = path
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._writer: sqlite3.Connection | None = None
        self._writing: asyncio.Task[None] | None = None
        self._disk: ThreadPoolExecutor | None = None
        self._brief: sqlite3.Connection | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []

    async def open(self, schemas: Sequence[Schema]) -> None:
        if self._writer is not None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            writer = self._connect()
            writer.executescript(_TABLES + "".join(_document_tables(schema) for schema in schemas))
            for schema in schemas:
                _add_order(writer, schema)
                self.ordered[schema.kind] = schema.ordered
            writer.execute("PRAGMA busy_timeout=0")
            self._brief = self._connect()
        except (OSError, sqlite3.Error) as fault:
            raise Unavailable(f"cannot open the store {self._path}: {fault}; can its folder be written?") from fault
        self._readers = ThreadPoolExecutor(2, thread_name_prefix=f"read-{self._path.stem}")
        self._disk = ThreadPoolExecutor(1, thread_name_prefix=f"disk-{self._path.stem}")
        self._writer = writer

    async def ping(self) -> None:
        await self.read(lambda connection: connection.execute("SELECT 1").fetchone())

    async def close(self) -> None:
        if self._writer is None or self._readers is None or self._disk is None:
            return
        readers, disk = self._readers, self._disk
        # First of all, so that who calls meanwhile is refused; what was taken in before is still written.
        self._writer = self._readers = self._brief = self._disk = None
        if self._writing is not None:
            await self._writing
        for threads in (disk, readers):
            threads.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reader's connection; it sees every write that was answered before."""
        if self._readers is None:
            raise self._closed()
        return await asyncio.wrap_future(self._readers.submit(self._read, work))

    def look_up(self, work: Work[T]) -> T:
        """As `read`, for a few rows by their key: at once, since a thread would cost ten times the look-up."""
        if self._brief is None:
            raise self._closed()
        try:
            return work(self._brief)
        except sqlite3.Error as fault:
            raise self._unreadable(fault) from fault

    async def write(self, work: Work[T]) -> T:
        """Run `work` in the next group; answered after the group's commit.

        It must not return a cursor: a statement that is still open keeps the group from its commit.
        """
        if self._writer is None or self._disk is None:
            raise self._closed()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_groups(self._writer, self._disk))
        return await answer

    async def empty_log(self) -> None:
        """Write what the log holds into the file, and leave nothing in it; while others read, as far as they let."""
        await self.read(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout={_LOCK_PATIENCE_MS}")
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        self._connections.append(connection)
        return connection

    def _read(self, work: Work[T]) -> T:
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = self._connect()
            return work(self._local.connection)
        except sqlite3.Error as fault:
            raise self._unreadable(fault) from fault

    async def _write_groups(self, connection: sqlite3.Connection, disk: ThreadPoolExecutor) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            try:
                results = await self._write_group(connection, disk, group)
            except BaseException:
                self._give_up(group)
                raise
            for answer, value, error in results:
                # Who has given up meanwhile is not answered.
                if answer.done():
                    continue
                if error is None:
                    answer.set_result(value)
                else:
                    answer.set_exception(error)
        self._writing = None

    def _give_up(self, group: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        """Whatever ended the writing: nobody waits for ever, and the next write begins anew."""
        for _, answer in (*group, *self._waiting):
            if not answer.done():
                answer.set_exception(Unavailable(f"the store {self._path} did not come to its commit"))
        self._waiting = []
        self._writing = None

    async def _write_group(
        self, connection: sqlite3.Connection, disk: ThreadPoolExecutor, group: list[tuple[Work[Any], Any]]
    ) -> list[tuple[asyncio.Future[Any], Any, BaseException | None]]:
        in_thread = asyncio.get_running_loop().run_in_executor
        results: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        try:
            if not _begun(connection):
                # Another process holds the file's lock.
                await in_thread(disk, _begin_patiently, connection)
            for work, answer in group:
                try:
                    value = work(connection)
                    if isinstance(value, sqlite3.Cursor):
                        raise TypeError("a cursor may not leave the group")
                    results.append((answer, value, None))
                except sqlite3.OperationalError:
                    raise
                except Exception as refused:
                    results.append((answer, None, refused))
            await in_thread(disk, connection.execute, "COMMIT")
        except sqlite3.Error as fault:
            if connection.in_transaction:
                await in_thread(disk, connection.execute, "ROLLBACK")
            lost = Unavailable(f"cannot write the store {self._path}: {fault}; check the disk's free space")
            return [(answer, None, lost) for _, answer in group]
        return results

    def _closed(self) -> Unavailable:
        return Unavailable(f"the store {self._path} is closed")

    def _unreadable(self, fault: sqlite3.Error) -> Unavailable:
        return Unavailable(f"cannot read the store {self._path}: {fault}")


def _begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _begin_patiently(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout={_LOCK_PATIENCE_MS}")
    try:
        connection.execute("BEGIN IMMEDIATE")
    finally:
        connection.execute("PRAGMA busy_timeout=0")


def sqlite_store(path: Path) -> Store:
    """A store in one file."""
    from shared.runtime.store.sqlite_documents import SqliteDocuments
    from shared.runtime.store.sqlite_records import SqliteCursors, SqliteKeys, SqliteLedger

    engine = SqliteEngine(path)
    return Store(SqliteDocuments(engine), SqliteLedger(engine), SqliteCursors(engine), SqliteKeys(engine), engine)
