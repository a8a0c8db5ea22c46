"""Rules 7 to 9: filed, then sent in order, then marked; what one process leaves, another finds."""

import asyncio

import orjson
import pytest

from shared.runtime import relay as relay_module
from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Mark
from tests.runtime.faults import Crash
from tests.runtime.world import World

TOPIC = "carepath.referrals"


async def test_an_event_is_filed_before_it_is_sent(world: World) -> None:
    """Rule 7: whoever hears of it on the fast road finds it on the sure one."""
    await world.change("tally-1", 1)
    await world.referrals.publish()
    calls = world.referrals.faults.calls
    assert calls.index("ledger.file") < calls.index("broker.send") < calls.index("documents.mark_relayed")


async def test_of_one_key_the_next_is_sent_only_after_the_last_was_acknowledged(world: World) -> None:
    """Rule 7."""
    under_way, most = 0, 0
    send = world.broker.send

    async def slow(topic: str, key: str, value: bytes) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        await send(topic, key, value)
        under_way -= 1

    world.broker.send = slow  # type: ignore[method-assign]
    for amount in range(4):
        await world.change("tally-1", amount + 1)
    await world.referrals.publish()
    assert most == 1
    assert world.broker.first_copies(TOPIC, "tally-1") == [1, 2, 3, 4]


@pytest.mark.parametrize("fault", [Unavailable("away"), ValueError("a library's bug")])
async def test_a_failed_send_stops_its_key_and_no_other(world: World, fault: Exception) -> None:
    """Rule 7."""
    refused = True

    def refuse(subject: str, number: int) -> bool:
        if refused and (subject, number) == ("tally-1", 2):
            raise fault
        return False

    world.broker.refuses = refuse
    for subject in ("tally-1", "tally-2"):
        for amount in (1, 2, 3):
            await world.change(subject, amount)
    await world.referrals.publish()
    assert world.broker.first_copies(TOPIC, "tally-1") == [1]
    assert world.broker.first_copies(TOPIC, "tally-2") == [1, 2, 3]
    assert (await world.referrals.document("tally-1")).relayed == 1
    refused = False
    world.clock.move(seconds=31)
    assert await world.referrals.publish_left_over() == 1
    assert world.broker.first_copies(TOPIC, "tally-1") == [1, 2, 3]


