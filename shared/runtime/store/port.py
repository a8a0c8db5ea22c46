"""The store that a service is written against: documents saved whole and guarded, a ledger, cursors, vault keys.

Times are whole milliseconds since 1970, UTC. Every method may raise `Unavailable`; a write that raised it may have
happened all the same, and the protocol is built for that. A limit is at least 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Json = dict[str, Any]


def beyond(prefix: str) -> str:
    """The first text after all that begin with `prefix`; a key holds no U+10FFFF, the last character of all."""
    return prefix + chr(0x10FFFF)


class Stale(Exception):
    """The document was saved by somebody else since it was loaded, or its id is taken. Load and decide again."""


class Taken(Exception):
    """Another document holds the same value of the unique key `key`. Where it holds several, any of them is named."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass
class Document:
    """One aggregate as it is stored; see docs/architecture.md for each field. `rev` 0 means: not stored yet."""

    id: str
    kind: str
    version: int = 0
    rev: int = 0
    last_event: str | None = None
    state: Json = field(default_factory=dict)
    outbox: list[Json] = field(default_factory=list)
    relayed: int = 0
    relay_at: int | None = None
    seen: dict[str, int] = field(default_factory=dict)
    requests: list[Json] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    due_at: int | None = None
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Schema:
    """What the store needs to know of one kind of document: its queried keys, which of them are unique, and the
    ordered keys that pages are read by.
    """

    kind: str
    queried: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hold:
    """Why a source's next event waits. `build` is the version of the program that judged it."""

    sequence: int
    reason: Literal["unreachable", "poison", "went_back"]
    event_id: str | None
    error: str
    build: str
    at: int


@dataclass(frozen=True)
class Cursor:
    """Up to `n`, all events of `source` are applied here. A hold counts only while it is for `n + 1`."""

    source: str
    service: str
    n: int = 0
    last_id: str | None = None
    hold: Hold | None = None

    @property
    def held(self) -> Hold | None:
        return self.hold if self.hold is not None and self.hold.sequence == self.n + 1 else None


@dataclass(frozen=True)
class Heads:
    """The newest number of each source filed since a moment, and `now` by the clock of the store that stamped them."""

    now: int
    heads: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Mark:
    """All events of a document up to number `n` are known to be published."""

    kind: str
    id: str
    n: int


