"""Rules 14, 19 and 21: a ledger with a hole, and a source that went back."""

from pathlib import Path

from shared.runtime.store.port import Cursor, Heads
from tests.runtime.stores import open_by_words
from tests.runtime.stories import TOPIC, held, three_changes, told
from tests.runtime.world import World


async def test_a_hole_in_the_sources_ledger_holds_the_key_until_it_is_filled(world: World) -> None:
    """A bulk write may be half done for a moment."""
    await three_changes(world)
    history = world.stores["referrals"].ledger.history

    async def with_a_hole(subject: str, above: int = 0, limit: int = 500) -> object:
        return [entry for entry in await history(subject, above, limit) if entry["sequence"] != 2]

    ledger = world.stores["referrals"].ledger
    ledger.history = with_a_hole  # type: ignore[method-assign,assignment]
    await world.look()
    hold = await held(world)
    assert hold is not None
    assert (hold.sequence, hold.reason, hold.event_id) == (2, "unreachable", None)
    ledger.history = history  # type: ignore[method-assign]
    await world.interventions.retry_held()
    assert await told(world) == (1, 2, 3)


async def test_a_hole_that_is_never_filled_can_be_discarded_and_the_key_goes_on(world: World) -> None:
    """Rules 19 and 21: the event after the hole is not mistaken for another story."""
    await three_changes(world)
    history = world.stores["referrals"].ledger.history

    async def with_a_hole(subject: str, above: int = 0, limit: int = 500) -> object:
        return [entry for entry in await history(subject, above, limit) if entry["sequence"] != 2]

    world.stores["referrals"].ledger.history = with_a_hole  # type: ignore[method-assign,assignment]
    await world.look()
    assert await world.interventions.inbound.discard("tally-1", "lost for good", "operator:olga")
    assert await told(world) == (1, 3)
    assert await held(world) is None


async def test_a_source_that_went_back_is_held_and_nothing_of_it_is_applied(world: World, tmp_path: Path) -> None:
    """Rule 21: a restored backup uses numbers anew, for another story."""
    await three_changes(world)
    await world.interventions.deliver()
    before = await world.digest()
    restored = open_by_words(["sqlite", str(tmp_path / "restored.db")])
    other = World({**world.stores, "referrals": restored})
    await other.open()
    other.clock.move(hours=1)
    world.sources._ledgers = lambda _: restored.ledger
    for amount in (1, 2, 7, 8):
        await other.change("tally-1", amount)
    await other.referrals.publish()
    await world.interventions.inbound.handle(other.broker.topics[TOPIC])
    await restored.engine.close()
    hold = await held(world)
    assert hold is not None
    assert (hold.sequence, hold.reason) == (4, "went_back")
    after = await world.digest()
    assert {k: v for k, v in after.items() if k.startswith("sum")} == {
        k: v for k, v in before.items() if k.startswith("sum")
    }


async def test_a_source_that_has_lost_what_was_applied_is_held(world: World) -> None:
    """Rule 21: a cursor above the source's head."""
    await three_changes(world)
    await world.interventions.deliver()
    await world.interventions.store.cursors.advance([Cursor("tally-1", "referrals", 9, "x")])
    await world.interventions.comparison.look()
    hold = await held(world)
    assert hold is not None
    assert (hold.sequence, hold.reason) == (10, "went_back")


async def test_a_cursor_that_moved_after_the_heads_were_listed_is_no_alarm(world: World) -> None:
    """The simulator found it: the listing was older than the cursor that it was compared with."""
    await three_changes(world)
    listing = await world.interventions.comparison._sources.heads("referrals", None)
    world.sources.heads = lambda *_: _later(listing)  # type: ignore[method-assign]
    await world.change("tally-1", 4)
    await world.referrals.publish()
    await world.interventions.deliver()
    assert await told(world) == (1, 2, 3, 4)
    await world.interventions.comparison.look()
    assert await held(world) is None


async def _later(listing: Heads) -> Heads:
    return listing
