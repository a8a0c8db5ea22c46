"""A year of what people are told: real decisions and timers, providers as chance has it, a moved clock.

`python -m tests.notifications.year` runs 5,000 people in three zones through one year with its changes of clock
(`--people`, `--seed`, `--processes`). Whatever goes out is held against what its recipient chose and knew by then
(`year_witness.py`); docs/simulation.md has the figures.
"""

import argparse
import time as stopwatch
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import get_args

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import timers
from services.notifications.domain.kinds import ABOUT
from services.notifications.domain.state import AgendaState
from shared.contracts import notifications as n
from shared.contracts.clinic_agenda import Hours
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.preferences import Category
from tests.notifications.people import GATHERING
from tests.notifications.year_witness import Witness

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
END = START + timedelta(days=366)
ZONES = ("Europe/London", "America/New_York", "Australia/Sydney")
AGENDA = agenda(GATHERING)
TEMPLATES = sorted(template for template, about in ABOUT.items() if about.category not in (None, "carers"))
CATEGORIES: tuple[Category, ...] = get_args(Category)
CRITICAL = "crisis_help"
WAYS: tuple[tuple[n.Channel, ...], ...] = (
    *(("email",), ("sms",), ("push",), ("sms", "email"), ("push", "email")),
    *(("push", "sms"), ("email", "sms"), ("push", "sms", "email")),
)
SHORT: tuple[n.Channel, ...] = ("sms", "push")
_AT_ONCE = 100
_TURNS = (
    *((0.66, "_tell"), (0.73, "_settle"), (0.76, "_choose"), (0.80, "_reach"), (0.83, "_word")),
    *((0.85, "_move"), (0.88, "_consent"), (0.90, "_stop"), (0.97, "_read"), (1.0, "_receipt")),
)
"""What happens next, and up to which chance of one."""


