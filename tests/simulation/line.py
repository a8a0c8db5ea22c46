"""A process's way to its store: slow, and now and then an error, a lost answer, or the end of the process."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from shared.runtime.errors import Unavailable
from tests.simulation.process import Crash, Process
from tests.simulation.troubles import WRITES, Troubles

T = TypeVar("T")

_BEFORE = ("crash_before", "error", "stall")
_AFTER = ("crash_after", "lost_reply")


class Watches(Protocol):
    """Sees every call that reached the store, before and after it."""

    def before(self, process: Process, name: str, about: object) -> object: ...

    def after(self, process: Process, name: str, about: object, before: object) -> None: ...


class Outage:
    """Until when the store is away, and until when it takes no more writes."""

    def __init__(self) -> None:
        self.away_until = 0.0
        self.full_until = 0.0

    def check(self, name: str, now: float) -> None:
        if now < self.away_until:
            raise Unavailable("the store does not answer")
        if now < self.full_until and name in WRITES:
            raise Unavailable("the disk is full")

    @property
    def ends(self) -> float:
        return max(self.away_until, self.full_until)


class FaultyLine:
    """`watch` is told of what was really done."""

    def __init__(self, process: Process, outage: Outage, troubles: Troubles, watch: Watches) -> None:
        self._process = process
        self._outage = outage
        self._troubles = troubles
        self._watch = watch

    async def call(self, name: str, work: Callable[[], T], about: object = None) -> T:
        process = self._process
        await process.pause(process.rng.expovariate(500))
        await self._meet(name, _BEFORE)
        self._outage.check(name, _now())
        before = self._watch.before(process, name, about)
        result = work()
        self._watch.after(process, name, about, before)
        await self._meet(name, _AFTER)
        await process.pause(process.rng.expovariate(500))
        return result

    async def _meet(self, name: str, kinds: tuple[str, ...]) -> None:
        trouble = self._troubles.take(self._process.service, name, kinds, _now())
        if trouble is None:
            return
        if trouble.kind == "stall":
            self._process.stand_still(trouble.amount)
            await self._process.pause(0)
        elif trouble.kind.startswith("crash"):
            self._process.die()
            raise Crash
        else:
            raise Unavailable("the store did not answer")


def _now() -> float:
    return asyncio.get_running_loop().time()
