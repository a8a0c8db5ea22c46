"""Who is next in line, and the words that say why."""

import time
from datetime import timedelta
from itertools import permutations
from typing import Any, get_args

import pytest

from services.referrals import place_words
from services.referrals.domain.place import order
from services.referrals.domain.place.capacity import capacity_status, median_days_waited, seats_free
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts import referrals as e
from shared.contracts.reading_level import is_easy
from tests.referrals.people import NOW
from tests.referrals.places import (
    FULL,
    PLACE,
    PLACE_ID,
    ROUTINE,
    TWO_SEATS,
    URGENT,
    VERY_URGENT,
    after,
    clinic,
    entry,
    join,
    returned,
    seats,
)


def _ago(days: float) -> Any:
    return NOW - timedelta(days=days)


LINE = (
    entry("newest-of-all", priority=VERY_URGENT),
    entry("urgent-old", priority=URGENT, waiting_since=_ago(23.9)),
    entry("urgent-new", priority=URGENT, waiting_since=_ago(2)),
    entry("routine-old", priority=ROUTINE, waiting_since=_ago(300)),
    entry("routine-as-old", priority=ROUTINE, waiting_since=_ago(299)),
    entry("routine-as-old-too", priority=ROUTINE, waiting_since=_ago(299)),
)
PAUSED = entry(
    "paused", priority=VERY_URGENT, waiting_since=_ago(40), pause_reason_code="practical", paused_at=_ago(10)
)
RESTING = entry("resting", priority=URGENT, waiting_since=_ago(8), rest_until=NOW + timedelta(days=4, hours=1))
RESTED = entry("rested", priority=URGENT, waiting_since=_ago(1), rest_until=NOW)


def _place(*entries: Entry) -> PlaceState:
    return PlaceState(place_id=PLACE_ID, entries={one.referral_id: one for one in entries})


def _why(state: PlaceState, language: e.Language) -> dict[str, tuple[int | None, str]]:
    return {
        one.entry.referral_id: (one.number, place_words.position_sentence(one, NOW, language))
        for one in order.positions(state, NOW)
    }


def test_the_line_is_by_priority_then_by_the_longest_wait_then_by_id_however_they_came() -> None:
    for came in permutations(LINE):
        assert order.next_in_line(_place(*came), len(LINE), NOW) == list(LINE)


@pytest.mark.parametrize(("seats", "given"), [(-3, 0), (0, 0), (1, 1), (4, 4), (9, 6)])
def test_no_more_are_next_than_there_are_seats_or_people(seats: int, given: int) -> None:
    assert order.next_in_line(_place(*LINE), seats, NOW) == list(LINE[:given])


def test_the_paused_the_resting_and_those_with_a_seat_are_not_next() -> None:
    others = (entry("held", status="held"), entry("seated", status="seated"))
    assert order.next_in_line(_place(PAUSED, RESTING, RESTED, *others), 9, NOW) == [RESTED]


def test_everybody_who_waits_has_a_position_or_is_told_why_they_are_passed_over() -> None:
    state = _place(RESTING, PAUSED, *LINE, entry("held", status="held"))
    assert _why(state, "en") == {
        "referral-newest-of-all": (1, "Very urgent. Waiting 0 days. Next in line."),
        "referral-urgent-old": (2, "Urgent. Waiting 23 days. 1 person before them in line, more urgent."),
        "referral-urgent-new": (
            3,
            "Urgent. Waiting 2 days. 2 people before them in line: 1 more urgent, 1 just as urgent and waiting longer.",
        ),
        "referral-routine-old": (4, "Routine. Waiting 300 days. 3 people before them in line, more urgent."),
        "referral-routine-as-old": (
            5,
            "Routine. Waiting 299 days. 4 people before them in line: 3 more urgent, "
            "1 just as urgent and waiting longer.",
        ),
        "referral-routine-as-old-too": (
            6,
            "Routine. Waiting 299 days. 5 people before them in line: 3 more urgent, "
            "1 just as urgent and waiting longer, 1 just as urgent and waiting as long.",
        ),
        "referral-paused": (None, "Very urgent. Waited 30 days, then paused. Passed over until the pause ends."),
        "referral-resting": (None, "Urgent. Waiting 8 days. An offer came back: passed over for 5 more days."),
    }


