"""What a command leaves behind: the next version of its document, and its events in their envelopes."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import milliseconds
from shared.runtime.store.port import Document, Store
from shared.runtime.vault import Vault

REQUESTS_KEPT = 50
PRUNED = "~pruned"
_SEEN_KEPT = 64
_HEAD_START = timedelta(seconds=30)
_TIMER_SET_ASIDE = timedelta(minutes=10)
_LARGEST_EVENT = 512 * 1024


@dataclass(frozen=True)
class Intention:
    """One intention of one person: `key` names it (bound to the person), `body` is the hash of what was sent."""

    key: str
    body: str


@dataclass(frozen=True)
class Origin:
    """Where a command comes from. `mark` is the source event's subject and number, for a reaction."""

    correlation: str
    causation: str
    mark: tuple[str, int] | None = None
    request: Intention | None = None
    expected: int | None = None
    may: Callable[[Any], bool] | None = None


class Writer:
    """Makes documents of one service. It reads cursors, and writes nothing itself."""

    def __init__(self, service: str, store: Store, vault: Vault) -> None:
        self._service = service
        self._store = store
        self._vault = vault

    async def next_document(
        self,
        aggregate: Aggregate,
        document: Document,
        state: Any,
        command: Command,
        events: list[Event],
        origin: Origin,
    ) -> tuple[Document, list[Envelope]]:
        """`document` as it is to be saved with `state` and `events`, and the events in their envelopes."""
        now = command.now
        envelopes = await self._envelopes(document, command, events, origin)
        outbox = [entry for entry in document.outbox if entry["sequence"] > document.relayed]
        for envelope in envelopes:
            entry = envelope.model_dump(mode="json")
            if len(orjson.dumps(entry)) > _LARGEST_EVENT:
                raise Rejected("too-large")
            outbox.append(entry)
        requests = document.requests
        if origin.request is not None:
            requests = [*requests, {"key": origin.request.key, "body": origin.request.body}][-REQUESTS_KEPT:]
        held, due_at = _waits(aggregate, state, document.held, command)
        rev = document.rev + 1
        after = replace(
            document,
            version=document.version + len(envelopes),
            rev=rev,
            last_event=envelopes[-1].id if envelopes else document.last_event,
            state=await self._vault.seal(state, aggregate.person(state), f"{document.id}@{rev}"),
            outbox=outbox,
            relay_at=milliseconds(now + _HEAD_START) if outbox else None,
            seen=await self._seen(document, origin),
            requests=requests,
            held=held,
            due_at=due_at,
            keys={key: value for key, value in aggregate.keys(state).items() if value is not None},
        )
        return after, envelopes

    async def _envelopes(
        self, document: Document, command: Command, events: list[Event], origin: Origin
    ) -> list[Envelope]:
        envelopes = []
        previous = document.last_event
        for sequence, event in enumerate(events, document.version + 1):
            identity = (document.id, str(sequence), previous or "", event.TYPE, event.at.isoformat(), origin.causation)
            envelope = Envelope(
                id=hashlib.sha256("|".join(identity).encode()).hexdigest()[:32],
                source=f"carepath/{self._service}",
                type=event.TYPE,
                subject=document.id,
                time=event.at,
                sequence=sequence,
                previous=previous,
                idempotencykey=origin.request.key if origin.request else None,
                correlation=origin.correlation,
                causation=origin.causation,
                actor=command.actor,
                patient=event.concerns,
                data=await self._vault.seal(event, getattr(event, event.PERSON, None), f"{document.id}:{sequence}"),
            )
            previous = envelope.id
            envelopes.append(envelope)
        return envelopes

    async def _seen(self, document: Document, origin: Origin) -> dict[str, int]:
        if origin.mark is None:
            return document.seen
        seen = {**document.seen, origin.mark[0]: origin.mark[1]}
        if len(seen) <= _SEEN_KEPT:
            return seen
        cursors = await self._store.cursors.get([source for source in seen if source != PRUNED])
        kept = {s: n for s, n in seen.items() if s != PRUNED and (s not in cursors or cursors[s].n < n)}
        return {**kept, origin.mark[0]: origin.mark[1], PRUNED: 1}


def is_still_due(timers: Mapping[str, datetime], ran: TimerDue) -> bool:
    """Whether the timer that `ran` is one of `timers` and has passed: then it is to be set aside."""
    due = timers.get(ran.name)
    return due is not None and due <= ran.now


def _waits(
    aggregate: Aggregate, state: Any, held: Mapping[str, int], command: Command
) -> tuple[dict[str, int], int | None]:
    """Which timers are set aside until when, and the earliest moment at which one is due."""
    timers: Mapping[str, datetime] = aggregate.timers(state)
    held = {name: until for name, until in held.items() if name in timers}
    if isinstance(command, TimerDue) and is_still_due(timers, command):
        held[command.name] = milliseconds(command.now + _TIMER_SET_ASIDE)
    dues = [max(milliseconds(due), held.get(name, 0)) for name, due in aggregate.swept(state).items()]
    return held, min(dues, default=None)
