"""Wraps the people's keys under a new master key while the services run. docs/operating.md says how, step by step.

Run it where the settings of a service are: `docker compose exec referrals python -m deploy.rotate_keys`; or with
`--folder var/demo` over the data of the embedded system, where `--new` makes the master key and `--finish` takes the
earlier ones away. It can be stopped and run again at any time.
"""

import argparse
import asyncio
import os
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from shared.runtime.clock import SystemClock
from shared.runtime.errors import Unavailable
from shared.runtime.master_keys import IN_FOLDER, MasterKeys, read_master_keys
from shared.runtime.service import open_store, vault_of
from shared.runtime.settings import SettingsFault, load_settings
from shared.runtime.store.port import Store
from shared.runtime.vault import Tampered, Vault

_TAKEN_UP_WITHIN = timedelta(seconds=60)
"""A process that is just making a person's key has done so by then."""


class CannotRotate(Exception):
    """The message says why, and what to do."""


def put_new_key(path: Path) -> None:
    """A new master key stands first in the file; the earlier ones still open what they wrapped."""
    _write(path, [b64encode(os.urandom(32)).decode(), *path.read_text(encoding="utf-8").split()])


async def rotate(vault: Vault, store: Store) -> int:
    """Wrap all anew until a look finds nothing left; how many keys were wrapped. Raises `Tampered`, `Unavailable`."""
    await store.engine.open([])
    try:
        wrapped = 0
        while changed := await vault.rotate():
            wrapped += changed
        return wrapped
    finally:
        await store.engine.close()


async def finish(path: Path, vault: Vault, store: Store, now: float) -> None:
    """Leave only the newest master key in the file. Raises `CannotRotate` while an earlier one may be needed."""
    if now - _changed(path) < _TAKEN_UP_WITHIN.total_seconds():
        raise CannotRotate(f"{path} was changed a moment ago; wait for a minute, then run this again")
    if left := await rotate(vault, store):
        raise CannotRotate(f"{left} keys were still under an earlier master key and are wrapped anew; run this again")
    _write(path, path.read_text(encoding="utf-8").split()[:1])  # noqa: ASYNC240 - a line


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _write(path: Path, keys: list[str]) -> None:
    """In place: where the file itself is handed to a container, another of its name would not be seen there."""
    text = "".join(f"{key}\n" for key in keys).encode()
    with path.open("r+b", buffering=0) as file:
        file.write(text)
        file.truncate()
        os.fsync(file.fileno())


async def _over_folder(folder: Path, new: bool, end: bool) -> str:
    path = _keys_of(folder)
    if new:
        put_new_key(path)
    store = open_store(f"sqlite:{folder}", "vault")
    vault = Vault(store.keys, MasterKeys(read_master_keys(path.read_text("utf-8")), path), SystemClock())
    if end:
        await finish(path, vault, store, SystemClock().now().timestamp())
        return "no key is under an earlier master key; only the newest is left in the file"
    return _told(await rotate(vault, store))


def _keys_of(folder: Path) -> Path:
    path = folder / IN_FOLDER
    if not path.exists():
        raise CannotRotate(f"{path} is not there; is {folder} the folder of a system that was started once?")
    return path


async def _over_settings() -> str:
    settings = load_settings()
    store = open_store(settings.vault, "vault")
    return _told(await rotate(vault_of(settings, store, SystemClock()), store))


def _told(wrapped: int) -> str:
    return f"{wrapped} keys were wrapped under the newest master key; none is left under an earlier one"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="the data of the embedded system")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--new", action="store_true", help="with --folder: make a new master key first")
    step.add_argument("--finish", action="store_true", help="with --folder: take the earlier master keys away")
    asked = parser.parse_args()
    if asked.folder is None and (asked.new or asked.finish):
        parser.error(
            "--new and --finish need --folder; elsewhere, change the file of CAREPATH_MASTER_KEY_FILE yourself"
        )
    try:
        work = _over_settings() if asked.folder is None else _over_folder(asked.folder, asked.new, asked.finish)
        print(asyncio.run(work))
    except (CannotRotate, SettingsFault, Tampered, Unavailable, OSError, ValueError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
