"""Two services, a broker and a clock in one hand: real stores, real runtime, and every fault a test may want.

A test calls the loops' bodies itself (`publish`, `deliver`, `look`...), so it says in which order things happen.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.catalogue import topic_of
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Aggregate, Reaction
from shared.runtime.core import Core, Outcome
from shared.runtime.errors import Unavailable
from shared.runtime.inbound import Inbound, Record
from shared.runtime.relay import Relay
from shared.runtime.store.port import Cursor, Document, Heads, Json, Store
from shared.runtime.sweeps import Comparison, DueTimers, retry_held
from shared.runtime.vault import Vault
from shared.runtime.writing import Intention, Origin
from tests.runtime import toys
from tests.runtime.faults import Crash, Faults, faulty

MASTER = bytes(range(32))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class HandClock:
    """Moves when a test moves it."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


class Broker:
    """Topics of one partition each, as logs; consumer groups with an offset. Its knobs lose, double and refuse."""

    def __init__(self) -> None:
        self.topics: dict[str, list[Record]] = defaultdict(list)
        self.committed: dict[tuple[str, str], int] = defaultdict(int)
        self.sends: list[tuple[str, str, int]] = []
        self.refuses: Callable[[str, int], bool] = lambda _subject, _number: False
        self.loses: Callable[[str, int], bool] = lambda _subject, _number: False
        self.doubles = False

    async def send(self, topic: str, key: str, value: bytes) -> None:
        number = Envelope.model_validate_json(value).sequence
        if self.refuses(key, number):
            raise Unavailable("the broker does not take it")
        self.sends.append((topic, key, number))
        if not self.loses(key, number):
            for _ in range(2 if self.doubles else 1):
                self.put(topic, key.encode(), value)

    def put(self, topic: str, key: bytes | None, value: bytes | None) -> Record:
        record = Record(topic, 0, len(self.topics[topic]), key, value)
        self.topics[topic].append(record)
        return record

    def lose_all(self) -> None:
        """An emptied broker: messages and offsets are gone, and offsets start again."""
        self.topics.clear()
        self.committed.clear()

    def first_copies(self, topic: str, key: str) -> list[int]:
        """The numbers of one key in the order in which each was first sent."""
        return list(dict.fromkeys(n for t, k, n in self.sends if (t, k) == (topic, key)))


class FaultyProducer:
    """The broker as one process reaches it."""

    def __init__(self, broker: Broker, faults: Faults) -> None:
        self._broker = broker
        self._faults = faults

    async def send(self, topic: str, key: str, value: bytes) -> None:
        await self._faults.call("broker.send", self._broker.send, topic, key, value)


class WorldSources:
    """The ledgers of all services, read directly. Those in `away` do not answer."""

    def __init__(self, ledgers: Callable[[str], Any]) -> None:
        self._ledgers = ledgers
        self.away: set[str] = set()
        self.asked: list[tuple[str, str, int]] = []
        self.instead: Heads | None = None
        self.listed: list[int | None] = []

    async def history(self, service: str, subject: str, above: int, limit: int = 200) -> list[Json]:
        self._reach(service)
        self.asked.append((service, subject, above))
        found: list[Json] = await self._ledgers(service).history(subject, above, limit)
        return found

    async def heads(self, service: str, since: int | None) -> Heads:
        self._reach(service)
        self.listed.append(since)
        if self.instead is not None:
            return self.instead
        listing: Heads = await self._ledgers(service).heads(since)
        return listing

    async def newest(self, service: str, subjects: Sequence[str]) -> dict[str, int]:
        self._reach(service)
        found: dict[str, int] = await self._ledgers(service).newest(subjects)
        return found

    def _reach(self, service: str) -> None:
        if service in self.away:
            raise Unavailable(f"{service} is away")


class Node:
    """One process of one service. `restart` begins a new one over the same store."""

    def __init__(
        self, world: "World", name: str, aggregate: Aggregate, reactions: Mapping[type[Event], Reaction], store: Store
    ) -> None:
        self.world = world
        self.name = name
        self.aggregate = aggregate
        self.reactions = reactions
        self.store = store
        self.build = "build-1"
        self.faults = Faults()
        self.restart()

    def restart(self) -> None:
        old, self.faults = self.faults, Faults()
        old.dead = True
        world, store = self.world, faulty(self.store, self.faults)
        self.clock = world.clock
        self.vault = Vault(faulty(world.vault_store, self.faults).keys, MASTER, self.clock)
        producer = FaultyProducer(world.broker, self.faults)
        self.relay = Relay(self.name, [self.aggregate.name], store, producer, self.clock)
        self.core = Core(self.name, [self.aggregate], store, self.vault, self.clock, self.relay.offer)
        self.inbound = Inbound(self.core, self.reactions, world.sources, self.clock, self.build, _no_pause)
        listens_to = tuple(other for other in toys.EVENTS if other != self.name)
        self.comparison = Comparison(self.inbound, world.sources, store.cursors, listens_to)
        self.timers = DueTimers(self.core, self.clock)

    async def run(self, id: str, command: Command, origin: Origin | None = None) -> Outcome:
        return await self.core.execute(self.aggregate.name, id, command, origin)

    async def document(self, id: str) -> Document:
        document = await self.store.documents.load(self.aggregate.name, id)
        assert document is not None, f"there is no {id}"
        return document

    async def state(self, id: str) -> Any:
        return (await self.core.load(self.aggregate.name, id)).state

    async def cursor(self, source: str) -> Cursor:
        return (await self.store.cursors.get([source])).get(source) or Cursor(source, "referrals")

    async def publish(self) -> None:
        while not self.relay.idle:
            await self.relay.publish_offered()

    async def publish_left_over(self) -> int:
        count = await self.relay.publish_left_over()
        await self.publish()
        return count

    async def deliver(self, size: int = 100) -> None:
        """Everything new on the other services' topics, in batches; an offset is committed after its batch."""
        broker = self.world.broker
        for topic in (topic_of(other) for other in toys.EVENTS if other != self.name):
            group = (self.name, topic)
            while batch := broker.topics[topic][broker.committed[group] :][:size]:
                await self.inbound.handle(batch)
                broker.committed[group] += len(batch)

    async def retry_held(self) -> int:
        return await retry_held(self.inbound, self.store.cursors, self.build)


