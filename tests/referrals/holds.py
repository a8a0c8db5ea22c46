"""What must hold of everything together, in words of its own: nothing here asks the rules that it checks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.envelope import Event

OVER = ("returned", "declined", "redirected", "withdrawn", "cancelled", "loop_closed", "entered_in_error")
NOT_OPEN = ("draft", "outcome_sent", *OVER)
SEATED = (
    *("awaiting_booking", "scheduled", "did_not_attend", "appointment_cancelled", "in_treatment"),
    "cancellation_requested",
)
TRIAGE = ("submitted", "information_requested", "in_triage")


class Standing(Protocol):
    """All aggregates of the service at a moment: those of `Loop`, or those that a simulated clinic has stored."""

    @property
    def now(self) -> datetime: ...

    def of(self, name: str) -> dict[str, Any]:
        """All of one kind, by id."""


def one_open_each(clinic: Standing) -> None:
    """One person has at most one open referral for a pathway."""
    open_ones = Counter(
        (one.patient_id, one.pathway) for one in clinic.of("referral").values() if one.status not in NOT_OPEN
    )
    assert max(open_ones.values(), default=0) <= 1, f"{open_ones.most_common(1)[0][0]} has two open referrals"


def at_one_place(clinic: Standing) -> None:
    """Nobody waits, or has a seat, at two places; nor at one under another's name."""
    found = Counter(id for place in clinic.of("place").values() for id in place.entries)
    assert max(found.values(), default=0) <= 1, f"{found.most_common(1)[0][0]} is at two places"
    for place in clinic.of("place").values():
        assert all(id == entry.referral_id for id, entry in place.entries.items())


def lists_are_right(clinic: Standing, seats: Mapping[str, int], late: timedelta = timedelta(0)) -> None:
    """All was heard: whoever waits is on the list that they name, and a seat is used by whoever has it. By `late` a
    timer may be behind.
    """
    places = clinic.of("place").items()
    listed = {id: (place_id, entry) for place_id, place in places for id, entry in place.entries.items()}
    referrals: dict[str, ReferralState] = clinic.of("referral")
    for id, one in referrals.items():
        place_id, entry = listed.pop(id, (None, None))
        assert place_id == one.place_id, f"{id} is {one.status} at {one.place_id}, and on the list of {place_id}"
        if entry is not None:
            wanted = {"waitlisted": "waiting", "offered": "held"}.get(str(one.status), "seated")
            assert wanted != "seated" or one.status in SEATED, f"{id} is {one.status}, and at a place"
            assert entry.status == wanted, f"{id} is {one.status}, and {entry.status} at its place"
            paused = bool(one.pauses) and one.pauses[-1].until is None
            assert entry.status == "seated" or (entry.pause_reason_code is not None) == paused, f"{id}: who pauses?"
            assert entry.priority == one.priority or entry.status == "seated", f"{id} waits with another priority"
    assert not listed, f"{list(listed)} are at a place, and there are no such referrals"
    for place_id, place in clinic.of("place").items():
        assert not (_used(place) < seats[place_id] and _in_line(place, clinic.now - late)), (
            f"a seat of {place_id} stands empty"
        )


def _used(place: PlaceState) -> int:
    return sum(entry.status != "waiting" for entry in place.entries.values())


def _in_line(place: PlaceState, now: datetime) -> bool:
    return any(
        entry.status == "waiting"
        and entry.pause_reason_code is None
        and (entry.rest_until is None or entry.rest_until <= now)
        for entry in place.entries.values()
    )


class Clocks:
    """The waiting clocks of all referrals. A redirected one hands its own on: one clock for the whole way.

    `slack` is by how much two processes may disagree on what time it is.
    """

    def __init__(self, slack: timedelta = timedelta(0)) -> None:
        self._slack = slack
        self._waited: dict[str, timedelta] = {}

    def look(self, clinic: Standing) -> None:
        """No clock has gone back since the last look, and only one runs of all that follow each other."""
        referrals: dict[str, ReferralState] = clinic.of("referral")
        for id, one in referrals.items():
            if one.clock_started_at is None:
                continue
            now = _waited(one, clinic.now)
            before = self._waited.get(id, timedelta(0))
            if one.based_on and id not in self._waited:
                before = _waited(referrals[one.based_on], clinic.now)
            assert now >= before - self._slack, f"the clock of {id} went back from {before} to {now}"
            self._waited[id] = now
            assert one.based_on is None or referrals[one.based_on].clock_stopped_at, f"{id} has two clocks"
            stands = bool(one.pauses) and one.pauses[-1].until is None
            assert not (stands and one.status in TRIAGE), f"{id} waits for triage, and its clock stands still"
            assert not (stands and one.status in OVER), f"{id} is over, and its clock is only paused"


