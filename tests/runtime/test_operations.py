"""What an operator is told of one service: counted right, and only looked at."""

from datetime import timedelta

import pytest

from shared.runtime.clock import milliseconds
from shared.runtime.errors import NotFound
from shared.runtime.operations import Lag, Late, Operations, Untold
from shared.runtime.store.port import Cursor, Heads
from tests.runtime.stores import hold
from tests.runtime.stories import held, poisoned, three_changes
from tests.runtime.toy_service import settings
from tests.runtime.toys import TallyChanged
from tests.runtime.world import START, Node, World

MINUTE = 60_000
FULL = 100


def operations(node: Node) -> Operations:
    listens_to = ("referrals",) if node.name == "interventions" else ()
    return Operations(node.core, node.comparison, node.world.sources, settings(), listens_to)


async def lag(world: World) -> Lag:
    [found] = await operations(world.interventions).lags()
    return found


async def test_lag_is_what_the_source_has_and_is_not_applied_here(any_world: World) -> None:
    world = any_world
    assert await lag(world) == Lag("referrals", reached=True)
    await three_changes(world, "tally-1")
    world.clock.move(minutes=5)
    await three_changes(world, "tally-2")
    assert await lag(world) == Lag("referrals", reached=True, events=6, oldest=START)
    await world.interventions.deliver()
    assert await lag(world) == Lag("referrals", reached=True)


async def test_lag_tells_what_waits_at_held_keys_apart(any_world: World) -> None:
    await poisoned(any_world)
    assert await lag(any_world) == Lag("referrals", reached=True, held=2)


async def test_lag_of_a_source_that_is_away_is_not_known(world: World) -> None:
    await three_changes(world)
    world.sources.away.add("referrals")
    assert await lag(world) == Lag("referrals", reached=False)


async def test_lag_counts_what_the_comparison_remembers_though_it_is_listed_no_more(world: World) -> None:
    await world.interventions.comparison.look()
    await three_changes(world)
    world.sources.instead = Heads(10 * MINUTE, (("tally-1", 3),))
    await world.interventions.comparison.look()
    world.sources.instead = Heads(20 * MINUTE, ())
    assert (await lag(world)).events == 3
    assert world.sources.listed[-1] == 8 * MINUTE


async def test_lag_is_counted_anew_where_the_clock_of_the_source_went_back(world: World) -> None:
    world.sources.instead = Heads(100 * MINUTE, ())
    await world.interventions.comparison.look()
    world.sources.instead = Heads(50 * MINUTE, ())
    await lag(world)
    assert world.sources.listed[-2:] == [98 * MINUTE, None]


async def test_of_many_keys_that_are_behind_some_are_asked_for_their_age(world: World) -> None:
    for n in range(21):
        await world.change(f"tally-{n}")
    await world.referrals.publish()
    found = await lag(world)
    assert (found.events, found.oldest, found.all_asked) == (21, START, False)


async def test_untold_is_what_is_stored_and_not_known_to_be_published(any_world: World) -> None:
    world = any_world
    operator = operations(world.referrals)
    assert await operator.untold() == Untold(0, None, more=False)
    await world.change("tally-1")
    world.clock.move(minutes=2)
    await world.change("tally-1", 2)
    await world.change("tally-2")
    assert await operator.untold() == Untold(3, START, more=False)
    await world.referrals.publish()
    assert await operator.untold() == Untold(0, None, more=False)


async def test_untold_events_are_counted_up_to_a_limit_of_documents(world: World) -> None:
    for n in range(FULL):
        await world.change(f"tally-{n}")
    assert await operations(world.referrals).untold() == Untold(FULL, START, more=True)


async def test_a_timer_is_late_after_a_minute(any_world: World) -> None:
    world = any_world
    operator = operations(world.referrals)
    due = START + timedelta(minutes=5)
    await world.change("tally-1", remind_at=due)
    await world.change("tally-2", remind_at=due + timedelta(seconds=30))
    world.clock.move(minutes=5, seconds=59)
    assert await operator.late() == []
    world.clock.move(seconds=1)
    assert await operator.late() == [Late("tally", 1, due, more=False)]
    world.clock.move(hours=1)
    assert await operator.late() == [Late("tally", 2, due, more=False)]
    await world.referrals.timers.run()
    assert await operator.late() == []


async def test_late_timers_are_counted_up_to_a_limit(world: World) -> None:
    for n in range(FULL):
        await world.change(f"tally-{n}", remind_at=START)
    world.clock.move(minutes=2)
    assert await operations(world.referrals).late() == [Late("tally", FULL, START, more=True)]


async def test_a_held_key_says_what_it_is_and_what_waits_behind_it(any_world: World) -> None:
    world = any_world
    await poisoned(world)
    await world.change("tally-1", 4)
    await world.referrals.publish()
    operator = operations(world.interventions)
    [key] = (await operator.held("", 10)).held
    assert (key.cursor.source, key.behind, key.type, key.happened_at) == ("tally-1", 2, TallyChanged.TYPE, START)
    assert await operator.held_key("tally-1") == key
    for source in ("tally-2", "never"):
        with pytest.raises(NotFound):
            await operator.held_key(source)
    world.sources.away.add("referrals")
    unknown = await operator.held_key("tally-1")
    assert (unknown.behind, unknown.type, unknown.happened_at) == (None, None, None)


async def test_held_keys_are_told_page_after_page_those_held_longest_first(any_world: World) -> None:
    cursors = any_world.stores["interventions"].cursors
    for source, at in (("b", 30), ("a", 30), ("c", 4), ("e", 5)):
        assert await cursors.hold(source, "referrals", 0, hold(1, at=at))
    operator = operations(any_world.interventions)
    found, after = [], ""
    for _ in range(2):
        page = await operator.held(after, 3)
        assert page.total == 4
        found += [key.cursor.source for key in page.held]
        after = page.next or ""
    assert found == ["c", "e", "a", "b"]
    assert after == ""


async def test_a_source_that_is_restored_from_before_the_held_event_has_nothing_behind_it(world: World) -> None:
    cursors = world.stores["interventions"].cursors
    await world.change("tally-1")
    await world.referrals.publish()
    await cursors.advance([Cursor("tally-1", "referrals", 7, "e7")])
    await cursors.hold("tally-1", "referrals", 7, hold(8, reason="went_back"))
    assert (await operations(world.interventions).held_key("tally-1")).behind == 0
    assert (await lag(world)).held == 0


async def test_since_when_a_key_is_held_stays_while_it_is_tried_again_in_vain(world: World) -> None:
    await poisoned(world)
    world.clock.move(hours=3)
    await world.interventions.inbound.catch_up("referrals", "tally-1")
    world.sources.away.add("referrals")
    await world.interventions.inbound.catch_up("referrals", "tally-1")
    hold = await held(world)
    assert hold is not None
    assert (hold.reason, hold.at) == ("unreachable", milliseconds(START))
