"""What often happens before a rule is tested: some changes, an event that is poison, a build that is mended."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.runtime.inbound import Record
from shared.runtime.store.port import Hold
from tests.runtime.toys import NAME
from tests.runtime.world import World

TOPIC = "carepath.referrals"


async def told(world: World, subject: str = "tally-1") -> tuple[int, ...]:
    story: dict[str, tuple[int, ...]] = (await world.interventions.state("sum-of-all")).story
    return story.get(subject, ())


async def three_changes(world: World, subject: str = "tally-1") -> list[Record]:
    for amount in (1, 2, 3):
        await world.change(subject, amount)
    await world.referrals.publish()
    return [record for record in world.broker.topics[TOPIC] if record.key == subject.encode()]


async def held(world: World, subject: str = "tally-1") -> Hold | None:
    return (await world.interventions.cursor(subject)).held


@contextmanager
def damaged_ledger(world: World) -> Iterator[None]:
    """The events of the referrals' ledger hold a name where a number should be."""
    ledger = world.stores["referrals"].ledger
    history = ledger.history

    async def damaged(subject: str, above: int = 0, limit: int = 500) -> object:
        entries = await history(subject, above, limit)
        return [{**entry, "data": {**entry["data"], "amount": NAME}} for entry in entries]

    ledger.history = damaged  # type: ignore[method-assign,assignment]
    yield
    ledger.history = history  # type: ignore[method-assign]


async def poisoned(world: World) -> None:
    """Event 2 of tally-1 is more than this build can do."""
    world.builds[1].fails_on.add(2)
    await three_changes(world, "tally-1")
    for amount in (11, 12, 13):
        await world.change("tally-2", amount)
    await world.referrals.publish()
    await world.interventions.deliver()


async def mended(world: World, build: str) -> None:
    world.builds[1].fails_on.clear()
    world.interventions.build = build
    world.interventions.restart()
