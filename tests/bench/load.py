"""Drives one system: as fast as a bounded number of people go, or gently at a fixed pace that does not wait for it."""

import asyncio
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.system import System

_AT_ONCE = 500

Build = Callable[[Path, str, Callable[[int], None]], System]


@dataclass(frozen=True)
class Pace:
    """What a stretch of load came to."""

    hops: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        return self.hops / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of the system's process for each hop, user and system together."""
        return self.cpu / self.hops * 1e6


class Load:
    """People who each do one thing after the other. `sent` counts the commands of each."""

    def __init__(self, build: Build, folder: Path, kafka: str) -> None:
        self.system = build(folder, kafka, self._applied)
        self.sent: Counter[int] = Counter()
        self.extra = 0
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._hops = 0
        self._unheard = 0
        self._heard = asyncio.Event()
        self._first = 0.0

    async def hop(self, person: int) -> float:
        """One whole hop; its seconds."""
        begun = time.perf_counter()
        done = self._waiting[person] = asyncio.get_running_loop().create_future()
        await self.system.command(person)
        self.sent[person] += 1
        await done
        self._hops += 1
        return time.perf_counter() - begun

    async def closed(self, people: int, seconds: float, warm: float) -> Pace:
        """Everybody at once (at most 500): whoever's hop has ended begins the next one. It takes one hop at least."""
        over = False

        async def worker(first: int, step: int) -> None:
            person = first
            while not over:
                await self.hop(person)
                person = person + step if person + step < people else first

        step = min(people, _AT_ONCE)
        workers = asyncio.gather(*(worker(first, step) for first in range(step)))
        await _moment(asyncio.get_running_loop().time() + warm)
        before = (self._hops, time.perf_counter(), cpu_seconds())
        await _moment(asyncio.get_running_loop().time() + seconds)
        while self._hops == before[0]:
            await _moment(asyncio.get_running_loop().time() + 0.01)
        pace = Pace(self._hops - before[0], time.perf_counter() - before[1], cpu_seconds() - before[2])
        over = True
        await workers
        return pace

    async def open(self, people: int, seconds: float, per_second: float) -> list[float]:
        """Hops that begin at fixed moments, whatever became of those before; the seconds of each."""
        hops = []
        start = asyncio.get_running_loop().time()
        for n in range(int(seconds * per_second)):
            await _moment(start + n / per_second)
            hops.append(asyncio.create_task(self.hop(n % people)))
        return list(await asyncio.gather(*hops))

    async def decide(self, people: int, events: int) -> None:
        """Commands whose effects nobody waits for yet."""
        self._unheard, self._heard = events, asyncio.Event()

        async def person_of(first: int) -> None:
            for person in range(first, people, _AT_ONCE):
                for _ in range(person, events, people):
                    await self.system.command(person)
                    self.sent[person] += 1

        await asyncio.gather(*(person_of(first) for first in range(min(people, _AT_ONCE))))

    async def heard(self) -> tuple[float, float]:
        """Once all of these have taken effect: the moments of the first effect and of the last."""
        await self._heard.wait()
        return self._first, time.perf_counter()

    async def exact(self) -> bool:
        """Whether every command so far took effect once, by the second service's own store."""
        counts = [(await self.system.effects(person), sent) for person, sent in self.sent.items()]
        return self.extra == 0 and all(effects == sent for effects, sent in counts)

    def _applied(self, person: int) -> None:
        waiting = self._waiting.pop(person, None)
        if waiting is not None:
            waiting.set_result(None)
        elif self._unheard:
            self._first = self._first or time.perf_counter()
            self._unheard -= 1
            if not self._unheard:
                self._heard.set()
        else:
            self.extra += 1


def percentiles(seconds: list[float]) -> dict[str, float]:
    """In milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {name: round(cuts[n - 1] * 1000, 2) for name, n in (("p50", 50), ("p95", 95), ("p99", 99))}


def cpu_seconds() -> float:
    """User and system time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _moment(when: float) -> None:
    loop = asyncio.get_running_loop()
    reached = loop.create_future()
    loop.call_at(when, reached.set_result, None)
    await reached
