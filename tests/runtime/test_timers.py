"""Rule 20: one command for each named timer, checked again, and set aside when it fails."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.runtime import sweeps
from shared.runtime.clock import milliseconds
from shared.runtime.errors import Unavailable
from tests.runtime import toys
from tests.runtime.world import World


async def waiting(world: World, id: str = "tally-1", **after: float) -> None:
    """A tally whose reminder comes after a while, an hour unless said."""
    await world.change(id, 1, remind_at=world.clock.now() + timedelta(**(after or {"hours": 1})))


async def test_a_timer_runs_when_it_is_due_and_once(any_world: World) -> None:
    world = any_world
    await waiting(world)
    assert await world.referrals.timers.run() == 0
    world.clock.move(hours=1)
    assert await world.referrals.timers.run() == 1
    assert await world.referrals.timers.run() == 0
    assert (await world.referrals.state("tally-1")).reminded == 1
    assert (await world.referrals.document("tally-1")).due_at is None


async def test_more_timers_than_a_page_holds_are_run_in_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "_DUE_AT_ONCE", 3)
    for n in range(8):
        await waiting(world, f"tally-{n}")
    world.clock.move(hours=1)
    assert await world.referrals.timers.run() == 8
    assert await world.referrals.timers.run() == 0


async def test_a_full_page_that_stays_due_ends_the_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when what asks the store has a clock that runs ahead of the clock that decides."""
    monkeypatch.setattr(sweeps, "_DUE_AT_ONCE", 2)
    monkeypatch.setattr(sweeps, "milliseconds", lambda moment: milliseconds(moment) + 7_200_000)
    for n in range(2):
        await waiting(world, f"tally-{n}")
    await asyncio.wait_for(world.referrals.timers.run(), 10)
    assert (await world.referrals.state("tally-0")).reminded == 0


async def test_a_look_that_finds_nothing_starts_no_tasks() -> None:
    """It comes every second, in every service."""
    loop, started = asyncio.get_running_loop(), []

    def start(_: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> asyncio.Task[Any]:
        started.append(work)
        return asyncio.Task(work, loop=loop, **rest)

    loop.set_task_factory(start)
    assert await sweeps.side_by_side(()) == 0
    assert started == []


async def test_two_loops_at_once_are_one_effect(any_world: World) -> None:
    world = any_world
    await waiting(world)
    world.clock.move(hours=1)
    nodes = [world.another(world.referrals) for _ in range(4)]
    await asyncio.gather(*(node.timers.run() for node in nodes))
    assert (await world.referrals.state("tally-1")).reminded == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_at_the_save_is_one_effect(world: World, when: str) -> None:
    await waiting(world)
    world.clock.move(hours=1)
    world.referrals.faults.fail_next("documents.save", when)  # type: ignore[arg-type]
    await world.referrals.timers.run()
    assert (await world.referrals.state("tally-1")).reminded == 1


async def test_a_timer_is_judged_by_the_deciding_process_own_clock(world: World) -> None:
    """The store says what is due by one clock; a process whose clock is behind does not run it early."""
    await waiting(world)
    await world.referrals.core.run_timers("tally", "tally-1")
    assert (await world.referrals.state("tally-1")).reminded == 0


@pytest.mark.parametrize("how", ["refused", "failing", "failing evolve"])
async def test_a_timer_that_fails_is_set_aside_for_ten_minutes(any_world: World, how: str) -> None:
    """It neither spins nor is it lost."""
    world = any_world
    build = world.builds[0]
    await waiting(world)
    if how == "failing evolve":
        build.failing_evolve.add(toys.TallyReminded)
    else:
        (build.refused_timers if how == "refused" else build.failing_timers).add("reminder")
    world.clock.move(hours=1)
    assert await world.referrals.timers.run() == 1
    document = await world.referrals.document("tally-1")
    assert document.due_at == milliseconds(world.clock.now() + timedelta(minutes=10))
    assert document.version == 1
    build.refused_timers.clear()
    build.failing_timers.clear()
    build.failing_evolve.clear()
    assert await world.referrals.timers.run() == 0
    world.clock.move(minutes=10)
    assert await world.referrals.timers.run() == 1
    assert (await world.referrals.state("tally-1")).reminded == 1


async def test_the_failure_of_one_timer_does_not_stop_another(world: World) -> None:
    world.builds[0].failing_timers.add("reminder")
    await waiting(world, "tally-1")
    world.clock.move(minutes=1)
    await waiting(world, "tally-2")
    world.clock.move(hours=1)
    await world.referrals.timers.run()
    world.builds[0].failing_timers.clear()
    document = await world.referrals.document("tally-2")
    assert document.held.keys() == {"reminder"}


async def test_what_is_changed_meanwhile_moves_the_timer_with_it(world: World) -> None:
    await waiting(world, hours=1)
    await waiting(world, hours=5)
    world.clock.move(hours=2)
    assert await world.referrals.timers.run() == 0
    world.clock.move(hours=3)
    assert await world.referrals.timers.run() == 1


async def test_an_aggregate_that_cannot_be_read_neither_spins_nor_stands_in_front_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_DUE_AT_ONCE", 2)
    for n in range(4):
        await waiting(world, f"tally-{n}", hours=1, minutes=n)
    for n in range(2):
        document = await world.referrals.document(f"tally-{n}")
        document.state["total"] = "damaged"
        document.rev += 1
        await world.referrals.store.documents.save(document)
    world.clock.move(hours=2)
    timers = world.referrals.timers
    assert await timers.run() == 2
    loads = world.referrals.faults.calls.count("documents.load")
    assert await timers.run() == 0
    assert world.referrals.faults.calls.count("documents.load") == loads
    assert (await world.referrals.state("tally-3")).reminded == 1


async def test_while_the_store_is_away_timers_wait_and_nothing_is_set_aside(world: World) -> None:
    await waiting(world)
    world.clock.move(hours=1)
    world.referrals.faults.fail_next("documents.load")
    with pytest.raises(Unavailable):
        await world.referrals.timers.run()
    assert await world.referrals.timers.run() == 1


async def test_a_year_of_reminders_is_each_of_them_once(world: World) -> None:
    for _ in range(52):
        await waiting(world, days=7)
        world.clock.move(days=7)
        await world.referrals.timers.run()
    assert (await world.referrals.state("tally-1")).reminded == 52
