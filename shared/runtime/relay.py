"""Publishes what was saved: filed in the ledger, then sent in order, then marked. The only file that publishes.

Saved documents arrive in memory right after their commit. Whole windows of keys are under way at once, but of one key
never more than one unacknowledged event, so the first copy of every event arrives in order.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import orjson
import structlog

from shared.contracts.catalogue import topic_of
from shared.runtime.clock import Clock, milliseconds
from shared.runtime.errors import Unavailable
from shared.runtime.logs import error_text
from shared.runtime.store.port import Document, Json, Mark, Store

log = structlog.get_logger()

_WINDOW = 500
_REMEMBERED = 50_000


class Producer(Protocol):
    """Sends to the broker."""

    async def send(self, topic: str, key: str, value: bytes) -> None:
        """Returns once every in-sync replica has it. Raises `Unavailable`."""


class Relay:
    """One a process. `offer` what was saved; `run` for ever, `publish_left_over` now and then."""

    def __init__(self, service: str, kinds: Sequence[str], store: Store, producer: Producer, clock: Clock) -> None:
        self._topic = topic_of(service)
        self._kinds = kinds
        self._store = store
        self._producer = producer
        self._clock = clock
        self._pending: dict[str, Document] = {}
        self._arrived = asyncio.Event()
        self._acknowledged: dict[str, int] = {}
        self._busy = False

    @property
    def idle(self) -> bool:
        """Whether nothing waits here and nothing is under way."""
        return not self._pending and not self._busy

    def offer(self, document: Document) -> None:
        """Take a document whose save has been committed."""
        waiting = self._pending.get(document.id)
        if waiting is None and len(self._pending) >= _REMEMBERED:
            # The brokers are away for long, and memory has an end: `publish_left_over` will find it in the store.
            return
        if waiting is None or waiting.rev < document.rev:
            self._pending[document.id] = document
        self._arrived.set()

    async def run(self) -> None:
        """Publish windows of what is offered. A failure leaves it to `publish_left_over`."""
        while True:
            await self._arrived.wait()
            await self.publish_offered()

    async def publish_offered(self) -> None:
        """Publish one window of what was offered."""
        window = [self._pending.pop(id) for id in list(self._pending)[:_WINDOW]]
        if not self._pending:
            self._arrived.clear()
        self._busy = True
        try:
            await self._publish(window)
        except Unavailable as away:
            log.warning("relay_waits", topic=self._topic, documents=len(window), error=str(away))
        except Exception:
            log.exception("relay_failed", topic=self._topic, documents=len(window))
        finally:
            self._busy = False

    async def file_waiting(self) -> None:
        """File what waits to be sent. While a send waits for its broker, the ledger, the sure road, stays open so."""
        entries = [entry for document in list(self._pending.values()) for entry in self._unsent(document)]
        if entries:
            await self._store.ledger.file(entries)

    async def publish_left_over(self) -> int:
        """Claim and publish what a process that died, or a failure, left behind; how many documents it was."""
        count = 0
        for kind in self._kinds:
            now = milliseconds(self._clock.now())
            for document in await self._store.documents.claim_unrelayed(kind, now, _WINDOW):
                self.offer(document)
                count += 1
        return count

    async def _publish(self, documents: list[Document]) -> None:
        unsent = {document.id: self._unsent(document) for document in documents}
        entries = [entry for events in unsent.values() for entry in events]
        if entries:
            await self._store.ledger.file(entries)
        await asyncio.gather(*(self._send(id, events) for id, events in unsent.items() if events))
        marks = [Mark(d.kind, d.id, max(d.relayed, self._acknowledged.get(d.id, 0))) for d in documents]
        if len(self._acknowledged) > _REMEMBERED:
            self._acknowledged.clear()
        await self._store.documents.mark_relayed(marks)

    def _unsent(self, document: Document) -> list[Json]:
        known = max(document.relayed, self._acknowledged.get(document.id, 0))
        return [entry for entry in document.outbox if entry["sequence"] > known]

    async def _send(self, subject: str, entries: list[Json]) -> None:
        for entry in entries:
            try:
                await self._producer.send(self._topic, subject, orjson.dumps(entry))
            except Exception as fault:
                # Whatever it was, it is this key's alone; the rest of the window goes on.
                log.warning("send_failed", topic=self._topic, subject=subject, error=error_text(fault))
                return
            self._acknowledged[subject] = entry["sequence"]
