"""The service in a process of its own that kills itself, by SIGKILL, at a step of the send; or lives and finishes, also
beside others of its kind.

The product knows nothing of it: its parts are wrapped from outside. Kafka is away all the while.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partialmethod
from pathlib import Path
from typing import Any

import structlog

from services.notifications.channels.smtp import SmtpChannel
from services.notifications.domain.commands import HandleFact, LearnRecipient
from services.notifications.main import parts
from services.notifications.sender import Sender, sends
from shared.contracts.commands import TimerDue
from shared.runtime.core import Core
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings
from tests.notifications.people import CLINIC, MORNING, SYSTEM, message
from tests.notifications.service import TEXTS
from tests.parts.wait import eventually

STEPS = ("before-claim", "after-claim", "before-hand-over", "after-hand-over", "after-record")
_LOST_BY = timedelta(minutes=2)
_WITHIN_SECONDS = 40.0

# Compiling all texts takes longer than all else: it is done once, before the processes part.
_PARTS = parts(Settings("", "", "", bytes(32), "", {}, CLINIC))

Plan = dict[str, bool]
"""Of each message whether it is critical; each is for somebody of their own, by the same name."""


class Fuse:
    """Blows when `step` is passed for the `nth` time."""

    def __init__(self, step: str, nth: int) -> None:
        self._step, self._left = step, nth

    def passes(self, step: str) -> None:
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def lay(fuse: Fuse) -> None:
    """On either side of the claim, of the call of the mail server, and after the record."""

    async def execute(original: Any, core: Core, name: str, id: str, command: Any, origin: Any = None) -> Any:
        if isinstance(command, TimerDue):
            fuse.passes("before-claim")
        return await original(core, name, id, command, origin)

    async def offer(original: Any, sender: Sender, *claim: Any) -> None:
        fuse.passes("after-claim")
        await original(sender, *claim)
        fuse.passes("after-record")

    async def send(original: Any, channel: SmtpChannel, email: Any, may_still: Callable[[], Awaitable[None]]) -> None:
        async def last_word() -> None:
            await may_still()
            fuse.passes("before-hand-over")

        await original(channel, email, last_word)
        fuse.passes("after-hand-over")

    for owner, name, wrapper in ((Core, "execute", execute), (Sender, "offer", offer), (SmtpChannel, "send", send)):
        _wrap(owner, name, wrapper)


def _wrap(owner: Any, name: str, wrapper: Any) -> None:
    setattr(owner, name, partialmethod(_wrapped, wrapper, getattr(owner, name)))


async def _wrapped(self: Any, wrapper: Any, original: Any, *arguments: Any) -> Any:
    return await wrapper(original, self, *arguments)


class Still:
    """A clock at one moment."""

    def __init__(self, moment: Any) -> None:
        self._moment = moment

    def now(self) -> Any:
        return self._moment


def first(folder: str, smtp: str, plan: Plan, step: str, nth: int) -> None:
    """Plan the messages, send them, and die at the step."""
    lay(Fuse(step, nth))
    asyncio.run(_run(folder, smtp, plan, Still(MORNING)))


def second(folder: str, smtp: str) -> None:
    """What the next process makes of what is left, once every claim of the first is over."""
    asyncio.run(_run(folder, smtp, {}, Still(MORNING + _LOST_BY)))


def fills(folder: str, plan: Plan) -> None:
    """Plan the messages, and send none."""

    async def work() -> None:
        service, vault = await _opened(folder, "127.0.0.1:9", Still(MORNING))
        await asyncio.gather(*(_plan(service.core, id, critical) for id, critical in plan.items()))
        await service.store.engine.close()
        await vault.engine.close()

    asyncio.run(work())


def shares(folder: str, smtp: str, name: str, processes: int) -> None:
    """Send what is there beside others that do the same, each under its `name`. None hands anything over before each of
    them has claimed something.
    """

    async def send(original: Any, channel: SmtpChannel, email: Any, may_still: Any) -> None:
        (Path(folder) / f"{name}.claimed").touch()
        await eventually(lambda: len([*Path(folder).glob("*.claimed")]) == processes, "the others", _WITHIN_SECONDS)
        await original(channel, replace(email, sender_name=name), may_still)

    _wrap(SmtpChannel, "send", send)
    asyncio.run(_run(folder, smtp, {}, Still(MORNING)))


async def _run(folder: str, smtp: str, plan: Plan, clock: Still) -> None:
    service, _ = await _opened(folder, smtp, clock)
    for id, critical in plan.items():
        await _plan(service.core, id, critical)
    await service.start()

    async def is_done() -> bool:
        return not await service.store.documents.find("agenda", {"pending": "yes"}, 1)

    await eventually(is_done, "all to be sent or given up", _WITHIN_SECONDS)
    await service.stop()


async def _opened(folder: str, smtp: str, clock: Still) -> tuple[Service, Any]:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    place = f"sqlite:{folder}"
    plain = Settings(place, place, "127.0.0.1:9", bytes(32), "a secret of tests alone, long enough", {}, CLINIC)
    settings = replace(plain, timer_seconds=0.05)
    vault = open_store(place, "vault")
    made = replace(_PARTS, effects=sends(CLINIC, TEXTS, SmtpChannel.at(smtp)))
    service = Service(made, settings, store_at(folder), vault, clock)
    await vault.engine.open([])
    await service.store.engine.open([one.schema for one in service.parts.aggregates])
    return service, vault


def store_at(folder: str) -> Any:
    return open_store(f"sqlite:{folder}", "notifications")


async def _plan(core: Core, id: str, critical: bool) -> None:
    known: dict[str, Any] = {"kind": "patient", "name": "Rosa", "email": f"{id}@example.org", "scopes": ("email",)}
    who = {"now": MORNING, "actor": SYSTEM, "recipient_id": id}
    await core.execute("agenda", id, LearnRecipient(**who, **known, about=id, language="en", time_zone="Europe/London"))
    planned = message(id, template="welcome", about=id, critical=critical)
    await core.execute("agenda", id, HandleFact(**who, kind="patient", cause=id, fact_at=MORNING, plan=(planned,)))
