"""What is said about a treatment place: its seats, who waits for one, who has one. Nothing in it is personal.

A place answers for seats and their order. What an offer is to the person, and when it lapses, its referral says.
"""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.referrals.values import EntryStatus, Priority, ReturnReason

ReasonCode = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]


class PlaceEvent(Event):
    """What every event of a place carries."""

    place_id: Identifier


class EntryEvent(PlaceEvent):
    """What every event about one referral at a place carries, so that its readers need not keep copies."""

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier


class SeatsChanged(PlaceEvent):
    """Psychology set how many seats there are. Nobody loses a seat by it; while too many are in use, none is held."""

    TYPE: ClassVar[str] = "carepath.place.seats_changed.v1"

    seats: int = Field(ge=0)


class ListJoined(EntryEvent):
    """A referral waits for a seat. `waiting_since` is where its wait began, which may be long before it joined.

    `wait` says which of its waits this is.
    """

    TYPE: ClassVar[str] = "carepath.place.joined.v1"

    priority: Priority
    waiting_since: AwareDatetime
    wait: int = Field(default=1, ge=1)


class SeatHeld(EntryEvent):
    """The next in line has a seat kept until `hold_until`, and may be offered it. `waited_days` are whole days.

    `wait` is that of `ListJoined`: a hold that is heard of after the referral left and came back offers nothing.
    """

    TYPE: ClassVar[str] = "carepath.place.seat_held.v1"

    hold_until: AwareDatetime
    waited_days: int = Field(ge=0)
    wait: int = Field(default=1, ge=1)


class SeatTaken(EntryEvent):
    """The offer was taken: the held seat is theirs."""

    TYPE: ClassVar[str] = "carepath.place.seat_taken.v1"


class SeatReturned(EntryEvent):
    """The held seat came back. The referral waits on with its wait unchanged, and is passed over until `rest_until`."""

    TYPE: ClassVar[str] = "carepath.place.seat_returned.v1"

    reason: ReturnReason
    rest_until: AwareDatetime


class PlaceLeft(EntryEvent):
    """The referral is here no more. `was` is what it gave up; a seat goes to the next in line."""

    TYPE: ClassVar[str] = "carepath.place.left.v1"

    was: EntryStatus


class EntryPaused(EntryEvent):
    """The wait stands still, and the referral is passed over until it goes on."""

    TYPE: ClassVar[str] = "carepath.place.entry_paused.v1"

    reason_code: ReasonCode


class EntryResumed(EntryEvent):
    """The wait goes on. `waiting_since` is its beginning, later by the pause."""

    TYPE: ClassVar[str] = "carepath.place.entry_resumed.v1"

    waiting_since: AwareDatetime


class EntryReordered(EntryEvent):
    """The referral has another priority, and so another position in line."""

    TYPE: ClassVar[str] = "carepath.place.entry_reordered.v1"

    priority: Priority
