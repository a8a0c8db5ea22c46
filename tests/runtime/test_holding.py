"""Rules 12, 14, 15, 17 and 19: a key that cannot go on waits, with its reason and alone, until it can."""

import asyncio
from dataclasses import replace

from shared.runtime.store.port import Cursor, Hold
from tests.runtime.stories import TOPIC, damaged_ledger, held, mended, poisoned, three_changes, told
from tests.runtime.toys import NAME
from tests.runtime.world import World


async def test_poison_holds_its_key_with_a_reason_while_the_others_go_on(any_world: World) -> None:
    """Rules 13 and 14."""
    world = any_world
    await poisoned(world)
    hold = await held(world)
    assert hold is not None
    event = (await world.ledger("tally-1"))[1]
    assert (hold.sequence, hold.reason, hold.event_id, hold.build) == (2, "poison", event.id, "build-1")
    assert hold.error == "RuntimeError"
    assert await told(world, "tally-1") == (1,)
    assert await told(world, "tally-2") == (1, 2, 3)


async def test_nothing_is_applied_past_a_held_event(world: World) -> None:
    """Rule 13."""
    await poisoned(world)
    await world.change("tally-1", 4)
    for _ in range(2):
        await world.hear()
        await world.look()
        world.broker.committed.clear()
    assert await told(world, "tally-1") == (1,)
    assert len([call for call in world.sources.asked if call[1] == "tally-1"]) == 1


async def test_a_mended_build_ends_in_the_state_as_if_it_had_never_failed(any_world: World) -> None:
    """Rules 14 and 17."""
    world = any_world
    await poisoned(world)
    assert await world.interventions.retry_held() == 0
    await mended(world, "build-2")
    assert await world.interventions.retry_held() == 1
    await world.rest()
    assert await held(world) is None
    await world.check(["tally-1", "tally-2"])


async def test_an_operators_retry_applies_all_that_waits(world: World) -> None:
    """Rule 19."""
    await poisoned(world)
    await mended(world, "build-1")
    await world.interventions.inbound.catch_up("referrals", "tally-1")
    assert await told(world, "tally-1") == (1, 2, 3)


async def test_a_retry_that_fails_again_never_lets_go_of_the_key_meanwhile(world: World) -> None:
    """Rule 19: the hold is not cleared first."""
    await poisoned(world)
    world.interventions.faults.calls.clear()
    await world.interventions.inbound.catch_up("referrals", "tally-1")
    assert "cursors.release" not in world.interventions.faults.calls
    assert await held(world) is not None


async def test_a_discarded_event_is_passed_over_with_its_reason_on_record(any_world: World) -> None:
    """Rule 19."""
    world = any_world
    await poisoned(world)
    hold = await held(world)
    assert hold is not None
    assert await world.interventions.inbound.discard("tally-1", "sent by mistake", "operator:olga")
    assert await told(world, "tally-1") == (1, 3)
    (record,) = await world.interventions.store.cursors.rejected()
    assert (record["discarded"], record["sequence"], record["event_id"]) == ("tally-1", 2, hold.event_id)
    assert (record["reason"], record["actor"]) == ("sent by mistake", "operator:olga")


async def test_there_is_nothing_to_discard_where_nothing_is_held(world: World) -> None:
    """Rule 19: pressed twice, it discards once."""
    await poisoned(world)
    answers = await asyncio.gather(
        *(world.interventions.inbound.discard("tally-1", "by mistake", "operator:olga") for _ in range(2))
    )
    assert sorted(answers) == [False, True]
    assert await told(world, "tally-1") == (1, 3)
    assert not await world.interventions.inbound.discard("tally-9", "by mistake", "operator:olga")


async def test_while_a_source_is_away_its_key_is_held_and_then_goes_on_by_itself(any_world: World) -> None:
    """Rules 14 and 17."""
    world = any_world
    world.broker.loses = lambda _, number: number == 2
    world.sources.away.add("referrals")
    await three_changes(world)
    await world.interventions.deliver()
    hold = await held(world)
    assert hold is not None
    assert (hold.sequence, hold.reason) == (2, "unreachable")
    await world.interventions.retry_held()
    assert await held(world) is not None
    world.sources.away.clear()
    assert await world.interventions.retry_held() == 1
    assert await told(world) == (1, 2, 3)
    assert await held(world) is None


