"""What is personal is sealed, bound to its person, place and version."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import pytest

from shared.runtime.store.port import Json, Store
from shared.runtime.vault import Tampered
from tests.runtime.sealing import FULL, Person, Shelf, vault
from tests.runtime.toys import NAME
from tests.runtime.world import World


async def test_what_is_sealed_opens_as_it_was_nested_in_lists_and_dicts() -> None:
    v = vault(Shelf())
    sealed = await v.seal(FULL, "pat-1", "ref-1:1")
    assert NAME not in str(sealed)
    assert (sealed["id"], sealed["scores"], sealed["by_kind"]["work"]["kind"]) == ("p", [1, 2], "phone")
    assert Person.model_validate(await v.open(sealed, "ref-1:1")) == FULL


async def test_the_same_words_never_look_the_same_twice() -> None:
    v = vault(Shelf())
    first, second = [await v.seal(FULL, "pat-1", "ref-1:1") for _ in range(2)]
    assert first["name"] != second["name"]


async def test_what_is_empty_stays_empty_and_needs_nobodys_key() -> None:
    shelf = Shelf()
    sealed = await vault(shelf).seal(Person(id="p"), None, "ref-1:1")
    assert Person.model_validate(sealed) == Person(id="p")
    assert not shelf.entries


async def test_personal_data_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ref-1:1\.name is personal"):
        await vault(Shelf()).seal(FULL, None, "ref-1:1")


def _between_fields(one: Json, _: Json) -> Json:
    return {**one, "name": one["home"]["address"]}


def _between_list_places(one: Json, _: Json) -> Json:
    return {**one, "contacts": [one["contacts"][1], one["contacts"][0]]}


def _between_persons(one: Json, other: Json) -> Json:
    return {**one, "name": other["name"]}


def _under_another_name(one: Json, _: Json) -> Json:
    return {**one, "name": {"sealed": one["name"]["sealed"].replace("pat-1", "pat-2")}}


def _one_byte(one: Json, _: Json) -> Json:
    sealed = one["name"]["sealed"]
    return {**one, "name": {"sealed": sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]}}


def _cut(one: Json, _: Json) -> Json:
    return {**one, "name": {"sealed": one["name"]["sealed"][:20]}}


def _no_base64(one: Json, _: Json) -> Json:
    return {**one, "name": {"sealed": "1:pat-1:***"}}


def _later_format(one: Json, _: Json) -> Json:
    return {**one, "name": {"sealed": "2" + one["name"]["sealed"][1:]}}


@pytest.mark.parametrize(
    "change",
    [
        _between_fields,
        _between_list_places,
        _between_persons,
        _under_another_name,
        _one_byte,
        _cut,
        _no_base64,
        _later_format,
    ],
)
async def test_a_sealed_value_that_was_moved_or_changed_is_refused_by_name(change: Any) -> None:
    v = vault(Shelf())
    one = await v.seal(FULL, "pat-1", "ref-1:1")
    other = await v.seal(FULL, "pat-2", "ref-2:1")
    with pytest.raises(Tampered, match=r"ref-1:1\.(name|contacts\.0\.address|contacts\.1\.address)"):
        await v.open(change(one, other), "ref-1:1")


@pytest.mark.parametrize("place", ["ref-1:2", "ref-2:1", "ref-1@1"])
async def test_a_sealed_value_of_another_version_or_aggregate_is_refused(place: str) -> None:
    v = vault(Shelf())
    with pytest.raises(Tampered):
        await v.open(await v.seal(FULL, "pat-1", "ref-1:1"), place)


async def test_a_missing_key_is_no_erasure_and_is_refused_by_name() -> None:
    """In front of the wrong vault, everything would read as nothing, and the next save would lose it for good."""
    sealed = await vault(Shelf()).seal(FULL, "pat-1", "ref-1:1")
    with pytest.raises(Tampered, match="CAREPATH_VAULT"):
        await vault(Shelf()).open(sealed, "ref-1:1")


async def test_a_wrong_master_key_is_named() -> None:
    shelf = Shelf()
    sealed = await vault(shelf).seal(FULL, "pat-1", "ref-1:1")
    with pytest.raises(Tampered, match="CAREPATH_MASTER_KEY"):
        await vault(shelf, master=os.urandom(32)).open(sealed, "ref-1:1")


async def test_a_wrong_master_key_is_found_before_anything_is_sealed_under_it() -> None:
    shelf = Shelf()
    await vault(shelf).check()
    await vault(shelf).check()
    with pytest.raises(Tampered, match="CAREPATH_MASTER_KEY"):
        await vault(shelf, master=os.urandom(32)).check()


@pytest.mark.parametrize("key", ["", "AAAA", "***", "A" * 100])
async def test_a_damaged_key_is_refused_by_name(key: str) -> None:
    shelf = Shelf()
    sealed = await vault(shelf).seal(FULL, "pat-1", "ref-1:1")
    shelf.entries["pat-1"] = {"key": key}
    with pytest.raises(Tampered, match="a person's key does not open"):
        await vault(shelf).open(sealed, "ref-1:1")


async def test_a_persons_key_does_not_open_under_another_name() -> None:
    shelf = Shelf()
    v = vault(shelf)
    sealed = await v.seal(FULL, "pat-1", "ref-1:1")
    await v.seal(FULL, "pat-2", "ref-2:1")
    shelf.entries["pat-1"] = shelf.entries["pat-2"]
    with pytest.raises(Tampered):
        await vault(shelf).open(sealed, "ref-1:1")


async def test_two_processes_that_race_for_a_new_key_agree() -> None:
    shelf = Shelf()
    shelf.meeting = asyncio.Barrier(2)
    one, other = vault(shelf), vault(shelf)
    sealed = await asyncio.gather(one.seal(FULL, "pat-1", "ref-1:1"), other.seal(FULL, "pat-1", "ref-1:1"))
    shelf.meeting = asyncio.Barrier(1)
    for s in sealed:
        assert (await vault(shelf).open(s, "ref-1:1"))["name"] == NAME


async def test_processes_that_race_on_a_real_store_agree(stores: dict[str, Store]) -> None:
    store = stores["vault"]
    await store.engine.open([])
    sealed = await asyncio.gather(*(vault(store.keys).seal(FULL, f"pat-{n % 3}", "x") for n in range(12)))
    for s in sealed:
        assert (await vault(store.keys).open(s, "x"))["name"] == NAME
    await store.engine.close()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_while_a_key_is_made_leaves_one_key(world: World, when: str) -> None:
    world.referrals.faults.fail_next("keys.put_new", when)  # type: ignore[arg-type]
    await world.change("tally-1", 1, note=NAME)
    assert world.referrals.faults.fired
    world.referrals.restart()
    assert (await world.referrals.state("tally-1")).note == NAME


async def test_data_that_only_looks_sealed_is_left_as_it_is() -> None:
    assert await vault(Shelf()).open({"by": {"sealed": 5}}, "x") == {"by": {"sealed": 5}}


async def test_opening_many_sealed_values_is_quick() -> None:
    """One look at the shelf for all and half a minute, not for each value or person."""
    shelf, people = Shelf(), [f"pat-{n}" for n in range(20)]
    sealed = [(await vault(shelf).seal(FULL, person, person), person) for person in people]
    looks: list[Sequence[str]] = []
    get_many = shelf.get_many

    async def counted(persons: Sequence[str]) -> dict[str, Json]:
        looks.append(persons)
        return await get_many(persons)

    shelf.get_many = counted  # type: ignore[method-assign]
    v = vault(shelf)
    for _ in range(5):
        opened = await v.open_many(sealed)
    assert [Person.model_validate(one) for one in opened] == [FULL] * 20
    assert looks == [people]


async def test_many_that_are_opened_at_once_are_each_bound_to_their_place() -> None:
    v = vault(Shelf())
    one, other = await v.seal(FULL, "pat-1", "ref-1:1"), await v.seal(FULL, "pat-2", "ref-2:1")
    with pytest.raises(Tampered, match="ref-2:1"):
        await v.open_many([(other, "ref-2:1"), (one, "ref-2:1")])
    assert await v.open_many([]) == []
