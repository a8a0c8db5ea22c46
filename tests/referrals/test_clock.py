"""The waiting clock, for any run of pauses: it never goes back, and pauses count for nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from services.referrals.domain.referral import clock
from services.referrals.domain.referral.decision import continuation
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import DRAFTED, HISTORIES, IDS, NOW, REFERRAL, submission
from tests.referrals.waits import BEGUN, TICK, WAITING

in_its_own_time = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
GAPS = st.lists(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=200)), max_size=8)
DAY = timedelta(days=1)


def _state(*gaps: timedelta) -> tuple[ReferralState, datetime]:
    """A clock that was started, and then stopped and let run again after each of these; and the last moment."""
    state: ReferralState = given(REFERRAL, *HISTORIES["submitted"]).state
    now = NOW
    for place, gap in enumerate(gaps):
        now += gap
        pauses = clock.resumed(state, now) if place % 2 else clock.paused(state, now, "other")
        state = state.model_copy(update={"pauses": pauses})
    return state, now


def _waited(state: ReferralState, now: datetime) -> timedelta:
    waited = clock.waited(state, now)
    assert waited is not None
    return waited


@in_its_own_time
@any_of(GAPS, GAPS)
def test_the_wait_is_never_negative_and_never_runs_backwards(gaps: list[timedelta], later: list[timedelta]) -> None:
    state, now = _state(*gaps)
    waits = [_waited(state, now)]
    for gap in later:
        now += gap
        waits.append(_waited(state, now))
    assert waits == sorted(waits)
    assert waits[0] >= timedelta()


@in_its_own_time
@any_of(GAPS, GAPS)
def test_pauses_add_up_and_wait_and_pauses_make_up_the_whole_time(
    gaps: list[timedelta], later: list[timedelta]
) -> None:
    state, now = _state(*gaps)
    now += sum(later, timedelta())
    stood = sum(gaps[1::2], timedelta())
    if clock.is_paused(state):
        stood += sum(later, timedelta())
    assert clock.paused_for(state, now) == stood
    assert _waited(state, now) + stood == now - NOW
    assert clock.waiting_since(state, now) == now - _waited(state, now)


@in_its_own_time
@any_of(GAPS, GAPS)
def test_a_redirected_referral_waits_as_long_as_before(gaps: list[timedelta], later: list[timedelta]) -> None:
    state, now = _state(*gaps)
    request = continuation(state, submission(at=now), "pain-trauma")
    on: Any = {**IDS, "based_on": "referral-1", "request": request, "rationale": None, "triage_due": now}
    after = given(REFERRAL, e.ReferralContinued(at=now, **on)).state
    assert _waited(after, now) == _waited(state, now)
    assert not clock.is_paused(after), "somebody waits for it there"
    on_its_way = now + sum(later, timedelta())
    assert _waited(after, on_its_way) == _waited(after, now) + (on_its_way - now)


@in_its_own_time
@any_of(GAPS, st.integers(1, 60))
def test_a_breach_is_when_the_wait_has_that_many_weeks(gaps: list[timedelta], weeks: int) -> None:
    state, now = _state(*gaps)
    at = clock.breach_at(state, weeks, now)
    assert (at is None) == clock.is_paused(state)
    if at is not None and at >= now:
        assert _waited(state, at) == timedelta(weeks=weeks)
    if at is not None and at > now:
        assert _waited(state, at - TICK) < timedelta(weeks=weeks)


@in_its_own_time
@any_of(GAPS)
def test_stopping_a_stopped_clock_and_starting_a_running_one_changes_nothing(gaps: list[timedelta]) -> None:
    state, now = _state(*gaps)
    if clock.is_paused(state):
        assert clock.paused(state, now + DAY, "other") == state.pauses
    else:
        assert clock.resumed(state, now + DAY) == state.pauses


# --- by hand -------------------------------------------------------------------------------------------------------


def test_before_it_is_sent_nobody_waits() -> None:
    draft: ReferralState = given(REFERRAL, DRAFTED).state
    assert clock.waited(draft, NOW + DAY) is None
    assert clock.breach_at(draft, 6, NOW + DAY) is None
    assert clock.waiting_since(draft, NOW + DAY) == NOW + DAY
    assert not clock.is_paused(draft)


def test_the_wait_ends_when_treatment_begins() -> None:
    begun: ReferralState = given(REFERRAL, *WAITING, BEGUN).state
    assert clock.waited(begun, NOW + 400 * DAY) == 3 * DAY
    assert clock.breach_at(begun, 6, NOW + 4 * DAY) is None


def test_a_pause_that_ends_before_it_began_is_of_no_length() -> None:
    """Clocks of machines differ: a wait must not grow by it."""
    state, _ = _state(DAY)
    pauses = clock.resumed(state, NOW)
    assert pauses == (e.Pause(since=NOW + DAY, until=NOW + DAY, reason_code="other"),)
    assert clock.paused_for(state, NOW) == timedelta()


def test_a_moment_before_the_start_is_no_wait() -> None:
    state, _ = _state()
    assert clock.waited(state, NOW - DAY) == timedelta()


# --- what stops it, and what lets it run ---------------------------------------------------------------------------


def _at(days: int, kind: type[e.ReferralEvent], **fields: Any) -> e.ReferralEvent:
    return kind(at=NOW + days * DAY, **IDS, **fields)


STOPS: list[tuple[e.ReferralEvent, str]] = [
    (_at(2, e.PatientUndecided, reason_code="other", ask_again_at=NOW + 9 * DAY), "patient_undecided"),
    (_at(2, e.PatientNotNow, reason_code="other", reoffer_at=NOW + 9 * DAY), "patient_not_now"),
    (_at(2, e.ClockPaused, reason_code="medical_reason"), "medical_reason"),
]
RUNS: list[e.ReferralEvent] = [
    _at(5, e.ReferralAgreed, starts_now=False),
    _at(5, e.ReferralReoffered),
    _at(5, e.ClockResumed, waiting_since=NOW),
    _at(5, e.WorseWhileWaiting, reasons=("x",), triage_due=NOW + 9 * DAY),
]


@pytest.mark.parametrize(("stop", "reason"), STOPS, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("run", RUNS, ids=lambda value: type(value).__name__)
def test_what_stops_the_clock_and_what_lets_it_run(stop: e.ReferralEvent, reason: str, run: e.ReferralEvent) -> None:
    stopped = given(REFERRAL, *WAITING, stop).state
    assert stopped.pauses == (e.Pause(since=stop.at, reason_code=reason),)
    assert _waited(stopped, NOW + 30 * DAY) == 2 * DAY
    running = given(REFERRAL, *WAITING, stop, run).state
    assert running.pauses == (e.Pause(since=stop.at, until=run.at, reason_code=reason),)
    assert _waited(running, NOW + 30 * DAY) == 27 * DAY


@pytest.mark.parametrize(
    "end",
    [
        _at(5, e.ReferralWithdrawn),
        _at(5, e.ReferralDeclined, reason_code="no_capacity", rationale=None),
        _at(5, e.ReferralCancelled, reason_code="other"),
        _at(5, e.ReferralReturned, rationale=None),
        _at(5, e.ReferralLapsed),
        _at(5, e.ReferralRedirected, to="primary-care", rationale=None),
        _at(5, e.EnteredInError),
        _at(5, e.TreatmentStarted),
        _at(5, e.ReferralAgreed, starts_now=True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_end_stops_the_clock_for_good_and_closes_a_pause(end: e.ReferralEvent) -> None:
    pause, _ = STOPS[2]
    over = given(REFERRAL, *WAITING, pause, end).state
    assert over.clock_stopped_at == end.at
    assert over.pauses == (e.Pause(since=pause.at, until=end.at, reason_code="medical_reason"),)
    assert _waited(over, NOW + 90 * DAY) == 2 * DAY


def test_what_comes_after_the_start_of_treatment_leaves_the_wait_as_it_was() -> None:
    over = given(REFERRAL, *WAITING, _at(5, e.TreatmentStarted), _at(8, e.ReferralWithdrawn)).state
    assert (over.clock_stopped_at, _waited(over, NOW + 90 * DAY)) == (NOW + 5 * DAY, 5 * DAY)


def test_a_draft_that_was_made_in_error_never_waited() -> None:
    over = given(REFERRAL, DRAFTED, _at(5, e.EnteredInError)).state
    assert (over.status, over.clock_stopped_at, clock.waited(over, NOW + DAY)) == ("entered_in_error", None, None)


def test_the_time_for_which_it_was_closed_counts_for_nothing() -> None:
    reopened = given(
        REFERRAL,
        *HISTORIES["submitted"],
        _at(4, e.ReferralWithdrawn),
        _at(34, e.ReferralReopened, rationale="Asked again.", triage_due=NOW + 39 * DAY),
    ).state
    assert reopened.pauses == (e.Pause(since=NOW + 4 * DAY, until=NOW + 34 * DAY, reason_code="closed"),)
    assert (reopened.clock_stopped_at, reopened.closed_at) == (None, None)
    assert _waited(reopened, NOW + 35 * DAY) == 5 * DAY


def test_what_was_never_stopped_is_reopened_without_a_pause() -> None:
    """Such as a referral of before there was a waiting clock."""
    old = given(REFERRAL, *HISTORIES["withdrawn"]).state.model_copy(update={"clock_stopped_at": None})
    again = _at(3, e.ReferralReopened, rationale=None, triage_due=NOW)
    assert REFERRAL.evolve(old, again).pauses == ()
