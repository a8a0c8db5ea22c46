"""What a storm is made of: a store full of due messages, carriers that take no time or are dead, and a pump.

Each `fill` and each `drain` is to be run in a process of its own, so that the memory of one is not that of another.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any, Literal

from services.notifications.aggregates import aggregates
from services.notifications.channels.port import (
    Carrier,
    Email,
    MayStill,
    OutcomeUnknown,
    ShortMessage,
    TemporaryFailure,
)
from services.notifications.channels.providers import Providers
from services.notifications.pump import Pump
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from shared.contracts.envelope import Event
from shared.contracts.notifications import Channel, MessageClaimed, MessagePlanned, PermissionChanged, RecipientKnown
from shared.contracts.reach import ReachChosen
from shared.runtime.core import Core
from shared.runtime.logs import configure_logs
from shared.runtime.relay import Relay
from shared.runtime.service import open_store, spare_the_collector
from shared.runtime.settings import load_clinic
from shared.runtime.store.port import Document
from shared.runtime.vault import Vault
from tests.parts.wait import eventually

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EACH = 5
"""Messages of one person."""
HANGS_SECONDS = 2.0
_AT_ONCE = 500
_PATIENCE_SECONDS = 3600

Row = dict[str, Any]
Sms = Literal["well", "hangs", "refuses"]


class Noon:
    """Always the same moment, of a working day."""

    def now(self) -> datetime:
        return NOON


class Nowhere:
    """A broker that acknowledges whatever it is sent."""

    async def send(self, topic: str, key: str, value: bytes) -> None:
        return


@dataclass
class Witness:
    """What was handed over by which channel, in which order."""

    taken: list[tuple[Channel, str]] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    def by(self, channel: Channel) -> list[str]:
        return [id for way, id in self.taken if way == channel]


@dataclass
class Carrying:
    """Takes everything at once, or is dead."""

    channel: Channel
    witness: Witness
    manner: Sms = "well"

    async def send(self, message: Email | ShortMessage, may_still: MayStill) -> None:
        await may_still()
        witness = self.witness
        witness.under_way += 1
        witness.most = max(witness.most, witness.under_way)
        try:
            # A turn of the loop, as any network takes: all that is under way is then seen to be so.
            await (_never_answered() if self.manner == "hangs" else asyncio.sleep(0))
        finally:
            witness.under_way -= 1
        if self.manner == "refuses":
            raise TemporaryFailure("no-connection")
        witness.taken.append((self.channel, message.id))


async def _never_answered() -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(HANGS_SECONDS):
            await asyncio.Event().wait()
    raise OutcomeUnknown("too-slow")


def fill(folder: Path, messages: int, channels: Sequence[Channel]) -> None:
    """That many due messages, five to each person, about one of twenty about safety. By which of the `channels` they
    are reached goes round the people. What wants an answer at once goes out by itself, so each message is a send.
    """

    async def work() -> None:
        async with _standing(folder) as core:
            people = -(-messages // EACH)
            for start in range(0, people, _AT_ONCE):
                some = range(start, min(start + _AT_ONCE, people))
                await asyncio.gather(*(_write(core, n, messages, channels) for n in some))

    asyncio.run(work())


def drain(folder: Path, channels: Sequence[Channel], sms: Sms, awaited: Sequence[Channel], count: int) -> Row:
    """Send all that is there, until `count` went out by the `awaited` channels; then how long it took, and in which
    order. What else hangs by then is left alone.
    """
    configure_logs("CRITICAL", (folder / "log").open("w"))
    spare_the_collector()
    return asyncio.run(_drain(folder, channels, sms, awaited, count))


async def _drain(folder: Path, channels: Sequence[Channel], sms: Sms, awaited: Sequence[Channel], count: int) -> Row:
    witness = Witness()
    async with _standing(folder) as core:
        pump, tasks = _pump(core, witness, sms), set[asyncio.Task[None]]()

        async def start(*claim: Any) -> None:
            task = asyncio.create_task(pump.offer(*claim))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        core.effects = {MessageClaimed: start}
        before, begun, worked = _memory(), time.perf_counter(), time.process_time()
        # It looks on for as long as there is something to send, also once what is awaited has gone.
        looking = asyncio.create_task(pump.look())

        def done() -> bool:
            return sum(way in awaited for way, _ in witness.taken) >= count

        await eventually(done, "all to be sent", _PATIENCE_SECONDS, 0.002)
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        await pump.stop()
        await looking
        for task in tasks if sms == "hangs" else ():
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return {
        "messages": count,
        "per_second": round(count / seconds, 1),
        "cpu_us_each": round(worked / len(witness.taken) * 1e6),
        "peak_mib": _memory(),
        "mib_at_start": before,
        "most_under_way": witness.most,
        **_order(witness, channels),
        "twice": len(witness.taken) - len(set(witness.taken)),
    }


def _order(witness: Witness, channels: Sequence[Channel]) -> Row:
    """How many ordinary ones were handed over on a channel before the last critical one there."""
    overtaken = critical = 0
    for channel in channels:
        ids = witness.by(channel)
        urgent = [place for place, id in enumerate(ids) if id.startswith("critical")]
        critical += len(urgent)
        overtaken += max(urgent) + 1 - len(urgent) if urgent else 0
    return {"critical": critical, "ordinary_before_the_last_critical": overtaken}


def _pump(core: Core, witness: Witness, sms: Sms) -> Pump:
    clinic = load_clinic(Path("deploy/clinic.yaml"))

    def carriers(channel: Channel, manner: Sms = "well") -> Providers[Any]:
        carrier: Carrier[Any] = Carrying(channel, witness, manner)
        return Providers({"one": carrier}, core.clock.now)

    short = {"sms": carriers("sms", sms), "push": carriers("push")}
    return Pump(core, Sender(clinic, Texts(clinic), carriers("email"), core, short=short).offer)


@asynccontextmanager
async def _standing(folder: Path) -> AsyncIterator[Core]:
    clinic = load_clinic(Path("deploy/clinic.yaml"))
    parts = aggregates(clinic, Texts(clinic))
    store, vault = open_store(f"sqlite:{folder}", "notifications"), open_store(f"sqlite:{folder}", "vault")
    await store.engine.open([one.schema for one in parts])
    await vault.engine.open([])
    relay = Relay("notifications", [one.name for one in parts], store, Nowhere(), Noon())
    running = asyncio.create_task(relay.run())
    yield Core("notifications", parts, store, Vault(vault.keys, bytes(32), Noon()), Noon(), relay.offer)
    await eventually(lambda: relay.idle, "all to be published", _PATIENCE_SECONDS)
    running.cancel()
    await store.engine.close()
    await vault.engine.close()


async def _write(core: Core, person: int, messages: int, channels: Sequence[Channel]) -> None:
    id = f"person-{person:06}"
    story = list(_story(id, range(person * EACH, min((person + 1) * EACH, messages)), channels[person % len(channels)]))
    aggregate = core.aggregates["agenda"]
    state = reduce(aggregate.evolve, story, aggregate.state())
    document = Document(
        id,
        "agenda",
        version=len(story),
        rev=1,
        relayed=len(story),
        last_event=f"{id}-{len(story)}",
        state=await core.vault.seal(state, id, f"{id}@1"),
        keys={key: value for key, value in aggregate.keys(state).items() if value is not None},
    )
    await core.store.documents.save(document)


def _story(id: str, numbers: Sequence[int], channel: Channel) -> Iterator[Event]:
    who: Row = {"at": NOON - timedelta(hours=2), "recipient_id": id}
    known: Row = {"kind": "patient", "name": "Rosa", "email": f"{id}@example.org", "language": "en"}
    yield RecipientKnown(**who, **known, time_zone="Europe/London")
    yield PermissionChanged(**who, about=id, scope="email", granted=True)
    yield ReachChosen(**who, channels=(channel,), phone="+447700900123", push="rosa-listens")
    for n in numbers:
        critical, due = _scattered(n, 20) == 0, NOON - timedelta(seconds=1 + _scattered(n, 3600))
        template = "crisis_help" if critical else "invitation"
        told: Row = {"template": template, "topic": f"referral:{n}", "parameters": {}}
        message_id = f"{'critical' if critical else 'ordinary'}-{n}"
        about: Row = {"about": id, "cause": f"event-{n}", "critical": critical, "needs": "email"}
        yield MessagePlanned(**who, **told, **about, message_id=message_id, send_at=due)


def _scattered(n: int, below: int) -> int:
    """The same for the same number, and without a pattern."""
    return n * 2_654_435_761 % 2**32 * below >> 32


def _memory() -> float:
    """The highest so far, in MiB. Linux gives a process that was started the peak of its parent by `getrusage`."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [one for one in status.read_text().splitlines() if one.startswith("VmHWM")]
        return round(int(line.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
