"""A broker in memory: topics of partitions. It may be away, lose, repeat, delay and forget, as real ones have done."""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.runtime.errors import Unavailable
from tests.simulation.process import Crash, Process
from tests.simulation.troubles import Troubles

PARTITIONS = 3

Place = tuple[str, int]


@dataclass(frozen=True)
class Stored:
    """A message in its partition; nobody can read it before `visible_at`."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    visible_at: float


class Broker:
    """`sent` and `acknowledged` are called with each message as it comes in, and once its sender knows that it did."""

    def __init__(self, troubles: Troubles, sent: Callable[[Process, str, bytes, bytes], Any]) -> None:
        self.partitions: dict[Place, list[Stored]] = {}
        for service in PUBLISHERS:
            for number in range(PARTITIONS):
                self.partitions[topic_of(service), number] = []
        self.troubles = troubles
        self.away_until = 0.0
        self.returns: list[Callable[[], None]] = []
        self.on_the_way = 0
        self._sent = sent
        self._slow_until: dict[Place, float] = {}

    @property
    def away(self) -> bool:
        return now() < self.away_until

    def append(self, topic: str, key: bytes, value: bytes, at: float | None = None) -> None:
        """At the end of the key's partition, to be read from `at` on."""
        place = topic, zlib.crc32(key) % PARTITIONS
        log = self.partitions[place]
        visible = max(now() if at is None else at, self._slow_until.get(place, 0.0))
        log.append(Stored(topic, place[1], len(log), key, value, visible))

    def readable(self, place: Place, position: int, most: int) -> list[Stored]:
        """What a reader at `position` is given."""
        found = []
        for stored in self.partitions[place][position : position + most]:
            if stored.visible_at > now():
                break
            found.append(stored)
        return found

    def append_later(self, seconds: float, topic: str, key: bytes, value: bytes) -> None:
        """Once more, when others have come in meanwhile."""

        def arrive() -> None:
            self.on_the_way -= 1
            self.append(topic, key, value)

        self.on_the_way += 1
        asyncio.get_running_loop().call_later(seconds, arrive)

    def slow_down(self, topic: str, seconds: float) -> None:
        """What comes in on `topic` is read late, each partition by another delay."""
        for number in range(PARTITIONS):
            self._slow_until[topic, number] = now() + seconds * (number + 1) / PARTITIONS

    def lose_tail(self, topic: str, records: int) -> None:
        """As after an election among brokers that had not all heard."""
        for (name, _), log in self.partitions.items():
            if name == topic:
                del log[max(0, len(log) - records) :]

    def forget_everything(self) -> None:
        """As after the loss of its disk: topics are empty and nobody's offsets are known."""
        for log in self.partitions.values():
            log.clear()
        for forget in self.returns:
            forget()

    @property
    def late(self) -> bool:
        """Whether messages are still on their way."""
        return self.on_the_way > 0 or any(log and log[-1].visible_at > now() for log in self.partitions.values())


class SimulatedSender:
    """A process's producer. It waits out an outage, as aiokafka does."""

    def __init__(self, process: Process, broker: Broker, acknowledged: Callable[[Process, bytes], Any]) -> None:
        self._process = process
        self._broker = broker
        self._acknowledged = acknowledged
        self._started = False

    async def start(self) -> None:
        await self._process.pause(0.01)
        if self._broker.away:
            raise Unavailable("the broker is away")
        self._started = True

    async def stop(self) -> None:
        self._started = False

    async def send(self, topic: str, key: str, value: bytes) -> None:
        process, broker = self._process, self._broker
        await process.pause(process.rng.expovariate(200))
        if not self._started:
            raise Unavailable("the producer is not started yet")
        while broker.away:
            await process.pause(min(1.0, broker.away_until - now()))
        self._meet("crash_before", "error")
        self._deliver(topic, key.encode(), value)
        self._meet("crash_after", "lost_reply")
        self._acknowledged(process, value)
        await process.pause(process.rng.expovariate(200))

    def _deliver(self, topic: str, key: bytes, value: bytes) -> None:
        process, broker = self._process, self._broker
        broker._sent(process, topic, key, value)
        strange = broker.troubles.take(process.service, "producer.send", ("lose", "duplicate", "delay"), now())
        if strange is None:
            broker.append(topic, key, value)
        elif strange.kind == "delay":
            broker.append(topic, key, value, now() + strange.amount)
        elif strange.kind == "duplicate":
            broker.append(topic, key, value)
            broker.append_later(strange.amount, topic, key, value)

    def _meet(self, *kinds: str) -> None:
        trouble = self._broker.troubles.take(self._process.service, "producer.send", kinds, now())
        if trouble is not None and trouble.kind.startswith("crash"):
            self._process.die()
            raise Crash
        if trouble is not None:
            raise Unavailable("the broker did not answer")


def now() -> float:
    return asyncio.get_running_loop().time()