@pytest.mark.parametrize("call", ["ledger.file", "documents.mark_relayed"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_relay_that_meets_an_error_goes_on_with_what_comes_next(world: World, call: str, when: str) -> None:
    world.referrals.faults.fail_next(call, when)  # type: ignore[arg-type]
    await world.change("tally-1", 1)
    await world.referrals.publish()
    await world.change("tally-2", 2)
    await world.referrals.publish()
    assert world.broker.first_copies(TOPIC, "tally-2") == [1]
    await world.rest()
    await world.check(["tally-1", "tally-2"])


async def test_the_relay_survives_an_error_that_nobody_foresaw(world: World) -> None:
    """It is one loop for the whole process: were it to end, nothing would be published any more."""
    await world.change("tally-1", 1)
    loop = asyncio.create_task(world.referrals.relay.run())
    world.referrals.relay._store = None  # type: ignore[assignment]
    while not world.referrals.relay.idle:
        await asyncio.sleep(0)
    assert not loop.done()
    loop.cancel()


@pytest.mark.parametrize("moved_on", [False, True])
async def test_marking_clears_the_request_only_for_the_newest_version(any_world: World, moved_on: bool) -> None:
    """Rule 8."""
    world = any_world
    await world.change("tally-1", 1)
    if moved_on:
        await world.change("tally-1", 2)
    await world.referrals.store.documents.mark_relayed([Mark("tally", "tally-1", 1)])
    document = await world.referrals.document("tally-1")
    assert (document.relayed, document.relay_at is not None) == (1, moved_on)


async def test_a_mark_never_lowers_what_is_known_to_be_published(any_world: World) -> None:
    """Rule 8: a slow relay marks late."""
    world = any_world
    await world.change("tally-1", 1)
    await world.change("tally-1", 2)
    await world.referrals.publish()
    await world.referrals.store.documents.mark_relayed([Mark("tally", "tally-1", 1)])
    assert (await world.referrals.document("tally-1")).relayed == 2


async def test_a_save_that_overlaps_a_mark_leaves_nothing_that_nobody_looks_at(world: World) -> None:
    """Rules 3 and 8."""
    await world.change("tally-1", 1)
    loaded = await world.referrals.document("tally-1")
    await world.referrals.publish()
    loaded.rev += 1
    loaded.relay_at = 1
    await world.referrals.store.documents.save(loaded)
    await world.rest()
    await world.check(["tally-1"])


async def test_what_a_dead_process_left_is_published_by_another_after_30_s(any_world: World) -> None:
    """Rules 3 and 9."""
    world = any_world
    await world.change("tally-1", 1)
    other = world.another(world.referrals)
    assert await other.publish_left_over() == 0
    world.clock.move(seconds=31)
    assert await other.publish_left_over() == 1
    assert world.broker.first_copies(TOPIC, "tally-1") == [1]


async def test_a_claim_moves_the_request_ahead_so_that_two_pollers_do_not_take_the_same(any_world: World) -> None:
    """Rule 9."""
    world = any_world
    for n in range(5):
        await world.change(f"tally-{n}", 1)
    world.clock.move(seconds=31)
    nodes = [world.another(world.referrals) for _ in range(3)]
    counts = await asyncio.gather(*(node.relay.publish_left_over() for node in nodes))
    assert sum(counts) == 5


async def test_what_cannot_be_sent_does_not_stand_in_front_of_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 9: a claim sends it to the end of the queue."""
    monkeypatch.setattr(relay_module, "_WINDOW", 2)
    world.broker.refuses = lambda subject, _: subject in ("tally-0", "tally-1")
    for n in range(4):
        await world.change(f"tally-{n}", 1)
        world.clock.move(seconds=1)
    world.referrals.restart()
    world.clock.move(seconds=40)
    await world.referrals.publish_left_over()
    await world.referrals.publish_left_over()
    assert world.broker.first_copies(TOPIC, "tally-3") == [1]


@pytest.mark.parametrize(("hours", "found"), [(24, 1), (0, 0)])
async def test_a_request_far_ahead_is_taken_for_a_wrong_clock(any_world: World, hours: int, found: int) -> None:
    """Rule 9: more than 60 s ahead."""
    world = any_world
    world.clock.move(hours=hours)
    await world.change("tally-1", 1)
    world.clock.move(hours=-hours)
    assert await world.another(world.referrals).publish_left_over() == found


async def test_two_relays_at_once_never_change_the_order_of_first_copies(world: World) -> None:
    """Rules 7 and 9: each sends all from the mark that it loaded."""
    nodes = [world.referrals, world.another(world.referrals)]
    send = world.broker.send

    async def uneven(topic: str, key: str, value: bytes) -> None:
        for _ in range(hash(value) % 7):
            await asyncio.sleep(0)
        await send(topic, key, value)

    world.broker.send = uneven  # type: ignore[method-assign]
    for n in range(12):
        await world.change("tally-1", n + 1)
        if n % 3 == 0:
            await nodes[1].relay.publish_left_over()
        await asyncio.gather(*(node.relay.publish_offered() for node in nodes))
        world.clock.move(seconds=31)
        await nodes[n % 2].relay.publish_left_over()
    await world.rest()
    assert world.broker.first_copies(TOPIC, "tally-1") == list(range(1, 13))


async def test_a_process_that_ends_between_send_and_mark_repeats_and_loses_nothing(world: World) -> None:
    await world.change("tally-1", 1)
    world.referrals.faults.fail_next("documents.mark_relayed", kind="crash")
    with pytest.raises(Crash):
        await world.referrals.publish()
    await world.rest()
    assert [n for topic, _, n in world.broker.sends if topic == TOPIC] == [1, 1]
    await world.check(["tally-1"])


async def test_what_was_acknowledged_is_marked_also_when_too_much_is_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_REMEMBERED", 1)
    await world.change("tally-1", 1)
    await world.referrals.publish()
    await world.change("tally-2", 1)
    await world.referrals.publish()
    await world.change("tally-3", 1)
    await world.referrals.publish()
    assert [(await world.referrals.document(f"tally-{n}")).relayed for n in (1, 2, 3)] == [1, 1, 1]


async def test_what_waits_while_the_broker_is_away_has_a_bound_and_is_left_to_the_poller(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_REMEMBERED", 3)
    for n in range(6):
        await world.change(f"tally-{n}", 1)
    assert len(world.referrals.relay._pending) == 3
    await world.rest()
    await world.rest()
    await world.check([f"tally-{n}" for n in range(6)])


async def test_the_ledger_is_filed_while_the_broker_is_away(world: World) -> None:
    """The sure road must not wait for the fast one: a comparison of heads brings the event all the same."""
    await world.change("tally-1", 1)
    await world.referrals.relay.file_waiting()
    assert len(await world.ledger("tally-1")) == 1
    await world.look()
    assert (await world.interventions.cursor("tally-1")).n == 1
    assert not world.broker.sends


async def test_what_is_sent_is_a_cloud_event_without_anything_else(world: World) -> None:
    await world.change("tally-1", 1)
    await world.referrals.publish()
    (record,) = world.broker.topics[TOPIC]
    sent = orjson.loads(record.value or b"")
    assert record.key == b"tally-1"
    assert sent["specversion"] == "1.0"
    assert {"id", "source", "type", "subject", "time", "data"} <= sent.keys()
    assert sent == (await world.referrals.store.ledger.history("tally-1"))[0]
