"""Who is sent first, and how much at once: the most urgent due messages are claimed as there is room to send them.

So a claim never waits in a queue of this process until it lapses, and a backlog stays in the store, in order. Several
processes may do so beside each other: who loses the race for a message finds it claimed, and sends nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from services.notifications.domain.evolve import QUEUES, SEND, Queue, moment_of
from services.notifications.domain.state import AgendaState
from shared.contracts.commands import TimerDue
from shared.contracts.envelope import Envelope
from shared.contracts.notifications import Channel, MessageClaimed
from shared.runtime.core import Core
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.store.port import Document
from shared.runtime.sweeps import side_by_side
from shared.runtime.writing import Origin

log = structlog.get_logger()

PLACES = 16
"""Sends under way on one channel, at most. A local setting: fewer than a small mail server takes at once."""
KEPT_FREE = 4
"""Of these, places that only what is critical may take."""
_SET_ASIDE = timedelta(minutes=10)

Offer = Callable[[Envelope, MessageClaimed, AgendaState], Awaitable[None]]


class Pump:
    """Claims what is due as far as there is room, and has `send` send it."""

    def __init__(self, core: Core, send: Offer) -> None:
        self._core = core
        self._send = send
        self._taken: dict[tuple[str, str], Queue] = {}
        self._set_aside: dict[str, datetime] = {}
        self._lock = asyncio.Lock()
        self._again = False
        self._stopped = False

    async def look(self) -> None:
        """Claim the most urgent until there is no room or nothing more is due. Raises `Unavailable`."""
        self._again = True
        if self._lock.locked():
            return
        async with self._lock:
            while self._again and not self._stopped:
                self._again = await self._fill() > 0 or self._again

    async def stop(self) -> None:
        """Claim nothing more; what is being claimed is handed on first."""
        self._stopped = True
        async with self._lock:
            pass

    async def offer(self, envelope: Envelope, event: MessageClaimed, state: AgendaState) -> None:
        """Send what was claimed, here or by the timer of a lost attempt; its place is then free for the next."""
        place = (envelope.subject, event.message_id)
        self._taken[place] = Queue(event.channel, state.messages[event.message_id].critical)
        try:
            await self._send(envelope, event, state)
        finally:
            self._taken.pop(place, None)
        try:
            await self.look()
        except Unavailable as away:
            log.warning("notifications.pump_waits", error=str(away))

    async def _fill(self) -> int:
        """How many messages left their queue."""
        self._again = False
        now = self._core.clock.now()
        self._set_aside = {key: until for key, until in self._set_aside.items() if until > now}
        done = 0
        full: set[Channel] = set()
        for queue in QUEUES:
            # A place that gets free meanwhile is for what is more urgent, as long as there is any.
            if (room := self._room(queue)) and queue.channel not in full:
                found = await self._due(queue, room, now)
                moved = await side_by_side(partial(self._claim, queue, document, now) for document in found)
                done += moved
                # One agenda stands in a queue only once: behind its first there may be more that is as urgent.
                if moved or len(found) == room:
                    full.add(queue.channel)
        return done

    def _room(self, queue: Queue) -> int:
        on_channel = [one for one in self._taken.values() if one.channel == queue.channel]
        free = PLACES - len(on_channel)
        if not queue.critical:
            free = min(free, PLACES - KEPT_FREE - sum(not one.critical for one in on_channel))
        return max(0, free)

    async def _due(self, queue: Queue, room: int, now: datetime) -> list[Document]:
        # Those set aside must not stand in front of the others.
        limit = room + len(self._set_aside)
        found = await self._core.store.documents.page("agenda", queue.key, "", limit=limit)
        up_to = moment_of(now)
        due = [one for one in found if one.keys[queue.key].partition("/")[0] <= up_to]
        return [one for one in due if one.keys[queue.key] not in self._set_aside][:room]

    async def _claim(self, queue: Queue, document: Document, now: datetime) -> bool:
        key = document.keys[queue.key]
        id = key.partition("/")[2]
        place = (document.id, id)
        self._taken[place] = queue
        claimed = False
        try:
            command = TimerDue(now=self._core.clock.now(), actor="system:timer", name=f"{SEND}{id}")
            cause = f"timer:{document.id}:{command.name}"
            origin = Origin(correlation=document.last_event or document.id, causation=cause)
            events = (await self._core.execute("agenda", document.id, command, origin)).events
            claimed = any(isinstance(one, MessageClaimed) and one.message_id == id for one in events)
        except (Unavailable, Conflict):
            return False
        except Exception:
            log.exception("notifications.claim_failed", agenda=document.id)
            events = ()
        finally:
            if not claimed:
                self._taken.pop(place, None)
        return bool(events) or await self._has_left(queue, document.id, key, now)

    async def _has_left(self, queue: Queue, id: str, key: str, now: datetime) -> bool:
        """Whether another process has it. What could not be decided is set aside, and others go first."""
        try:
            found = await self._core.store.documents.load("agenda", id)
        except Unavailable:
            return False
        if found is None or found.keys.get(queue.key) != key:
            return True
        self._set_aside[key] = now + _SET_ASIDE
        return False
