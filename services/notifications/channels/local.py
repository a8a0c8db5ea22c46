"""Messages into a folder, one file each: for trying it out. Nothing leaves the machine."""

import asyncio
import os
from email.policy import SMTPUTF8
from pathlib import Path

from services.notifications.channels.mime import compose
from services.notifications.channels.port import Email, MayStill, ShortMessage, TemporaryFailure


class LocalChannel:
    """E-mails. A repeat replaces the file of the first. A reader never sees half a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, email: Email, may_still: MayStill) -> None:
        """Raises `TemporaryFailure` when the folder cannot be written, `PermanentFailure` for a bad address."""
        content = compose(email).as_bytes(policy=SMTPUTF8)
        await may_still()
        await _put(self._folder / f"{email.id}.eml", content)


class LocalShortChannel:
    """Text messages and notifications, each a file that says to whom it would have gone."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind

    async def send(self, message: ShortMessage, may_still: MayStill) -> None:
        """Raises `TemporaryFailure` when the folder cannot be written."""
        await may_still()
        content = f"To: {message.to}\n\n{message.text}\n"
        await _put(self._folder / f"{message.id}.{self._kind}.txt", content.encode())


async def _put(file: Path, content: bytes) -> None:
    try:
        await asyncio.to_thread(_write, file, content)
    except OSError as fault:
        raise TemporaryFailure(type(fault).__name__) from fault


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.stem}.part")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
