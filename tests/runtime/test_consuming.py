"""Rules 12, 13, 16 and 22: applied once, in order, and a refusal is an answer."""

import asyncio

import pytest

from shared.contracts.catalogue import EVENT_TYPES
from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Cursor, Hold
from shared.runtime.writing import _SEEN_KEPT, PRUNED
from tests.runtime import toys
from tests.runtime.faults import Crash
from tests.runtime.stories import TOPIC, three_changes, told
from tests.runtime.world import World


async def test_the_whole_topic_three_times_leaves_the_same_state_as_once(any_world: World) -> None:
    """Rules 12, 13 and 16."""
    world = any_world
    for subject in ("tally-1", "tally-2"):
        await three_changes(world, subject)
    await world.interventions.deliver()
    once = await world.digest()
    for _ in range(2):
        world.broker.committed.clear()
        await world.interventions.deliver()
    assert await world.digest() == once


async def test_doubled_messages_in_one_batch_are_applied_once(world: World) -> None:
    """Rule 13."""
    world.broker.doubles = True
    await three_changes(world)
    await world.interventions.deliver()
    assert await told(world) == (1, 2, 3)


async def test_a_repeat_reaches_the_aggregate_not_even_once_the_cursor_has_passed_it(world: World) -> None:
    """Rule 13: at or below the cursor is passed over."""
    records = await three_changes(world)
    await world.interventions.inbound.handle(records)
    rev = (await world.interventions.document("sum-of-all")).rev
    await world.interventions.inbound.handle(records)
    assert (await world.interventions.document("sum-of-all")).rev == rev
    assert world.sources.asked == []


async def test_a_repeat_after_a_lost_cursor_is_found_in_seen(world: World) -> None:
    """Rules 12 and 16: the cursor moves after the effects, so a crash in between repeats them."""
    records = await three_changes(world)
    world.interventions.faults.fail_next("cursors.advance", kind="crash")
    with pytest.raises(Crash):
        await world.interventions.inbound.handle(records)
    world.interventions.restart()
    assert await told(world) == (1, 2, 3)
    assert (await world.interventions.cursor("tally-1")).n == 0
    await world.interventions.inbound.handle(records)
    assert await told(world) == (1, 2, 3)


async def test_the_cursor_moves_after_the_effects_on_all_targets(world: World) -> None:
    """Rule 12."""
    await world.interventions.inbound.handle((await three_changes(world))[:1])
    calls = world.interventions.faults.calls
    assert calls.count("documents.save") == 2
    assert calls.index("cursors.advance") > max(n for n, call in enumerate(calls) if call == "documents.save")


async def test_the_cursor_never_goes_back(any_world: World) -> None:
    """Rule 12."""
    cursors = any_world.stores["interventions"].cursors
    await cursors.advance([Cursor("tally-1", "referrals", 5, "e5")])
    await cursors.advance([Cursor("tally-1", "referrals", 3, "e3")])
    cursor = (await cursors.get(["tally-1"]))["tally-1"]
    assert (cursor.n, cursor.last_id) == (5, "e5")


async def test_messages_in_any_order_are_applied_in_order(world: World) -> None:
    """Rule 13: a gap is caught up, never jumped over."""
    first, second, third = await three_changes(world)
    await world.interventions.inbound.handle([third])
    await world.interventions.inbound.handle([second, first])
    assert await told(world) == (1, 2, 3)


async def test_a_gap_within_one_batch_is_filled_from_the_ledger(world: World) -> None:
    """Rule 13."""
    first, _, third = await three_changes(world)
    await world.interventions.inbound.handle([first, third])
    assert await told(world) == (1, 2, 3)


async def test_keys_run_side_by_side_and_a_slow_one_does_not_hold_up_the_others(world: World) -> None:
    for subject in ("tally-1", "tally-2"):
        await three_changes(world, subject)
    waiting = asyncio.Event()
    load = world.interventions.core.store.documents.load

    async def slow(kind: str, id: str) -> object:
        if id == "sum-of-tally-1":
            await waiting.wait()
        return await load(kind, id)

    world.interventions.core.store.documents.load = slow  # type: ignore[method-assign,assignment]
    batch = asyncio.create_task(world.interventions.inbound.handle(world.broker.topics[TOPIC]))
    for _ in range(10_000):
        sum_ = await load("sum", "sum-of-tally-2")
        if sum_ and sum_.version == 3:
            break
        await asyncio.sleep(0)
    else:
        pytest.fail("the other key was held up")
    assert not batch.done()
    waiting.set()
    await batch
    assert [(await world.interventions.cursor(tally)).n for tally in ("tally-1", "tally-2")] == [3, 3]


async def test_a_batch_that_must_be_given_back_ends_with_nothing_still_under_way(world: World) -> None:
    """After the answer the consumer may lose its partitions: what went on behind its back would meet another's."""
    for subject in ("tally-1", "tally-2"):
        await three_changes(world, subject)
    load = world.interventions.core.store.documents.load

    async def away(kind: str, id: str) -> object:
        if id == "sum-of-tally-1":
            raise Unavailable("away")
        for _ in range(50):
            await asyncio.sleep(0)
        return await load(kind, id)

    world.interventions.core.store.documents.load = away  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        await world.interventions.inbound.handle(world.broker.topics[TOPIC])
    assert (await world.interventions.cursor("tally-2")).n == 3
    assert world.interventions.inbound.in_flight == 0


