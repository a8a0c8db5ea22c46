"""Years of patients in treatment: real decisions, reactions and timers, people as chance has them, a moved clock.

`python -m tests.interventions.years` runs 10,000 patient-years (`--people`, `--seed`). At every moment each treatment
has a next step or has ended; docs/simulation.md has the figures.
"""

import argparse
import heapq
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.interventions.aggregates import aggregates
from services.interventions.content import Content
from services.interventions.engagement_reactions import engagement_of
from services.interventions.reactions import REACTIONS, episode_of
from shared.contracts import referrals as r
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Event
from tests.interventions.moves import MOVES, Role, Standing
from tests.interventions.service import CONTENT
from tests.referrals.loop import Loop, Subject
from tests.referrals.people import NOW, RECOMMENDED

END = NOW + timedelta(days=365)
NEW_VERSION = NOW + timedelta(days=120)
PER_CLINIC = 100
"""People who are in treatment side by side. More at once prove nothing more, and take memory."""
HABITS = (2.0, 4.0, 9.0, 30.0)
"""Days between visits, on average: from whoever comes every other day to whoever forgets for a month."""
EXPECTED = {"module-locked", "episode-closed", "check-in-lapsed", "not-acknowledged", "episode-not-active"}
"""Refusals that an old page may meet. Any other is a move that the pages offer and the rules bar."""


def with_newer_version(content: Content) -> Content:
    """The same catalogue, with a version 2 of its first programme: a new module takes the place of an old one."""
    first = content.catalogue.programme(content.clinic.programmes[0])
    place, module = first.order[-2], first.modules[-2]
    newer = first.model_copy(
        update={
            "version": first.version + 1,
            "order": (*first.order[:-2], place.model_copy(update={"id": "another-way"}), first.order[-1]),
            "modules": (*first.modules[:-2], module.model_copy(update={"id": "another-way"}), first.modules[-1]),
        }
    )
    catalogue = content.catalogue
    return Content(content.clinic, catalogue.model_copy(update={"programmes": (*catalogue.programmes, newer)}))


class Clinic:
    """Some people, for a year."""

    def __init__(self, seed: str, people: int) -> None:
        self.rng = Random(seed)
        self.content = CONTENT
        self.loop = Loop.of_service(self._rules(), REACTIONS, Random(f"{seed} loop"), saw=self._saw)
        self.happened: Counter[str] = Counter()
        self.lost: list[str] = []
        self._touched: set[str] = set()
        self._standing: dict[str, Standing] = {}
        self._visits: list[tuple[datetime, int, str, Role]] = []
        self._number = 0
        self._habits: dict[str, float] = {}
        self._starts: dict[str, Event] = {}
        for number in range(people):
            self._arrive(f"{number}")

    def live(self) -> None:
        """From the first day to the last."""
        renewed = False
        while (at := self._next()) is not None and at < END:
            if at >= NEW_VERSION and not renewed:
                renewed, self.content = True, with_newer_version(self.content)
                self.loop.use(self._rules())
                for one in self._standing.values():
                    one.content = self.content
            due = self.loop.next_due()
            if due is not None and due <= at:
                self.loop.run_next_timer()
            else:
                _, _, id, role = heapq.heappop(self._visits)
                self.loop.now = at
                self._visit(self._standing[id], role)
            self.loop.settle()
            self._look()

    def _rules(self) -> Sequence[Any]:
        return aggregates(self.content.clinic, self.content.plans, self.content.sheets)

    def _next(self) -> datetime | None:
        moments = [one for one in (self.loop.next_due(), self._visits[0][0] if self._visits else None) if one]
        return min(moments, default=None)

    def _arrive(self, name: str) -> None:
        """Triage has said yes; the person waits or begins at once, or thinks better of it."""
        referral, at = f"referral-{name}", NOW
        ids = {"referral_id": referral, "patient_id": f"patient-{name}", "referrer_id": "dr-okafor"}
        id = episode_of(referral)
        self._standing[id] = Standing(self.loop, self.content, self.rng, id, ids["patient_id"])
        self._habits[id] = self.rng.choice(HABITS)
        programme = self.rng.choice(self.content.clinic.programmes)
        decided = {"recommendation": RECOMMENDED, "decided_by": "psy-tanaka", "rationale": "It fits.", "step": 2}
        accepted = r.ReferralAccepted(at=at, **ids, **decided, programme_id=programme, priority=r.Priority.ROUTINE)
        self._tell(referral, accepted)
        place = {**ids, "place_id": "place-online-course"}
        if self.rng.random() < 0.5:
            told = r.ReferralWaitlisted(at=at, **place, priority=r.Priority.ROUTINE, waiting_since=at)
            self._tell(referral, told)
        if self.rng.random() < 0.03:
            self._tell(referral, r.ReferralWithdrawn(at=at, **ids))
            return
        self._plan(id, "patient", 1.0)
        self._plan(id, "psychology", 1.0)
        if self.rng.random() < 0.97:
            self._starts[id] = r.TreatmentStarted(at=at, **place)

    def _tell(self, referral: str, event: Event) -> None:
        self.loop.tell(("referral", referral), event)
        self.loop.settle()

    def _saw(self, subject: Subject, before: Any, events: Sequence[Event], after: Any) -> None:
        self.happened.update(type(event).__name__ for event in events)
        id = subject[1] if subject[0] == "episode" else getattr(after, "episode_id", "")
        self._touched.add(id)
        if subject[0] == "risk_alert" and after.status != "closed":
            # Whoever is called comes; sometimes too late for the clock, and the next one is called.
            self._plan(id, "psychology", 0.01)
        elif any(type(event).__name__ == "EpisodeReadyToFinish" for event in events):
            self._plan(id, "psychology", 3.0)

    def _plan(self, id: str, role: Role, days: float) -> None:
        self._number += 1
        at = self.loop.now + timedelta(days=self.rng.expovariate(1 / days))
        heapq.heappush(self._visits, (at, self._number, id, role))

    def _visit(self, one: Standing, role: Role) -> None:
        if one.id in self._starts and self.rng.random() < 0.3:
            self._tell(f"start {one.id}", self._starts.pop(one.id))
        for _ in range(self.rng.choice([1, 1, 2, 4]) if role == "patient" else 1):
            self._move(one, role)
        if one.episode.status in ("planned", "active") or self.rng.random() < 0.8:
            self._plan(one.id, role, self._habits[one.id] if role == "patient" else 20.0)

    def _move(self, one: Standing, role: Role) -> None:
        can = [(move, target) for move in MOVES if move.role == role and (target := move.make(one)) is not None]
        # Most visits of psychology are a look, and nothing more.
        idle = 30.0 if role == "psychology" else 2.0
        chosen = self.rng.choices([None, *can], [idle, *(move.weight for move, _ in can)])[0]
        if chosen is None:
            return
        move, target = chosen
        self.happened[move.make.__name__] += 1
        try:
            self.loop.send(target.aggregate, target.id, target.command)
        except Rejected as refusal:
            self.happened[f"refused: {refusal.code}"] += 1
            if refusal.code not in EXPECTED:
                self.lost.append(f"{move.make.__name__} was offered and refused: {refusal.code} {refusal}")
        self.loop.settle()

    def _look(self) -> None:
        for id in self._touched:
            if id in self._standing:
                self.lost += without_next_step(self._standing[id])
                self.happened["looked"] += 1
        self._touched.clear()


