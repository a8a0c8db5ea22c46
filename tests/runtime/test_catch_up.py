"""Rules 10, 14, 17 and 18: what the fast road lost is found by the sure one."""

import httpx
import pytest

from shared.runtime.errors import Unavailable
from shared.runtime.sources import LedgerSources
from shared.runtime.store.port import Heads
from tests.runtime.stories import TOPIC, three_changes, told
from tests.runtime.world import World

MINUTE = 60_000
DAY = 86_400_000


async def test_an_event_that_the_broker_lost_is_applied_before_the_next(world: World) -> None:
    """Rules 13 and 14."""
    world.broker.loses = lambda _, number: number == 2
    await three_changes(world)
    await world.interventions.deliver()
    assert await told(world) == (1, 2, 3)


async def test_a_lost_last_event_is_found_by_the_comparison(any_world: World) -> None:
    """Rule 17: it is followed by nothing that would show the gap."""
    world = any_world
    world.broker.loses = lambda _, number: number == 3
    await three_changes(world)
    await world.interventions.deliver()
    assert await told(world) == (1, 2)
    await world.look()
    assert await told(world) == (1, 2, 3)


async def test_an_emptied_broker_loses_nothing(world: World) -> None:
    """Rules 14 and 17: messages and offsets are gone, and new ones come with old offsets."""
    await three_changes(world, "tally-1")
    world.broker.lose_all()
    await three_changes(world, "tally-2")
    await world.interventions.deliver()
    await world.look()
    assert await told(world, "tally-1") == (1, 2, 3)
    assert await told(world, "tally-2") == (1, 2, 3)


async def test_a_process_that_starts_catches_up_all_at_once(world: World) -> None:
    """Rule 17: at start, without a second look."""
    await three_changes(world)
    assert await world.interventions.comparison.look() == 1
    assert await told(world) == (1, 2, 3)


async def test_a_key_whose_cursor_still_moves_is_left_to_the_fast_road(world: World) -> None:
    """Rule 17."""
    node = world.interventions
    await node.comparison.look()
    records = await three_changes(world)
    await node.comparison.look()
    await node.inbound.handle(records[:1])
    assert await node.comparison.look() == 0
    assert await told(world) == (1,)
    assert await node.comparison.look() == 1
    assert await told(world) == (1, 2, 3)


async def test_a_key_is_remembered_between_looks_though_it_is_listed_only_once(world: World) -> None:
    """Rules 17 and 18: an idle aggregate is not in the next listing, and its lost last event must not be forgotten."""
    node = world.interventions
    await node.comparison.look()
    await three_changes(world)
    world.sources.instead = Heads(10 * MINUTE, (("tally-1", 3),))
    await node.comparison.look()
    world.sources.instead = Heads(20 * MINUTE, ())
    assert await node.comparison.look() == 1
    assert await told(world) == (1, 2, 3)


async def test_a_held_key_is_left_alone_by_the_comparison(world: World) -> None:
    """Rule 17."""
    world.builds[1].fails_on.add(1)
    await three_changes(world)
    await world.interventions.deliver()
    assert await world.interventions.comparison.look() == 0


async def test_heads_are_listed_from_two_minutes_before_the_last_mark(world: World) -> None:
    """Rule 18: what was stamped but not yet committed at the last listing is listed again."""
    world.sources.instead = Heads(100 * MINUTE, ())
    comparison = world.interventions.comparison
    await comparison.look()
    await comparison.look()
    assert world.sources.listed == [None, 98 * MINUTE]


async def test_a_clock_before_the_mark_lists_all(world: World) -> None:
    """Rule 18: stamps by a clock that went back would be missed for good."""
    comparison = world.interventions.comparison
    world.sources.instead = Heads(100 * MINUTE, ())
    await comparison.look()
    world.sources.instead = Heads(50 * MINUTE, ())
    await comparison.look()
    assert world.sources.listed == [None, 98 * MINUTE, None]
    await comparison.look()
    assert world.sources.listed[-1] == 48 * MINUTE


