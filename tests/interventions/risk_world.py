"""The interventions service's own rules on the real road, in memory: one process that dies, a broker that loses and
doubles, one patient who answers and writes, and clinicians who come or do not.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.interventions.domain.activity.commands import SaveActivity
from services.interventions.domain.alert.commands import (
    AcknowledgeRiskAlert,
    AssessRiskAlert,
    CloseRiskAlert,
    TakeOverRiskAlert,
)
from services.interventions.domain.check_in.commands import AnswerCheckIn, OpenCheckIn
from services.interventions.domain.series.commands import OpenMeasures, RecordAnswers
from services.interventions.reactions import REACTIONS
from shared.contracts.commands import Command, Rejected
from shared.contracts.interventions import ASSESSMENT_QUESTIONS, RiskAssessment, Written
from shared.runtime.aggregate import derived_id
from shared.runtime.clock import milliseconds
from shared.runtime.core import Core
from shared.runtime.errors import Unavailable
from shared.runtime.inbound import Inbound
from shared.runtime.relay import Relay
from shared.runtime.store.port import Json
from shared.runtime.sweeps import Comparison, DueTimers, retry_held
from shared.runtime.vault import Vault
from shared.runtime.writing import Intention, Origin
from tests.interventions import example as ex
from tests.runtime.faults import Crash, Faults, faulty, writes
from tests.runtime.world import MASTER, Broker, FaultyProducer, HandClock, WorldSources
from tests.simulation.disk import Disk
from tests.simulation.records import simulated_store

AGGREGATES = (ex.EPISODE, ex.SERIES, ex.ALERT, ex.ACTIVITY, ex.PRACTICE, ex.CHECK_IN)
TOPIC = "carepath.interventions"
STAFF = ("psychology:ana", "psychology:ben")
DARK = ("I want to die", "There is no reason to live", "Hoy quiero morir")
BRIGHT = ("A walk to the bakery", "I want to diet", "")
TALK = RiskAssessment(**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), concern="low")
OF = {"episode_id": "e1", "patient_id": "p1"}
_SELF_HARM = 9


class RiskWorld:
    """`worries` counts what the patient said, by the alert that it must lead to. It is a book of its own."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.clock = HandClock(ex.T0)
        self.disk = Disk(lambda: milliseconds(self.clock.now()))
        self._documents = simulated_store(self.disk)
        self._vault = simulated_store(Disk(lambda: milliseconds(self.clock.now())))
        self.broker = Broker()
        self.faults = Faults()
        self.worries = Counter[str]()
        self.crashes = 0
        self._said: dict[object, Any] = {}
        self._sent = 0
        self._start()

    def _start(self) -> None:
        """A new process over the same store."""
        self.faults.dead = True
        self.faults = Faults()
        store = faulty(self._documents, self.faults)
        self.store = store
        vault = Vault(faulty(self._vault, self.faults).keys, MASTER, self.clock)
        kinds = [one.name for one in AGGREGATES]
        self.relay = Relay("interventions", kinds, store, FaultyProducer(self.broker, self.faults), self.clock)
        self.core = Core("interventions", AGGREGATES, store, vault, self.clock, self.relay.offer)
        sources = WorldSources(lambda _: store.ledger)
        self.inbound = Inbound(self.core, REACTIONS, sources, self.clock, "build-1", _no_pause)
        self.comparison = Comparison(self.inbound, sources, store.cursors, ("interventions",))
        self.timers = DueTimers(self.core, self.clock)

    async def open(self) -> None:
        await self._documents.engine.open([one.schema for one in AGGREGATES])
        await self._vault.engine.open([])
        opening = OpenMeasures(
            **self._who("system:x"), **OF, series_id="s1", occasion="start", measures=("PHQ-9", "PEG")
        )
        await self.do("measure_series", "s1", opening)
        closes = ex.after(days=30)
        asked = OpenCheckIn(
            **self._who("system:x"), **OF, check_in_id="c1", moment="one", measures=("PHQ-9",), closes_at=closes
        )
        await self.do("check_in", "c1", asked)

    # --- what people do

    async def do(self, aggregate: str, id: str, command: Command) -> bool:
        """Press until it is answered, as a portal does; now and then once more. False if a rule says no."""
        self._sent += 1
        request = Intention(f"key-{self._sent}", str(self._sent))
        origin = Origin(correlation="x", causation=f"request:{self._sent}", request=request)
        for _ in range(1 + (self.rng.random() < 0.2)):
            try:
                await self.survive(lambda: self.core.execute(aggregate, id, command, origin))
            except Rejected:
                return False
        return True

    async def answer(self) -> None:
        """Some items, never all: the form is given up half-way."""
        items = self.rng.sample(range(1, 9), self.rng.randint(0, 3))
        if not items or self.rng.random() < 0.7:
            items.append(_SELF_HARM)
        answers = {item: self.rng.randint(0, 3) for item in items}
        who = self._who("patient:p1")
        if self.rng.random() < 0.3:
            form, parts = "c1", ("c1", "PHQ-9", "9")
            done = await self.do("check_in", form, AnswerCheckIn(**who, measure="PHQ-9", answers=answers))
        else:
            form, parts = "s1", ("s1", "start", "PHQ-9", "9")
            wanted = RecordAnswers(**who, occasion="start", measure="PHQ-9", answers=answers)
            done = await self.do("measure_series", form, wanted)
        value = answers.get(_SELF_HARM)
        if done and value is not None:
            if value > max(0, self._said.get(form, 0)):
                self.worries[derived_id("risk", *parts)] += 1
            self._said[form] = value

    async def write(self) -> None:
        """In some fields of one of two doings of an activity."""
        number = self.rng.randint(1, 2)
        texts = {name: self.rng.choice(DARK + BRIGHT) for name in self.rng.sample(("what", "name", "ideas"), 2)}
        written = tuple(
            Written(field=name, lines=(text,) if text else None) if name == "ideas" else Written(field=name, text=text)
            for name, text in texts.items()
        )
        sheet = {"module_id": "one", "activity_id": "make-a-plan", "worksheet_id": "plan", "worksheet_version": 1}
        record = f"activity-{number}"
        saving = SaveActivity(
            **self._who("patient:p1"), **OF, **sheet, record_id=record, number=number, written=written
        )
        if await self.do("activity", record, saving):
            for name, text in texts.items():
                if text in DARK and self._said.get((record, name)) != text:
                    self.worries[derived_id("risk", record, name)] += 1
                self._said[record, name] = text

    async def look_after(self) -> None:
        """A clinician does a few steps with some alert, in order or not, theirs to do or not."""
        alerts = sorted(self.disk.of("risk_alert"))
        if not alerts:
            return
        id, who = self.rng.choice(alerts), self._who(self.rng.choice(STAFF))
        steps: list[Command] = [
            AcknowledgeRiskAlert(**who),
            AssessRiskAlert(**who, assessment=TALK),
            CloseRiskAlert(**who, plan="Calls on Friday."),
        ]
        over = TakeOverRiskAlert(**who, reason="Ill.")
        one = [self.rng.choice([*steps, over])]
        for step in self.rng.choice((steps[:1], steps[:2], steps, [over, steps[1]], one)):
            await self.do("risk_alert", id, step)

    # --- what happens by itself

    def trouble(self) -> None:
        """At one of the next writes or sends the process ends, or gets no answer; the broker loses or doubles."""
        kind, when = self.rng.choice(("crash", "crash", "error")), self.rng.choice(("before", "after"))
        self.faults.plan(self.rng.randint(1, 8), kind, when, writes)
        self.broker.doubles = self.rng.random() < 0.3
        lost = self.rng.random() < 0.2
        self.broker.loses = lambda *_: lost
        if self.rng.random() < 0.2:
            self.broker.committed.clear()

    async def survive(self, step: Callable[[], Awaitable[Any]]) -> None:
        """Do `step`, as often as it takes."""
        for _ in range(10):
            try:
                await step()
                return
            except Crash:
                self.crashes += 1
                self._start()
            except Unavailable:
                continue
        raise AssertionError("it does not recover")

    async def pass_minutes(self, minutes: int) -> None:
        """Timers, relay and consumer run all the while, each as often as once a minute."""
        for _ in range(minutes):
            self.clock.move(minutes=1)
            # Looked up anew each time: after a crash it is another process that does them.
            await self.survive(lambda: self.timers.run())
            await self.survive(self._publish)
            await self.survive(self._deliver)
            await self.survive(lambda: self.comparison.look())

    async def rest(self) -> None:
        """No trouble from here on, and nobody of the staff."""
        self.faults.at, self.broker.doubles, self.broker.loses = 0, False, lambda *_: False
        await self.pass_minutes(5)
        await retry_held(self.inbound, self.store.cursors, "another build")
        await self.pass_minutes(40)

    async def _publish(self) -> None:
        await self.relay.publish_left_over()
        while not self.relay.idle:
            await self.relay.publish_offered()

    async def _deliver(self) -> None:
        group = ("interventions", TOPIC)
        while batch := self.broker.topics[TOPIC][self.broker.committed[group] :][:100]:
            await self.inbound.handle(batch)
            self.broker.committed[group] += len(batch)

    def history(self, alert: str) -> list[Json]:
        """The ledger of one alert."""
        return self.disk.entries(alert)

    def now(self) -> datetime:
        return self.clock.now()

    def _who(self, actor: str) -> dict[str, Any]:
        return {"now": self.clock.now(), "actor": actor}


LATE = timedelta(minutes=2)
"""A process that dies is started anew at once, and its timers run once a minute."""


async def _no_pause(_: float) -> None:
    return None
