"""The one path: load, decide, evolve, one guarded save, and only then hand over what must be published.

docs/architecture.md gives the rules of this file by number, each with the hole that it closes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any
from weakref import WeakValueDictionary

import structlog

from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import Clock, milliseconds
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.permissions import Asks
from shared.runtime.store.port import Document, Stale, Store, Taken
from shared.runtime.treating import Treating
from shared.runtime.vault import Vault
from shared.runtime.writing import PRUNED, REQUESTS_KEPT, Intention, Origin, Writer, is_still_due

log = structlog.get_logger()

_TRIES = 5

Effect = Callable[[Envelope, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Outcome:
    """`events` are those of this call; a repeated request or event has none and `repeated` is true."""

    id: str
    version: int
    events: tuple[Event, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Found:
    """An aggregate as it stands. `key` is the value of the key that a page was read by, and empty elsewhere."""

    id: str
    version: int
    state: Any
    key: str = ""


class Core:
    """Runs commands on the aggregates of one service. `offer` hands a saved document to the relay."""

    def __init__(
        self,
        service: str,
        aggregates: Sequence[Aggregate],
        store: Store,
        vault: Vault,
        clock: Clock,
        offer: Callable[[Document], None],
    ) -> None:
        self.service = service
        self.aggregates = {aggregate.name: aggregate for aggregate in aggregates}
        self.store = store
        self.vault = vault
        self.clock = clock
        self.effects: Mapping[type[Event], Effect] = {}
        self.permissions: Asks | None = None
        self.treating: Treating | None = None
        self._offer = offer
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._writer = Writer(service, store, vault)

    async def load(self, name: str, id: str) -> Found:
        """The aggregate `id`. Raises `NotFound`."""
        document = await self.store.documents.load(name, id)
        if document is None or document.version == 0:
            raise NotFound(f"{name} {id}")
        return Found(id, document.version, await self._state(self.aggregates[name], document))

    async def find(self, name: str, where: Mapping[str, str]) -> list[Found]:
        """Aggregates whose queried keys equal `where`, in order of id; for what is few, see `Documents.find`."""
        aggregate = self.aggregates[name]
        unknown = set(where) - set(aggregate.queried)
        if unknown:
            raise ValueError(f"{name} is not queried by {', '.join(sorted(unknown))}; add it to Aggregate.queried")
        return await self._found(aggregate, await self.store.documents.find(name, where))

    async def page(self, name: str, key: str, prefix: str, *, after: str | None = None, limit: int) -> list[Found]:
        """At most `limit` aggregates whose ordered `key` begins with `prefix`, in its order, behind `after`."""
        aggregate = self._in_order(name, key)
        documents = await self.store.documents.page(name, key, prefix, after=after, limit=limit)
        return await self._found(aggregate, documents, key)

    async def count(self, name: str, key: str, prefix: str, most: int) -> int:
        """How many the pages of `prefix` hold together; `most` where there are more."""
        return await self.store.documents.count(self._in_order(name, key).name, key, prefix, most)

    async def load_many(self, name: str, ids: Sequence[str]) -> list[Found]:
        """Those of `ids` that exist, in order of id."""
        return await self._found(self.aggregates[name], await self.store.documents.load_many(name, ids))

    async def execute(self, name: str, id: str, command: Command, origin: Origin | None = None) -> Outcome:
        """Decide `command` and store what follows. Raises `NotFound`, `Rejected`, `Conflict`, `Unavailable`."""
        origin = origin or Origin(correlation=id, causation=f"{self.service}:{type(command).__name__}")
        # `rev` is the guard; this only keeps the many of one process that want the same from losing to each other.
        async with self._locks.setdefault(f"{name} {id}", asyncio.Lock()):
            aggregate = self.aggregates[name]
            command = await aggregate.ready(self, command)
            outcome, effects = await self._decide_and_save(aggregate, id, command, origin)
        for effect in effects:
            await effect()
        return outcome

    async def _decide_and_save(
        self, aggregate: Aggregate, id: str, command: Command, origin: Origin
    ) -> tuple[Outcome, Sequence[Callable[[], Awaitable[None]]]]:
        name = aggregate.name
        automatic = origin.mark is not None or isinstance(command, TimerDue)
        fault: Exception | None = None
        for _ in range(_TRIES):
            document = await self.store.documents.load(name, id) or Document(id=id, kind=name)
            state = await self._state(aggregate, document)
            if await self._is_repeat(document, state, origin):
                if document.outbox and fault is not None:
                    self._offer(document)
                return Outcome(id, document.version, repeated=True), ()
            if origin.expected is not None and document.version != origin.expected:
                raise Conflict(f"{name} {id} has changed", document.version)
            # A refusal of a reaction or timer is an answer without events: the fact stands and changes nothing here.
            refused_before = isinstance(fault, Rejected)
            events, after = ([], state) if refused_before else self._decide(aggregate, state, command, automatic)
            try:
                return await self._save(aggregate, document, after, command, events, origin)
            except Taken as taken:
                fault = Rejected(aggregate.unique[taken.key])
                if not automatic:
                    raise fault from taken
            except Rejected as refused:
                fault = refused
                if not automatic:
                    raise
            except (Stale, Unavailable) as lost:
                # After an error the write may stand all the same: seen, requests or the state will show it.
                fault = lost
        if isinstance(fault, Unavailable):
            raise fault
        raise Conflict(f"{name} {id} keeps changing; try again")

    async def run_timers(self, name: str, id: str) -> None:
        """Send `TimerDue` for each timer of the aggregate that has passed; one that fails is set aside for a while."""
        aggregate = self.aggregates[name]
        document = await self.store.documents.load(name, id)
        if document is None:
            return
        now = self.clock.now()
        state = await self._state(aggregate, document)
        swept = aggregate.swept(state)
        # Where none of them is due, an earlier build had the sweep ring for what is paced now.
        timers = swept if any(due <= now for due in swept.values()) else aggregate.timers(state)
        for timer, due in timers.items():
            if due <= now and document.held.get(timer, 0) <= milliseconds(now):
                command = TimerDue(now=now, actor="system:timer", name=timer)
                origin = Origin(correlation=document.last_event or id, causation=f"timer:{id}:{timer}")
                await self.execute(name, id, command, origin)

    def _decide(self, aggregate: Aggregate, state: Any, command: Command, automatic: bool) -> tuple[list[Event], Any]:
        try:
            events = aggregate.decide(state, command)
            return events, reduce(aggregate.evolve, events, state)
        except Rejected as refused:
            if not automatic:
                raise
            log.info("command_refused", service=self.service, command=type(command).__name__, code=refused.code)
        except Exception:
            if not isinstance(command, TimerDue):
                raise
            log.exception("timer_failed", service=self.service, aggregate=aggregate.name, timer=command.name)
        return [], state

    async def _is_repeat(self, document: Document, state: Any, origin: Origin) -> bool:
        if origin.may is not None and not (document.version and origin.may(state)):
            raise NotFound(f"{document.kind} {document.id}")
        if origin.mark is not None:
            return await self._is_seen(document, *origin.mark)
        return origin.request is not None and await self._is_accepted(document, origin.request)

    async def _is_seen(self, document: Document, source: str, n: int) -> bool:
        if source in document.seen:
            return n <= document.seen[source]
        if PRUNED not in document.seen:
            return False
        cursor = (await self.store.cursors.get([source])).get(source)
        return cursor is not None and n <= cursor.n

    async def _is_accepted(self, document: Document, request: Intention) -> bool:
        for earlier in document.requests:
            if earlier["key"] == request.key:
                if earlier["body"] != request.body:
                    raise Rejected("idempotency-key-reused")
                return True
        if len(document.requests) < REQUESTS_KEPT:
            return False
        if any(entry["idempotencykey"] == request.key for entry in document.outbox):
            return True
        return await self.store.ledger.with_key(document.id, request.key) is not None

    async def _save(
        self,
        aggregate: Aggregate,
        document: Document,
        state: Any,
        command: Command,
        events: list[Event],
        origin: Origin,
    ) -> tuple[Outcome, Sequence[Callable[[], Awaitable[None]]]]:
        # What came without events is kept too, lest a repeat do later what it did not do at first.
        asked = origin.mark is not None or origin.request is not None
        waits_on = isinstance(command, TimerDue) and is_still_due(aggregate.timers(state), command)
        if not events and not asked and not waits_on:
            return Outcome(document.id, document.version), ()
        after, envelopes = await self._writer.next_document(aggregate, document, state, command, events, origin)
        await self.store.documents.save(after)
        if after.outbox:
            self._offer(after)
        self._log(aggregate, command, events, origin)
        effects = [
            partial(effect, envelope, event, state)
            for envelope, event in zip(envelopes, events, strict=True)
            if (effect := self.effects.get(type(event)))
        ]
        return Outcome(after.id, after.version, tuple(events)), effects

    def _in_order(self, name: str, key: str) -> Aggregate:
        aggregate = self.aggregates[name]
        if key not in aggregate.ordered:
            raise ValueError(f"{name} has no pages by {key}; add it to Aggregate.ordered")
        return aggregate

    async def _found(self, aggregate: Aggregate, documents: Sequence[Document], key: str = "") -> list[Found]:
        documents = [document for document in documents if document.version]
        opened = await self.vault.open_many([(one.state, f"{one.id}@{one.rev}") for one in documents])
        return [
            Found(one.id, one.version, aggregate.state.model_validate(state), one.keys.get(key, ""))
            for one, state in zip(documents, opened, strict=True)
        ]

    async def _state(self, aggregate: Aggregate, document: Document) -> Any:
        if document.version == 0:
            return aggregate.state()
        opened = await self.vault.open(document.state, f"{document.id}@{document.rev}")
        return aggregate.state.model_validate(opened)

    def _log(self, aggregate: Aggregate, command: Command, events: list[Event], origin: Origin) -> None:
        if not logging.getLogger().isEnabledFor(logging.DEBUG):
            return
        # The request has a line of its own and the ledger has the rest; a line for each event is for finding faults.
        log.debug(
            "command_decided",
            service=self.service,
            aggregate=aggregate.name,
            command=type(command).__name__,
            events=[event.TYPE for event in events],
            correlation=origin.correlation,
            causation=origin.causation,
            actor=command.actor,
        )