async def test_a_hold_counts_only_for_the_event_right_after_the_cursor(any_world: World) -> None:
    """Rule 12: a cursor that has passed it makes it nothing."""
    cursors = any_world.stores["interventions"].cursors
    await cursors.advance([Cursor("tally-1", "referrals", 1, "e1")])
    assert await cursors.hold("tally-1", "referrals", 1, Hold(2, "poison", "e2", "x", "b", 0))
    assert len(await cursors.holding()) == 1
    await cursors.advance([Cursor("tally-1", "referrals", 2, "e2")])
    cursor = (await cursors.get(["tally-1"]))["tally-1"]
    assert cursor.held is None
    assert await cursors.holding() == []


async def test_a_slow_process_cannot_hold_a_key_that_another_has_carried_past(any_world: World) -> None:
    """Rule 15: it starts again from the new cursor, and finds what came meanwhile."""
    world = any_world
    slow, fast = world.interventions, world.another(world.interventions)
    hold = slow.store.cursors.hold
    world.builds[1].fails_on.add(2)
    await world.change("tally-1", 1)
    await world.change("tally-1", 2)
    await world.referrals.publish()

    async def late(*arguments: object) -> bool:
        slow.core.store.cursors.hold = hold  # type: ignore[method-assign]
        world.builds[1].fails_on.clear()
        await fast.inbound.catch_up("referrals", "tally-1")
        await world.change("tally-1", 3)
        await world.referrals.publish()
        return await hold(*arguments)  # type: ignore[arg-type]

    slow.core.store.cursors.hold = late  # type: ignore[method-assign,assignment]
    await slow.inbound.catch_up("referrals", "tally-1")
    cursor = await world.interventions.cursor("tally-1")
    assert (cursor.n, cursor.hold) == (3, None)
    assert await told(world, "tally-1") == (1, 2, 3)


async def test_a_hold_where_no_event_is_does_not_stand_for_ever(any_world: World) -> None:
    """Rule 15: a catch-up that finds nothing lifts it."""
    world = any_world
    await world.interventions.store.cursors.hold(
        "tally-9", "referrals", 0, Hold(1, "unreachable", None, "away", "build-1", 0)
    )
    assert await world.interventions.retry_held() == 1
    assert await held(world, "tally-9") is None


async def test_what_comes_while_a_hold_is_lifted_is_read_once_more(world: World) -> None:
    """Rule 15: a batch that saw the hold has passed over the event, and nobody else would bring it."""
    await world.interventions.store.cursors.hold(
        "tally-1", "referrals", 0, Hold(1, "unreachable", None, "away", "build-1", 0)
    )
    release = world.interventions.store.cursors.release

    async def meanwhile(source: str, at: int) -> bool:
        await world.change("tally-1", 1)
        await world.hear()
        assert (await world.interventions.cursor("tally-1")).n == 0
        return await release(source, at)

    await world.interventions.core.store.cursors.get(["tally-1"])
    world.interventions.core.store.cursors.release = meanwhile  # type: ignore[method-assign]
    batch = world.another(world.interventions)
    world.interventions, retrying = batch, world.interventions
    await retrying.inbound.catch_up("referrals", "tally-1")
    assert await told(world) == (1,)


async def test_the_text_of_a_hold_names_no_person(world: World) -> None:
    """Neither a bug in a reaction nor a failed validation may tell what it stumbled over."""
    world.builds[1].fails_on.add(1)
    await world.change("tally-1", 1, note=NAME)
    await world.hear()
    hold = await held(world)
    assert hold is not None
    assert hold.error == "RuntimeError"
    record = world.broker.topics[TOPIC][0]
    bad = (record.value or b"").replace(b'"amount":1', b'"amount":"Marisol"')
    world.builds[1].fails_on.clear()
    await world.interventions.inbound.handle([replace(record, value=bad, offset=1)])
    assert "Marisol" not in str((await world.interventions.cursor("tally-1")).hold)


async def test_a_stored_event_that_is_no_longer_valid_is_poison(world: World) -> None:
    """The hold says where, not what."""
    await world.change("tally-1", 1, note=NAME)
    await world.referrals.publish()
    with damaged_ledger(world):
        await world.look()
    hold = await held(world)
    assert hold is not None
    assert hold.reason == "poison"
    assert hold.error == "TallyChanged: amount: int_parsing"
