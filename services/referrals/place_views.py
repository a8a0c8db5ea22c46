"""What screens read of places: whether there is room, who waits, where in line, and why there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.referrals import place_words, words
from services.referrals.domain.place.capacity import capacity_status, median_days_waited, seats, seats_free
from services.referrals.domain.place.order import Position, positions, rank, waiting
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts.clinic import Clinic, TreatmentPlace
from shared.contracts.referrals import (
    CapacityStatus,
    EntryStatus,
    Format,
    Language,
    Mode,
    Preferences,
    Priority,
    TimeOfDay,
)


class Capacity(BaseModel):
    """Whether there is room. `median_days_waited` is over those who wait now; `None` where nobody does."""

    code: CapacityStatus
    sentence: str
    seats_free: int
    waiting: int
    median_days_waited: int | None


class PlaceCapacity(Capacity):
    """Whether one place has room, and what it is like."""

    id: str
    name: str
    format: str
    mode: str
    languages: tuple[Language, ...]
    starts: str


class ProgrammeCapacity(Capacity):
    """Whether any place of a programme has room; and each of them, as the clinic has them in order."""

    programme_id: str
    places: tuple[PlaceCapacity, ...]


class PlaceRow(Capacity):
    """One place in a list. Of those who wait, `passed_over` get no seat for now: they are paused, or rest.

    `name` and `programme_id` are `None` where the clinic's configuration has the place no longer.
    """

    id: str
    version: int
    name: str | None
    programme_id: str | None
    seats: int
    held: int
    seated: int
    passed_over: int


class EntryRow(BaseModel):
    """One referral at a place, and in words why it stands there. `position` counts from 1 and is for those in line.

    `days_waited` are whole days until now, pauses left out; `None` for whoever waits no more. `since` says of whoever
    waits, in words, when they were sent, what was paused, and by when treatment should begin.
    """

    referral_id: str
    patient_id: str
    patient_name: str | None = None
    referrer_id: str
    status: EntryStatus
    position: int | None
    why: str
    since: str | None = None
    priority: Priority
    waiting_since: datetime
    days_waited: int | None
    pause_reason_code: str | None
    rest_until: datetime | None
    hold_until: datetime | None
    offers_returned: int


class PlaceView(PlaceRow):
    """One place with those who are there, and the rule of their `order` in words. `entries_total` counts all of them,
    `entries` may be one page.
    """

    order: str
    entries: tuple[EntryRow, ...]
    entries_total: int


class Candidate(BaseModel):
    """Somebody who waits and may be invited to a group. `position` is `None` for whoever is passed over for now.

    `misfits` names what they wished for otherwise: `language`, `mode`, `time`, or `format`: mostly that they would
    rather be helped alone.
    """

    referral_id: str
    patient_id: str
    patient_name: str | None
    position: int | None
    days_waited: int
    preferences: Preferences
    misfits: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a group is like; `None` is not asked about."""

    language: Language | None = None
    mode: Mode | None = None
    format: Format | None = None
    time: TimeOfDay | None = None

    def misfits(self, wished: Preferences) -> tuple[str, ...]:
        """What somebody wished for otherwise. Who does not mind fits everything."""
        pairs = {
            "language": (wished.language, self.language),
            "mode": (wished.mode, self.mode),
            "format": (wished.format, self.format),
        }
        found = [name for name, (theirs, ours) in pairs.items() if theirs and ours and theirs != ours]
        if wished.times and self.time and self.time not in wished.times:
            found.append("time")
        return tuple(found)


_ROOMIEST: tuple[CapacityStatus, ...] = ("capacity", "additional-assessment-required", "waitlist", "no-capacity")


def programme_capacity(
    clinic: Clinic,
    programme_id: str,
    used: Sequence[tuple[TreatmentPlace, PlaceState]],
    now: datetime,
    language: Language,
) -> ProgrammeCapacity:
    """A programme has the room that the best of its places has; `no-capacity` where it has no place."""
    places = tuple(_place_capacity(clinic, place, state, now, language) for place, state in used)
    codes = {place.code for place in places}
    code: CapacityStatus = next((code for code in _ROOMIEST if code in codes), "no-capacity")
    return ProgrammeCapacity(
        code=code,
        sentence=place_words.capacity_sentence(code, language),
        seats_free=sum(place.seats_free for place in places),
        waiting=sum(place.waiting for place in places),
        median_days_waited=median_days_waited([state for _, state in used], now),
        programme_id=programme_id,
        places=places,
    )


