"""What arrives is applied once, in order, or its key is held with a reason. Knows nothing of Kafka's client.

Kafka is the fast road and may lose, repeat and reorder; the sources' ledgers are the sure one. A cursor for each source
aggregate says up to where all is applied here, and moves after the effects and before the offset.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import structlog
from pydantic import ValidationError

from shared.contracts.catalogue import EVENT_TYPES, topic_of
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Cause, Reaction
from shared.runtime.clock import Clock, milliseconds
from shared.runtime.core import Core
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.logs import error_text
from shared.runtime.sources import Sources
from shared.runtime.store.port import Cursor, Hold, Json
from shared.runtime.writing import Origin

log = structlog.get_logger()

_BACK_OFF = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
_WENT_BACK = "the source's history is not the one applied here: was it restored from an older backup?"


@dataclass(frozen=True)
class Record:
    """One message as the broker gave it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class Poison(Exception):
    """An event that this build can never apply. The text carries no personal data."""


class WentBack(Exception):
    """The source tells another story than before, as after the restore of an old backup."""


class Inbound:
    """Applies the events of other aggregates to those of one service. `build` names this version of the program."""

    def __init__(
        self,
        core: Core,
        reactions: Mapping[type[Event], Reaction],
        sources: Sources,
        clock: Clock,
        build: str,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._core = core
        self._reactions = reactions
        self._sources = sources
        self._clock = clock
        self._build = build
        self._pause = pause
        self._cursors = core.store.cursors
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.in_flight = 0

    async def handle(self, records: Sequence[Record]) -> None:
        """Apply a batch: keys side by side, each key in order. Raises `Unavailable` if it must be given back."""
        self.in_flight += 1
        try:
            keys: dict[str, list[Envelope]] = {}
            for record in records:
                if envelope := await self._decode(record):
                    keys.setdefault(envelope.subject, []).append(envelope)
            cursors = await self._cursors.get(list(keys))

            async def one(subject: str, envelopes: list[Envelope]) -> Cursor | None:
                async with self._lock(subject):
                    return await self._apply_key(envelopes, cursors.get(subject))

            # Every key comes to its end before the batch is answered for: nothing goes on behind the consumer's back.
            results = await asyncio.gather(*(one(*item) for item in keys.items()), return_exceptions=True)
            await self._advance([result for result in results if isinstance(result, Cursor)])
            for result in results:
                if isinstance(result, BaseException):
                    raise result
        finally:
            self.in_flight -= 1

    async def catch_up(self, service: str, source: str) -> None:
        """Apply all that the source's ledger has above the cursor; hold the key where it cannot go on."""
        async with self._lock(source):
            await self._catch_up(service, source)

    async def check_story(self, service: str, source: str) -> None:
        """Hold the key if its source's ledger no longer has the event that was applied last."""
        async with self._lock(source):
            cursor = (await self._cursors.get([source])).get(source)
            if cursor is None or cursor.held is not None or not cursor.last_id:
                return
            last = (await self._sources.history(service, source, cursor.n - 1))[:1]
            if [entry.get("id") for entry in last] != [cursor.last_id]:
                await self._hold(cursor, "went_back", cursor.last_id, _WENT_BACK)

    async def discard(self, source: str, reason: str, actor: str) -> bool:
        """Pass over the event that holds `source`, with a reason on record; whether there was one."""
        async with self._lock(source):
            cursor = (await self._cursors.get([source])).get(source)
            if cursor is None or cursor.held is None:
                return False
            record = {
                "discarded": source,
                "sequence": cursor.n + 1,
                "event_id": cursor.held.event_id,
                "error": cursor.held.error,
                "reason": reason,
                "actor": actor,
                "at": self._clock.now().isoformat(),
            }
            await self._cursors.reject(f"discarded:{source}:{cursor.n + 1}", record)
            passed = Cursor(source, cursor.service, cursor.n + 1, cursor.held.event_id or "")
            await self._cursors.advance([passed])
            await self._catch_up(cursor.service, source)
            return True

    def _lock(self, source: str) -> asyncio.Lock:
        return self._locks.setdefault(source, asyncio.Lock())

    async def _decode(self, record: Record) -> Envelope | None:
        try:
            envelope = Envelope.model_validate_json(record.value or b"")
            reason = _misplaced(record, envelope)
        except ValidationError as fault:
            reason = error_text(fault)
        if reason is None:
            return envelope
        value = record.value or b""
        digest = hashlib.sha256(value).hexdigest()
        entry = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "reason": reason,
            "bytes": value[:65536].hex(),
            "at": self._clock.now().isoformat(),
        }
        await self._patiently(
            lambda: self._cursors.reject(f"{record.topic}:{record.partition}:{record.offset}:{digest[:16]}", entry)
        )
        log.warning(
            "message_rejected", topic=record.topic, partition=record.partition, offset=record.offset, why=reason
        )
        return None

    async def _apply_key(self, envelopes: list[Envelope], cursor: Cursor | None) -> Cursor | None:
        """Apply the events of one key; where its cursor is to move to, if it is to move."""
        first = envelopes[0]
        start = cursor = cursor or Cursor(first.subject, first.service)
        for envelope in envelopes:
            if envelope.sequence <= cursor.n or cursor.held is not None:
                continue
            try:
                if envelope.sequence != cursor.n + 1:
                    raise Poison("an event is missing before this one")
                _check_story(cursor, envelope)
                await self._apply(envelope)
                cursor = Cursor(cursor.source, cursor.service, envelope.sequence, envelope.id)
            except (Poison, WentBack):
                await self._advance([cursor] if cursor is not start else [])
                await self._catch_up(cursor.service, cursor.source)
                start = cursor = (await self._cursors.get([cursor.source])).get(cursor.source, cursor)
        return cursor if cursor is not start else None

    async def _advance(self, cursors: Sequence[Cursor]) -> None:
        if cursors:
            await self._patiently(lambda: self._cursors.advance(cursors))

    async def _catch_up(self, service: str, source: str) -> None:
        while True:
            cursor = (await self._cursors.get([source])).get(source) or Cursor(source, service)
            try:
                history = await self._sources.history(service, source, cursor.n)
            except Unavailable as away:
                if await self._hold(cursor, "unreachable", None, str(away)):
                    return
                continue
            if not history:
                # A hold where no event is would stand for ever: lift it, and read once more in case one came meanwhile.
                if cursor.hold is None:
                    return
                await self._cursors.release(source, cursor.n)
                continue
            if not await self._apply_history(cursor, history):
                return

    async def _apply_history(self, cursor: Cursor, history: Sequence[Json]) -> bool:
        """Whether to read on: false once the key is held."""
        for entry in history:
            event_id = entry.get("id")
            try:
                envelope = Envelope.model_validate(entry)
                if envelope.sequence <= cursor.n:
                    continue
                if envelope.sequence != cursor.n + 1:
                    return not await self._hold(cursor, "unreachable", None, "the source's ledger has a hole here")
                _check_story(cursor, envelope)
                await self._apply(envelope)
            except WentBack as other:
                return not await self._hold(cursor, "went_back", event_id, str(other))
            except Poison as fault:
                return not await self._hold(cursor, "poison", event_id, str(fault))
            except ValidationError as fault:
                return not await self._hold(cursor, "poison", event_id, error_text(fault))
            cursor = Cursor(cursor.source, cursor.service, envelope.sequence, envelope.id)
            await self._cursors.advance([cursor])
        return True

    async def _hold(self, cursor: Cursor, reason: Any, event_id: str | None, error: str) -> bool:
        # Tried again in vain, it is held since it was held first.
        since = cursor.held.at if cursor.held else milliseconds(self._clock.now())
        hold = Hold(cursor.n + 1, reason, event_id, error, self._build, since)
        held = await self._cursors.hold(cursor.source, cursor.service, cursor.n, hold)
        if held:
            log.error("key_held", source=cursor.source, sequence=hold.sequence, reason=reason, error=error)
        return held

    async def _apply(self, envelope: Envelope) -> None:
        """Do all that one event does here. Raises `Poison` if it never can be done, `Unavailable` if not now."""
        kind = EVENT_TYPES.get(envelope.type)
        if kind is None:
            raise Poison(f"{envelope.type} is not known to this build")
        reaction = self._reactions.get(kind)
        if reaction is None:
            return
        try:
            place = f"{envelope.subject}:{envelope.sequence}"
            event = kind.model_validate(await self._core.vault.open(envelope.data, place))
            cause = Cause(self._clock.now(), f"system:{self._core.service}", envelope)
            origin = Origin(envelope.correlation, envelope.id, mark=(envelope.subject, envelope.sequence))
            with structlog.contextvars.bound_contextvars(correlation=envelope.correlation, event_id=envelope.id):
                for target in reaction(event, cause):
                    await self._patiently(
                        partial(self._core.execute, target.aggregate, target.id, target.command, origin)
                    )
        except (Unavailable, Conflict):
            raise
        except Exception as fault:
            log.exception("event_failed", event_id=envelope.id, type=envelope.type)
            raise Poison(error_text(fault)) from fault

    async def _patiently(self, work: Callable[[], Awaitable[Any]]) -> None:
        """A failure that will pass is tried again in place; then the batch is given back."""
        for wait in _BACK_OFF:
            try:
                await work()
                return
            except (Unavailable, Conflict):
                await self._pause(wait)
        try:
            await work()
        except Conflict as fault:
            raise Unavailable(str(fault)) from fault


def _misplaced(record: Record, envelope: Envelope) -> str | None:
    """Why a well-formed envelope cannot be one of ours where it was found."""
    if record.key != envelope.subject.encode():
        return "the message's key is not the event's subject"
    if record.topic != topic_of(envelope.service):
        return "the event's source does not publish on this topic"
    return None


def _check_story(cursor: Cursor, envelope: Envelope) -> None:
    if cursor.last_id and envelope.previous != cursor.last_id:
        raise WentBack(_WENT_BACK)


def as_record(message: Any) -> Record:
    """A client's record, reduced to what counts."""
    return Record(message.topic, message.partition, message.offset, message.key, message.value)
