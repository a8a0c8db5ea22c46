"""Whether there is room, said without a word about anybody who waits."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from services.referrals.domain.place.order import days_waited, waiting
from services.referrals.domain.place.state import PlaceState
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import CapacityStatus


def seats(clinic: Clinic, state: PlaceState) -> int:
    """How many there are: as psychology last said, else as configured. None in a place that is no longer configured,
    nor in one from whose list groups are formed.
    """
    place = clinic.place(state.place_id)
    if place is not None and place.starts == "with_a_group":
        return 0
    if state.seats is not None:
        return state.seats
    return place.seats if place else 0


def seats_free(clinic: Clinic, state: PlaceState) -> int:
    """Seats that nobody has and that are held for nobody. 0 also while more are in use than there are."""
    used = sum(entry.status != "waiting" for entry in state.entries.values())
    return max(0, seats(clinic, state) - used)


def capacity_status(clinic: Clinic, state: PlaceState) -> CapacityStatus:
    """The place's code. That there is room promises nobody that they are eligible.

    A place from whose list groups are formed always has a waiting list. One whose seats were set to 0 is closed, and
    so has no capacity, whoever waits there. One whose seats are all in use has a waiting list. One with a free seat has
    capacity, perhaps only after one more assessment.
    """
    place = clinic.place(state.place_id)
    if place is not None and place.starts == "with_a_group":
        return "waitlist"
    if not seats(clinic, state):
        return "no-capacity"
    if not seats_free(clinic, state):
        return "waitlist"
    return "additional-assessment-required" if place and place.needs_assessment else "capacity"


def median_days_waited(states: Sequence[PlaceState], now: datetime) -> int | None:
    """The median of the whole days that people have waited so far, pauses left out. `None` where nobody waits."""
    waits = [days_waited(entry, now) for state in states for entry in waiting(state)]
    return int(median(waits)) if waits else None