def _waited(one: ReferralState, now: datetime) -> timedelta:
    """From the first day, without what lies in pauses."""
    assert one.clock_started_at is not None
    end = one.clock_stopped_at or now
    spans = [((pause.until or end), pause.since) for pause in one.pauses]
    return end - one.clock_started_at - sum((max(until - since, timedelta(0)) for until, since in spans), timedelta(0))


class Offers:
    """Every seat that is held. It ends in one way: taken by whom it was held for, given back, or left."""

    def __init__(self, seats: Mapping[str, int]) -> None:
        self.seats = dict(seats)
        self.held: dict[str, str] = {}
        self.taken: dict[str, str] = {}

    def hear(self, events: Sequence[Event]) -> None:
        """Whatever is said in the clinic."""
        for event in events:
            match event:
                case e.SeatsChanged():
                    self.seats[event.place_id] = event.seats
                case e.SeatHeld():
                    used = sum(place == event.place_id for place in [*self.held.values(), *self.taken.values()])
                    assert used < self.seats[event.place_id], "an offer was made of a seat that somebody has"
                    assert event.referral_id not in {**self.held, **self.taken}, "two seats for one person"
                    self.held[event.referral_id] = event.place_id
                case e.SeatTaken():
                    assert self._end(event), "a seat was taken that was not held"
                    self.taken[event.referral_id] = event.place_id
                case e.SeatReturned():
                    assert self._end(event), "a seat came back that was not held"
                case e.PlaceLeft():
                    self.held.pop(event.referral_id, None)
                    self.taken.pop(event.referral_id, None)

    def _end(self, event: e.EntryEvent) -> bool:
        return self.held.pop(event.referral_id, None) == event.place_id


def forgotten(clinic: Standing, late: timedelta = timedelta(0), every: timedelta = timedelta(days=1)) -> Iterator[str]:
    """Referrals that are not over, and of which nobody will ever think again. By `late` a timer may be behind; `every`
    so often staff are reminded.
    """
    for id, one in clinic.of("referral").items():
        if one.status in OVER or (one.status == "in_treatment" and one.kind == "treatment"):
            continue
        due, alerted, again = _promised(one)
        ahead = due is not None and due > clinic.now - late
        lately = alerted is not None and alerted > clinic.now - (again or every) - late
        if not (ahead or lately):
            yield f"{id} is {one.status}: due {due}, said so {alerted}"


_DAY = timedelta(days=1)
_REMINDED = {
    "draft": 14 * _DAY,
    "awaiting_booking": 5 * _DAY,
    "did_not_attend": 5 * _DAY,
    "appointment_cancelled": 5 * _DAY,
    "cancellation_requested": 3 * _DAY,
    "in_treatment": 10 * _DAY,
}


def _promised(one: ReferralState) -> tuple[datetime | None, datetime | None, timedelta | None]:
    """When the next step is due, when somebody was last told that it is late, and how often, if not as staff are."""
    assert one.status_since is not None
    status = str(one.status)
    if status in TRIAGE:
        return one.triage_due, one.triage_reminded_at, None
    if status in _REMINDED:
        return one.status_since + _REMINDED[status], one.reminded_at, None
    match status:
        case "accepted":
            return one.status_since + 14 * _DAY, one.asked_again_at, 14 * _DAY
        case "undecided":
            return one.ask_again_at, one.asked_again_at, 14 * _DAY
        case "not_now":
            return one.ask_again_at, None, None
        case "waitlisted":
            return (one.screened_at + 28 * _DAY if one.screened_at else None), None, None
        case "offered":
            return one.offer_until, None, None
        case "scheduled" if one.appointment:
            over = one.appointment.at + timedelta(minutes=one.appointment.minutes)
            return over + _DAY, one.reminded_at, None
        case "outcome_sent":
            return one.acknowledge_by, one.chased_at, 2 * _DAY
    return None, None, None
