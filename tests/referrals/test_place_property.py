"""Whatever is said to a place, in whatever order: what must hold of it holds."""

import os
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.referrals.domain.place import commands as c
from services.referrals.domain.place import order
from services.referrals.domain.place.capacity import seats as seats_of
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts import referrals as e
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event
from tests.referrals.people import NOW, REACTION, TANAKA, TIMER
from tests.referrals.places import PLACE, PLACE_ID, TWO_SEATS

EXAMPLES = int(os.environ.get("CAREPATH_TEST_EXAMPLES", "0"))
NAMES = st.sampled_from([f"referral-{letter}" for letter in "abcdefg"])
PRIORITIES = st.sampled_from(e.Priority)
CODES = st.sampled_from(["needs_time", "practical"])
REASONS = st.sampled_from(["declined", "lapsed"])
DAYS = st.integers(0, 30)


def by_hand(entry: Entry, now: datetime) -> tuple[int, float, str] | None:
    """The rule of the line once more, in other words; `None` for whoever is passed over."""
    if entry.pause_reason_code or (entry.rest_until and now < entry.rest_until):
        return None
    urgency = {"very_urgent": 3, "urgent": 2, "routine": 1}[entry.priority]
    return -urgency, entry.waiting_since.timestamp(), entry.referral_id


class PlaceMachine(RuleBasedStateMachine):
    """A place, the clock, and all that was ever said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.state = PlaceState()
        self.history: list[Event] = []
        self.here: set[str] = set()

    def do(self, command: Command) -> list[Event]:
        """Decide and evolve, and check each hold at the moment at which it is said."""
        events = PLACE.decide(self.state, command)
        for event in events:
            if isinstance(event, e.SeatHeld):
                self._is_due(event)
            self.state = PLACE.evolve(self.state, event)
        self.history += events
        return events

    def _is_due(self, event: e.SeatHeld) -> None:
        ranks = {id: by_hand(one, self.now) for id, one in self.state.entries.items() if one.status == "waiting"}
        first = min((rank, id) for id, rank in ranks.items() if rank is not None)[1]
        assert event.referral_id == first, "the seat went to somebody who was not next in line"
        assert self._used() < seats_of(TWO_SEATS, self.state), "an offer took more seats than there are"

    def _used(self) -> int:
        return sum(one.status in ("held", "seated") for one in self.state.entries.values())

    def _said(self, command: type[Command], **fields: Any) -> list[Event]:
        return self.do(command(now=self.now, actor=REACTION, **fields))

    @rule(n=st.integers(0, 4))
    def change_seats(self, n: int) -> None:
        self.do(c.ChangeSeats(now=self.now, actor=TANAKA, place_id=PLACE_ID, seats=n))
        assert self.state.seats == n

    @rule(id=NAMES, priority=PRIORITIES, days=DAYS)
    def join(self, id: str, priority: e.Priority, days: int) -> None:
        known = id in self.here
        who = {"referral_id": id, "patient_id": f"patient-{id}", "referrer_id": "dr-okafor", "place_id": PLACE_ID}
        events = self._said(c.JoinList, **who, priority=priority, waiting_since=self.now - timedelta(days=days))
        self.here.add(id)
        assert not (known and events)

    @rule(id=NAMES, code=CODES)
    def pause(self, id: str, code: str) -> None:
        self._said(c.PauseEntry, referral_id=id, reason_code=code)

    @rule(id=NAMES, days=DAYS)
    def resume(self, id: str, days: int) -> None:
        self._said(c.ResumeEntry, referral_id=id, waiting_since=self.now - timedelta(days=days))

    @rule(id=NAMES, priority=PRIORITIES)
    def reorder(self, id: str, priority: e.Priority) -> None:
        self._said(c.ReorderEntry, referral_id=id, priority=priority)

    @rule(id=NAMES)
    def confirm(self, id: str) -> None:
        self._said(c.ConfirmSeat, referral_id=id)

    @rule(id=NAMES, reason=REASONS)
    def give_back(self, id: str, reason: str) -> None:
        self._said(c.ReturnSeat, referral_id=id, reason=reason)

    @rule(id=NAMES)
    def leave(self, id: str) -> None:
        self._said(c.Leave, referral_id=id)
        self.here.discard(id)

    @rule(hours=st.integers(1, 24 * 9))
    def pass_time(self, hours: int) -> None:
        """To then, and no further than to the next moment at which the place wants to be woken."""
        self.now = min([self.now + timedelta(hours=hours), *PLACE.timers(self.state).values()])
        for name, due in PLACE.timers(self.state).items():
            if due <= self.now:
                followed = self.do(TimerDue(now=self.now, actor=TIMER, name=name))
                assert followed, "what is woken for nothing is woken again and again"

    @invariant()
    def nobody_is_lost_or_stands_twice(self) -> None:
        assert self.state.entries.keys() == self.here
        assert all(id == one.referral_id for id, one in self.state.entries.items())

    @invariant()
    def no_seat_is_free_while_somebody_in_line_waits(self) -> None:
        line = [one for one in order.waiting(self.state) if by_hand(one, self.now) is not None]
        assert not (line and self._used() < seats_of(TWO_SEATS, self.state))

    @invariant()
    def a_held_seat_and_nothing_else_has_an_end(self) -> None:
        for one in self.state.entries.values():
            assert (one.status == "held") == (one.hold_until is not None)

    @invariant()
    def the_line_is_in_order_and_numbered_without_a_gap(self) -> None:
        line = [one for one in order.positions(self.state, self.now) if one.number is not None]
        ranks = [rank for one in line if (rank := by_hand(one.entry, self.now)) is not None]
        assert len(ranks) == len(line)
        assert ranks == sorted(ranks)
        assert [one.number for one in line] == list(range(1, len(line) + 1))
        before = [one.more_urgent + one.waiting_longer + one.waiting_as_long for one in line]
        assert before == list(range(len(line)))

    @invariant()
    def what_was_said_makes_the_same_place_again(self) -> None:
        assert reduce(PLACE.evolve, self.history, PlaceState()) == self.state


PlaceMachine.TestCase.settings = settings(
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    stateful_step_count=40,
    print_blob=True,
)
TestPlace = PlaceMachine.TestCase
