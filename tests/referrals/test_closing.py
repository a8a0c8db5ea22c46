"""Notes on the way, cancelling, findings, looking again, and what should never have been made."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.standings import STANDINGS, UNDER_WAY
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals import waits as w
from tests.referrals.people import (
    AT_PLACE,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    LINDQVIST,
    NOW,
    OKAFOR,
    REACTION,
    RECEIVED,
    REFERRAL,
    ROSA,
    SUMMARY,
    TANAKA,
    TREATED,
)

ASKED = e.CancellationRequested(at=NOW, **IDS, reason_code="moved_away", note="She moves to York.")
CANCEL = n.RequestCancellation(now=NOW, actor=OKAFOR, reason_code="moved_away", note="She moves to York.")
CONFIRM = n.ConfirmCancellation(now=LATER, actor=TANAKA)


# --- notes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [TANAKA, REACTION])
def test_a_note_on_the_way_closes_nothing(actor: str) -> None:
    note = n.NoteProgress(now=LATER, actor=actor, occasion="step_change", note="Now two sessions a week.")
    said = e.ProgressNoted(at=LATER, **AT_PLACE, occasion="step_change", note="Now two sessions a week.")
    after = given(REFERRAL, *TREATED).when(note).then(said)
    before = given(REFERRAL, *TREATED).state
    assert after.state.model_copy(update={"progress": ()}) == before
    assert [one.note for one in after.state.progress] == [said.note]


def test_a_note_may_say_for_how_long_nobody_heard_from_the_person() -> None:
    note = n.NoteProgress(now=LATER, actor=REACTION, quiet_days=21)
    said = e.ProgressNoted(at=LATER, **AT_PLACE, occasion="note", quiet_days=21)
    after = given(REFERRAL, *TREATED).when(note).then(said)
    assert [one.quiet_days for one in after.state.progress] == [21]


def test_a_note_is_from_treatment_and_may_be_without_words() -> None:
    note = n.NoteProgress(now=LATER, actor=TANAKA, note=" ")
    given(REFERRAL, *TREATED).when(note).then(e.ProgressNoted(at=LATER, **AT_PLACE, occasion="note"))
    given(REFERRAL, *w.WAITING).when(note).refused("wrong-status")
    given(REFERRAL, *TREATED).when(note.model_copy(update={"actor": OKAFOR})).refused("role-not-allowed")


# --- cancelling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["submitted", "information_requested", "in_triage", "accepted", "undecided"])
def test_a_referrer_asks_to_cancel_and_psychology_confirms(status: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    asked = story.when(CANCEL).then(ASKED)
    assert (asked.state.status, asked.state.cancel_note) == ("cancellation_requested", "She moves to York.")
    asked.when(CONFIRM.model_copy(update={"actor": OKAFOR})).refused("role-not-allowed")
    over = asked.when(CONFIRM).then(e.ReferralCancelled(at=LATER, **IDS, reason_code="moved_away"))
    assert (over.state.status, over.state.closed_at, over.state.place_id) == ("cancelled", LATER, None)


def test_a_referrer_asks_for_their_own_only_and_not_after_the_end() -> None:
    given(REFERRAL, *HISTORIES["accepted"]).when(CANCEL.model_copy(update={"actor": LINDQVIST})).refused("not-yours")
    given(REFERRAL, *HISTORIES["outcome_sent"]).when(CANCEL).refused("wrong-status")
    given(REFERRAL, DRAFTED).when(CANCEL).refused("wrong-status")


@pytest.mark.parametrize("before", [w.WAITING, w.OFFERED], ids=["waiting", "offered"])
def test_nobody_waits_at_a_place_once_it_is_asked_to_cancel(before: tuple[e.ReferralEvent, ...]) -> None:
    [said] = given(REFERRAL, *before).when(CANCEL).events()
    assert said.place_id == "place-video-sessions"
    assert given(REFERRAL, *before).when(CANCEL).happened().state.place_id is None


def test_a_seat_is_kept_until_the_cancellation_is_confirmed() -> None:
    [said] = given(REFERRAL, *w.OFFERED, w.TAKEN, w.BEGUN).when(CANCEL).happened().when(CONFIRM).events()
    assert isinstance(said, e.ReferralCancelled)
    assert said.place_id == "place-video-sessions"


KEEP = n.TurnDownCancellation(now=LATER, actor=TANAKA, rationale="They wish to go on.")
ASKABLE = [status for status in HISTORIES if given(REFERRAL, *HISTORIES[status]).state.status in UNDER_WAY]


@pytest.mark.parametrize("status", ASKABLE)
def test_what_is_not_cancelled_goes_on_where_it_stood(status: str) -> None:
    asked = given(REFERRAL, *HISTORIES[status]).when(CANCEL).happened()
    events = asked.when(KEEP).events()
    assert isinstance(events[0], e.CancellationTurnedDown)
    state = asked.when(KEEP).happened().state
    assert state.status == ("waitlisted" if status == "offered" else status)
    assert (state.cancel_reason, state.cancel_from, state.cancel_place_id) == (None, None, None)
    assert state.pauses == given(REFERRAL, *HISTORIES[status]).state.pauses


@pytest.mark.parametrize("before", [w.WAITING, w.OFFERED], ids=["waiting", "offered"])
def test_whoever_waited_joins_the_line_again_with_the_same_wait(before: tuple[e.ReferralEvent, ...]) -> None:
    waited = next(event for event in before if isinstance(event, e.ReferralWaitlisted))
    _, joined = given(REFERRAL, *before).when(CANCEL).happened().when(KEEP).events()
    assert isinstance(joined, e.ReferralWaitlisted)
    assert (joined.place_id, joined.waiting_since) == (waited.place_id, waited.waiting_since)
    assert joined.wait == (waited.wait or 0) + 1


def test_what_was_asked_before_it_was_kept_where_it_stood_is_looked_at_again() -> None:
    for status, back in (("accepted", "in_triage"), ("in_treatment", "in_treatment")):
        asked = given(REFERRAL, *HISTORIES[status]).when(CANCEL).happened().state
        [kept] = REFERRAL.decide(asked.model_copy(update={"cancel_from": None}), KEEP)
        assert isinstance(kept, e.CancellationTurnedDown)
        assert kept.back_to == back


def test_a_reason_that_is_not_known_any_more_reads_as_another_one() -> None:
    asked = given(REFERRAL, *HISTORIES["accepted"], ASKED).state.model_copy(update={"cancel_reason": None})
    [said] = REFERRAL.decide(asked, CONFIRM)
    assert isinstance(said, e.ReferralCancelled)
    assert said.reason_code == "other"


@pytest.mark.parametrize("actor", [ROSA, TANAKA])
def test_the_patient_may_still_withdraw_what_is_to_be_cancelled(actor: str) -> None:
    withdraw = c.WithdrawReferral(now=LATER, actor=actor, reason_code="pain_is_better")
    after = given(REFERRAL, *HISTORIES["accepted"], ASKED).when(withdraw)
    after.then(e.ReferralWithdrawn(at=LATER, **IDS, reason_code="pain_is_better"))
    assert after.happened().state.withdrawn_reason == "pain_is_better"


def test_what_was_finished_before_the_cancellation_is_still_reported() -> None:
    receive = n.ReceiveOutcome(now=NOW, actor=REACTION, summary=SUMMARY)
    after = given(REFERRAL, *TREATED, ASKED).when(receive).then(RECEIVED)
    assert (after.state.status, after.state.place_id) == ("outcome_sent", None)
    given(REFERRAL, *w.WAITING, ASKED).when(receive.model_copy(update={"actor": TANAKA})).refused("role-not-allowed")


# --- findings ------------------------------------------------------------------------------------------------------

FIND = n.SendFindings(now=LATER, actor=TANAKA, findings="Grief, and pain that it makes worse.", recommendation=" ")


@pytest.mark.parametrize("cancelled", [(), (ASKED,)])
def test_an_assessment_ends_with_what_it_found(cancelled: tuple[e.ReferralEvent, ...]) -> None:
    said = e.FindingsSent(at=LATER, **IDS, findings=FIND.findings, acknowledge_by=LATER + timedelta(hours=48))
    after = given(REFERRAL, *w.ASSESSED, *cancelled).when(FIND).then(said)
    state = after.state
    assert (state.status, state.findings, state.outcome_at) == ("outcome_sent", FIND.findings, LATER)
    assert REFERRAL.timers(state) == {"chase": said.acknowledge_by}
    after.when(n.AcknowledgeOutcome(now=LATER, actor=OKAFOR)).then(e.OutcomeAcknowledged(at=LATER, **IDS))


def test_what_is_advised_goes_along() -> None:
    found = given(REFERRAL, *w.ASSESSED).when(FIND.model_copy(update={"recommendation": "Talk first."})).happened()
    assert found.state.findings_recommendation == "Talk first."


def test_a_treatment_has_an_outcome_and_no_findings() -> None:
    given(REFERRAL, *TREATED).when(FIND).refused("not-an-assessment")
    given(REFERRAL, *w.ASSESSED).when(FIND.model_copy(update={"findings": ""})).refused("findings-missing")
    given(REFERRAL, *w.ASSESSED[:-1]).when(FIND).refused("wrong-status")


# --- looked at again -----------------------------------------------------------------------------------------------

CANCELLED = (*HISTORIES["accepted"], ASKED, e.ReferralCancelled(at=NOW, **IDS, reason_code="moved_away"))
ENDED = {**{status: HISTORIES[status] for status in ("returned", "declined", "withdrawn")}, "cancelled": CANCELLED}
REOPEN = n.ReopenReferral(now=LATER, actor=TANAKA, rationale="Asked again.")


@pytest.mark.parametrize("status", ENDED)
def test_what_ended_without_treatment_is_looked_at_again(status: str) -> None:
    due = LATER + timedelta(days=5)
    said = e.ReferralReopened(at=LATER, **IDS, rationale="Asked again.", triage_due=due)
    state = given(REFERRAL, *ENDED[status]).when(REOPEN).then(said).state
    assert (state.status, state.closed_at, state.agreed_at) == ("in_triage", None, None)
    assert (state.decline_reason, state.withdrawn_reason, state.cancel_reason) == (None, None, None)
    assert (state.rationale, state.triage_due) == ("Asked again.", due)
    assert REFERRAL.timers(state)["triage"] == due
    assert REFERRAL.keys(state)["open_key"] == "patient-rosa|pain-psychology"


def test_what_was_never_given_a_priority_is_looked_at_as_routine() -> None:
    old = given(REFERRAL, *HISTORIES["returned"]).state.model_copy(update={"priority": None})
    [said] = REFERRAL.decide(old, REOPEN)
    assert isinstance(said, e.ReferralReopened)
    assert said.triage_due == LATER + timedelta(days=40)


def test_what_was_treated_is_not_looked_at_again() -> None:
    over = (*TREATED, e.ReferralWithdrawn(at=NOW, **AT_PLACE))
    given(REFERRAL, *over).when(REOPEN).refused("treatment-begun")


@pytest.mark.parametrize("status", ["redirected", "loop_closed", "outcome_sent", "accepted"])
def test_what_goes_on_elsewhere_or_is_under_way_is_not_looked_at_again(status: str) -> None:
    redirected = e.ReferralRedirected(at=NOW, **IDS, to="primary-care", rationale="Sleep first.")
    past = {**HISTORIES, "redirected": (*HISTORIES["submitted"], redirected)}[status]
    given(REFERRAL, *past).when(REOPEN).refused("wrong-status")


# --- made in error -------------------------------------------------------------------------------------------------


def _wrong(actor: str = OKAFOR, **changes: Any) -> n.EnterInError:
    return n.EnterInError(now=LATER, actor=actor, **{"note": "Wrong person.", **changes})


@pytest.mark.parametrize("actor", [OKAFOR, TANAKA])
@pytest.mark.parametrize("status", ["submitted", "undecided", "waitlisted", "in_treatment", "returned"])
def test_what_should_never_have_been_made_is_marked_as_such(status: str, actor: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    said = e.EnteredInError(at=LATER, **{**IDS, "place_id": story.state.place_id}, note="Wrong person.")
    after = story.when(_wrong(actor)).then(said)
    assert (after.state.status, after.state.place_id, after.state.closed_at) == ("entered_in_error", None, LATER)
    assert REFERRAL.timers(after.state) == {}
    assert REFERRAL.keys(after.state)["open_key"] is None


@pytest.mark.parametrize("status", ["outcome_sent", "loop_closed"])
def test_what_has_an_outcome_stays_on_record(status: str) -> None:
    given(REFERRAL, *HISTORIES[status]).when(_wrong()).refused("wrong-status")


def test_an_error_is_explained_and_is_for_clinicians_to_say() -> None:
    sent = given(REFERRAL, *HISTORIES["submitted"])
    sent.when(_wrong(note=" ")).refused("note-missing")
    sent.when(_wrong(ROSA)).refused("role-not-allowed")
    sent.when(_wrong(LINDQVIST)).refused("not-yours")
    given(REFERRAL, DRAFTED).when(_wrong()).refused("wrong-status")


def test_nothing_is_done_to_what_was_made_in_error() -> None:
    wrong = given(REFERRAL, DRAFTED, e.EnteredInError(at=NOW, **IDS))
    assert STANDINGS[wrong.state.status].task == "entered-in-error"
    wrong.when(_wrong()).refused("wrong-status")
    wrong.when(REOPEN).refused("wrong-status")
