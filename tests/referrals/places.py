"""The place, people and facts that the tests of places share."""

from datetime import datetime, timedelta
from typing import Any

from services.referrals import aggregates
from services.referrals.domain.place import commands as c
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Priority
from tests.given import given
from tests.referrals.people import CLINIC, NOW, REACTION, TANAKA

PLACE_ID = "place-two"
HOLD, REST = timedelta(days=7), timedelta(days=10)
URGENT, ROUTINE, VERY_URGENT = Priority.URGENT, Priority.ROUTINE, Priority.VERY_URGENT


def clinic(seats: int = 2, **fields: Any) -> Clinic:
    """The clinic with one place of so many seats, and two waits that are not taken for one another."""
    clocks = CLINIC.clocks.model_copy(update={"offer_hold_days": HOLD.days, "offer_rest_days": REST.days})
    place = CLINIC.places[0].model_copy(update={"id": PLACE_ID, "seats": seats, **fields})
    return CLINIC.model_copy(update={"places": (place,), "clocks": clocks})


TWO_SEATS = clinic()
PLACE = aggregates.place(TWO_SEATS)


def ids(name: str) -> dict[str, Any]:
    """What every event about the referral of this person carries."""
    person = {"referral_id": f"referral-{name}", "patient_id": f"patient-{name}", "referrer_id": "dr-okafor"}
    return {"at": NOW, "place_id": PLACE_ID, **person}


def joined(name: str, priority: Priority = ROUTINE, days: int = 0, at: datetime = NOW) -> e.ListJoined:
    """This person waits, and has waited for so many days by `NOW`."""
    since = NOW - timedelta(days=days)
    return e.ListJoined(**{**ids(name), "at": at}, priority=priority, waiting_since=since)


def held(name: str, days: int = 0, at: datetime = NOW) -> e.SeatHeld:
    """This person has a held seat, after so many days."""
    return e.SeatHeld(**{**ids(name), "at": at}, hold_until=at + HOLD, waited_days=days)


def taken(name: str) -> e.SeatTaken:
    """This person has a seat."""
    return e.SeatTaken(**ids(name))


def returned(name: str, reason: e.ReturnReason = "declined", at: datetime = NOW) -> e.SeatReturned:
    """This person's offer came back."""
    return e.SeatReturned(**{**ids(name), "at": at}, reason=reason, rest_until=at + REST)


def paused(name: str, code: str = "needs_time") -> e.EntryPaused:
    """This person's wait stands still."""
    return e.EntryPaused(**ids(name), reason_code=code)


def join(name: str, priority: Priority = ROUTINE, days: int = 0) -> c.JoinList:
    """What leads to `joined`."""
    asked = joined(name, priority, days).model_dump(exclude={"at"})
    return c.JoinList(now=NOW, actor=REACTION, **asked)


def seats(n: int, actor: str = TANAKA) -> c.ChangeSeats:
    """Psychology says that there are so many."""
    return c.ChangeSeats(now=NOW, actor=actor, place_id=PLACE_ID, seats=n)


def of(name: str, command: type[c.EntryCommand], now: datetime = NOW, **fields: Any) -> Any:
    """A command about the referral of this person."""
    return command(now=now, actor=REACTION, referral_id=f"referral-{name}", **fields)


FULL = (joined("ana", days=9), held("ana", 9), taken("ana"), joined("ben", days=8), held("ben", 8))
"""Both seats are in use: Ana sits, Ben has an offer."""


def after(*events: e.PlaceEvent) -> PlaceState:
    """The place after these events."""
    state: PlaceState = given(PLACE, *events).state
    return state


def entry(name: str, **fields: Any) -> Entry:
    """This person at the place, waiting since `NOW` but for `fields`."""
    whole = {**joined(name).model_dump(exclude={"at", "place_id"}), **fields}
    return Entry.model_validate(whole)