@dataclass
class Person:
    """One agenda, with what an outsider knows of it. `witness.faults` says what was wrong."""

    id: str
    rng: Random
    witness: Witness
    state: AgendaState = field(default_factory=AgendaState)
    _now: datetime = START
    _outcomes: list[Command] = field(default_factory=list)

    def live(self) -> None:
        """A year, moment by moment: whatever is due comes before what happens next."""
        self.run(self._known(START))
        if self.rng.random() < 0.5:
            self._reach(START)
        for at in sorted(START + timedelta(seconds=self.rng.uniform(0, 366 * 86_400)) for _ in range(self._busy())):
            self._pass_until(at)
            self._now = max(at, self._now)
            chance = self.rng.random()
            getattr(self, next(turn for up_to, turn in _TURNS if chance < up_to))(self._now)
        self._pass_until(END)
        self.witness.account(self.state, END)

    def run(self, command: Command) -> None:
        """Decide, and hear what was decided."""
        waiting = [command]
        while waiting:
            try:
                events = AGENDA.decide(self.state, waiting.pop(0))
            except Rejected as refused:
                self.witness.happened[refused.code] += 1
                continue
            for event in events:
                self.state = AGENDA.evolve(self.state, event)
                self.witness.hear(event)
                if isinstance(event, n.MessageClaimed):
                    self._claimed(event)
            waiting += self._outcomes
            self._outcomes.clear()

    def _busy(self) -> int:
        return self.rng.choice((12, 36, 72))

    def _known(self, now: datetime) -> c.LearnRecipient:
        said = {"name": "Ann Example", "email": "ann@example.org", "language": "en", "kind": "patient"}
        scopes = ("email",) if self.witness.agrees else ()
        zone = self.witness.zone
        return c.LearnRecipient.model_validate(
            {"now": now, "actor": "test", "recipient_id": self.id, **said, "time_zone": zone, "scopes": scopes}
        )

    def _pass_until(self, end: datetime) -> None:
        while True:
            due = min(((at, name) for name, at in timers(self.state).items()), default=None)
            if due is None or due[0] > end:
                return
            # Between two moments they may look into their inbox, which may move what is due next.
            if self.rng.random() < 0.05 and due[0] > self._now:
                self._read(self._now + self.rng.random() * (due[0] - self._now))
            self._now = max(due[0], self._now)
            if self.rng.random() < 0.02:
                self._now += timedelta(hours=self.rng.uniform(1, 30))
            self.witness.late = self._now - due[0]
            self.run(TimerDue(now=self._now, actor="test", name=due[1]))

    def _tell(self, now: datetime) -> None:
        """One thing, or several that three services say at the same moment."""
        for _ in range(self.rng.choice((1, 1, 1, 2, 5))):
            number = len(self.witness.told)
            is_critical = self.rng.random() < 0.06
            template = CRITICAL if is_critical else self.rng.choice(TEMPLATES)
            said = {"message_id": f"{self.id}-{number}", "template": template, "topic": f"matter:{number}"}
            wait = timedelta(minutes=10 if self.rng.random() < 0.1 and not is_critical else 0)
            message = c.Planned.model_validate(
                {**said, "about": self.id, "needs": "email", "critical": is_critical, "wait": wait}
            )
            self.run(self._fact(now, plan=(message,), remind=self._meeting(now, number)))

    def _meeting(self, now: datetime, number: int) -> tuple[c.Planned, ...]:
        """Some of what is told is the date of a meeting, from some minutes to some weeks ahead."""
        if self.rng.random() > 0.2:
            return ()
        begins = now + timedelta(hours=self.rng.choice((0.2, 10, 30, 60, 400)) * self.rng.random())
        said = {"message_id": f"{self.id}-{number}-reminder", "template": "meeting_reminder"}
        topic, shown = f"matter:{number}/reminder", {c.MEETS_AT: begins.isoformat()}
        about = {"about": self.id, "needs": "email", "pointless_after": begins}
        return (c.Planned.model_validate({**said, "topic": topic, "parameters": shown, **about}),)

    def _fact(self, now: datetime, **changes: object) -> c.HandleFact:
        said = {
            "now": now,
            "actor": "test",
            "recipient_id": self.id,
            "kind": "patient",
            "cause": "event",
            "fact_at": now,
        }
        return c.HandleFact.model_validate({**said, **changes})

    def _settle(self, now: datetime) -> None:
        if newest := list(self.witness.told.values())[-12:]:
            self.run(self._fact(now, settle=(self.rng.choice(newest).planned.topic,)))

    def _choose(self, now: datetime) -> None:
        hours = self.rng.choice((None, Hours(quiet_from=time(18), quiet_to=time(10))))
        only = tuple(one for one in CATEGORIES if self.rng.random() < 0.2)
        weekly = self.rng.choice((None, 1, 3, 10))
        self.run(c.ChoosePreferences(now=now, actor="test", inbox_only=only, weekly_emails=weekly, hours=hours))

    def _reach(self, now: datetime) -> None:
        """Which ways, and for some kinds of messages not all of them; most write back the code that comes there."""
        channels = self.rng.choice(WAYS)
        without = {one: (self.rng.choice(channels),) for one in CATEGORIES if self.rng.random() < 0.2}
        wished = {"channels": channels, "without": without, "sender_name": self.rng.choice((None, "Harbour"))}
        phone = self.rng.choice(("+447700900123", "+447700900123", "+447700900456"))
        codes = {way: {"message_id": f"{self.id}-code-{len(self.witness.told)}-{way}", "code": way} for way in SHORT}
        addresses = {"phone": phone, "push": "ann-listens", "codes": codes}
        self.run(c.ChooseReach.model_validate({"now": now, "actor": "test", **wished, **addresses}))
        self._pass_until(now)
        for way in sorted(self.witness.unconfirmed):
            if self.rng.random() < 0.85:
                self.run(c.ConfirmReach(now=self._now, actor="test", channel=way, code=way))

    def _word(self, now: datetime) -> None:
        """STOP, or START where they said it before."""
        stopped = sorted(self.witness.stopped)
        starts = bool(stopped) and self.rng.random() < 0.7
        channel = self.rng.choice(stopped) if starts else self.rng.choice(("sms", "sms", "push"))
        said = {"channel": channel, "word": "start" if starts else "stop"}
        self.run(c.HeedWord.model_validate({"now": now, "actor": "test", **said}))

    def _move(self, now: datetime) -> None:
        self.witness.zone = self.rng.choice(ZONES)
        self.run(self._known(now))

    def _consent(self, now: datetime) -> None:
        self.witness.agrees = not self.witness.agrees
        whose = {"recipient_id": self.id, "about": self.id, "scope": "email", "granted": self.witness.agrees}
        self.run(c.ChangePermission.model_validate({"now": now, "actor": "test", **whose, "fact_at": now}))

    def _stop(self, now: datetime) -> None:
        if told := list(self.witness.told):
            self.run(c.StopMessage(now=now, actor="test", message_id=self.rng.choice(told)))

    def _read(self, now: datetime) -> None:
        """They open one of those that are to go another way or of the newest, or see them in the inbox."""
        newest = [id for id, one in self.witness.told.items() if one.again] or list(self.witness.told)[-8:]
        if self.rng.random() < 0.3:
            self.run(c.SeeMessages(now=now, actor="test", message_ids=tuple(newest)))
        elif newest:
            self.run(c.ReadMessage(now=now, actor="test", message_id=self.rng.choice(newest)))

    def _receipt(self, now: datetime) -> None:
        """What a provider says later of one of the newest."""
        taken = [(id, one.taken[-1]) for id, one in list(self.witness.told.items())[-8:] if one.taken]
        if taken:
            id, channel = self.rng.choice(taken)
            outcome = self.rng.choice(("delivered", "permanent", "temporary"))
            said = {"message_id": id, "channel": channel, "outcome": outcome}
            wrong = outcome == "permanent" and self.rng.random() < 0.3
            self.run(c.RecordReceipt.model_validate({"now": now, "actor": "test", **said, "address_is_wrong": wrong}))

    def _claimed(self, claim: n.MessageClaimed) -> None:
        """The moment of the send: it is looked at, and then chance says what the provider does."""
        self.witness.look(claim, self.state)
        said = {"now": claim.at, "actor": "test", "message_id": claim.message_id}
        failed = {**said, "attempt": claim.attempt}
        chance = self.rng.random()
        # Beyond these the line goes dead: perhaps it was taken, and nobody records it.
        if chance < 0.9 or chance > 0.98:
            self.witness.take(claim.at, claim)
        if chance < 0.9:
            self._outcomes.append(c.RecordSent.model_validate(said))
        elif chance < 0.95:
            failure = {"failure": "temporary", "detail": "452"}
            self._outcomes.append(c.RecordFailed.model_validate({**failed, **failure}))
        elif chance < 0.96:
            failure = {"failure": "permanent", "detail": "550"}
            self._outcomes.append(c.RecordFailed.model_validate({**failed, **failure}))


