"""A year of what people are told: real decisions and timers, a mail server as chance has it, a moved clock.

`python -m tests.notifications.year` runs 5,000 people in three zones through one year with its changes of clock
(`--people`, `--seed`). Each e-mail that goes out is held against what its recipient chose and knew at that moment;
docs/simulation.md has the figures.
"""

import argparse
import time as stopwatch
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import timers
from services.notifications.domain.kinds import ABOUT
from services.notifications.domain.state import AgendaState, covers
from shared.contracts import notifications as n
from shared.contracts.clinic_agenda import Hours, is_within
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.preferences import Category, MessageWithheld, PreferencesChosen
from tests.notifications.people import GATHERING

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
END = START + timedelta(days=366)
ZONES = ("Europe/London", "America/New_York", "Australia/Sydney")
AGENDA = agenda(GATHERING)
TEMPLATES = sorted(template for template, about in ABOUT.items() if about.category not in (None, "carers"))
CRITICAL = "crisis_help"
_WEEK = timedelta(days=7)


@dataclass
class Told:
    """One message, as somebody knows it who heard every event of the agenda."""

    planned: n.MessagePlanned
    wanted: bool = True
    mails: int = 0


@dataclass
class Person:
    """One agenda, with what an outsider knows of it. `faults` says what was wrong."""

    id: str
    rng: Random
    zone: str
    state: AgendaState = field(default_factory=AgendaState)
    told: dict[str, Told] = field(default_factory=dict)
    mails: list[tuple[datetime, list[str]]] = field(default_factory=list)
    hours: Hours = GATHERING.hours
    weekly: int | None = GATHERING.agenda.weekly_emails
    settled: list[tuple[str, datetime]] = field(default_factory=list)
    agrees: bool = True
    faults: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    away: timedelta = timedelta(0)
    """How long nobody looked at timers, at most: a process may be down for a while, at night too."""
    _now: datetime = START
    _outcomes: list[Command] = field(default_factory=list)

    def live(self) -> None:
        """A year, moment by moment: whatever is due comes before what happens next."""
        self.run(self._known(START))
        for at in sorted(START + timedelta(seconds=self.rng.uniform(0, 366 * 86_400)) for _ in range(self._busy())):
            self._pass_until(at)
            self._now = max(at, self._now)
            self._happen(self._now)
        self._pass_until(END)
        self._account()

    def run(self, command: Command) -> None:
        """Decide, and hear what was decided."""
        waiting = [command]
        while waiting:
            try:
                events = AGENDA.decide(self.state, waiting.pop(0))
            except Rejected as refused:
                self.happened[refused.code] += 1
                continue
            for event in events:
                self.state = AGENDA.evolve(self.state, event)
                self.happened[event.TYPE] += 1
                self._hear(event)
            waiting += self._outcomes
            self._outcomes.clear()

    def _busy(self) -> int:
        return self.rng.choice((10, 30, 60))

    def _known(self, now: datetime) -> c.LearnRecipient:
        said = {"name": "Ann Example", "email": "ann@example.org", "language": "en", "kind": "patient"}
        scopes = ("email",) if self.agrees else ()
        return c.LearnRecipient.model_validate(
            {"now": now, "actor": "test", "recipient_id": self.id, **said, "time_zone": self.zone, "scopes": scopes}
        )

    def _pass_until(self, end: datetime) -> None:
        while True:
            due = min(((at, name) for name, at in timers(self.state).items()), default=None)
            if due is None or due[0] > end:
                return
            self._now = max(due[0], self._now)
            if self.rng.random() < 0.02:
                away = timedelta(hours=self.rng.uniform(1, 30))
                self._now, self.away = self._now + away, max(self.away, away)
            self.run(TimerDue(now=self._now, actor="test", name=due[1]))

    def _happen(self, now: datetime) -> None:
        what = self.rng.random()
        if what < 0.8:
            self._tell(now)
        elif what < 0.88 and self.told:
            topic = self.rng.choice(list(self.told.values())).planned.topic
            self.run(self._fact(now, settle=(topic,)))
        elif what < 0.92:
            self._choose(now)
        elif what < 0.94:
            self.zone = self.rng.choice(ZONES)
            self.run(self._known(now))
        elif what < 0.97:
            self.agrees = not self.agrees
            self.run(
                c.ChangePermission(
                    now=now,
                    actor="test",
                    recipient_id=self.id,
                    about=self.id,
                    scope="email",
                    granted=self.agrees,
                    fact_at=now,
                )
            )
        elif self.told:
            self.run(c.StopMessage(now=now, actor="test", message_id=self.rng.choice(list(self.told))))

    def _tell(self, now: datetime) -> None:
        """One thing, or several that three services say at the same moment."""
        for _ in range(self.rng.choice((1, 1, 1, 2, 5))):
            number = len(self.told)
            is_critical = self.rng.random() < 0.03
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

    def _choose(self, now: datetime) -> None:
        hours = self.rng.choice((None, Hours(quiet_from=time(18), quiet_to=time(10))))
        every: tuple[Category, ...] = get_args(Category)
        only = tuple(one for one in every if self.rng.random() < 0.2)
        weekly = self.rng.choice((None, 1, 3, 10))
        self.run(c.ChoosePreferences(now=now, actor="test", inbox_only=only, weekly_emails=weekly, hours=hours))

    def _hear(self, event: Event) -> None:
        match event:
            case PreferencesChosen():
                self.hours = event.hours or GATHERING.hours
                self.weekly = event.weekly_emails or GATHERING.agenda.weekly_emails
            case n.TopicSettled():
                self.settled.append((event.topic, event.fact_at or event.at))
            case n.MessagePlanned():
                self.told[event.message_id] = Told(event)
            case MessageWithheld():
                self.told[event.message_id].wanted = False
            case n.MessageClaimed():
                self._claimed(event)

    def _claimed(self, claim: n.MessageClaimed) -> None:
        """The moment of the send: it is looked at, and then chance says what the mail server does."""
        ids = [claim.message_id, *claim.together]
        self._look(claim, ids)
        said = {"now": claim.at, "actor": "test", "message_id": claim.message_id}
        failed = {**said, "attempt": claim.attempt}
        chance = self.rng.random()
        # Beyond these the line goes dead: perhaps it was taken, and nobody records it.
        if chance < 0.9 or chance > 0.98:
            self._take(claim.at, ids)
        if chance < 0.9:
            self._outcomes.append(c.RecordSent.model_validate(said))
        elif chance < 0.95:
            failure = {"failure": "temporary", "detail": "452"}
            self._outcomes.append(c.RecordFailed.model_validate({**failed, **failure}))
        elif chance < 0.96:
            failure = {"failure": "permanent", "detail": "550"}
            self._outcomes.append(c.RecordFailed.model_validate({**failed, **failure}))

    def _take(self, at: datetime, ids: list[str]) -> None:
        self.mails.append((at, ids))
        for one in (self.told[id] for id in ids):
            one.mails += 1
            if one.mails > 1 and not one.planned.critical:
                self.faults.append(f"{one.planned.template} went out {one.mails} times")

    def _look(self, claim: n.MessageClaimed, ids: list[str]) -> None:
        at = claim.at
        clock = at.astimezone(ZoneInfo(self.zone)).time()
        critical = self.told[claim.message_id].planned.critical
        if not critical and is_within(clock, self.hours):
            self.faults.append(f"went out at {clock:%H:%M} in {self.zone}, in quiet hours")
        if not self.agrees:
            self.faults.append("went out without consent")
        for one in (self.told[id] for id in ids):
            since = one.planned.fact_at or one.planned.at
            if any(covers(topic, one.planned.topic) and since <= up_to for topic, up_to in self.settled):
                self.faults.append(f"{one.planned.template} went out after its reason had gone")
            if not one.wanted:
                self.faults.append(f"{one.planned.template} went out, and was not wanted")
            if one.planned.pointless_after is not None and at >= one.planned.pointless_after:
                self.faults.append(f"{one.planned.template} went out at {at}, after {one.planned.pointless_after}")
            self.happened["was reminded"] += one.planned.pointless_after is not None
        if critical and claim.attempt == 1 and at > self.told[claim.message_id].planned.at + self.away:
            self.faults.append(f"a critical message waited until {at}")
        if self.weekly is not None and all(ABOUT[self.told[id].planned.template].can_wait for id in ids):
            week = [when for when, others in self.mails if when > at - _WEEK and self._counts(others)]
            if len(week) >= self.weekly:
                self.faults.append(f"{len(week)} e-mails in a week that was to hold {self.weekly}")
        self.happened["went together"] += len(ids) > 1

    def _counts(self, ids: list[str]) -> bool:
        """Only what is known to have been sent, and is not about safety."""
        lead = self.state.messages.get(ids[0])
        return lead is not None and lead.status == "sent" and not lead.critical

    def _account(self) -> None:
        """Everything planned has come to an end, or waits for a moment that is still to come."""
        for id, one in self.state.messages.items():
            if one.status == "sending" or (one.status == "queued" and one.send_at <= END):
                self.faults.append(f"{one.template} is {one.status} since {one.send_at}")
            if one.status == "sent" and not self.told[id].mails:
                self.faults.append(f"{one.template} counts as sent, but never went out")


def live(people: int, seed: int | str) -> list[Person]:
    """That many people, each through a year of their own."""
    found = []
    for number in range(people):
        rng = Random(f"{seed} {number}")
        person = Person(f"person-{number}", rng, rng.choice(ZONES))
        person.live()
        found.append(person)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what happened; the number of faults is the exit code, at most 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", default="2026")
    options = parser.parse_args(arguments)
    started = stopwatch.monotonic()
    happened: Counter[str] = Counter()
    faults: list[str] = []
    for first in range(0, options.people, 100):
        for person in live(min(100, options.people - first), f"{options.seed} {first}"):
            happened += person.happened
            faults += person.faults
    for name, times in sorted(happened.items()):
        print(f"{times:9,} {name}")
    for fault in faults[:20]:
        print(fault)
    seconds = stopwatch.monotonic() - started
    print(f"{options.people:,} people, one year each, seed {options.seed}, in {seconds:.0f} s; {len(faults)} faults")
    return min(1, len(faults))


if __name__ == "__main__":
    raise SystemExit(main())
