"""Attack 20: the vault of an older backup is restored. Whoever was erased since then stays erased."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.erasures import ErasureList, ErasureListFault, Held
from shared.runtime.service import open_store
from shared.runtime.store.port import Store
from shared.runtime.vault import Erased, Vault
from tests.runtime.sealing import FULL, Shelf
from tests.runtime.world import MASTER, HandClock

NOW = HandClock().now()


@pytest.fixture
def listed(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "apart" / "list.jsonl")


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Store]:
    store = open_store(f"sqlite:{tmp_path}", "vault")
    await store.engine.open([])
    yield store
    await store.engine.close()


def _vault(keys: Any, listed: ErasureList) -> Vault:
    return Vault(keys, MASTER, HandClock(), erasures=listed)


async def test_a_vault_of_an_older_backup_serves_nobody_who_was_erased_since(
    shelf: Store, listed: ErasureList, tmp_path: Path
) -> None:
    vault = _vault(shelf.keys, listed)
    await vault.check()
    gone, stays = [await vault.seal(FULL, person, "r:1") for person in ("pat-1", "pat-2")]
    await shelf.engine.empty_log()  # type: ignore[attr-defined]
    older = tmp_path / "older"
    older.mkdir()
    shutil.copy(tmp_path / "vault.db", older / "vault.db")
    await vault.erase("pat-1")
    restored = open_store(f"sqlite:{older}", "vault")
    await restored.engine.open([])
    assert (await _vault(restored.keys, listed).open(gone, "r:1"))["name"] == FULL.name, "the backup has the key"
    again = _vault(restored.keys, listed)
    await again.check()
    assert (await again.open(gone, "r:1"))["name"] is None
    assert (await again.open(stays, "r:1"))["name"] == FULL.name
    with pytest.raises(Erased):
        await again.seal(FULL, "pat-1", "r:2")
    await restored.engine.close()


async def test_who_was_unknown_when_the_backup_was_made_gets_no_key_either(listed: ErasureList) -> None:
    listed.add("pat-1", NOW)
    vault = _vault(Shelf(), listed)
    await vault.check()
    with pytest.raises(Erased):
        await vault.seal(FULL, "pat-1", "r:1")


async def test_who_is_on_the_list_stays_so_when_the_key_could_not_be_destroyed_at_once(listed: ErasureList) -> None:
    class Away(Shelf):
        async def replace(self, person: str, entry: dict[str, Any]) -> None:
            raise OSError

    shelf = Away()
    vault = _vault(shelf, listed)
    sealed = await vault.seal(FULL, "pat-1", "r:1")
    with pytest.raises(OSError):  # noqa: PT011 - whatever it says
        await vault.erase("pat-1")
    back = Shelf()
    back.entries = shelf.entries
    again = _vault(back, listed)
    await again.check()
    assert (await again.open(sealed, "r:1"))["name"] is None


async def test_nothing_is_destroyed_that_cannot_be_listed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    vault = _vault(Shelf(), ErasureList(tmp_path / "file" / "list.jsonl"))
    sealed = await vault.seal(FULL, "pat-1", "r:1")
    with pytest.raises(ErasureListFault):
        await vault.erase("pat-1")
    assert (await vault.open(sealed, "r:1"))["name"] == FULL.name


async def test_of_a_key_that_was_destroyed_no_byte_is_left_in_the_vaults_files(
    shelf: Store, listed: ErasureList, tmp_path: Path
) -> None:
    vault = _vault(shelf.keys, listed)
    for number in range(200):
        await vault.seal(FULL, f"pat-{number}", "r:1")
    wrapped = [entry["key"].encode() for entry in (await shelf.keys.get_many(["pat-1", "pat-77"])).values()]
    assert all(_is_in(tmp_path, key) for key in wrapped), "they are there before"
    for person in ("pat-1", "pat-77"):
        await vault.erase(person)
    assert not any(_is_in(tmp_path, key) for key in wrapped)


def _is_in(folder: Path, key: bytes) -> bool:
    return any(key in file.read_bytes() for file in folder.glob("vault.db*"))


def test_whoever_is_held_is_not_erased_until_they_are_released(listed: ErasureList) -> None:
    listed.add("pat-1", NOW, "held", reason="court", by="op-1")
    with pytest.raises(Held):
        listed.add("pat-1", NOW)
    assert (listed.people(), listed.held()) == ((), ("pat-1",))
    listed.add("pat-1", NOW, "released", reason="court", by="op-1")
    listed.add("pat-1", NOW)
    assert (listed.people(), listed.held()) == (("pat-1",), ())


async def test_the_vault_itself_refuses_to_destroy_the_key_of_somebody_held(listed: ErasureList) -> None:
    vault = _vault(Shelf(), listed)
    sealed = await vault.seal(FULL, "pat-1", "r:1")
    listed.add("pat-1", NOW, "held", reason="court", by="op-1")
    with pytest.raises(Held):
        await vault.erase("pat-1")
    assert (await vault.open(sealed, "r:1"))["name"] == FULL.name


def test_the_list_holds_ids_and_moments_alone(listed: ErasureList, tmp_path: Path) -> None:
    for person in ("pat-1", "pat-2", "pat-1"):
        listed.add(person, NOW)
    assert listed.people() == ("pat-1", "pat-2")
    lines = (tmp_path / "apart" / "list.jsonl").read_text(encoding="utf-8").splitlines()
    first = {"person": "pat-1", "at": NOW.isoformat(), "deed": "erased", "reason": "asked", "by": ""}
    assert json.loads(lines[0]) == first
    assert len(lines) == 3


def test_a_line_that_a_failing_machine_left_unfinished_hides_no_other(listed: ErasureList, tmp_path: Path) -> None:
    listed.add("pat-1", NOW)
    path = tmp_path / "apart" / "list.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write('{"person": "pat-2", "a')
    listed.add("pat-3", NOW)
    assert listed.people() == ("pat-1", "pat-3")


def test_a_list_that_was_changed_is_refused_with_its_line(listed: ErasureList, tmp_path: Path) -> None:
    listed.add("pat-1", NOW)
    path = tmp_path / "apart" / "list.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"who": "pat-2"}\n', encoding="utf-8")
    with pytest.raises(ErasureListFault, match="line 2"):
        listed.people()


def test_without_a_list_nobody_was_erased(listed: ErasureList) -> None:
    assert listed.people() == ()
