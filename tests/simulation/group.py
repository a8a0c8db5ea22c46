"""A consumer group: who owns which partition, up to where all is committed, and what happens while that changes."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from shared.runtime.consumer import REBALANCE_MS, Member
from tests.simulation.broker import Broker, Place, Stored, now
from tests.simulation.loop import wait
from tests.simulation.process import Crash, Process, nobodys

SESSION_SECONDS = 10.0
_HEARTBEAT_SECONDS = 3.0
_MOST = 40
_POLL_SECONDS = 0.5
_STOP_SECONDS = 15.0

Committed = Callable[["Reader", list[Stored]], None]


class Group:
    """The members of one service. `committed` is told of what is said to be done with."""

    def __init__(self, broker: Broker, topics: Sequence[str], rng: Random, committed: Committed) -> None:
        self.broker = broker
        self.offsets: dict[Place, int] = {}
        self.generation = 0
        self.committed = committed
        self._places = [place for place in broker.partitions if place[0] in topics]
        self._rng = rng
        self._members: list[Reader] = []
        self._changing = asyncio.Lock()
        broker.returns.append(self.forget)

    def forget(self) -> None:
        """The offsets are lost; every member begins from the start."""
        self.offsets.clear()
        for member in self._members:
            member.positions = dict.fromkeys(member.positions, 0)

    @property
    def busy(self) -> bool:
        return self._changing.locked() or any(member.busy for member in self._members)

    @property
    def drained(self) -> bool:
        """Whether all that can be read was read. A commit that was lost is made up for by the next one."""
        read = dict(self.offsets)
        for member in self._members:
            read.update(member.positions)
        return all(read.get(place, 0) >= len(self.broker.partitions[place]) for place in self._places)

    async def join(self, member: "Reader") -> None:
        self._members.append(member)
        await self.rebalance()

    async def leave(self, member: "Reader") -> None:
        if member in self._members:
            self._members.remove(member)
            member.generation = -1
            await self.rebalance()

    async def watch_members(self) -> None:
        """For ever: whoever does not show itself for a session's length is out."""
        silent: dict[Reader, float] = {}
        while True:
            await wait(_HEARTBEAT_SECONDS)
            gone = [member for member in self._members if not member.process.alive or member.process.stands]
            silent = {member: silent.get(member, now()) for member in gone}
            lost = [member for member, since in silent.items() if now() - since >= SESSION_SECONDS]
            for member in lost:
                self._members.remove(member)
            if lost:
                await self.rebalance()

    async def rebalance(self) -> None:
        """Take every partition back, then give each to one member. Whoever does not let go in time is out."""
        async with self._changing:
            before = list(self._members)
            let_go = await asyncio.gather(*(member.let_go() for member in before))
            for member, free in zip(before, let_go, strict=True):
                if not free and member in self._members:
                    self._members.remove(member)
            self.generation += 1
            owners = self._rng.sample(self._members, len(self._members))
            for member in owners:
                member.generation = self.generation
                member.positions = {}
            for number, place in enumerate(self._places if owners else []):
                owners[number % len(owners)].positions[place] = self.offsets.get(place, 0)
            for member in owners:
                member.assigned()


class Reader:
    """One process's place in a group: what FastStream and aiokafka do around `Member.take`."""

    def __init__(self, process: Process, group: Group, member: Member) -> None:
        self.process = process
        self.group = group
        self.positions: dict[Place, int] = {}
        self.generation = -1
        self.busy = False
        self._member = member
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.process.pause(0.01)
        if self.group.broker.away:
            raise ConnectionError("the broker is away")
        self._loop = self.process.spawn(self._read())

    async def stop(self) -> None:
        self._stopping = True
        if self._loop is not None:
            await asyncio.wait({self._loop}, timeout=_STOP_SECONDS)
            self._loop.cancel()
        nobodys(self.group.leave(self))

    async def ping(self, timeout: float | None) -> bool:  # noqa: ASYNC109 - FastStream's own signature
        return not self.group.broker.away

    async def let_go(self) -> bool:
        """Whether it let its partitions go before the others lost patience."""
        asked_at = now()
        while self.process.stands or not self.process.alive:
            if now() - asked_at >= SESSION_SECONDS:
                return False
            await wait(1)
        work = self.process.spawn(self._member.gate.on_partitions_revoked(self.positions))
        done, _ = await asyncio.wait({work}, timeout=REBALANCE_MS / 1000)
        if not done:
            work.cancel()
        return bool(done)

    def assigned(self) -> None:
        if self.process.alive and not self.process.stands:
            self.process.spawn(self._member.gate.on_partitions_assigned(self.positions))

    @property
    def owns(self) -> bool:
        return self.generation == self.group.generation and self in self.group._members

    async def commit(self) -> None:
        """Say that everything up to the own positions is done. A failure is only logged, as the client does."""
        await self.process.pause(self.process.rng.expovariate(200))
        if not self.owns or self.group.broker.away:
            return
        trouble = self._meet("crash_before", "error")
        if trouble:
            return
        passed = [one for place, position in self.positions.items() for one in self._passed(place, position)]
        self.group.offsets.update(self.positions)
        self.group.committed(self, passed)
        self._meet("crash_after", "lost_reply")

    def _passed(self, place: Place, position: int) -> list[Stored]:
        return self.group.broker.partitions[place][self.group.offsets.get(place, 0) : position]

    def go_back(self, batch: list[Stored]) -> None:
        first: dict[Place, int] = {}
        for stored in batch:
            first.setdefault((stored.topic, stored.partition), stored.offset)
        for place, offset in first.items():
            if place in self.positions:
                self.positions[place] = offset

    async def _read(self) -> None:
        nobodys(self.group.join(self))
        while not self._stopping:
            batch = self._fetch() if self.owns else []
            if batch:
                self.busy = True
                try:
                    await self._member.take(batch, Batch(self, batch))
                finally:
                    self.busy = False
                await self.process.pause(0.02)
                continue
            await self.process.pause(_POLL_SECONDS)
            if self.generation >= 0 and self not in self.group._members:
                self.generation = -1
                await self._member.gate.on_partitions_revoked(self.positions)
                nobodys(self.group.join(self))

    def _fetch(self) -> list[Stored]:
        if self.group.broker.away:
            return []
        places = self.process.rng.sample(list(self.positions), len(self.positions))
        most = self.process.rng.randint(1, _MOST)
        batch: list[Stored] = []
        for place in places:
            if self.positions[place] > len(self.group.broker.partitions[place]):
                # Out of range: the client goes back to the earliest.
                self.positions[place] = 0
            found = self.group.broker.readable(place, self.positions[place], most - len(batch))
            if found:
                self.positions[place] = found[-1].offset + 1
                batch += found
        return batch

    def _meet(self, *kinds: str) -> bool:
        trouble = self.group.broker.troubles.take(self.process.service, "group.commit", kinds, now())
        if trouble is not None and trouble.kind.startswith("crash"):
            self.process.die()
            raise Crash
        return trouble is not None


class Batch:
    """A batch as the broker lent it."""

    def __init__(self, reader: Reader, records: list[Stored]) -> None:
        self._reader = reader
        self._records = records

    async def ack(self) -> None:
        await self._reader.commit()

    async def nack(self) -> None:
        self._reader.go_back(self._records)