def live(people: int, seed: int | str) -> list[Person]:
    """That many people, each through a year of their own."""
    found = []
    for number in range(people):
        rng = Random(f"{seed} {number}")
        person = Person(f"person-{number}", rng, Witness(rng.choice(ZONES)))
        person.live()
        found.append(person)
    return found


def told_of(people: int, seed: str) -> tuple[Counter[str], list[str]]:
    """What happened to them, and what was wrong."""
    lived = live(people, seed)
    happened: Counter[str] = sum((person.witness.happened for person in lived), Counter())
    return happened, [f"{seed}, {person.id}: {fault}" for person in lived for fault in person.witness.faults]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what happened; the number of faults is the exit code, at most 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    started = stopwatch.monotonic()
    happened: Counter[str] = Counter()
    faults: list[str] = []
    firsts = range(0, options.people, _AT_ONCE)
    sizes = [min(_AT_ONCE, options.people - first) for first in firsts]
    with ProcessPoolExecutor(options.processes) as processes:
        for some_happened, some_faults in processes.map(told_of, sizes, [f"{options.seed} {one}" for one in firsts]):
            happened += some_happened
            faults += some_faults
    for name, times in sorted(happened.items()):
        print(f"{times:9,} {name}")
    for fault in faults[:20]:
        print(fault)
    seconds = stopwatch.monotonic() - started
    print(f"{options.people:,} people, one year each, seed {options.seed}, in {seconds:.0f} s; {len(faults)} faults")
    return min(1, len(faults))


if __name__ == "__main__":
    raise SystemExit(main())
