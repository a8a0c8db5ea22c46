"""Another master key takes the place of the one before it, while people's records are read and written."""

import asyncio
import os
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.rotate_keys import CannotRotate, finish, put_new_key, rotate
from shared.runtime.master_keys import MasterKeys, read_master_keys
from shared.runtime.service import open_store
from shared.runtime.store.port import Json, Store
from shared.runtime.vault import Erased, Tampered, Vault
from tests.runtime.sealing import FULL, Shelf
from tests.runtime.world import MASTER, HandClock

ROTATIONS = 100
PEOPLE = 10


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "master_keys.txt"
    path.write_text(b64encode(MASTER).decode(), encoding="utf-8")
    return path


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Store]:
    store = open_store(f"sqlite:{tmp_path}", "vault")
    await store.engine.open([])
    yield store
    await store.engine.close()


def _in(file: Path) -> tuple[bytes, ...]:
    return read_master_keys(file.read_text(encoding="utf-8"))


def _minute_after(file: Path) -> float:
    return file.stat().st_mtime + 60


def _vault(store: Store, file: Path, clock: HandClock) -> Vault:
    return Vault(store.keys, MasterKeys(_in(file), file), clock)


class Load:
    """Processes of one clinic, of which each knows only the master keys that it has read itself."""

    def __init__(self, vaults: list[Vault], clock: HandClock) -> None:
        self.vaults = vaults
        self.clock = clock
        self.sealed: dict[str, Json] = {}
        self.reads = self.writes = 0
        self.ended = False

    async def write(self, number: int) -> None:
        while not self.ended:
            person = f"pat-{number}-{self.writes % PEOPLE}"
            self.sealed[person] = await self.vaults[number].seal(FULL, person, "r:1")
            self.writes += 1
            await asyncio.sleep(0)

    async def read(self, number: int) -> None:
        while not self.ended:
            for person, sealed in list(self.sealed.items()):
                # So late that no key is at hand any more: each is looked up and unwrapped anew.
                self.clock.move(minutes=1)
                assert (await self.vaults[number].open(sealed, "r:1"))["name"] == FULL.name, person
                self.reads += 1
                await asyncio.sleep(0)
            await asyncio.sleep(0)


async def test_a_hundred_rotations_under_load_and_no_read_fails(shelf: Store, file: Path, tmp_path: Path) -> None:
    clock = HandClock()
    load = Load([_vault(shelf, file, clock) for _ in range(3)], clock)
    rotating = open_store(f"sqlite:{tmp_path}", "vault")
    seen = set(_in(file))
    async with asyncio.TaskGroup() as tasks:
        for number in range(3):
            tasks.create_task(load.write(number))
            tasks.create_task(load.read(number))
        for _ in range(ROTATIONS):
            before = load.reads
            put_new_key(file)
            await rotate(_vault(rotating, file, clock), rotating)
            await finish(file, _vault(rotating, file, clock), rotating, now=_minute_after(file))
            seen |= set(_in(file))
            while load.reads == before:
                await asyncio.sleep(0)
        load.ended = True
    assert len(seen) == ROTATIONS + 1
    assert min(load.writes, load.reads) > ROTATIONS
    # With the newest master key alone, and nothing remembered, everybody is still read.
    [newest] = _in(file)
    fresh = Vault(shelf.keys, newest, clock)
    assert len(load.sealed) > PEOPLE
    for sealed in load.sealed.values():
        assert (await fresh.open(sealed, "r:1"))["name"] == FULL.name
    for entry in (await shelf.keys.page("", 1000)).values():
        assert MasterKeys([newest]).is_current(entry)