class Documents(Protocol):
    """One document an aggregate, changed only by a whole, guarded save."""

    async def load(self, kind: str, id: str) -> Document | None: ...

    async def save(self, document: Document) -> None:
        """Store it if the stored `rev` is one below (or, at `rev` 1, if the id is free); else `Stale`, or `Taken`.

        Where both hold, it is `Stale`. A store may file what is in the outbox in the same write.
        """

    async def mark_relayed(self, marks: Sequence[Mark]) -> None:
        """Raise `relayed` to at least `n`; where `n` is still the version, remove `relay_at` in the same write."""

    async def claim_unrelayed(self, kind: str, now: int, limit: int) -> list[Document]:
        """Documents whose `relay_at` has passed or is over 60 s ahead, each claimed by moving it to 30 s from `now`.

        The earliest first, and as they were found: with the `relay_at` that they had before.
        """

    async def untold(self, kind: str, limit: int) -> list[Document]:
        """Documents whose events are not all known to be published, the earliest `relay_at` first. None is claimed."""

    async def due(self, kind: str, now: int, limit: int) -> list[str]:
        """Ids whose `due_at` has passed, the longest overdue first."""

    async def find(self, kind: str, where: Mapping[str, str], limit: int = 1000) -> list[Document]:
        """Documents whose queried keys equal all of `where`, in order of id.

        For what is few, such as all of one person: after `limit` the rest is cut off and nothing says so. A list
        that grows with the clinic is read by `page`.
        """

    async def page(self, kind: str, key: str, prefix: str, *, after: str | None = None, limit: int) -> list[Document]:
        """Documents whose ordered key `key` begins with `prefix`, in order of its value, from the one after `after`.

        At most `limit`. Values are compared as UTF-8, byte by byte. Those with one value come in order of id, but
        `after` passes over all of them: a key that pages are read by ends with the id.
        """

    async def count(self, kind: str, key: str, prefix: str, most: int) -> int:
        """How many documents `page` would give without `after`; `most` where there are more."""

    async def load_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Those of `ids` that exist, each once, in order of id."""


class Ledger(Protocol):
    """Every event that was ever decided here, filed before it is published. Filing twice is filing once."""

    async def file(self, entries: Sequence[Json]) -> None: ...

    async def history(self, subject: str, above: int = 0, limit: int = 500) -> list[Json]:
        """Events of one aggregate numbered above `above`, in order."""

    async def of_patient(self, patient: str, limit: int = 1000) -> list[Json]:
        """Events that concern one patient, oldest first; the newest `limit` of them.

        Those of one moment in order of number, then of subject.
        """

    async def between(
        self, since: str, until: str, *, after: tuple[str, str] | None = None, limit: int = 1000
    ) -> list[Json]:
        """Events whose `time`, as text, is at least `since` and before `until`, in order of time, then of id.

        At most `limit`, behind the one whose time and id are `after`.
        """

    async def with_key(self, subject: str, key: str) -> Json | None:
        """The first event of `subject` that was caused by the request with idempotency key `key`."""

    async def heads(self, since: int | None) -> Heads:
        """Newest numbers of the aggregates that filed something at or after `since` (all where `None`)."""

    async def newest(self, subjects: Sequence[str]) -> dict[str, int]:
        """The newest number of each of these aggregates that has filed something."""


class Cursors(Protocol):
    """How far this service has applied each source, what it holds and what it refused."""

    async def get(self, sources: Sequence[str]) -> dict[str, Cursor]:
        """Those that exist; a source never heard of is absent."""

    async def advance(self, cursors: Sequence[Cursor]) -> None:
        """Raise each to at least its `n`, with its `last_id`. None goes back; holds stay as they are.

        Each stands by itself: of several, a failure may leave some raised.
        """

    async def hold(self, source: str, service: str, at: int, hold: Hold) -> bool:
        """Set the hold if the cursor is still `at`; whether it was. A source never heard of is at 0."""

    async def release(self, source: str, at: int) -> bool:
        """Remove the hold if the cursor is still `at`; whether it was."""

    async def holding(self) -> list[Cursor]:
        """Cursors with a hold on their next event."""

    async def listing_mark(self, service: str) -> int | None:
        """Where the last listing of the heads of `service` ended, by that service's store clock."""

    async def set_listing_mark(self, service: str, mark: int) -> None: ...

    async def reject(self, id: str, entry: Json) -> None:
        """Keep a message that is no event of ours. The same `id` again changes nothing."""

    async def rejected(self, limit: int = 100) -> list[Json]: ...


class Keys(Protocol):
    """The vault's shelf: one wrapped key a person, or the note that it was destroyed."""

    async def get(self, person: str) -> Json | None: ...

    async def get_many(self, persons: Sequence[str]) -> dict[str, Json]:
        """Of all that have one, in one look."""

    async def put_new(self, person: str, entry: Json) -> Json:
        """Keep `entry` unless there is one already; the one that is kept."""

    async def replace(self, person: str, entry: Json) -> None:
        """Keep `entry` and nothing of the one before it, as far as the store can say so of its own files."""

    async def swap(self, person: str, before: Json, entry: Json) -> bool:
        """As `replace` if `before` is what is kept; whether it was."""

    async def page(self, after: str, limit: int) -> dict[str, Json]:
        """At most `limit` entries in order of their ids, from the one behind `after`."""


@dataclass(frozen=True)
class Store:
    """The parts of one service's store, and how to open and close it."""

    documents: Documents
    ledger: Ledger
    cursors: Cursors
    keys: Keys
    engine: "Engine"


class Engine(Protocol):
    """The connection behind a store."""

    async def open(self, schemas: Sequence[Schema]) -> None:
        """Connect and make what is missing. Raises `Unavailable` with a remedy."""

    async def ping(self) -> None: ...

    async def close(self) -> None: ...
