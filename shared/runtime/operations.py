"""What an operator needs to know of one service: how far behind it is, what it holds back, and how it is set up.

Everything here only looks, and looks at so much and no more: it is asked most when there is the most to count.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.runtime.clock import milliseconds
from shared.runtime.core import Core
from shared.runtime.errors import NotFound, Unavailable
from shared.runtime.in_force import Backup, ClinicFacts, Setting, clinic_facts, newest_backup, settings_in_force
from shared.runtime.settings import Settings
from shared.runtime.sources import Sources
from shared.runtime.store.port import Cursor, Json
from shared.runtime.sweeps import Comparison
from shared.runtime.version import VERSION

_MANY = 100
_ASKED_FOR_THEIR_AGE = 20
_TIMERS_MAY_TAKE = timedelta(minutes=1)


@dataclass(frozen=True)
class Lag:
    """How far this service is behind one source. `events` are not applied here yet, and `held` more wait at held keys.

    `oldest` is when the oldest of the `events` happened, as far as `all_asked` goes. A source that does not answer is
    not `reached`, and then nothing is known.
    """

    source: str
    reached: bool
    events: int = 0
    held: int = 0
    oldest: datetime | None = None
    all_asked: bool = True


@dataclass(frozen=True)
class Untold:
    """Events that are stored here and not known to be published; with `more`, there are others besides."""

    events: int
    oldest: datetime | None
    more: bool


@dataclass(frozen=True)
class Late:
    """Aggregates of one kind whose timers should have run; with `more`, there are others besides."""

    kind: str
    late: int
    oldest: datetime | None
    more: bool


@dataclass(frozen=True)
class HeldKey:
    """`behind` are the events that wait after the held one, `type` and `happened_at` are its own. None of the three is
    known while the source does not answer.
    """

    cursor: Cursor
    behind: int | None = None
    type: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True)
class HeldKeys:
    """Some of the `total`, held longest first. `next` is what the rest is asked for by."""

    held: list[HeldKey]
    total: int
    next: str | None


@dataclass(frozen=True)
class Configuration:
    """How this process is set up."""

    version: str
    build: str
    started_at: datetime
    settings: list[Setting]
    clinic: ClinicFacts
    backup: Backup


class Operations:
    """Made at the start of a process."""

    def __init__(
        self, core: Core, comparison: Comparison, sources: Sources, settings: Settings, listens_to: Sequence[str]
    ) -> None:
        self._core = core
        self._comparison = comparison
        self._sources = sources
        self._settings = settings
        self._listens_to = listens_to
        self._started_at = core.clock.now()

    async def lags(self) -> list[Lag]:
        """Of each source that this service listens to."""
        held = await self._core.store.cursors.holding()
        of_source = ([one for one in held if one.service == source] for source in self._listens_to)
        return list(await asyncio.gather(*map(self._lag, self._listens_to, of_source)))

    async def untold(self) -> Untold:
        """Of this service's own events. What is on its way counts too."""
        waiting: list[Json] = []
        more = False
        for kind in self._core.aggregates:
            found = await self._core.store.documents.untold(kind, _MANY)
            more = more or len(found) == _MANY
            waiting += [entry for one in found for entry in one.outbox if entry["sequence"] > one.relayed]
        return Untold(len(waiting), min(map(_happened_at, waiting), default=None), more)

    async def late(self) -> list[Late]:
        """Kinds of which some timer is more than a minute late."""
        documents = self._core.store.documents
        moment = milliseconds(self._core.clock.now() - _TIMERS_MAY_TAKE)
        found = []
        for kind in self._core.aggregates:
            if ids := await documents.due(kind, moment, _MANY):
                longest = await documents.load(kind, ids[0])
                oldest = _moment(longest.due_at) if longest and longest.due_at is not None else None
                found.append(Late(kind, len(ids), oldest, len(ids) == _MANY))
        return found

    async def held(self, after: str, limit: int) -> HeldKeys:
        """At most `limit` held keys, from behind the one that `after` says."""
        by_place = {_place(cursor): cursor for cursor in await self._core.store.cursors.holding()}
        later = [place for place in sorted(by_place) if place > after]
        some = [by_place[place] for place in later[:limit]]
        looked_into = await self._looked_into(some)
        return HeldKeys(looked_into, len(by_place), later[limit - 1] if len(later) > limit else None)

    async def held_key(self, source: str) -> HeldKey:
        """The held key `source`. Raises `NotFound` where it is not held."""
        cursor = (await self._core.store.cursors.get([source])).get(source)
        if cursor is None or cursor.held is None:
            raise NotFound(source)
        [found] = await self._looked_into([cursor])
        return found

    async def configuration(self) -> Configuration:
        """As it is in force now."""
        # A folder of backups may be on another machine, and slow.
        backup = await asyncio.to_thread(newest_backup, self._settings.backups)
        return Configuration(
            version=VERSION,
            build=self._settings.build,
            started_at=self._started_at,
            settings=settings_in_force(self._settings),
            clinic=clinic_facts(self._settings.clinic, self._core.clock.now()),
            backup=backup,
        )

    async def _lag(self, source: str, held: Sequence[Cursor]) -> Lag:
        try:
            behind = await self._comparison.unapplied(source)
            newest = await self._sources.newest(source, [cursor.source for cursor in held])
            asked = sorted(behind)[:_ASKED_FOR_THEIR_AGE]
            first = await asyncio.gather(*(self._first(source, key, behind[key][0]) for key in asked))
        except Unavailable:
            return Lag(source, reached=False)
        return Lag(
            source,
            reached=True,
            events=sum(head - n for n, head in behind.values()),
            held=sum(max(0, newest.get(cursor.source, 0) - cursor.n) for cursor in held),
            oldest=min((_happened_at(entry) for entry in first if entry), default=None),
            all_asked=len(asked) == len(behind),
        )

    async def _looked_into(self, cursors: Sequence[Cursor]) -> list[HeldKey]:
        newest: dict[str, int] = {}
        for service in {cursor.service for cursor in cursors}:
            try:
                newest |= await self._sources.newest(service, [one.source for one in cursors if one.service == service])
            except Unavailable:
                continue
        return list(await asyncio.gather(*(self._look_into(cursor, newest.get(cursor.source)) for cursor in cursors)))

    async def _look_into(self, cursor: Cursor, newest: int | None) -> HeldKey:
        if newest is None:
            return HeldKey(cursor)
        behind = max(0, newest - cursor.n - 1)
        try:
            entry = await self._first(cursor.service, cursor.source, cursor.n)
        except Unavailable:
            entry = None
        return HeldKey(cursor, behind, entry["type"], _happened_at(entry)) if entry else HeldKey(cursor, behind)

    async def _first(self, service: str, source: str, n: int) -> Json | None:
        """The first event of `source` that is not applied here."""
        return next(iter(await self._sources.history(service, source, n, 1)), None)


def _place(cursor: Cursor) -> str:
    """Where a held key stands among all: by the moment since when it is held."""
    assert cursor.held is not None
    return f"{cursor.held.at:015d}|{cursor.source}"


def _happened_at(entry: Json) -> datetime:
    return datetime.fromisoformat(entry["time"])


def _moment(milliseconds_: int) -> datetime:
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)
