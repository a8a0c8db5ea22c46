"""A service as its `main.py` runs it, but one that can be told to kill itself at an exact moment.

`python -m tests.live.crashing referrals FOLDER`: once FOLDER/referrals.crash names a moment, the process dies there, by
SIGKILL, the next time that it passes. The product knows nothing of this: its parts are wrapped from outside.
"""

import dataclasses
import os
import signal
import sys
from collections.abc import Sequence
from functools import partialmethod
from pathlib import Path
from typing import Any

import uvicorn
from faststream.kafka.message import KafkaAckableMessage

from deploy.composition import BUILDERS
from services.notifications.channels.smtp import SmtpChannel
from shared.runtime.inbound import Inbound, Record
from shared.runtime.logs import configure_logs
from shared.runtime.producer import KafkaProducer
from shared.runtime.service import Service, open_store
from shared.runtime.settings import load_settings
from shared.runtime.store.port import Document

MOMENTS = ("before-write", "after-write", "after-publish", "before-commit", "mid-batch")
AFTER_MAIL = "after-mail"


class Fuse:
    """Armed by a file; blows once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def passes(self, moment: str) -> None:
        if self._file.exists() and self._file.read_text() == moment:
            self._file.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


class FusedDocuments:
    """The store's documents, with a fuse on either side of a save."""

    def __init__(self, documents: Any, fuse: Fuse) -> None:
        self._documents = documents
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    async def save(self, document: Document) -> None:
        self._fuse.passes("before-write")
        await self._documents.save(document)
        self._fuse.passes("after-write")


def lay(fuse: Fuse) -> None:
    """Fuses on sending, on applying in the middle of a batch, on committing, and on handing over a mail."""
    in_batch = [0]

    async def handle(original: Any, inbound: Inbound, records: Sequence[Record]) -> None:
        in_batch[0] = len(records)
        await original(inbound, records)

    async def apply(original: Any, inbound: Inbound, *arguments: Any) -> None:
        await original(inbound, *arguments)
        if in_batch[0] > 1:
            fuse.passes("mid-batch")

    async def send(original: Any, producer: KafkaProducer, *arguments: Any) -> None:
        await original(producer, *arguments)
        fuse.passes("after-publish")

    async def ack(original: Any, message: KafkaAckableMessage) -> None:
        fuse.passes("before-commit")
        await original(message)

    async def mail(original: Any, channel: SmtpChannel, *arguments: Any) -> None:
        await original(channel, *arguments)
        fuse.passes(AFTER_MAIL)

    for owner, name, wrapper in (
        (Inbound, "handle", handle),
        (Inbound, "_apply", apply),
        (KafkaProducer, "send", send),
        (KafkaAckableMessage, "ack", ack),
        (SmtpChannel, "send", mail),
    ):
        setattr(owner, name, partialmethod(_wrapped, wrapper, getattr(owner, name)))


async def _wrapped(self: Any, wrapper: Any, original: Any, *arguments: Any) -> None:
    await wrapper(original, self, *arguments)


def main(name: str, folder: Path) -> None:
    settings = load_settings()
    configure_logs(settings.log_level)
    fuse = Fuse(folder / f"{name}.crash")
    lay(fuse)
    plain = open_store(settings.store, name)
    store = dataclasses.replace(plain, documents=FusedDocuments(plain.documents, fuse))
    service = Service(BUILDERS[name](settings), settings, store, open_store(settings.vault, "vault"))
    uvicorn.run(service.app(), host=settings.host, port=settings.port, log_config=None)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
