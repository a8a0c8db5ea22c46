"""What makes the system heal by itself: heads compared, held keys tried again, due timers run."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog

from shared.runtime.clock import Clock, milliseconds
from shared.runtime.core import Core
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.inbound import Inbound
from shared.runtime.sources import Sources
from shared.runtime.store.port import Cursor, Cursors, Heads

log = structlog.get_logger()

_OVERLAP = 120_000
_DAY = 86_400_000
_DUE_AT_ONCE = 200
_SET_ASIDE = 600_000
_SIDE_BY_SIDE = 64
"""Fewer than the connections that a client of HTTP or of a store keeps."""


async def side_by_side(works: Iterable[Callable[[], Awaitable[bool]]]) -> int:
    """Do all, some at a time, so that they share commits; how many said yes. Raises a failure once all have ended."""
    all_works = list(works)
    waiting = iter(all_works)

    async def worker() -> int:
        count = 0
        for work in waiting:
            count += await work()
        return count

    # Most looks find nothing to do, and then nobody is needed for it.
    workers = min(len(all_works), _SIDE_BY_SIDE)
    ends = await asyncio.gather(*(worker() for _ in range(workers)), return_exceptions=True)
    counts = []
    for end in ends:
        if isinstance(end, BaseException):
            raise end
        counts.append(end)
    return sum(counts)


class Comparison:
    """Compares the heads of each source's ledger with our cursors, and catches up what Kafka did not bring.

    A key is left alone while its cursor still moves between two looks, except at the first look of a process.
    """

    def __init__(self, inbound: Inbound, sources: Sources, cursors: Cursors, services: tuple[str, ...]) -> None:
        self._inbound = inbound
        self._sources = sources
        self._cursors = cursors
        self._services = services
        self._behind: dict[str, dict[str, tuple[int, int]]] = {}
        self._all_listed: dict[str, int] = {}

    async def look(self) -> int:
        """How many keys were caught up."""
        count = 0
        for service in self._services:
            try:
                count += await self._look_at(service)
            except Unavailable as away:
                log.warning("heads_unknown", source=service, error=str(away))
        return count

    async def unapplied(self, service: str) -> dict[str, tuple[int, int]]:
        """Of each key that is not held and has events that are not applied here: up to where it is, and the newest.

        It changes nothing. What was there before the last look was caught up, held, or is remembered by it.
        """
        mark = await self._cursors.listing_mark(service)
        listing = await self._sources.heads(service, None if mark is None else mark - _OVERLAP)
        if mark is not None and listing.now < mark:
            listing = await self._sources.heads(service, None)
        heads = {source: head for source, (head, _) in self._behind.get(service, {}).items()} | dict(listing.heads)
        cursors = await self._cursors.get(list(heads))
        found = {}
        for source, head in heads.items():
            cursor = cursors.get(source, Cursor(source, service))
            if cursor.n < head and cursor.held is None:
                found[source] = (cursor.n, head)
        return found

    async def _look_at(self, service: str) -> int:
        listing = await self._list(service)
        first = service not in self._behind
        before = self._behind.get(service, {})
        heads = {source: head for source, (head, _) in before.items()} | dict(listing.heads)
        cursors = await self._cursors.get(list(heads))
        behind: dict[str, tuple[int, int]] = {}
        ahead = []
        for source, head in heads.items():
            cursor = cursors.get(source)
            n = cursor.n if cursor else 0
            if n > head:
                # Most often our cursor moved on after the heads were listed.
                await self._inbound.check_story(service, source)
            if n >= head or (cursor is not None and cursor.held is not None):
                continue
            if first or before.get(source, (0, -1))[1] == n:
                ahead.append(source)
            else:
                behind[source] = (head, n)
        count = await side_by_side(partial(self._catch_up, service, source) for source in ahead)
        self._behind[service] = behind
        await self._cursors.set_listing_mark(service, listing.now)
        return count

    async def _catch_up(self, service: str, source: str) -> bool:
        await self._inbound.catch_up(service, source)
        return True

    async def _list(self, service: str) -> Heads:
        mark = await self._cursors.listing_mark(service)
        listed = self._all_listed.get(service)
        since = None if mark is None or listed is None or mark - listed > _DAY else mark - _OVERLAP
        listing = await self._sources.heads(service, since)
        if since is not None and mark is not None and listing.now < mark:
            since = None
            listing = await self._sources.heads(service, None)
        if since is None:
            self._all_listed[service] = listing.now
        return listing


async def retry_held(inbound: Inbound, cursors: Cursors, build: str) -> int:
    """Catch up keys that were held because a source was away, or that another build judged; how many."""
    count = 0
    for cursor in await cursors.holding():
        hold = cursor.held
        if hold is not None and (hold.reason == "unreachable" or hold.build != build):
            await inbound.catch_up(cursor.service, cursor.source)
            count += 1
    return count


class DueTimers:
    """Runs the timers that have passed. An aggregate that cannot even be read is left alone for ten minutes."""

    def __init__(self, core: Core, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self._set_aside: dict[tuple[str, str], int] = {}

    async def run(self) -> int:
        """How many aggregates had one."""
        now = milliseconds(self._clock.now())
        self._set_aside = {key: until for key, until in self._set_aside.items() if until > now}
        return sum([await self._run_all(name, now) for name in self._core.aggregates])

    async def _run_all(self, name: str, now: int) -> int:
        """Page after page, as long as a full page is followed by another one."""
        count = 0
        before: list[str] = []
        while True:
            # Those set aside must not stand in front of the others.
            limit = _DUE_AT_ONCE + len(self._set_aside)
            due = await self._core.store.documents.due(name, now, limit)
            done = await side_by_side(
                partial(self._run, name, id, now) for id in due if (name, id) not in self._set_aside
            )
            count += done
            if len(due) < limit or due == before:
                return count
            before = due

    async def _run(self, name: str, id: str, now: int) -> bool:
        try:
            await self._core.run_timers(name, id)
        except Unavailable:
            raise
        except Conflict:
            return False
        except Exception:
            log.exception("timers_failed", aggregate=name, id=id)
            self._set_aside[name, id] = now + _SET_ASIDE
            return False
        return True