def place_row(clinic: Clinic, version: int, state: PlaceState, now: datetime, language: Language) -> PlaceRow:
    """A place in one line."""
    place = clinic.place(state.place_id)
    stands = [entry.status for entry in state.entries.values()]
    return PlaceRow(
        **_capacity(clinic, state, now, language),
        id=state.place_id,
        version=version,
        name=getattr(place.name, language) if place else None,
        programme_id=place.programme_id if place else None,
        seats=seats(clinic, state),
        held=stands.count("held"),
        seated=stands.count("seated"),
        passed_over=sum(position.number is None for position in positions(state, now)),
    )


def place_view(
    row: PlaceRow,
    shown: Sequence[EntryRow],
    names: Mapping[str, str | None],
    since: Mapping[str, str],
    language: Language,
) -> PlaceView:
    """A place with one page of those who are there, by name; `since` is told of each referral that waits."""
    named = tuple(
        entry.model_copy(update={"patient_name": names[entry.patient_id], "since": since.get(entry.referral_id)})
        for entry in shown
    )
    total = row.waiting + row.held + row.seated
    order = words.order_sentence("place", language)
    return PlaceView(**dict(row), order=order, entries=named, entries_total=total)


def entry_rows(state: PlaceState, now: datetime, language: Language) -> list[EntryRow]:
    """All who are at a place, without names: the line, those who are passed over, held seats, and taken seats."""
    there = sorted(state.entries.values(), key=rank)
    return [
        *(_waiting_row(position, now, language) for position in positions(state, now)),
        *(_seat_row(entry, language) for entry in there if entry.status == "held"),
        *(_seat_row(entry, language) for entry in there if entry.status == "seated"),
    ]


def candidates(
    line: Sequence[Position],
    wished: Mapping[str, Preferences],
    names: Mapping[str, str | None],
    wanted: Wanted,
) -> list[Candidate]:
    """In the order of the list: first those whom it fits, then the others. Whose wishes are not known does not mind."""
    none = Preferences()
    rows = [
        Candidate(
            referral_id=one.entry.referral_id,
            patient_id=one.entry.patient_id,
            patient_name=names.get(one.entry.patient_id),
            position=one.number,
            days_waited=one.days_waited,
            preferences=wished.get(one.entry.referral_id, none),
            misfits=wanted.misfits(wished.get(one.entry.referral_id, none)),
        )
        for one in line
    ]
    return sorted(rows, key=lambda row: bool(row.misfits))


def _capacity(clinic: Clinic, state: PlaceState, now: datetime, language: Language) -> dict[str, Any]:
    code = capacity_status(clinic, state)
    return {
        "code": code,
        "sentence": place_words.capacity_sentence(code, language),
        "seats_free": seats_free(clinic, state),
        "waiting": len(waiting(state)),
        "median_days_waited": median_days_waited([state], now),
    }


def _place_capacity(
    clinic: Clinic, place: TreatmentPlace, state: PlaceState, now: datetime, language: Language
) -> PlaceCapacity:
    return PlaceCapacity(
        **_capacity(clinic, state, now, language),
        id=place.id,
        name=getattr(place.name, language),
        format=place.format,
        mode=place.mode,
        languages=place.languages,
        starts=place.starts,
    )


def _waiting_row(position: Position, now: datetime, language: Language) -> EntryRow:
    why = place_words.position_sentence(position, now, language)
    return _row(position.entry, position=position.number, why=why, days_waited=position.days_waited)


def _seat_row(entry: Entry, language: Language) -> EntryRow:
    return _row(entry, position=None, why=place_words.seat_sentence(entry.status, language), days_waited=None)


def _row(entry: Entry, **computed: Any) -> EntryRow:
    same = {name: getattr(entry, name) for name in EntryRow.model_fields if name in Entry.model_fields}
    return EntryRow(**same, **computed)
