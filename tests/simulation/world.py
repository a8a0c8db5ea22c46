"""Runs a plan: lets people come and things go wrong, checks the rules after each step, and skips what nobody uses."""

import asyncio
import hashlib
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from shared.runtime.auth import User
from tests.simulation import happenings
from tests.simulation.checks import check
from tests.simulation.clinic import Clinic
from tests.simulation.knobs import turned
from tests.simulation.logs import listening
from tests.simulation.loop import VirtualLoop, wait
from tests.simulation.on_call import answer_the_call, is_somebody_called
from tests.simulation.others import visit
from tests.simulation.plan import DAY, Plan, Step
from tests.simulation.process import Crash, nobodys
from tests.simulation.record import Violation
from tests.simulation.rest import next_due, outage_left, unrest
from tests.simulation.seat import GaveUp, Seat
from tests.simulation.town import TEAM, Town
from tests.simulation.troubles import Trouble

_LOOK_SECONDS = 1.0
_EVENTS_BETWEEN = 150
_SHORT, _LONG = 5.0, 60.0
_RESTLESS = 1200.0
_HEALS_WITHIN = 180.0


@dataclass
class Outcome:
    """What came of a run. `digest` is the same whenever the same plan is run."""

    violation: str | None
    happened: Counter[str]
    days: float
    events: int
    writes: int
    digest: str
    told: list[str]


class World:
    """One run of `plan`."""

    def __init__(self, plan: Plan, loop: VirtualLoop) -> None:
        self.plan = plan
        self.clinic = Clinic(plan.seed, loop, plan.instances)
        self.town = Town(self.clinic, plan.patients)
        self._loop = loop
        self._calls = self.clinic.calls(Random(f"{plan.seed} people"))
        self._visits: dict[asyncio.Task[None], Step] = {}
        self._restless_since: float | None = None
        self._answering = False
        self._checked_events = 0
        self._ending = False

    async def live(self) -> None:
        """The whole plan, then a time without trouble in which everything must heal, then a week."""
        self.clinic.start()
        agenda: list[Step | Trouble] = [*self.plan.steps, *self.plan.troubles]
        for what in sorted(agenda, key=lambda one: one.at):
            await self._advance(what.at)
            if isinstance(what, Step):
                self._come(what)
            else:
                happenings.happen(self.clinic, what)
        await self._until_visits_end()
        self._ending = True
        self.clinic.troubles.disarm()
        happenings.mend(self.clinic)
        await self._heal()
        self._check()
        await self._advance(self._loop.time() + 7 * DAY)
        await self._heal()
        self._check()

    def _come(self, step: Step) -> None:
        async def come() -> None:
            with suppress(GaveUp, Crash, asyncio.CancelledError):
                await visit(self.town, self._calls, step, Random(step.seed))

        task = nobodys(come())
        self._visits[task] = step
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._visits.pop(task, None)
        if not task.cancelled() and (fault := task.exception()):
            self.clinic.record.blame(f"a visit ended in {type(fault).__name__}: {fault}")

    async def _advance(self, until: float) -> None:
        """Let time pass, and skip the hours in which nothing is going on."""
        while (left := until - self._loop.time()) > 0:
            self._look()
            why = unrest(self.clinic)
            self._watch_unrest(why)
            self._call_for_help()
            skip = min(left, next_due(self.clinic) - self._loop.time() - 0.5)
            if why.startswith("the store of"):
                skip = min(left, outage_left(self.clinic) - _LONG)
            elif why:
                skip = 0.0
            if skip > _SHORT and not self._visits:
                if not why:
                    self._check()
                self._loop.jump(skip)
                await wait(0)
            else:
                await wait(min(_LOOK_SECONDS, left))

    async def _until_visits_end(self) -> None:
        while self._visits:
            await self._advance(self._loop.time() + _LOOK_SECONDS)

    async def _heal(self) -> None:
        while self.clinic.broker.late:
            await self._advance(self._loop.time() + _LOOK_SECONDS)
        start = self._loop.time()
        while why := unrest(self.clinic):
            await self._advance(self._loop.time() + _LOOK_SECONDS)
            if self._loop.time() - start > _HEALS_WITHIN:
                raise Violation(f"three minutes after the last trouble it still did not rest: {why}")

    def _watch_unrest(self, why: str) -> None:
        now = self._loop.time()
        calm = self.clinic.troubles.calm(now, now, _RESTLESS) and not self._visits
        if not why or not calm:
            self._restless_since = None
        elif self._restless_since is None:
            self._restless_since = now
        elif now - self._restless_since > _RESTLESS:
            raise Violation(f"it did not come to rest for {_RESTLESS / 60:.0f} minutes: {why}")

    def _call_for_help(self) -> None:
        if self._answering or not is_somebody_called(self.clinic):
            return
        self._answering = True

        async def answer() -> None:
            rng = Random(f"{self.plan.seed} on call {self._loop.time()}")
            await wait(rng.choice((60, 600, 1200, 4000)))
            seat = Seat(self.town, self._calls, User(rng.choice(TEAM), "psychology"), rng)
            with suppress(GaveUp, Crash, asyncio.CancelledError):
                await answer_the_call(seat)

        def gone(task: asyncio.Task[None]) -> None:
            self._answering = False
            if not task.cancelled() and (fault := task.exception()):
                self.clinic.record.blame(f"who was on call ended in {type(fault).__name__}: {fault}")

        nobodys(answer()).add_done_callback(gone)

    def _check(self) -> None:
        """At rest: everything that must be true then, unless too little has happened since the last time."""
        events = sum(map(len, self.clinic.record.events.values()))
        if events - self._checked_events >= (1 if self._ending else _EVENTS_BETWEEN):
            self._checked_events = events
            check(self.clinic, self.town)
        self._look()

    def _look(self) -> None:
        if self.clinic.record.violations:
            raise Violation(self.clinic.record.violations[0])


def run(plan: Plan) -> Outcome:
    """Run a plan from its first second to its last, or to the first broken rule."""
    loop = VirtualLoop()
    loop.set_exception_handler(lambda *_: None)
    world = World(plan, loop)
    violation = None
    with listening(world.clinic.record), turned(plan.seed):
        try:
            loop.run_until_complete(world.live())
        except Violation as found:
            violation = str(found)
        except Exception:
            violation = f"a check failed itself:\n{traceback.format_exc()}"
        finally:
            asyncio.set_event_loop(None)
    record = world.clinic.record
    happened = record.happened + world.clinic.troubles.happened
    happened.update(entry["type"] for history in record.events.values() for entry in history)
    digest = hashlib.sha256()
    for subject in sorted(record.events):
        for entry in record.events[subject]:
            digest.update(f"{entry['id']} {record.stored_at[entry['id']]:.6f}\n".encode())
    events = sum(map(len, record.events.values()))
    writes = world.clinic.troubles.writes
    return Outcome(violation, happened, loop.time() / DAY, events, writes, digest.hexdigest()[:16], record.told)