def without_next_step(one: Standing) -> Iterator[str]:
    """What is neither over nor has anybody, or a clock, that takes it on. In words of its own: no rule is asked."""
    episode, loop = one.episode, one.loop
    ahead = [due for due in loop.timers("episode", one.id).values() if due > loop.now]
    if any(due <= loop.now for due in loop.timers("episode", one.id).values()):
        yield f"{one.id}: a timer of {loop.now} did not run"
    if episode.status == "active":
        unanswered = [form for form in one.series.forms if form.reading is None]
        if not (one.open_modules or ahead or unanswered or episode.ready):
            yield f"{one.id} is active, and nobody has anything to do: {episode}"
        if episode.ready and one.open_modules:
            yield f"{one.id} is ready to finish, and {one.open_modules} is open"
        if episode.review and episode.review.decided_at:
            yield f"{one.id}: a step that was decided waits to be looked at"
        if episode.ready and not any(asked.occasion == "end" for asked in episode.requested):
            yield f"{one.id} is ready to finish, and was never asked how it went"
        wanted = [(form.occasion, name) for form in episode.requested for name in form.measures]
        if any(one.series.form(*form) is None for form in wanted):
            yield f"{one.id} asked for questionnaires that nobody can answer"
    for check_in in one.check_ins:
        closes = loop.timers("check_in", check_in.check_in_id)
        if check_in.opened_at is None or not (check_in.complete or check_in.lapsed or closes):
            yield f"{one.id}: the check-in at {check_in.moment} is open for ever, or nobody can answer it"
    yield from _unwatched(one)
    yield from _unheard(one)


def _unheard(one: Standing) -> Iterator[str]:
    """Whoever is in treatment and has something to do is waited for, by a clock or by somebody who calls."""
    id = engagement_of(one.id)
    state = one.loop.state("engagement", id)
    waited_for = one.loop.timers("engagement", id) or state.call_since
    if one.episode.status == "active" and one.open_modules and not waited_for:
        yield f"{one.id} has {one.open_modules} to do, and nobody would notice if nothing was heard"


def _unwatched(one: Standing) -> Iterator[str]:
    """Each worrying answer has its alert, and an alert somebody or a clock."""
    alerts = {id: state for id, state in one.loop.of("risk_alert").items() if state.episode_id == one.id}
    for id, alert in alerts.items():
        held = alert.status in ("acknowledged", "assessed")
        watched = alert.acknowledged_by if held else one.loop.timers("risk_alert", id)
        if alert.status != "closed" and not watched:
            yield f"{id} is {alert.status}, and nobody is called"
    forms = [(form.measure, form.answers) for form in one.series.forms]
    forms += [(form.measure, form.answers) for check_in in one.check_ins for form in check_in.forms]
    worrying = sum(bool(answers.get(9)) for name, answers in forms if name == "PHQ-9")
    if worrying > len(alerts):
        yield f"{one.id}: {worrying} worrying answers, {len(alerts)} alerts"


def run(seed: str, people: int) -> tuple[Counter[str], list[str]]:
    """Everybody's year, in clinics of a hundred: what happened, and who was lost."""
    happened: Counter[str] = Counter()
    lost: list[str] = []
    for number, first in enumerate(range(0, people, PER_CLINIC)):
        clinic = Clinic(f"{seed} {number}", min(PER_CLINIC, people - first))
        clinic.live()
        happened += clinic.happened
        lost += clinic.lost
        states = clinic.loop.of("episode").values()
        happened.update(f"after a year: {state.status} {state.end_reason or ''}".strip() for state in states)
    return happened, lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", default="2026")
    given = parser.parse_args()
    began = time.monotonic()
    happened, lost = run(given.seed, given.people)
    for name, count in sorted(happened.items()):
        print(f"{count:>9,}  {name}")
    print(f"{given.people:,} patient-years of seed {given.seed} in {time.monotonic() - began:.0f} s; {len(lost)} lost")
    for one in lost[:20]:
        print(one)


if __name__ == "__main__":
    main()