async def test_a_rotation_that_was_stopped_goes_on_where_it_was() -> None:
    shelf, new = Shelf(), os.urandom(32)
    before = Vault(shelf, MASTER, HandClock())
    sealed = {person: await before.seal(FULL, person, "r:1") for person in ("a", "b", "c")}
    both = Vault(shelf, MasterKeys([new, MASTER]), HandClock())
    left = shelf.entries.pop("c")
    assert await both.rotate() == 2
    shelf.entries["c"] = left
    assert await both.rotate() == 1
    assert await both.rotate() == 0
    alone = Vault(shelf, new, HandClock())
    assert [(await alone.open(one, "r:1"))["name"] for one in sealed.values()] == [FULL.name] * 3


async def test_somebody_erased_while_keys_are_wrapped_anew_gets_none_back() -> None:
    class ErasedMeanwhile(Shelf):
        async def swap(self, person: str, before: Json, entry: Json) -> bool:
            await vault.erase(person)
            return await super().swap(person, before, entry)

    shelf = ErasedMeanwhile()
    vault = Vault(shelf, MASTER, HandClock())
    await vault.seal(FULL, "pat-1", "r:1")
    assert await Vault(shelf, MasterKeys([os.urandom(32), MASTER]), HandClock()).rotate() == 0
    with pytest.raises(Erased):
        await vault.seal(FULL, "pat-1", "r:2")


async def test_keys_that_an_earlier_build_wrapped_do_not_say_by_which_and_open_all_the_same() -> None:
    shelf, new = Shelf(), os.urandom(32)
    sealed = await Vault(shelf, MASTER, HandClock()).seal(FULL, "pat-1", "r:1")
    del shelf.entries["pat-1"]["by"]
    both = Vault(shelf, MasterKeys([new, MASTER]), HandClock())
    assert (await both.open(sealed, "r:1"))["name"] == FULL.name
    assert await both.rotate() == 1
    assert (await Vault(shelf, new, HandClock()).open(sealed, "r:1"))["name"] == FULL.name


async def test_without_the_earlier_master_key_nothing_is_wrapped_anew_and_nothing_is_lost() -> None:
    shelf = Shelf()
    sealed = await Vault(shelf, MASTER, HandClock()).seal(FULL, "pat-1", "r:1")
    with pytest.raises(Tampered, match="CAREPATH_MASTER_KEY"):
        await Vault(shelf, os.urandom(32), HandClock()).rotate()
    assert (await Vault(shelf, MASTER, HandClock()).open(sealed, "r:1"))["name"] == FULL.name


async def test_the_earlier_master_key_stays_while_a_process_may_still_wrap_by_it(shelf: Store, file: Path) -> None:
    put_new_key(file)
    with pytest.raises(CannotRotate, match="a moment ago"):
        await finish(file, _vault(shelf, file, HandClock()), shelf, now=_minute_after(file) - 55)
    assert len(_in(file)) == 2


async def test_the_earlier_master_key_stays_while_it_is_needed(shelf: Store, file: Path, tmp_path: Path) -> None:
    await _vault(shelf, file, HandClock()).seal(FULL, "pat-1", "r:1")
    put_new_key(file)
    other = open_store(f"sqlite:{tmp_path}", "vault")
    with pytest.raises(CannotRotate, match="1 keys were still"):
        await finish(file, _vault(other, file, HandClock()), other, now=_minute_after(file))
    assert len(_in(file)) == 2


async def test_a_file_that_is_half_written_is_passed_over_and_read_later(file: Path) -> None:
    shelf = Shelf()
    vault = Vault(shelf, MasterKeys(_in(file), file), HandClock())
    _put(file, "half")
    sealed = await vault.seal(FULL, "pat-1", "r:1")
    assert (await Vault(shelf, MASTER, HandClock()).open(sealed, "r:1"))["name"] == FULL.name
    new = os.urandom(32)
    _put(file, b64encode(new).decode())
    later = await vault.seal(FULL, "pat-2", "r:1")
    assert (await Vault(shelf, new, HandClock()).open(later, "r:1"))["name"] == FULL.name


def _put(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", ["", "  \n", "AAAA", "no base64 at all", b64encode(bytes(31)).decode()])
def test_what_is_no_master_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_master_keys(text)
