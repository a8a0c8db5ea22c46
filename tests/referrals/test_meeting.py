"""A first meeting: planned, planned anew, called off, missed, held."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import later as n
from shared.contracts import referrals as e
from shared.contracts.commands import Command
from tests.given import given
from tests.referrals import waits as w
from tests.referrals.people import NOW, OKAFOR, REFERRAL, ROSA, TANAKA
from tests.referrals.waits import BEGUN, CALLED_OFF, MEETING, MISSED, PLANNED, TICK

STORIES = {
    "awaiting_booking": w.TO_BOOK,
    "scheduled": w.SCHEDULED,
    "did_not_attend": (*w.SCHEDULED, MISSED),
    "appointment_cancelled": (*w.SCHEDULED, CALLED_OFF),
}


def _plan(now: datetime = NOW, actor: str = TANAKA, **changes: Any) -> n.ScheduleAppointment:
    return n.ScheduleAppointment(now=now, actor=actor, **{**MEETING.model_dump(), **changes})


def _missed(now: datetime, actor: str = TANAKA) -> n.RecordMissed:
    return n.RecordMissed(now=now, actor=actor, reason_code="forgot")


def _attended(now: datetime, actor: str = TANAKA) -> n.RecordAttended:
    return n.RecordAttended(now=now, actor=actor)


@pytest.mark.parametrize("status", STORIES)
def test_psychology_plans_a_meeting_where_one_is_owed_and_may_plan_it_anew(status: str) -> None:
    story = given(REFERRAL, *STORIES[status])
    assert story.state.status == status
    planned = story.when(_plan()).then(PLANNED)
    assert (planned.state.status, planned.state.appointment, planned.state.appointment_reason) == (
        "scheduled",
        MEETING,
        None,
    )
    story.when(_plan(actor=OKAFOR)).refused("role-not-allowed")


@pytest.mark.parametrize("status", ["waiting", "offered", "treated"])
def test_no_meeting_is_planned_before_one_is_owed_or_after_treatment_began(status: str) -> None:
    past = {"waiting": w.WAITING, "offered": w.OFFERED, "treated": w.TREATED}[status]
    given(REFERRAL, *past).when(_plan()).refused("wrong-status")


def test_a_meeting_is_in_the_future_and_with_somebody_of_psychology() -> None:
    story = given(REFERRAL, *w.TO_BOOK)
    story.when(_plan(MEETING.at)).refused("appointment-invalid")
    story.when(_plan(MEETING.at - TICK)).happened()
    for stranger in ("dr-okafor", "psy-nobody", "op-byrne"):
        story.when(_plan(clinician_id=stranger)).refused("clinician-unknown", clinician=stranger)
    story.when(_plan(clinician_id="lead-haddad")).happened()


@pytest.mark.parametrize("actor", [ROSA, TANAKA])
def test_the_patient_or_psychology_calls_it_off_and_another_one_is_owed(actor: str) -> None:
    off = n.CancelAppointment(now=NOW, actor=actor, reason_code="clinician_unavailable")
    after = given(REFERRAL, *w.SCHEDULED).when(off).then(CALLED_OFF).state
    assert (after.status, after.appointment_reason) == ("appointment_cancelled", "clinician_unavailable")
    given(REFERRAL, *w.SCHEDULED).when(off.model_copy(update={"actor": OKAFOR})).refused("role-not-allowed")


@pytest.mark.parametrize("wanted", [_missed, _attended])
def test_whether_it_took_place_is_known_from_its_beginning_on(wanted: Any) -> None:
    story = given(REFERRAL, *w.SCHEDULED)
    story.when(wanted(MEETING.at - TICK)).refused("appointment-not-due")
    story.when(wanted(MEETING.at)).happened()
    story.when(wanted(MEETING.at, ROSA)).refused("role-not-allowed")


def test_a_missed_meeting_is_counted_and_the_patient_keeps_their_seat() -> None:
    once = given(REFERRAL, *w.SCHEDULED).when(_missed(MEETING.at)).then(MISSED)
    assert (once.state.missed, once.state.appointment_reason, once.state.place_id) == (
        1,
        "forgot",
        "place-video-sessions",
    )
    later = MEETING.at + timedelta(days=2)
    twice = once.when(_plan(MEETING.at, at=later)).happened().when(_missed(later)).happened()
    assert (twice.state.status, twice.state.missed) == ("did_not_attend", 2)


@pytest.mark.parametrize("past", [w.SCHEDULED, STORIES["did_not_attend"]])
def test_a_meeting_that_took_place_begins_treatment_and_stops_the_clock(past: tuple[e.ReferralEvent, ...]) -> None:
    """Also where it was taken for missed at first."""
    begun = given(REFERRAL, *past).when(_attended(MEETING.at)).then(BEGUN).state
    assert (begun.status, begun.treatment_started_at, begun.clock_stopped_at) == (
        "in_treatment",
        MEETING.at,
        MEETING.at,
    )


@pytest.mark.parametrize("wanted", [_attended(MEETING.at), _missed(MEETING.at)])
def test_what_was_called_off_neither_took_place_nor_was_missed(wanted: Command) -> None:
    given(REFERRAL, *STORIES["appointment_cancelled"]).when(wanted).refused("wrong-status")


def test_an_assessment_that_took_place_says_that_it_was_one() -> None:
    begun = w.ASSESSED[-1]
    given(REFERRAL, *w.ASSESSED[:-1]).when(_attended(MEETING.at)).then(begun)
