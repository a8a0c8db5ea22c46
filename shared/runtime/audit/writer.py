"""Writes the audit of one process: a chain of its own, so that no two instances ever wait for each other's head.

Records that arrive together share one write. A record is either durable or its request is refused; and what may or may
not have been written is written again before anything else, so that a chain never has a gap.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog

from shared.runtime.audit.records import NOTHING_BEFORE, OPENED, Json, chained, moment
from shared.runtime.clock import Clock
from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Audit

log = structlog.get_logger()

_GROUP = 500
_NAMED_CHAINS = 20


@dataclass(frozen=True)
class Head:
    """The last record of a chain."""

    chain: str
    n: int
    hash: str


class AuditLog:
    """`instance` is never used twice. `heads_file` is where the head is kept besides, out of reach of the store."""

    def __init__(self, service: str, store: Audit, clock: Clock, instance: str, heads_file: Path | None = None) -> None:
        self._service = service
        self._store = store
        self._clock = clock
        self._instance = instance
        self._heads_file = heads_file
        self._head: Head | None = None
        self._told: Head | None = None
        self._unsure: list[Json] = []
        self._waiting: list[tuple[Sequence[Json], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, records: Sequence[Json]) -> None:
        """Returns once they are durable. Raises `Unavailable`; they may have been written all the same."""
        if records:
            await self._queue(records)

    async def ready(self) -> None:
        """Asked before a request is served: the chain is begun, and what came before is written, or it is refused now.

        So what is changed while the store takes no records is only what was under way at that moment. Raises
        `Unavailable`.
        """
        if self._unsure or self._head is None:
            await self._queue(())

    async def tell_head(self) -> None:
        """Say outside of the store how far the chain has come: what is cut off up to here will be missed."""
        head = self._head
        if head is None or head == self._told or self._unsure:
            return
        said = {"service": self._service, "chain": head.chain, "n": head.n, "hash": head.hash}
        log.info("audit_head", **said)
        if self._heads_file is not None:
            line = orjson.dumps({"at": moment(self._clock.now()), **said}) + b"\n"
            try:
                await asyncio.to_thread(_add_line, self._heads_file, line)
            except OSError as fault:
                log.error("audit_head_not_kept", file=str(self._heads_file), error=fault.strerror)
        self._told = head

    async def _queue(self, records: Sequence[Json]) -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((records, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_groups())
        await answer

    async def _write_groups(self) -> None:
        group: list[tuple[Sequence[Json], asyncio.Future[None]]] = []
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
                await self._write_group(group)
        finally:
            self._writing = None
            # Nobody waits for ever, whatever ended the writing.
            for _, answer in (*group, *self._waiting):
                if not answer.done():
                    answer.set_exception(Unavailable("the audit did not come to its commit"))
            self._waiting = []

    async def _write_group(self, group: Sequence[tuple[Sequence[Json], asyncio.Future[None]]]) -> None:
        fault: Unavailable | None = None
        try:
            await self._settle()
            if self._head is None:
                await self._append([await self._opening()])
            await self._append([record for records, _ in group for record in records])
        except Unavailable as away:
            fault = Unavailable(f"the audit of {self._service} cannot be written: {away}")
        for _, answer in group:
            if not answer.done():
                answer.set_exception(fault) if fault else answer.set_result(None)

    async def _settle(self) -> None:
        if self._unsure:
            await self._store.append(self._unsure)
            self._unsure = []

    async def _append(self, records: Sequence[Json]) -> None:
        if not records:
            return
        head = self._head or self._before_the_first()
        made: list[Json] = []
        for record in records:
            placed = {"chain": head.chain, "n": head.n + 1, "service": self._service, **record}
            made.append(chained(placed, head.hash))
            head = Head(head.chain, head.n + 1, made[-1]["hash"])
        # From here on they may be in the store, whatever it answers: the chain goes on behind them.
        self._head, self._unsure = head, made
        await self._settle()

    def _before_the_first(self) -> Head:
        """Chains are named by when they began, so that the newest are found by name."""
        began = "".join(letter for letter in moment(self._clock.now())[:26] if letter.isalnum())
        return Head(f"{self._service}-{began}-{self._instance}", 0, NOTHING_BEFORE)

    async def _opening(self) -> Json:
        """The first record: it binds the newest chains of all instances to this one."""
        before = await self._store.heads(_NAMED_CHAINS)
        return {
            "at": moment(self._clock.now()),
            "action": OPENED,
            "after": [[one["chain"], one["n"], one["hash"]] for one in before],
        }


def _add_line(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(line)
