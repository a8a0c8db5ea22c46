"""Rule 19: what is no event of ours is kept with its bytes, and holds nobody up."""

from dataclasses import replace

import orjson
import pytest

from shared.runtime.inbound import Record
from tests.runtime.stories import TOPIC, three_changes, told
from tests.runtime.world import World


def _as_if_from(record: Record, **more: object) -> bytes:
    return orjson.dumps({**orjson.loads(record.value or b""), **more})


BAD = {
    "malformed JSON": lambda r: replace(r, value=b'{"id": '),
    "not JSON at all": lambda r: replace(r, value=b"hello"),
    "a list": lambda r: replace(r, value=b"[]"),
    "a null value": lambda r: replace(r, value=None),
    "an empty value": lambda r: replace(r, value=b""),
    "non-UTF-8": lambda r: replace(r, value=b'{"id": "\xff\xfe"}'),
    "a missing field": lambda r: replace(r, value=b'{"specversion": "1.0"}'),
    "number zero": lambda r: replace(r, value=_as_if_from(r, sequence=0)),
    "number as text": lambda r: replace(r, value=_as_if_from(r, sequence="one")),
    "a subject that is a path": lambda r: replace(r, value=_as_if_from(r, subject="../x"), key=b"../x"),
    "another key": lambda r: replace(r, key=b"tally-2"),
    "no key": lambda r: replace(r, key=None),
    "another topic": lambda r: replace(r, topic="carepath.notifications"),
    "another source": lambda r: replace(r, value=_as_if_from(r, source="carepath/notifications")),
    "another specification": lambda r: replace(r, value=_as_if_from(r, specversion="2.0")),
    "nested without end": lambda r: replace(r, value=b'{"a":' * 100_000),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_no_event_of_ours_is_kept_once_with_its_bytes_and_holds_nobody_up(
    world: World, what: str
) -> None:
    """Rule 19."""
    first, second, third = await three_changes(world)
    bad = BAD[what](replace(first, offset=99))
    for _ in range(2):
        await world.interventions.inbound.handle([bad, first, second, third])
    assert await told(world) == (1, 2, 3)
    (entry,) = await world.interventions.store.cursors.rejected()
    assert (entry["topic"], entry["partition"], entry["offset"]) == (bad.topic, 0, 99)
    assert bytes.fromhex(entry["bytes"]) == (bad.value or b"")[:65536]
    assert entry["reason"]


async def test_an_offset_that_comes_again_with_other_bytes_is_kept_again(world: World) -> None:
    """Rule 19: offsets start anew after a loss."""
    for value in (b"one", b"two", b"one"):
        await world.interventions.inbound.handle([Record(TOPIC, 0, 7, b"k", value)])
    assert len(await world.interventions.store.cursors.rejected()) == 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_while_a_bad_message_is_kept_does_not_lose_the_batch(world: World, when: str) -> None:
    records = await three_changes(world)
    world.interventions.faults.fail_next("cursors.reject", when)  # type: ignore[arg-type]
    await world.interventions.inbound.handle([Record(TOPIC, 0, 7, b"k", b"?"), *records])
    assert len(await world.interventions.store.cursors.rejected()) == 1
    assert await told(world) == (1, 2, 3)


async def test_an_event_of_an_aggregate_that_nobody_filed_is_not_applied(world: World) -> None:
    """Somebody's invention, with a number that is not the next: the ledger does not know it, and it holds nothing."""
    first = (await three_changes(world))[0]
    forged = replace(first, key=b"tally-9", value=_as_if_from(first, subject="tally-9", sequence=4))
    await world.interventions.inbound.handle([forged])
    cursor = await world.interventions.cursor("tally-9")
    assert (cursor.n, cursor.held) == (0, None)


async def test_fields_that_a_later_version_added_are_ignored(world: World) -> None:
    first = (await three_changes(world))[0]
    data = {**orjson.loads(first.value or b"")["data"], "weather": "sunny"}
    await world.interventions.inbound.handle([replace(first, value=_as_if_from(first, traceparent="00-1", data=data))])
    assert await told(world) == (1,)