async def test_all_is_listed_once_a_day(world: World) -> None:
    """Rule 18."""
    comparison = world.interventions.comparison
    for now in (0, DAY // 2, DAY + MINUTE, DAY + 2 * MINUTE):
        world.sources.instead = Heads(now + DAY, ())
        await comparison.look()
    await comparison.look()
    assert [since is None for since in world.sources.listed] == [True, False, False, True, False]


async def test_a_process_that_starts_lists_all(world: World) -> None:
    """Rule 18: the mark is stored, what was behind is not."""
    await world.interventions.comparison.look()
    world.interventions.restart()
    await world.interventions.comparison.look()
    assert world.sources.listed == [None, None]


async def test_a_listing_whose_catch_up_failed_is_listed_again(world: World) -> None:
    """Rule 18: the mark moves only when all of it was dealt with."""
    await three_changes(world)
    world.interventions.faults.plan(1, "error", "before", lambda name: name == "cursors.advance")
    node = world.interventions
    await node.comparison.look()
    assert await node.store.cursors.listing_mark("referrals") is None
    await node.comparison.look()
    assert await told(world) == (1, 2, 3)


async def test_the_stamps_are_of_the_source_stores_clock(any_world: World) -> None:
    """Rule 18: a process with a wrong clock must not hide its events."""
    world = any_world
    world.clock.move(days=-400)
    before = (await world.stores["referrals"].ledger.heads(None)).now
    await world.change("tally-1", 1)
    await world.referrals.publish()
    assert dict((await world.stores["referrals"].ledger.heads(before)).heads) == {"tally-1": 1}


async def test_a_source_that_is_away_does_not_stop_the_others(world: World) -> None:
    world.sources.away.add("notifications")
    await three_changes(world)
    comparison = world.interventions.comparison
    comparison._services = ("notifications", "referrals")
    assert await comparison.look() == 1


async def test_a_long_history_is_read_in_pages(world: World) -> None:
    for n in range(205):
        await world.change("tally-1", n + 1)
    await world.referrals.publish()
    await world.interventions.comparison.look()
    assert (await world.interventions.cursor("tally-1")).n == 205
    assert [above for _, _, above in world.sources.asked] == [0, 200, 205]


async def test_the_cursor_moves_after_each_event_of_a_catch_up(world: World) -> None:
    """Rule 14: a crash in the middle does not begin again from the start."""
    await three_changes(world)
    world.interventions.faults.plan(2, "error", "after", lambda name: name == "cursors.advance")
    await world.interventions.comparison.look()
    assert (await world.interventions.cursor("tally-1")).n == 2


async def test_an_event_is_never_in_neither_of_document_and_ledger(world: World) -> None:
    """Rule 10: whoever reads the document first, then the ledger, sees every number, at every step of the relay."""
    await world.change("tally-1", 1)
    await world.change("tally-1", 2)

    async def read() -> set[int]:
        document = await world.referrals.document("tally-1")
        numbers = {entry["sequence"] for entry in document.outbox}
        return numbers | {entry.sequence for entry in await world.ledger("tally-1")}

    send = world.broker.send

    async def watched(topic: str, key: str, value: bytes) -> None:
        assert await read() == {1, 2}
        await send(topic, key, value)

    world.broker.send = watched  # type: ignore[method-assign]
    await world.referrals.publish()
    assert await read() == {1, 2}
    await world.change("tally-1", 3)
    assert await read() == {1, 2, 3}


ANSWERS = {
    "an error": httpx.Response(500, text="oh"),
    "a page": httpx.Response(200, text="<html>log in</html>"),
    "other JSON": httpx.Response(200, json={"status": "ok"}),
    "a list": httpx.Response(200, json=[1]),
    "a redirect": httpx.Response(302, headers={"location": "http://elsewhere"}),
    "broken entries": httpx.Response(200, json={"events": [1], "now": 1, "heads": [1]}),
}


@pytest.mark.parametrize("what", ANSWERS)
async def test_a_source_that_answers_nonsense_is_as_good_as_away(world: World, what: str) -> None:
    """A proxy's page in its place must not stop the consumer for good."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: ANSWERS[what]))
    ledger = world.stores["interventions"].ledger
    sources = LedgerSources("interventions", ledger, {"referrals": "http://r"}, client, lambda: "token")
    with pytest.raises(Unavailable):
        await sources.history("referrals", "tally-1", 0)
    with pytest.raises(Unavailable):
        await sources.heads("referrals", None)
    with pytest.raises(Unavailable, match="CAREPATH_SERVICES"):
        await sources.heads("nobody", None)


async def test_the_own_ledger_is_read_without_a_detour(world: World) -> None:
    await three_changes(world)
    ledger = world.stores["referrals"].ledger
    sources = LedgerSources("referrals", ledger, {}, httpx.AsyncClient(), lambda: "token")
    assert len(await sources.history("referrals", "tally-1", 1)) == 2
    assert dict((await sources.heads("referrals", None)).heads) == {"tally-1": 3}
    assert world.broker.topics[TOPIC]
