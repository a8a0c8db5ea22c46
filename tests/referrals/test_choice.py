"""The patient's answer: yes, not yet, or no. Not yet is never a no."""

from datetime import timedelta

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from shared.contracts import referrals as e
from shared.contracts.commands import TimerDue
from tests.given import given
from tests.referrals.people import (
    AGREED,
    HISTORIES,
    IDS,
    LINDQVIST,
    NOW,
    OKAFOR,
    REFERRAL,
    ROSA,
    STRANGER,
    TANAKA,
    TIMER,
    UNDECIDED,
    WAITLISTED,
    WITHDRAWN,
)

ON_BEHALF = [ROSA, TANAKA, OKAFOR]


@pytest.mark.parametrize("actor", ON_BEHALF)
@pytest.mark.parametrize("status", ["accepted", "undecided"])
def test_the_patient_or_a_clinician_for_them_agrees_and_waits_for_a_seat(status: str, actor: str) -> None:
    given(REFERRAL, *HISTORIES[status]).when(c.AgreeReferral(now=NOW, actor=actor)).then(AGREED, WAITLISTED)


@pytest.mark.parametrize("actor", [STRANGER, LINDQVIST])
def test_nobody_else_answers_for_the_patient(actor: str) -> None:
    story = given(REFERRAL, *HISTORIES["accepted"])
    story.when(c.AgreeReferral(now=NOW, actor=actor)).refused("not-yours")
    story.when(c.RecordUndecided(now=NOW, actor=actor, reason_code="other")).refused("not-yours")
    withdraw = story.when(c.WithdrawReferral(now=NOW, actor=actor))
    withdraw.refused("not-yours" if actor == STRANGER else "role-not-allowed")


@pytest.mark.parametrize("actor", ON_BEHALF)
@pytest.mark.parametrize("status", ["accepted", "undecided"])
def test_the_patient_may_need_time_and_is_asked_again_in_two_weeks(status: str, actor: str) -> None:
    wait = c.RecordUndecided(now=NOW, actor=actor, reason_code="needs_time", note="Wants to ask her sister.")
    given(REFERRAL, *HISTORIES[status]).when(wait).then(UNDECIDED)


def test_the_patient_may_name_the_day_to_be_asked() -> None:
    day = NOW + timedelta(days=40)
    wait = c.RecordUndecided(now=NOW, actor=ROSA, reason_code="practical", ask_again_at=day)
    held = e.PatientUndecided(at=NOW, **IDS, reason_code="practical", ask_again_at=day)
    after = given(REFERRAL, *HISTORIES["accepted"]).when(wait).then(held)
    assert REFERRAL.timers(after.state)["ask-again"] == day


@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=1)])
def test_the_day_to_be_asked_is_in_the_future(ago: timedelta) -> None:
    wait = c.RecordUndecided(now=NOW, actor=ROSA, reason_code="other", ask_again_at=NOW - ago)
    given(REFERRAL, *HISTORIES["accepted"]).when(wait).refused("ask-again-invalid")


def _ask_again(after: timedelta) -> TimerDue:
    return TimerDue(now=NOW + after, actor=TIMER, name="ask-again")


def test_an_undecided_patient_is_asked_again_and_again_and_never_declined() -> None:
    first, second = timedelta(days=14), timedelta(days=28)
    story = given(REFERRAL, *HISTORIES["undecided"])
    story.when(_ask_again(first - timedelta(minutes=1))).then()
    story = story.when(_ask_again(first)).then(e.PatientAskedAgain(at=NOW + first, **IDS, times=1))
    assert story.state.status == "undecided"
    assert REFERRAL.timers(story.state)["ask-again"] == NOW + second
    story.when(_ask_again(second)).then(e.PatientAskedAgain(at=NOW + second, **IDS, times=2))


def test_a_new_hold_starts_its_own_wait() -> None:
    story = given(REFERRAL, *HISTORIES["undecided"]).when(_ask_again(timedelta(days=14))).happened()
    held = c.RecordUndecided(now=NOW + timedelta(days=15), actor=ROSA, reason_code="needs_time")
    assert REFERRAL.timers(story.when(held).happened().state)["ask-again"] == NOW + timedelta(days=29)


@pytest.mark.parametrize("actor", [ROSA, TANAKA])
@pytest.mark.parametrize("status", ["submitted", "information_requested", "accepted", "undecided", "in_treatment"])
def test_a_referral_may_be_withdrawn_at_any_point_before_an_outcome(status: str, actor: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    withdrawn = WITHDRAWN.model_copy(update={"place_id": story.state.place_id})
    after = story.when(c.WithdrawReferral(now=NOW, actor=actor)).then(withdrawn)
    assert REFERRAL.timers(after.state) == {}
    assert after.state.closed_at == NOW


def test_a_referrer_does_not_withdraw_but_asks_to_cancel() -> None:
    story = given(REFERRAL, *HISTORIES["accepted"])
    story.when(c.WithdrawReferral(now=NOW, actor=OKAFOR)).refused("role-not-allowed")
    asked = n.RequestCancellation(now=NOW, actor=OKAFOR, reason_code="moved_away")
    story.when(asked).then(e.CancellationRequested(at=NOW, **IDS, reason_code="moved_away"))
