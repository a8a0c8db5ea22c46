"""The whole service in memory: real decisions, reactions, timers and keys, without a store and without Kafka.

As in the runtime, the events of one aggregate are heard in their order, those of different ones in any order; what a
reaction asks for and is refused changes nothing; and no two referrals hold the same open key.
"""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import count
from random import Random
from typing import Any

from services.referrals import aggregates
from services.referrals.reactions import REACTIONS
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Aggregate, Cause, Reaction
from tests.referrals.people import NOW, REACTION, TIMER

Subject = tuple[str, str]
Saw = Callable[[Subject, Any, Sequence[Event], Any], None]

_ENVELOPE = Envelope(
    id="event-1",
    source="carepath/referrals",
    type="carepath.referral.drafted.v1",
    subject="referral-1",
    time=NOW,
    sequence=1,
    correlation="click-1",
    causation="request:1",
    actor=REACTION,
    data={},
)
"""No reaction of this service looks at more of its cause than the moment and the actor."""


class Loop:
    """Every aggregate as it stands, what was said and not yet heard, and what is due. `saw` is told of each change."""

    def __init__(self, clinic: Clinic, rng: Random, now: datetime = NOW, saw: Saw | None = None) -> None:
        self._begin(aggregates.aggregates(clinic), REACTIONS, rng, now, saw)

    @classmethod
    def of_service(
        cls,
        kinds: Sequence[Aggregate],
        reactions: Mapping[type[Event], Reaction],
        rng: Random,
        now: datetime = NOW,
        saw: Saw | None = None,
    ) -> "Loop":
        """The same for another service."""
        loop = cls.__new__(cls)
        loop._begin(kinds, reactions, rng, now, saw)
        return loop

    def use(self, kinds: Sequence[Aggregate]) -> None:
        """Go on with other rules, as after a new start of the service."""
        self._kinds = {one.name: one for one in kinds}

    def timers(self, name: str, id: str) -> dict[str, datetime]:
        """What one aggregate waits for."""
        return self._waits.get((name, id), {})

    def _begin(
        self,
        kinds: Sequence[Aggregate],
        reactions: Mapping[type[Event], Reaction],
        rng: Random,
        now: datetime,
        saw: Saw | None,
    ) -> None:
        self.now = now
        self._reactions = reactions
        self.states: dict[Subject, Any] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        self.use(kinds)
        self.rng = rng
        self._saw = saw
        self._unheard: defaultdict[Subject, deque[Event]] = defaultdict(deque)
        self._keys: dict[str, str | None] = {}
        self._open: set[str | None] = set()
        self._waits: dict[Subject, dict[str, datetime]] = {}
        self._due: list[tuple[datetime, int, Subject, str]] = []
        self._numbers = count()

    def state(self, name: str, id: str) -> Any:
        return self.states.get((name, id)) or self._kinds[name].state()

    def of(self, name: str) -> dict[str, Any]:
        """All aggregates of one kind, by id."""
        return {id: state for (kind, id), state in self.states.items() if kind == name}

    def send(self, name: str, id: str, command: Command) -> list[Event]:
        """Decide and keep what follows. Raises `Rejected`."""
        kind, before = self._kinds[name], self.state(name, id)
        events = kind.decide(before, command)
        if events:
            after = reduce(kind.evolve, events, before)
            self._hold_open_key(id, kind.keys(after).get("open_key") if kind.unique else None)
            self.states[name, id] = after
            self._unheard[name, id].extend(events)
            self._wait(name, id)
            if self._saw:
                self._saw((name, id), before, events, after)
        return events

    def tell(self, subject: Subject, event: Event) -> None:
        """Another service has said something."""
        self._unheard[subject].append(event)

    @property
    def speakers(self) -> list[Subject]:
        """Those of whom something was not heard yet."""
        return [subject for subject, events in self._unheard.items() if events]

    def hear(self, subject: Subject) -> None:
        """Let the next event of one aggregate have its effects."""
        event = self._unheard[subject].popleft()
        if not self._unheard[subject]:
            del self._unheard[subject]
        reaction = self._reactions.get(type(event))
        if reaction is None:
            return
        for target in reaction(event, Cause(self.now, REACTION, _ENVELOPE)):
            try:
                self.send(target.aggregate, target.id, target.command)
            except Rejected as refusal:
                self.refused[type(target.command).__name__, refusal.code] += 1

    def settle(self) -> None:
        """Hear everything, and all that follows, in an order that chance gives."""
        while self._unheard:
            self.hear(self.rng.choice(list(self._unheard)))

    def next_due(self) -> datetime | None:
        """When the next timer passes."""
        while self._due:
            due, _, (name, id), timer = self._due[0]
            if self._waits[name, id].get(timer) == due:
                return due
            heapq.heappop(self._due)
        return None

    def run_next_timer(self) -> None:
        """Move the clock to the next timer, and run it. One that says nothing would run again for ever."""
        assert self.next_due() is not None
        due, _, (name, id), timer = heapq.heappop(self._due)
        del self._waits[name, id][timer]
        self.now = max(self.now, due)
        assert self.send(name, id, TimerDue(now=self.now, actor=TIMER, name=timer)), f"{timer} of {id} ran for nothing"

    def _hold_open_key(self, id: str, key: str | None) -> None:
        before = self._keys.get(id)
        if before == key:
            return
        if key is not None and key in self._open:
            raise Rejected("already-open")
        self._open.discard(before)
        self._open.add(key)
        self._keys[id] = key

    def _wait(self, name: str, id: str) -> None:
        timers = dict(self._kinds[name].timers(self.states[name, id]))
        before = self._waits.get((name, id), {})
        for timer, due in timers.items():
            if before.get(timer) != due:
                heapq.heappush(self._due, (due, next(self._numbers), (name, id), timer))
        self._waits[name, id] = timers
