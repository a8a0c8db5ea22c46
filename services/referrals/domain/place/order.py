"""Who is next in line, and why. Priority first, then the longest wait, then the id, so that no two stand equal."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts.referrals import Priority

SOONEST = (Priority.VERY_URGENT, Priority.URGENT, Priority.ROUTINE)

Rank = tuple[int, datetime, str]


@dataclass(frozen=True)
class Position:
    """Where a waiting referral stands. `number` counts from 1; it is `None` for whoever is passed over for now.

    Those before it are `more_urgent`, or just as urgent and `waiting_longer` or `waiting_as_long`.
    """

    entry: Entry
    number: int | None
    days_waited: int
    more_urgent: int = 0
    waiting_longer: int = 0
    waiting_as_long: int = 0


def rank(entry: Entry) -> Rank:
    """What the line is sorted by, the smallest first."""
    return SOONEST.index(entry.priority), entry.waiting_since, entry.referral_id


def is_paused(entry: Entry) -> bool:
    """Whether the wait stands still."""
    return entry.pause_reason_code is not None


def is_resting(entry: Entry, now: datetime) -> bool:
    """Whether an offer came back from it so recently that it gets none yet."""
    return entry.rest_until is not None and entry.rest_until > now


def waiting(state: PlaceState) -> list[Entry]:
    """All who wait, in no order, those who are passed over among them."""
    return [entry for entry in state.entries.values() if entry.status == "waiting"]


def next_in_line(state: PlaceState, seats: int, now: datetime) -> list[Entry]:
    """Those to whom `seats` free seats go, in order."""
    return heapq.nsmallest(seats, _line(state, now), key=rank) if seats > 0 else []


def days_waited(entry: Entry, now: datetime) -> int:
    """Whole days of the wait until now, or until it was paused."""
    return max(0, ((entry.paused_at or now) - entry.waiting_since).days)


def positions(state: PlaceState, now: datetime) -> list[Position]:
    """Everybody who waits: first the line in its order, then those who are passed over, in the same order."""
    line = sorted(_line(state, now), key=rank)
    passed_over = sorted((entry for entry in waiting(state) if _is_passed_over(entry, now)), key=rank)
    return [*_numbered(line, now), *(Position(entry, None, days_waited(entry, now)) for entry in passed_over)]


def _is_passed_over(entry: Entry, now: datetime) -> bool:
    return is_paused(entry) or is_resting(entry, now)


def _line(state: PlaceState, now: datetime) -> list[Entry]:
    return [entry for entry in waiting(state) if not _is_passed_over(entry, now)]


def _numbered(line: Sequence[Entry], now: datetime) -> Iterator[Position]:
    more_urgent = longer = 0
    for ahead, entry in enumerate(line):
        before = line[ahead - 1] if ahead else entry
        if entry.priority != before.priority:
            more_urgent = longer = ahead
        elif entry.waiting_since != before.waiting_since:
            longer = ahead
        yield Position(entry, ahead + 1, days_waited(entry, now), more_urgent, longer - more_urgent, ahead - longer)