class World:
    """`referrals` has tallies and publishes; `interventions` sums up what it hears."""

    def __init__(self, stores: Mapping[str, Store], builds: tuple[toys.Build, toys.Build] | None = None) -> None:
        self.clock = HandClock()
        self.broker = Broker()
        self.stores = stores
        self.vault_store = stores["vault"]
        self.builds = builds or (toys.Build(), toys.Build())
        self.sources = WorldSources(lambda service: stores[service].ledger)
        self.referrals = Node(self, "referrals", toys.tally(self.builds[0]), {}, stores["referrals"])
        self.interventions = Node(
            self, "interventions", toys.total(self.builds[1]), toys.REACTIONS, stores["interventions"]
        )
        self.nodes = (self.referrals, self.interventions)

    async def open(self) -> None:
        for node in self.nodes:
            await node.store.engine.open([node.aggregate.schema])
        await self.vault_store.engine.open([])

    async def close(self) -> None:
        for store in self.stores.values():
            await store.engine.close()

    def another(self, node: Node) -> Node:
        """A second process of the same service, over the same store."""
        return Node(self, node.name, node.aggregate, node.reactions, node.store)

    async def change(self, id: str, amount: int = 1, key: str | None = None, **more: Any) -> Outcome:
        """What a person sends: a change of one tally, under an idempotency key."""
        command = toys.Change(now=self.clock.now(), actor="psychology:ana", amount=amount, **more)
        request = Intention(key, f"{id} {amount}") if key else None
        origin = Origin(correlation=f"click-{key}", causation=f"request:{key}", request=request)
        return await self.referrals.run(id, command, origin)

    async def hear(self) -> None:
        """The fast road, once: publish, deliver."""
        await self.referrals.publish()
        await self.interventions.deliver()

    async def look(self) -> None:
        """The comparison of heads, twice, as a key must not move between two looks."""
        await self.interventions.comparison.look()
        await self.interventions.comparison.look()

    async def rest(self) -> None:
        """No fault from here on: let a few minutes pass, and everything come to rest."""
        for node in self.nodes:
            if node.faults.dead:
                node.restart()
            node.faults.at = 0
        for _ in range(4):
            self.clock.move(seconds=31)
            for node in self.nodes:
                await node.publish_left_over()
            await self.interventions.deliver()
            await self.look()
            await self.interventions.retry_held()

    async def survive(self, step: Callable[[], Awaitable[Any]]) -> None:
        """Do `step`, as often as it takes: a process that ends is started anew, an error is tried again."""
        for _ in range(10):
            try:
                await step()
                return
            except Crash:
                for node in self.nodes:
                    if node.faults.dead:
                        node.restart()
            except Unavailable:
                continue
        raise AssertionError("it does not recover")

    async def ledger(self, subject: str) -> list[Envelope]:
        return [Envelope.model_validate(e) for e in await self.stores["referrals"].ledger.history(subject)]

    async def check(self, subjects: Sequence[str]) -> None:
        """Nothing is lost, doubled or out of order, from the document through the ledger to both sums."""
        for subject in subjects:
            document = await self.referrals.document(subject)
            ledger = await self.ledger(subject)
            numbers = list(range(1, document.version + 1))
            assert [e.sequence for e in ledger] == numbers
            assert [e.previous for e in ledger] == [None, *(e.id for e in ledger)][: len(ledger)]
            assert document.relayed == document.version
            assert document.relay_at is None
            assert self.broker.first_copies("carepath.referrals", subject) == numbers
            changes = [e for e in ledger if e.type == toys.TallyChanged.TYPE]
            assert (await self.referrals.state(subject)).total == sum(e.data["amount"] for e in changes)
            assert (await self.interventions.cursor(subject)).n == document.version
            for target in toys.sums_of(subject):
                told = (await self.interventions.state(target)).story.get(subject, ())
                assert list(told) == [e.sequence for e in changes], target

    async def digest(self) -> dict[str, Any]:
        """All state of both services, for a comparison."""
        found = {}
        for node in self.nodes:
            for document in await node.store.documents.find(node.aggregate.name, {}):
                state = await node.vault.open(document.state, f"{document.id}@{document.rev}")
                found[document.id] = (document.version, document.last_event, state)
        return found


def with_value(record: Record, value: bytes | None) -> Record:
    return replace(record, value=value)


async def _no_pause(_: float) -> None:
    return None
