"""The patient's answer: yes, not yet, or no. Not yet is never a no."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.choice import choose_place
from shared.contracts import referrals as e
from shared.contracts.commands import TimerDue
from tests.given import given
from tests.referrals.people import (
    ACCEPTED,
    AGREED,
    CLINIC,
    DRAFTED,
    HISTORIES,
    IDS,
    LINDQVIST,
    NOW,
    OKAFOR,
    REFERRAL,
    ROSA,
    STRANGER,
    SUBMITTED,
    TANAKA,
    TIMER,
    UNDECIDED,
    WAITLISTED,
    WITHDRAWN,
)
from tests.referrals.waits import CALLED_OFF, MISSED, SCHEDULED, TICK, TO_BOOK, due

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
    booked = status in ("scheduled", "in_treatment")
    withdrawn = WITHDRAWN.model_copy(update={"place_id": story.state.place_id, "booked": booked})
    after = story.when(c.WithdrawReferral(now=NOW, actor=actor)).then(withdrawn)
    assert REFERRAL.timers(after.state) == {}
    assert after.state.closed_at == NOW


def test_a_referrer_does_not_withdraw_but_asks_to_cancel() -> None:
    story = given(REFERRAL, *HISTORIES["accepted"])
    story.when(c.WithdrawReferral(now=NOW, actor=OKAFOR)).refused("role-not-allowed")
    asked = n.RequestCancellation(now=NOW, actor=OKAFOR, reason_code="moved_away")
    story.when(asked).then(e.CancellationRequested(at=NOW, **IDS, reason_code="moved_away"))


# --- not now -------------------------------------------------------------------------------------------------------


def _not_now(at: timedelta, actor: str = ROSA) -> c.RecordNotNow:
    return c.RecordNotNow(now=NOW, actor=actor, reason_code="life_is_full", reoffer_at=NOW + at, note=" ")


@pytest.mark.parametrize("actor", ON_BEHALF)
@pytest.mark.parametrize("status", ["accepted", "undecided", "waitlisted"])
def test_not_now_is_neither_a_yes_nor_a_no_and_has_its_day(status: str, actor: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    day = NOW + timedelta(days=60)
    said = e.PatientNotNow(
        at=NOW, **{**IDS, "place_id": story.state.place_id}, reason_code="life_is_full", reoffer_at=day
    )
    after = story.when(_not_now(timedelta(days=60), actor)).then(said)
    assert (after.state.status, after.state.place_id, after.state.agreed_at) == ("not_now", None, None)
    assert REFERRAL.timers(after.state) == {"reoffer": day}


@pytest.mark.parametrize("at", [timedelta(), -TICK])
def test_the_day_to_offer_it_again_is_in_the_future(at: timedelta) -> None:
    given(REFERRAL, *HISTORIES["accepted"]).when(_not_now(at)).refused("ask-again-invalid")
    given(REFERRAL, *HISTORIES["accepted"]).when(_not_now(TICK)).happened()


def test_on_its_day_it_is_offered_again_and_the_patient_has_the_usual_time_to_answer() -> None:
    story = given(REFERRAL, *HISTORIES["accepted"]).when(_not_now(timedelta(days=60))).happened()
    story.when(due("reoffer", timedelta(days=60) - TICK)).then()
    day = NOW + timedelta(days=60)
    offered = story.when(due("reoffer", timedelta(days=60))).then(e.ReferralReoffered(at=day, **IDS))
    assert offered.state.status == "accepted"
    assert REFERRAL.timers(offered.state)["ask-again"] == day + timedelta(days=14)


# --- reasons to hesitate -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", get_args(e.UndecidedReason))
def test_a_reason_that_every_reader_knows_goes_as_it_is(code: e.UndecidedReason) -> None:
    [said] = given(REFERRAL, *HISTORIES["accepted"]).when(_undecided(code)).events()
    assert isinstance(said, e.PatientUndecided)
    assert (said.reason_code, said.concern) == (code, None)


@pytest.mark.parametrize("code", get_args(e.Concern))
def test_a_newer_reason_goes_along_with_other_and_is_what_screens_show(code: e.Concern) -> None:
    story = given(REFERRAL, *HISTORIES["accepted"]).when(_undecided(code))
    [said] = story.events()
    assert isinstance(said, e.PatientUndecided)
    assert (said.reason_code, said.concern) == ("other", code)
    assert story.happened().state.undecided_reason == code


def _undecided(code: e.Hesitation) -> c.RecordUndecided:
    return c.RecordUndecided(now=NOW, actor=ROSA, reason_code=code, contact="call")


@pytest.mark.parametrize("past", [TO_BOOK, SCHEDULED, (*SCHEDULED, MISSED), (*SCHEDULED, CALLED_OFF)])
@pytest.mark.parametrize("wanted", ["undecided", "not_now"])
def test_whoever_hesitates_before_a_first_meeting_gives_up_the_seat(
    past: tuple[e.ReferralEvent, ...], wanted: str
) -> None:
    answer = _undecided("other") if wanted == "undecided" else _not_now(timedelta(days=9))
    after = given(REFERRAL, *past).when(answer).happened().state
    assert (after.status, after.place_id) == (wanted, None)


@pytest.mark.parametrize("status", ["waitlisted", "accepted"])
def test_whoever_hesitates_leaves_the_line_and_must_agree_anew(status: str) -> None:
    after = given(REFERRAL, *HISTORIES[status]).when(_undecided("needs_time")).happened().state
    assert (after.status, after.place_id, after.agreed_at, after.contact) == ("undecided", None, None, "call")


# --- which place ---------------------------------------------------------------------------------------------------


def _agree(**changes: Any) -> c.AgreeReferral:
    return c.AgreeReferral(now=NOW, actor=ROSA, **changes)


def _place(**wishes: Any) -> str | None:
    chosen = choose_place(CLINIC, "cbt-pain", e.Preferences(**wishes))
    return chosen.id if chosen else None


@pytest.mark.parametrize(
    ("wishes", "place"),
    [
        ({}, "place-online-course"),
        ({"mode": "online"}, "place-online-course"),
        ({"mode": "video"}, "place-video-sessions"),
        ({"mode": "in_person"}, "place-group-at-the-clinic"),
        ({"format": "group"}, "place-group-at-the-clinic"),
        ({"format": "individual"}, "place-online-course"),
        ({"format": "group", "language": "es"}, "place-groups"),
        ({"format": "group", "mode": "in_person", "language": "es"}, "place-group-at-the-clinic"),
        ({"format": "individual", "mode": "in_person", "language": "es"}, "place-online-course"),
    ],
)
def test_the_place_that_fits_most_wishes_is_chosen_and_the_order_of_the_clinic_breaks_ties(
    wishes: dict[str, Any], place: str
) -> None:
    assert _place(**wishes) == place


def test_what_the_patient_wishes_now_counts_before_what_was_known() -> None:
    known = SUBMITTED.model_copy(update={"preferences": e.Preferences(mode="video")})
    story = given(REFERRAL, *(known if one is SUBMITTED else one for one in HISTORIES["accepted"]))
    assert story.when(_agree()).happened().state.place_id == "place-video-sessions"
    group = e.Preferences(format="group", mode="in_person")
    after = story.when(_agree(preferences=group)).happened().state
    assert (after.place_id, after.preferences) == ("place-group-at-the-clinic", group)


def test_the_patient_may_name_the_place() -> None:
    named = given(REFERRAL, *HISTORIES["accepted"]).when(_agree(place_id="place-video-sessions"))
    assert named.happened().state.place_id == "place-video-sessions"


def test_a_place_that_does_not_give_the_programme_is_refused_by_name() -> None:
    story = given(REFERRAL, *HISTORIES["accepted"])
    story.when(_agree(place_id="place-on-the-moon")).refused("place-unknown", place="place-on-the-moon")
    elsewhere = ACCEPTED.model_copy(update={"programme_id": "act-pain"})
    story = given(REFERRAL, DRAFTED, SUBMITTED, elsewhere)
    story.when(_agree(place_id="place-video-sessions")).refused("place-unknown")


def test_a_programme_without_a_place_begins_at_once() -> None:
    elsewhere = ACCEPTED.model_copy(update={"programme_id": "act-pain"})
    after = (
        given(REFERRAL, DRAFTED, SUBMITTED, elsewhere)
        .when(_agree())
        .then(AGREED, e.TreatmentStarted(at=NOW, **IDS, kind="treatment"))
    )
    assert (after.state.status, after.state.clock_stopped_at, after.state.treatment_started_at) == (
        "in_treatment",
        NOW,
        NOW,
    )


def test_an_assessment_waits_for_a_meeting_and_for_no_seat() -> None:
    accepted = (DRAFTED.model_copy(update={"kind": "assessment"}), SUBMITTED, ACCEPTED)
    after = given(REFERRAL, *accepted).when(_agree()).then(AGREED, e.BookingRequested(at=NOW, **IDS))
    assert (after.state.status, after.state.place_id) == ("awaiting_booking", None)


def test_thinking_it_over_does_not_count_as_waiting() -> None:
    later = NOW + timedelta(days=10)
    agree = c.AgreeReferral(now=later, actor=ROSA)
    _, waits = given(REFERRAL, *HISTORIES["undecided"]).when(agree).events()
    assert isinstance(waits, e.ReferralWaitlisted)
    assert waits.waiting_since == later


# --- the first meeting with somebody of psychology -----------------------------------------------------------------


def test_a_first_meeting_is_held_once_and_only_where_it_is_owed() -> None:
    meet = c.HoldWarmHandoff(now=NOW, actor=TANAKA, note="  ")
    given(REFERRAL, *HISTORIES["accepted"]).when(meet).refused("warm-handoff-not-due")
    owed = ACCEPTED.model_copy(update={"warm_handoff": True})
    story = given(REFERRAL, DRAFTED, SUBMITTED, owed)
    met = story.when(meet).then(e.WarmHandoffHeld(at=NOW, **IDS, held_by="psy-tanaka"))
    assert met.state.status == "accepted"
    met.when(meet).refused("warm-handoff-not-due")
