"""The pump on a real store: who is sent first, how much at once, and that nobody is sent to twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from services.notifications.domain.commands import (
    ChooseReach,
    ConfirmReach,
    HandleFact,
    LearnRecipient,
    RecordFailed,
    RecordSent,
    StopMessage,
)
from services.notifications.domain.state import AgendaState
from services.notifications.pump import KEPT_FREE, PLACES, Pump
from shared.contracts.envelope import Envelope
from shared.contracts.notifications import Channel, MessageClaimed
from shared.runtime.core import Core
from tests.notifications.people import MINUTE, MORNING, SYSTEM, message
from tests.notifications.service import Http, serving
from tests.parts.wait import eventually

pytestmark = pytest.mark.asyncio

Fate = Literal["lasts", "goes", "refused"]


def lasts(_: MessageClaimed) -> Fate:
    return "lasts"


@dataclass
class Line:
    """A pump, and sends that last until they are let go, unless `fate` says otherwise."""

    http: Http
    fate: Callable[[MessageClaimed], Fate] = lasts
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    most: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    pump: Pump = field(init=False)

    def __post_init__(self) -> None:
        self.pump = self.another()
        self.serve(self.pump)

    def another(self) -> Pump:
        return Pump(self.http.core, self._send)

    def serve(self, pump: Pump) -> None:
        async def start(*claim: Any) -> None:
            task = asyncio.create_task(pump.offer(*claim))
            self.tasks.add(task)

        self.http.core.effects = {MessageClaimed: start}

    async def _send(self, envelope: Envelope, event: MessageClaimed, _: AgendaState) -> None:
        self.begun.append(event.message_id)
        self.most = max(self.most, len(self.begun) - len(self.ended))
        fate = self.fate(event)
        if fate == "lasts":
            await self.opened.wait()
        said = {"now": self.core.clock.now(), "actor": "system:sender", "message_id": event.message_id}
        if fate == "refused":
            refused = RecordFailed.model_validate({**said, "attempt": event.attempt, "failure": "temporary"})
            await self.core.execute("agenda", envelope.subject, refused)
            return
        self.ended.append(event.message_id)
        await self.core.execute("agenda", envelope.subject, RecordSent.model_validate(said))

    @property
    def core(self) -> Core:
        return self.http.core

    async def queue(
        self, id: str, *, to: str | None = None, late: timedelta = MINUTE, by: Channel = "email", **changes: Any
    ) -> str:
        """A message that is due for `late` already; each to somebody of their own, where nobody is named."""
        person = to or f"person-{id}"
        now = MORNING - late
        who = {"recipient_id": person, "kind": "patient", "name": "Rosa", "email": f"{person}@example.org"}
        known: dict[str, Any] = {**who, "language": "en", "time_zone": "Europe/London", "scopes": ("email",)}
        planned = message(id, **{"about": person, **changes})
        told = {"recipient_id": person, "kind": "patient", "cause": id, "fact_at": now, "plan": (planned,)}
        await self.core.execute("agenda", person, LearnRecipient(now=now, actor=SYSTEM, about=person, **known))
        if by != "email":
            await self._choose(person, by, now)
        await self.core.execute("agenda", person, HandleFact(now=now, actor=SYSTEM, **told))
        return person

    async def _choose(self, person: str, by: Channel, now: datetime) -> None:
        """They are reached so; the code that confirms it is not to be among what is sent."""
        said: dict[str, Any] = {"now": now, "actor": person}
        code = {"message_id": f"code-{person}", "code": "123456"}
        reach = {"channels": (by,), "phone": "+447700900123", "push": "rosa-listens", "codes": {by: code}}
        await self.core.execute("agenda", person, ChooseReach.model_validate({**said, **reach}))
        await self.core.execute("agenda", person, ConfirmReach(**said, channel=by, code=code["code"]))
        await self.core.execute("agenda", person, StopMessage(**said, message_id=code["message_id"]))

    async def drained(self, count: int) -> None:
        self.opened.set()
        await eventually(lambda: len(self.ended) == count, "all to be sent", 30)
        await asyncio.gather(*self.tasks)


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[Line]:
    async with serving(folder) as http:
        line = Line(http)
        yield line
        line.opened.set()
        await asyncio.gather(*line.tasks)


async def test_what_is_critical_goes_first_and_then_what_is_due_longest(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        for number in range(PLACES):
            await line.queue(f"late-{number:02}", late=timedelta(minutes=60 - number))
        await line.queue("critical", critical=True, late=timedelta(seconds=1))
        await line.pump.look()
        await eventually(lambda: len(line.begun) == PLACES - KEPT_FREE + 1, "the sends to begin", 10)
        oldest = [f"late-{number:02}" for number in range(PLACES - KEPT_FREE)]
        assert sorted(line.begun) == sorted(["critical", *oldest])
        assert line.begun[0] == "critical"
        await line.drained(PLACES + 1)


async def test_a_backlog_takes_no_more_than_the_room_and_goes_out_whole_once(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        for number in range(4 * PLACES):
            await line.queue(f"one-{number}")
        await line.pump.look()
        assert len(line.tasks) == PLACES - KEPT_FREE
        await line.drained(4 * PLACES)
        assert line.most == PLACES - KEPT_FREE
        assert len(set(line.ended)) == 4 * PLACES


async def test_while_all_ordinary_sends_hang_the_places_kept_free_take_what_is_critical(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        for number in range(2 * PLACES):
            await line.queue(f"hangs-{number}")
        await line.pump.look()
        for number in range(KEPT_FREE + 2):
            await line.queue(f"critical-{number}", critical=True)
        await line.pump.look()
        await eventually(lambda: len(line.begun) == PLACES, "the places to be taken", 10)
        assert sum(id.startswith("critical") for id in line.begun) == KEPT_FREE
        await line.drained(2 * PLACES + KEPT_FREE + 2)
        rest = [id for id in line.begun[PLACES:] if id.startswith("critical")]
        assert rest == line.begun[PLACES:][: len(rest)]


def e_mails_go(claim: MessageClaimed) -> Fate:
    return "goes" if claim.channel == "email" else "lasts"


async def test_a_provider_of_text_messages_that_never_answers_holds_up_no_e_mail(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        line.fate = e_mails_go
        for number in range(2 * PLACES):
            await line.queue(f"sms-{number}", by="sms", late=timedelta(minutes=9))
            await line.queue(f"email-{number}")
        await line.pump.look()
        await eventually(lambda: len(line.ended) == 2 * PLACES, "all e-mails to be sent", 30)
        assert sorted(line.ended) == sorted(f"email-{number}" for number in range(2 * PLACES))
        assert sum(id.startswith("sms") for id in line.begun) == PLACES - KEPT_FREE


async def test_of_a_channel_that_hangs_the_places_kept_free_take_what_is_critical(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        line.fate = e_mails_go
        for number in range(PLACES):
            await line.queue(f"sms-{number}", by="sms")
        await line.pump.look()
        for number in range(KEPT_FREE):
            await line.queue(f"critical-{number}", by="sms", critical=True)
        await line.pump.look()
        await eventually(lambda: len(line.begun) == PLACES, "the places to be taken", 10)
        assert sorted(line.begun[PLACES - KEPT_FREE :]) == sorted(f"critical-{number}" for number in range(KEPT_FREE))


async def test_what_is_critical_and_refused_goes_by_e_mail_while_its_channel_hangs(tmp_path: Path) -> None:
    def fate(claim: MessageClaimed) -> Fate:
        is_refused = claim.channel == "sms" and claim.message_id.startswith("critical")
        return "refused" if is_refused else e_mails_go(claim)

    async with standing(tmp_path) as line:
        line.fate = fate
        for number in range(PLACES):
            await line.queue(f"sms-{number}", by="sms")
        critical = [f"critical-{number}" for number in range(2 * KEPT_FREE)]
        for id in critical:
            await line.queue(id, by="sms", critical=True)
        await line.pump.look()
        await eventually(lambda: sorted(line.ended) == sorted(critical), "all that is critical to be sent", 30)


async def test_an_agenda_with_several_critical_ones_sends_them_before_all_that_is_ordinary(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        line.fate = lambda _: "goes"
        for number in range(PLACES):
            await line.queue(f"ordinary-{number}", late=timedelta(hours=1))
        for number in range(3):
            await line.queue(f"critical-{number}", to="rosa", critical=True)
        await line.pump.look()
        await line.drained(PLACES + 3)
        assert sorted(line.begun[:3]) == [f"critical-{number}" for number in range(3)]


async def test_who_lost_every_race_looks_on_and_sets_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with standing(tmp_path) as line:
        for number in range(PLACES):
            await line.queue(f"one-{number:02}", late=timedelta(minutes=60 - number))
        line.opened.set()
        other, execute, raced = line.another(), line.core.execute, asyncio.Lock()

        async def too_late(name: str, id: str, command: Any, *rest: Any) -> Any:
            async with raced:
                monkeypatch.setattr(line.core, "execute", execute)
                await other.look()
            return await execute(name, id, command, *rest)

        monkeypatch.setattr(line.core, "execute", too_late)
        await line.pump.look()
        await line.drained(PLACES)
        assert line.pump._set_aside == {}
        await line.queue("one-00-again", to="person-one-00")
        await line.pump.look()
        await line.drained(PLACES + 1)


async def test_two_processes_that_pump_at_once_send_nothing_twice(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        for number in range(3 * PLACES):
            await line.queue(f"one-{number}")
        line.opened.set()
        other = line.another()
        while len(line.ended) < 3 * PLACES:
            await asyncio.gather(line.pump.look(), other.look())
        await asyncio.gather(*line.tasks)
        assert sorted(line.begun) == sorted({f"one-{number}" for number in range(3 * PLACES)})


async def test_what_was_due_when_a_process_died_is_sent_by_the_next(tmp_path: Path) -> None:
    async with serving(tmp_path) as http:
        await Line(http).queue("waits")
    async with standing(tmp_path) as line:
        await line.pump.look()
        await line.drained(1)
        assert line.ended == ["waits"]


async def test_what_is_settled_or_withdrawn_while_it_waits_for_room_is_not_sent(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        for number in range(PLACES):
            await line.queue(f"before-{number:02}", late=timedelta(minutes=9))
        person = await line.queue("settled", topic="referral:7/triage")
        await line.pump.look()
        told: dict[str, Any] = {"recipient_id": person, "kind": "patient", "cause": "x", "settle": ("referral:7",)}
        await line.core.execute("agenda", person, HandleFact(now=MORNING, actor=SYSTEM, fact_at=MORNING, **told))
        await line.drained(PLACES)
        assert "settled" not in line.begun
        assert (await line.core.load("agenda", person)).state.messages["settled"].status == "dropped"


async def test_what_is_not_due_yet_waits_and_a_stopped_pump_claims_nothing(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        await line.queue("later", wait=timedelta(minutes=2))
        await line.pump.look()
        assert line.tasks == set()
        line.http.clock.moment += timedelta(minutes=1)
        await line.pump.stop()
        await line.pump.look()
        assert line.tasks == set()
        line.serve(other := line.another())
        await other.look()
        await line.drained(1)


async def test_the_sweep_of_timers_leaves_to_the_pump_what_is_to_be_sent(tmp_path: Path) -> None:
    async with standing(tmp_path) as line:
        await line.queue("one")
        moment = int(line.http.clock.now().timestamp() * 1000)
        assert await line.core.store.documents.due("agenda", moment, 10) == []
        await line.pump.look()
        await line.drained(1)


async def test_a_message_that_cannot_be_decided_stands_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with standing(tmp_path) as line:
        faulty = await line.queue("faulty", late=timedelta(hours=1))
        await line.queue("good")
        execute = line.core.execute

        async def fails(name: str, id: str, *rest: Any) -> Any:
            if id == faulty:
                raise ValueError("a fault of the program")
            return await execute(name, id, *rest)

        monkeypatch.setattr(line.core, "execute", fails)
        await line.pump.look()
        await line.drained(1)
        assert line.ended == ["good"]
