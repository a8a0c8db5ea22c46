"""An erased person reads as nothing, everywhere, and stays so."""

import asyncio

import pytest

from shared.contracts.commands import Rejected
from shared.runtime.vault import Erased
from tests.runtime.sealing import FULL, Contact, Person, Shelf, vault
from tests.runtime.stories import told
from tests.runtime.toys import NAME
from tests.runtime.world import HandClock, World


async def test_erased_reads_as_nothing_and_what_is_not_personal_stays() -> None:
    v = vault(Shelf())
    sealed = await v.seal(FULL, "pat-1", "ref-1:1")
    await v.erase("pat-1")
    opened = Person.model_validate(await v.open(sealed, "ref-1:1"))
    assert (opened.name, opened.words, opened.contacts[0]) == (None, None, Contact(kind="mail"))
    assert (opened.id, opened.scores) == ("p", [1, 2])


async def test_an_erased_person_never_gets_a_key_again() -> None:
    shelf = Shelf()
    v = vault(shelf)
    await v.seal(FULL, "pat-1", "ref-1:1")
    await v.erase("pat-1")
    for another in (v, vault(shelf)):
        with pytest.raises(Erased) as refused:
            await another.seal(FULL, "pat-1", "ref-1:2")
        assert refused.value.code == "person-erased"
    assert shelf.entries["pat-1"].keys() == {"erased_at"}


async def test_among_many_only_the_erased_read_as_nothing() -> None:
    v = vault(Shelf())
    people = ("pat-1", "pat-2", "pat-3")
    sealed = [(await v.seal(FULL, person, person), person) for person in people]
    await v.erase("pat-2")
    assert [one["name"] for one in await v.open_many(sealed)] == [NAME, None, NAME]


async def test_a_key_that_was_being_read_while_it_was_destroyed_is_not_kept() -> None:
    shelf = Shelf()
    sealed = await vault(shelf).seal(FULL, "pat-1", "ref-1:1")
    here, shelf.meeting = vault(shelf), asyncio.Barrier(2)
    reading = asyncio.create_task(here.open(sealed, "ref-1:1"))
    await asyncio.sleep(0)
    await here.erase("pat-1")
    await shelf.meeting.wait()
    assert (await reading)["name"] == NAME
    shelf.meeting = asyncio.Barrier(1)
    assert (await here.open(sealed, "ref-1:1"))["name"] is None


async def test_other_processes_forget_an_erased_person_within_30_s() -> None:
    shelf, clock = Shelf(), HandClock()
    here, elsewhere = vault(shelf, clock), vault(shelf, clock)
    sealed = await here.seal(FULL, "pat-1", "ref-1:1")
    await elsewhere.open(sealed, "ref-1:1")
    await here.erase("pat-1")
    clock.move(seconds=30)
    assert (await elsewhere.open(sealed, "ref-1:1"))["name"] is None


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_clock_that_jumps_does_not_keep_an_erased_persons_key(hours: int) -> None:
    shelf, clock = Shelf(), HandClock()
    here, elsewhere = vault(shelf, clock), vault(shelf, clock)
    sealed = await here.seal(FULL, "pat-1", "ref-1:1")
    await elsewhere.open(sealed, "ref-1:1")
    await here.erase("pat-1")
    clock.move(hours=hours)
    assert (await elsewhere.open(sealed, "ref-1:1"))["name"] is None


async def test_an_erased_persons_history_is_still_applied_without_what_was_personal(world: World) -> None:
    await world.change("tally-1", 1, note=NAME)
    await world.referrals.publish()
    await world.interventions.vault.erase("pat-1")
    await world.interventions.deliver()
    assert await told(world) == (1,)
    assert (await world.interventions.state("sum-of-all")).note is None


async def test_nothing_personal_is_written_about_an_erased_person(world: World) -> None:
    await world.change("tally-1", 1, note=NAME)
    await world.referrals.vault.erase("pat-1")
    with pytest.raises(Rejected, match="person-erased"):
        await world.change("tally-1", 2, note=NAME)
    await world.change("tally-1", 2)
    assert (await world.referrals.state("tally-1")).total == 3