async def test_what_fails_for_a_moment_is_tried_again_in_place(world: World) -> None:
    records = await three_changes(world)
    world.interventions.faults.fail_next("documents.load")
    await world.interventions.inbound.handle(records)
    assert await told(world) == (1, 2, 3)


async def test_while_the_own_store_is_away_the_batch_is_given_back_and_no_key_is_held(world: World) -> None:
    records = await three_changes(world)
    load = world.interventions.core.store.documents.load

    async def away(*_: object) -> None:
        raise Unavailable("away")

    world.interventions.core.store.documents.load = away  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        await world.interventions.inbound.handle(records)
    world.interventions.core.store.documents.load = load  # type: ignore[method-assign]
    assert (await world.interventions.cursor("tally-1")).held is None
    await world.interventions.inbound.handle(records)
    assert await told(world) == (1, 2, 3)


async def test_a_known_event_without_a_reaction_moves_the_cursor_and_nothing_else(world: World) -> None:
    """Rule 13."""
    notice = toys.Notice(now=world.clock.now(), actor="x:y")
    await world.referrals.run("tally-1", notice)
    await world.hear()
    assert (await world.interventions.cursor("tally-1")).n == 1
    assert "documents.save" not in world.interventions.faults.calls


async def test_a_refusal_of_a_reaction_is_an_answer_without_events_and_holds_nobody_up(world: World) -> None:
    """Rule 22."""
    world.builds[1].refuses.add(2)
    await three_changes(world)
    await world.interventions.deliver()
    assert await told(world) == (1, 3)
    cursor = await world.interventions.cursor("tally-1")
    assert (cursor.n, cursor.held) == (3, None)


async def test_a_refused_event_is_not_applied_by_a_late_repeat(world: World) -> None:
    """Rules 16 and 22: a late no-op that becomes an effect would turn the order."""
    world.builds[1].refuses.add(2)
    records = await three_changes(world)
    world.interventions.faults.fail_next("cursors.advance", kind="crash")
    with pytest.raises(Crash):
        await world.interventions.inbound.handle(records)
    world.interventions.restart()
    world.builds[1].refuses.clear()
    await world.interventions.inbound.handle(records)
    assert await told(world) == (1, 3)


async def test_the_target_of_a_reaction_need_not_exist_yet(world: World) -> None:
    """Rule 22: decide starts from the empty state."""
    await world.change("tally-new", 7)
    await world.hear()
    assert (await world.interventions.state("sum-of-tally-new")).total == 7


@pytest.mark.parametrize("sources", [_SEEN_KEPT + 40])
async def test_seen_stays_small_and_stays_right_beyond_its_bound(any_world: World, sources: int) -> None:
    """Rule 16: a mark is pruned once the cursor has passed it, and then the cursor answers in its place."""
    world = any_world
    for n in range(sources):
        await world.change(f"tally-{n}", 1)
    await world.hear()
    document = await world.interventions.document("sum-of-all")
    assert len(document.seen) <= _SEEN_KEPT + 1
    assert PRUNED in document.seen
    before = await world.digest()
    stale = await world.interventions.store.cursors.get([f"tally-{n}" for n in range(sources)])
    original = world.interventions.core.store.cursors.get
    first = True

    async def as_before(names: list[str]) -> object:
        """As a slower process read the cursors of the batch: before anything was applied."""
        nonlocal first
        if first:
            first = False
            return {}
        return await original(names)

    world.interventions.inbound._cursors.get = as_before  # type: ignore[method-assign,assignment]
    assert len(stale) == sources
    await world.interventions.inbound.handle(world.broker.topics[TOPIC])
    assert await world.digest() == before


async def test_a_mark_that_the_cursor_has_not_reached_is_never_pruned(world: World) -> None:
    """Rule 16."""
    for n in range(_SEEN_KEPT + 10):
        await world.change(f"tally-{n}", 1)
    await world.referrals.publish()
    records = world.broker.topics[TOPIC]
    world.interventions.faults.plan(1, "crash", "before", lambda name: name == "cursors.advance")
    for record in records:
        world.interventions.faults.plan(1, "crash", "before", lambda name: name == "cursors.advance")
        with pytest.raises(Crash):
            await world.interventions.inbound.handle([record])
        world.interventions.restart()
    seen = (await world.interventions.document("sum-of-all")).seen
    assert len(seen.keys() - {PRUNED}) == _SEEN_KEPT + 10
    await world.interventions.inbound.handle(records)
    assert (await world.interventions.state("sum-of-all")).total == _SEEN_KEPT + 10


async def test_an_unknown_type_holds_its_key_until_a_build_knows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 13: passed over, it would be lost after a rollback and a roll-forward."""
    monkeypatch.delitem(EVENT_TYPES, toys.TallyChanged.TYPE)
    records = await three_changes(world)
    await world.interventions.inbound.handle(records)
    held = (await world.interventions.cursor("tally-1")).held
    assert isinstance(held, Hold)
    assert (held.sequence, held.reason) == (1, "poison")
    assert "not known to this build" in held.error
    monkeypatch.setitem(EVENT_TYPES, toys.TallyChanged.TYPE, toys.TallyChanged)
    world.interventions.build = "build-2"
    world.interventions.restart()
    assert await world.interventions.retry_held() == 1
    assert await told(world) == (1, 2, 3)