def test_the_same_is_said_in_spanish() -> None:
    two = (entry("a", priority=URGENT, waiting_since=_ago(3)), entry("b", priority=URGENT, waiting_since=_ago(1)))
    last_day = RESTING.model_copy(update={"rest_until": NOW + timedelta(hours=1)})
    assert _why(_place(*two, PAUSED, last_day), "es") == {
        "referral-a": (1, "Urgente. Espera desde hace 3 días. Es la siguiente persona."),
        "referral-b": (
            2,
            "Urgente. Espera desde hace 1 día. 1 persona por delante, igual de urgente y con más espera.",
        ),
        "referral-paused": (
            None,
            "Muy urgente. Esperó 30 días y está en pausa. No se le ofrece plaza hasta que termine la pausa.",
        ),
        "referral-resting": (
            None,
            "Urgente. Espera desde hace 8 días. Una oferta quedó sin aceptar: no se le ofrece otra durante 1 día más.",
        ),
    }


def test_nobody_is_named_in_why_somebody_else_stands_where_they_do() -> None:
    state = _place(*LINE, PAUSED, RESTING)
    for language in ("en", "es"):
        said = " ".join(sentence for _, sentence in _why(state, language).values())
        assert not [one for one in state.entries.values() if one.referral_id in said or one.patient_id in said]


def test_a_wait_that_begins_tomorrow_by_another_clock_is_no_days_long() -> None:
    assert order.days_waited(entry("early", waiting_since=_ago(-1)), NOW) == 0


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"seats": 3}, "capacity"),
        ({"seats": 3, "needs_assessment": True}, "additional-assessment-required"),
        ({"seats": 2}, "waitlist"),
        ({"seats": 1, "needs_assessment": True}, "waitlist"),
        ({"seats": 0}, "no-capacity"),
        ({"seats": 0, "needs_assessment": True}, "no-capacity"),
    ],
)
def test_a_place_has_one_of_the_four_capacity_codes(place: dict[str, Any], code: str) -> None:
    assert capacity_status(clinic(**place), after(*FULL)) == code


def test_seats_that_were_said_decide_the_code() -> None:
    closed = e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=0)
    assert capacity_status(TWO_SEATS, after(closed)) == "no-capacity"
    assert capacity_status(TWO_SEATS, PlaceState(place_id="place-gone")) == "no-capacity"
    opened = PlaceState(place_id="place-gone", seats=1)
    assert capacity_status(TWO_SEATS, opened) == "capacity"


def test_whether_there_is_room_is_said_in_plain_words() -> None:
    for code in get_args(e.CapacityStatus):
        assert is_easy(place_words.capacity_sentence(code, "en"), "en", (6, 60))
        assert is_easy(place_words.capacity_sentence(code, "es"), "es", (6, 60))


def test_a_free_seat_that_nobody_in_line_wants_is_free() -> None:
    state = after(*FULL, returned("ben"))
    assert (seats_free(TWO_SEATS, state), capacity_status(TWO_SEATS, state)) == (1, "capacity")
    assert seats_free(clinic(seats=0), state) == 0


def test_the_median_wait_is_of_those_who_wait_now() -> None:
    waits = [entry(str(days), waiting_since=_ago(days)) for days in (1, 4, 9)]
    assert median_days_waited([_place(*waits)], NOW) == 4
    assert median_days_waited([_place(*waits), _place(PAUSED)], NOW) == 6
    assert median_days_waited([_place(entry("held", status="held", waiting_since=_ago(50)))], NOW) is None
    assert median_days_waited([], NOW) is None


def test_two_thousand_who_wait_are_decided_about_in_a_moment() -> None:
    many = [entry(f"{n:04}", waiting_since=_ago(n % 97)) for n in range(2000)]
    state = PlaceState(place_id=PLACE_ID, seats=0, entries={one.referral_id: one for one in many})
    begun = time.process_time()
    PLACE.decide(state, join("late"))
    assert order.positions(state, NOW)[-1].number == 2000
    for event in PLACE.decide(state, seats(2000)):
        state = PLACE.evolve(state, event)
    spent = time.process_time() - begun
    assert [one.status for one in state.entries.values()] == ["held"] * 2000
    # The processor's time, twenty times what it takes: work for each pair of them would go far beyond.
    assert spent < 1, spent
