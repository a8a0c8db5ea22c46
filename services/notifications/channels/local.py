"""E-mail into a folder, one `.eml` file each: for trying it out. Nothing leaves the machine."""

import asyncio
import os
from email.policy import SMTPUTF8
from pathlib import Path

from services.notifications.channels.mime import compose
from services.notifications.channels.port import Email, MayStill, TemporaryFailure


class LocalChannel:
    """A repeat replaces the file of the first. A reader never sees half a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, email: Email, may_still: MayStill) -> None:
        """Raises `TemporaryFailure` when the folder cannot be written, `PermanentFailure` for a bad address."""
        content = compose(email).as_bytes(policy=SMTPUTF8)
        await may_still()
        try:
            await asyncio.to_thread(self._write, email.id, content)
        except OSError as fault:
            raise TemporaryFailure(type(fault).__name__) from fault

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / f"{name}.eml")
