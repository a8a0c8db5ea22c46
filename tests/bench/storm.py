"""How a storm of due messages drains: `make bench STORM=1` (4,000 messages) or `STORM=100000`.

The whole storm is compared with a tenth of it in the same run. Sends take no time and nothing is published, so that
what is measured is the pump and the store. Nothing here passes or fails by time.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import orjson

from services.notifications.domain.commands import RecordSent
from services.notifications.domain.state import AgendaState
from services.notifications.main import parts
from services.notifications.pump import Pump
from shared.contracts.envelope import Envelope, Event
from shared.contracts.notifications import MessageClaimed, MessagePlanned, PermissionChanged, RecipientKnown
from shared.runtime.core import Core
from shared.runtime.logs import configure_logs
from shared.runtime.service import Service, open_store, spare_the_collector
from shared.runtime.settings import Settings, load_clinic
from shared.runtime.store.port import Document
from tests.bench import machine

_SECRET = "a-secret-that-only-the-benchmark-knows"
_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_CRITICAL_OF = 20
_AT_ONCE = 500

Row = dict[str, Any]


class Noon:
    """Always the same moment, of a working day."""

    def now(self) -> datetime:
        return _NOON


@dataclass
class Line:
    """What takes the messages, in which order, and how many at once."""

    service: Service
    order: list[str] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def send(self, envelope: Envelope, event: MessageClaimed, _: AgendaState) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.order.append(event.message_id)
        said = RecordSent(now=_NOON, actor="system:sender", message_id=event.message_id)
        await self.service.core.execute("agenda", envelope.subject, said)
        self.under_way -= 1

    async def drain(self, count: int) -> float:
        """Seconds until all are sent."""
        pump = Pump(self.service.core, self.send)

        async def start(*claim: Any) -> None:
            task = asyncio.create_task(pump.offer(*claim))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

        self.service.core.effects = {MessageClaimed: start}
        begun = time.perf_counter()
        await pump.look()
        while self.tasks:
            await asyncio.wait(self.tasks)
        assert len(set(self.order)) == len(self.order) == count, "not all were sent, or some twice"
        return time.perf_counter() - begun


async def storm(folder: Path, count: int) -> Row:
    """That many messages, each to somebody of their own, one of twenty about safety."""
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), _SECRET, {}, load_clinic(Path("deploy/clinic.yaml")))
    store, vault = open_store(place, "notifications"), open_store(place, "vault")
    service = Service(parts(settings), settings, store, vault, Noon())
    await store.engine.open([one.schema for one in service.parts.aggregates])
    await vault.engine.open([])
    for start in range(0, count, _AT_ONCE):
        await asyncio.gather(*(_write(service, n) for n in range(start, min(start + _AT_ONCE, count))))
    # There is no Kafka here, and what waits for it must not count as what waits to be sent.
    service.core = Core("notifications", service.parts.aggregates, store, service.vault, service.clock, lambda _: None)
    line = Line(service)
    seconds = await line.drain(count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await store.engine.close()
    await vault.engine.close()
    urgent = [place for place, id in enumerate(line.order) if id.startswith("critical")]
    return {
        "messages": count,
        "microseconds_each": round(seconds / count * 1e6),
        "peak_mib": round(peak / 1024, 1),
        "most_under_way": line.most,
        "critical": len(urgent),
        "last_critical_at_place": max(urgent) + 1,
    }


async def _write(service: Service, n: int) -> None:
    critical = n % _CRITICAL_OF == 0
    id, due = f"person-{n:06}", _NOON - timedelta(seconds=1 + n * 7919 % 3600)
    who: Row = {"at": due, "recipient_id": id}
    known: Row = {"kind": "patient", "name": "Rosa", "email": f"{id}@example.org", "language": "en"}
    told: Row = {"template": "welcome", "topic": f"referral:{n}", "parameters": {}, "about": id, "cause": f"event-{n}"}
    message: Row = {"message_id": f"{'critical' if critical else 'ordinary'}-{n}", "critical": critical}
    story: list[Event] = [
        RecipientKnown(**who, **known, time_zone="Europe/London"),
        PermissionChanged(**who, about=id, scope="email", granted=True),
        MessagePlanned(**who, **told, **message, needs="email", send_at=due),
    ]
    aggregate = service.core.aggregates["agenda"]
    state = reduce(aggregate.evolve, story, aggregate.state())
    document = Document(
        id,
        "agenda",
        version=len(story),
        rev=1,
        relayed=len(story),
        last_event=f"{id}-{len(story)}",
        state=await service.vault.seal(state, id, f"{id}@1"),
        keys={key: value for key, value in aggregate.keys(state).items() if value is not None},
    )
    await service.store.documents.save(document)


async def measure(folder: Path, messages: int) -> Row:
    """The whole storm against a tenth of it."""
    tenth = await storm(folder / "tenth", max(1, messages // 10))
    whole = await storm(folder / "whole", messages)
    ratios = {name: round(whole[name] / tenth[name], 2) for name in ("microseconds_each", "peak_mib")}
    return {"tenth": tenth, "whole": whole, "ratios": ratios, "machine": machine.described(folder)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench STORM=1")
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args()
    # `STORM=1` asks for a storm of the usual size.
    messages = asked.messages if asked.messages > 1 else 4000
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    spare_the_collector()
    with tempfile.TemporaryDirectory(dir=asked.to.parent) as place:
        configure_logs("WARNING", (Path(place) / "log").open("w"))
        found = asyncio.run(measure(Path(place), messages))
    kept = orjson.loads(asked.to.read_bytes()) if asked.to.exists() else {}
    asked.to.write_bytes(orjson.dumps({**kept, "storm": found}, option=orjson.OPT_INDENT_2))
    for name in ("tenth", "whole", "ratios"):
        print(name, "  ".join(f"{key}={value}" for key, value in found[name].items()))


if __name__ == "__main__":
    main()
