"""What each event leaves behind: the status, since when, the place, what is cleared, and what older events mean now."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.referral.standings import STANDINGS
from services.referrals.domain.referral.state import Decision, ReferralState, Status
from services.referrals.domain.referral.table import MOVES
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals import waits as w
from tests.referrals.explore import histories
from tests.referrals.people import (
    ACCEPTED,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    NOW,
    PEG,
    PHQ4,
    RECOMMENDED,
    REFERRAL,
    REQUEST,
    SUBMITTED,
    SUMMARY,
)
from tests.referrals.rules import reading
from tests.referrals.waits import MEETING, VIDEO

STORIES = histories()
FIELDS: dict[type[e.ReferralEvent], dict[str, Any]] = {
    e.PatientUndecided: {"reason_code": "other", "ask_again_at": LATER},
    e.PatientNotNow: {"reason_code": "other", "reoffer_at": LATER},
    e.WorseWhileWaiting: {"reasons": ("x",), "triage_due": LATER},
    e.ReferralDeclined: {"reason_code": "no_capacity", "rationale": None},
    e.ReferralRedirected: {"to": "primary-care", "rationale": None},
    e.ReferralCancelled: {"reason_code": "other"},
    e.OutcomeReceived: {"summary": SUMMARY, "acknowledge_by": LATER},
    e.FindingsSent: {"findings": "Grief.", "acknowledge_by": LATER},
    e.OfferDeclined: {"reason_code": "too_soon"},
    e.OfferLapsed: {"times": 1},
    e.ClockPaused: {"reason_code": "other"},
    e.WaitingBreached: {"weeks": 6},
    e.AppointmentScheduled: {"appointment": MEETING},
    e.AppointmentMissed: {"reason_code": "ill"},
    e.CancellationRequested: {"reason_code": "other"},
}
LEAVES = [
    e.PatientUndecided,
    e.PatientNotNow,
    e.WorseWhileWaiting,
    e.ReferralWithdrawn,
    e.ReferralCancelled,
    e.ReferralDeclined,
    e.ReferralLapsed,
    e.ReferralRedirected,
    e.EnteredInError,
    e.OutcomeReceived,
    e.FindingsSent,
    e.CancellationRequested,
]
STAYS = [
    e.OfferTaken,
    e.OfferDeclined,
    e.OfferLapsed,
    e.BookingRequested,
    e.ClockPaused,
    e.WaitingBreached,
    e.AppointmentScheduled,
    e.AppointmentMissed,
    e.TreatmentStarted,
]


def _event(kind: type[e.ReferralEvent], **ids: Any) -> e.ReferralEvent:
    return kind(at=LATER, **{**VIDEO, **ids}, **FIELDS.get(kind, {}))


def _after(*events: e.ReferralEvent) -> ReferralState:
    state: ReferralState = given(REFERRAL, *events).state
    return state


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_what_ends_the_wait_leaves_the_place_and_its_offer(kind: type[e.ReferralEvent]) -> None:
    asked = e.RescreenDue(at=NOW, **VIDEO, times=1)
    state = _after(*w.OFFERED, asked, _event(kind))
    assert (state.place_id, state.offer_until, state.rescreen_open) == (None, None, False)


@pytest.mark.parametrize("kind", STAYS, ids=lambda kind: kind.__name__)
def test_on_the_way_to_treatment_it_keeps_its_place(kind: type[e.ReferralEvent]) -> None:
    assert _after(*w.OFFERED, _event(kind)).place_id == "place-video-sessions"


def test_whoever_has_a_seat_keeps_it_until_a_cancellation_is_confirmed() -> None:
    asked = _after(*w.OFFERED, w.TAKEN, w.BEGUN, _event(e.CancellationRequested))
    assert asked.place_id == "place-video-sessions"


def test_a_question_about_how_the_person_is_ends_with_the_wait_and_not_with_an_offer() -> None:
    asked = e.RescreenDue(at=NOW, **VIDEO, times=1)
    assert _after(*w.WAITING, asked, w.SEAT).rescreen_open
    assert not _after(*w.OFFERED, asked, w.TAKEN, w.BEGUN).rescreen_open


@pytest.mark.parametrize("status", [one for one in STORIES if one != "none"])
def test_a_status_is_since_the_event_that_brought_it_and_closed_where_all_is_over(status: str) -> None:
    state = _after(*STORIES[status])
    brought = next(one for one in reversed(STORIES[status]) if type(one) in MOVES)
    assert state.status_since == brought.at
    assert (state.closed_at is not None) is STANDINGS[Status(status)].final
    assert (state.reminders, state.reminded_at) == (0, None)


def test_what_moves_nothing_leaves_the_time_of_its_status_alone() -> None:
    story = _after(*w.TO_BOOK, e.StepOverdue(at=LATER, **VIDEO, step="booking", owed_by="psychology", reminder=1))
    for still in (_event(e.WaitingBreached), _event(e.ClockPaused)):
        state = REFERRAL.evolve(story, still)
        assert (state.status, state.status_since, state.reminders, state.reminded_at) == (
            "awaiting_booking",
            NOW,
            1,
            LATER,
        )


def test_a_meeting_planned_anew_starts_its_reminders_anew() -> None:
    late = e.StepOverdue(at=LATER, **VIDEO, step="attendance", owed_by="psychology", reminder=3)
    state = _after(*w.SCHEDULED, late, _event(e.AppointmentScheduled))
    assert (state.status_since, state.reminders, state.reminded_at) == (LATER, 0, None)


# --- what is remembered of a decision ------------------------------------------------------------------------------


def test_a_decision_is_what_it_went_by_and_with_every_measure_that_came() -> None:
    scored = reading("GAD-7", 1, 1, 1, 1, 1, 1, 1)
    attached = e.AttachmentAdded(
        at=NOW,
        **IDS,
        attachment=e.Attachment(attachment_id="a", kind="measure", reading=scored),
        added_by="dr-okafor",
    )
    marked = SUBMITTED.model_copy(update={"flags": ("trauma",)})
    assert _after(DRAFTED, marked, attached, ACCEPTED).decision == Decision(
        outcome="accepted",
        at=NOW,
        step=2,
        readings=(PEG, PHQ4, scored),
        priority=e.Priority.URGENT,
        flags=("trauma",),
        recommendation=RECOMMENDED,
    )


def test_a_later_decision_takes_the_place_of_the_one_before() -> None:
    state = _after(*HISTORIES["accepted"], _event(e.ReferralDeclined, place_id=None))
    assert state.decision is not None
    assert (state.decision.outcome, state.decision.step, state.decision.at) == ("declined", None, LATER)
    assert (state.step, state.decline_reason) == (2, "no_capacity")


def test_a_question_that_was_not_answered_is_no_decision_of_anybody() -> None:
    state = _after(*HISTORIES["information_requested"], e.ReferralLapsed(at=LATER, **IDS))
    assert (state.decision, state.decline_reason, state.rationale) == (None, "no_answer", None)


def test_a_second_look_begins_without_anybody_on_it_and_without_reminders() -> None:
    taken = e.TriageTaken(at=NOW, **IDS, taken_by="psy-tanaka")
    late = e.TriageOverdue(at=LATER, **IDS, reminder=2)
    state = _after(DRAFTED, SUBMITTED, taken, late, ACCEPTED, w.AGREED, w.WAITS, _event(e.WorseWhileWaiting))
    assert (state.triage_by, state.triage_reminded_at, state.triage_due) == (None, None, LATER)
    assert state.triage_reminders == 2


# --- asking the patient --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [_event(e.PatientUndecided), _event(e.PatientNotNow), e.ReferralAgreed(at=LATER, **IDS, starts_now=False)]
)
def test_an_answer_of_the_patient_starts_the_asking_anew_and_keeps_its_count(answer: e.ReferralEvent) -> None:
    asked = e.PatientAskedAgain(at=NOW, **IDS, times=3)
    state = _after(*HISTORIES["accepted"], asked, answer)
    assert (state.asked_again, state.asked_again_at) == (3, None)


def test_offering_it_again_forgets_the_day_that_was_named() -> None:
    state = _after(*HISTORIES["accepted"], _event(e.PatientNotNow), e.ReferralReoffered(at=LATER, **IDS))
    assert (state.status, state.ask_again_at, state.asked_again_at) == ("accepted", None, None)


# --- events of before ----------------------------------------------------------------------------------------------


def test_whoever_agreed_before_there_were_places_began_at_once() -> None:
    old = e.ReferralAgreed.model_validate({"at": LATER, **IDS})
    state = _after(*HISTORIES["undecided"], old)
    assert (state.status, state.status_since, state.treatment_started_at) == ("in_treatment", LATER, LATER)
    assert (state.clock_stopped_at, state.pauses[0].until) == (LATER, LATER)


def test_agreeing_alone_begins_nothing_now() -> None:
    state = _after(*HISTORIES["accepted"], e.ReferralAgreed(at=LATER, **IDS, starts_now=False))
    assert (state.status, state.status_since, state.agreed_at, state.treatment_started_at) == (
        "accepted",
        NOW,
        LATER,
        None,
    )


def test_an_acceptance_without_a_priority_keeps_the_one_that_was_asked_for() -> None:
    old = ACCEPTED.model_copy(update={"priority": None, "recommendation": None, "decided_by": None})
    state = _after(DRAFTED, SUBMITTED, old)
    assert (state.priority, state.recommendation, state.decided_by) == ("urgent", None, None)


def test_a_redirected_referral_keeps_what_came_with_it() -> None:
    letter = e.Attachment(attachment_id="a", kind="letter", text="Dear colleague.")
    pause = e.Pause(since=NOW - timedelta(days=5), until=NOW - timedelta(days=2), reason_code="closed")
    request = REQUEST.model_copy(
        update={"attachments": (letter,), "pauses": (pause,), "kind": "assessment", "requester": "patient"}
    )
    on = e.ReferralContinued(at=LATER, **IDS, based_on="referral-0", request=request, rationale="R.", triage_due=LATER)
    state = _after(on)
    assert (state.attachments, state.pauses, state.kind, state.requester) == (
        (letter,),
        (pause,),
        "assessment",
        "patient",
    )
    assert (state.clock_started_at, state.rationale, state.readings) == (NOW - timedelta(days=10), "R.", (PEG, PHQ4))


def test_who_begins_in_a_group_is_at_no_place_any_more() -> None:
    for before in (w.WAITING, w.OFFERED, w.SCHEDULED):
        begun = w.BEGUN.model_copy(update={"group_id": "group-1"})
        after = given(REFERRAL, *before, begun).state
        assert (after.status, after.place_id, after.offer_until) == ("in_treatment", None, None)
    assert given(REFERRAL, *w.TREATED).state.place_id == "place-video-sessions"
