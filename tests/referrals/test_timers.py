"""Each wait: when it first ends, how often it is said again, when it is over. Nothing is waited for without a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import timers as t
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.commands import TimerDue
from tests.given import Given, given
from tests.referrals import waits as w
from tests.referrals.people import (
    ACCEPTED,
    ASKED,
    CLINIC,
    DRAFTED,
    HISTORIES,
    IDS,
    NOW,
    OKAFOR,
    REFERRAL,
    SUBMITTED,
    TIMER,
    TREATED,
)
from tests.referrals.waits import MEETING, TICK, VIDEO, due

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
CANCEL_ASKED = e.CancellationRequested(at=NOW, **IDS, reason_code="other")
NEW_HERE = (DRAFTED, SUBMITTED, ACCEPTED.model_copy(update={"warm_handoff": True}))
Story = tuple[e.ReferralEvent, ...]


@dataclass(frozen=True)
class Step:
    """What is owed, by whom; first due, and then again after `every`."""

    past: Story
    first: timedelta
    step: e.OverdueStep
    owed_by: e.OwedBy
    name: str = "step"
    every: timedelta = DAY


LACKING = tuple(one.model_copy(update={"pathway": "pain-trauma"}) for one in HISTORIES["submitted"])
STEPS = {
    "draft": Step((DRAFTED,), 14 * DAY, "draft", "referrer"),
    "documents": Step(LACKING, 7 * DAY, "documents", "referrer"),
    "booking": Step(w.TO_BOOK, 5 * DAY, "booking", "psychology"),
    "booking-after-missed": Step((*w.SCHEDULED, w.MISSED), 8 * DAY, "booking", "psychology"),
    "booking-after-called-off": Step((*w.SCHEDULED, w.CALLED_OFF), 5 * DAY, "booking", "psychology"),
    # A day after the planned end of the meeting: three days and fifty minutes from the beginning.
    "attendance": Step(w.SCHEDULED, 4 * DAY + timedelta(minutes=50), "attendance", "psychology"),
    "cancellation": Step((*w.WAITING, CANCEL_ASKED), 3 * DAY, "cancellation", "psychology"),
    "findings": Step(w.ASSESSED, 13 * DAY, "findings", "psychology"),
    "warm-handoff": Step(NEW_HERE, 5 * DAY, "warm_handoff", "psychology", name="warm-handoff"),
}


def _timers(story: Given) -> Mapping[str, datetime]:
    return REFERRAL.timers(story.state)


@pytest.mark.parametrize("wait", STEPS.values(), ids=STEPS.keys())
def test_whoever_owes_the_next_step_is_reminded_of_it_when_it_is_due_and_daily_from_then(wait: Step) -> None:
    story = given(REFERRAL, *wait.past)
    at: dict[str, Any] = {**IDS, "place_id": story.state.place_id, "step": wait.step, "owed_by": wait.owed_by}
    assert _timers(story)[wait.name] == NOW + wait.first
    story.when(due(wait.name, wait.first - TICK)).then()
    for reminder in (1, 2, 3):
        after = wait.first + wait.every * (reminder - 1)
        said = e.StepOverdue(at=NOW + after, **at, reminder=reminder)
        story = story.when(due(wait.name, after)).then(said)
        assert _timers(story)[wait.name] == said.at + wait.every
        story.when(due(wait.name, after + wait.every - TICK)).then()


def test_another_status_begins_its_reminders_anew() -> None:
    late = given(REFERRAL, *w.TO_BOOK).when(due("step", 9 * DAY)).happened()
    assert (late.state.reminders, late.state.reminded_at) == (1, NOW + 9 * DAY)
    missed = given(REFERRAL, *w.SCHEDULED).when(due("step", 9 * DAY)).happened()
    assert missed.state.reminders == 1
    again = REFERRAL.evolve(missed.state, w.MISSED)
    assert (again.reminders, again.reminded_at) == (0, None)
    assert REFERRAL.timers(again)["step"] == MEETING.at + 5 * DAY


@pytest.mark.parametrize("status", ["submitted", "accepted", "waitlisted", "in_treatment", "loop_closed", "none"])
def test_where_nobody_owes_a_step_nobody_is_reminded(status: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    assert "step" not in _timers(story)
    story.when(due("step", 400 * DAY)).then()


def test_documents_are_owed_until_they_are_there_and_only_while_triage_waits_for_them() -> None:
    letter = e.Attachment(attachment_id="a", kind="letter", text="Dear colleague.")
    came = e.AttachmentAdded(at=NOW, **IDS, attachment=letter, added_by="dr-okafor")
    taken = e.TriageTaken(at=NOW, **IDS, taken_by="psy-tanaka")
    assert "step" in _timers(given(REFERRAL, *LACKING, taken))
    assert "step" not in _timers(given(REFERRAL, *LACKING, came))
    assert "step" not in _timers(given(REFERRAL, *LACKING, ASKED))


def test_a_plan_that_is_lost_falls_back_on_when_the_status_began() -> None:
    lost = given(REFERRAL, *w.SCHEDULED).state.model_copy(update={"appointment": None})
    assert REFERRAL.timers(lost)["step"] == NOW + DAY
    nowhere = lost.model_copy(update={"status_since": None})
    assert "step" not in REFERRAL.timers(nowhere)


def test_a_first_meeting_with_psychology_is_owed_until_it_was_held_or_the_patient_has_answered() -> None:
    held = e.WarmHandoffHeld(at=NOW, **IDS, held_by="psy-tanaka")
    unsure = e.PatientUndecided(at=NOW, **IDS, reason_code="other", ask_again_at=NOW + 14 * DAY)
    assert "warm-handoff" in REFERRAL.timers(given(REFERRAL, *NEW_HERE, unsure).state)
    for stop in (held, w.AGREED, e.ReferralWithdrawn(at=NOW, **IDS)):
        story = given(REFERRAL, *NEW_HERE, stop, *((w.WAITS,) if stop is w.AGREED else ()))
        assert "warm-handoff" not in _timers(story)
    assert "warm-handoff" not in _timers(given(REFERRAL, *HISTORIES["accepted"]))
    undated = given(REFERRAL, *NEW_HERE).state.model_copy(update={"decided_at": None})
    assert "warm-handoff" not in REFERRAL.timers(undated)


# --- triage, and the question that it asks -------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["submitted", "information_requested", "in_triage"])
def test_triage_is_reminded_at_its_due_date_and_daily_from_then(status: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    story.when(due("triage", 5 * DAY - TICK)).then()
    for reminder in (1, 2):
        at = (4 + reminder) * DAY
        story = story.when(due("triage", at)).then(e.TriageOverdue(at=NOW + at, **IDS, reminder=reminder))
        assert _timers(story)["triage"] == NOW + at + DAY


def test_a_question_that_nobody_answers_is_said_to_be_late_and_triage_goes_on() -> None:
    story = given(REFERRAL, *HISTORIES["information_requested"])
    assert _timers(story)["information"] == ASKED.answer_due == NOW + 14 * DAY
    story.when(due("information", 14 * DAY - TICK)).then()
    for reminder in (1, 2):
        at = (13 + reminder) * DAY
        said = e.InformationOverdue(at=NOW + at, **IDS, reminder=reminder)
        story = story.when(due("information", at)).then(said)
        assert (story.state.status, _timers(story)["information"]) == ("information_requested", said.at + DAY)
    answered = c.ProvideInformation(now=NOW + 16 * DAY, actor=OKAFOR, answer="None now.")
    assert "information" not in _timers(story.when(answered).happened())


def test_a_new_question_has_its_own_time() -> None:
    late = given(REFERRAL, *HISTORIES["information_requested"]).when(due("information", 14 * DAY)).happened()
    again = REFERRAL.evolve(late.state, ASKED.model_copy(update={"answer_due": NOW + 30 * DAY}))
    assert (again.answer_reminders, REFERRAL.timers(again)["information"]) == (0, NOW + 30 * DAY)


def test_where_the_pathway_says_so_a_question_that_nobody_answers_ends_the_referral() -> None:
    asked = tuple(one.model_copy(update={"pathway": "pain-trauma"}) for one in HISTORIES["information_requested"])
    over = given(REFERRAL, *asked).when(due("information", 14 * DAY))
    over.then(e.ReferralLapsed(at=NOW + 14 * DAY, **IDS))
    state = over.happened().state
    assert (state.status, state.decline_reason, state.decided_at) == ("declined", "no_answer", NOW + 14 * DAY)
    assert (state.decision, REFERRAL.timers(state)) == (None, {})


def test_a_pathway_that_the_clinic_has_no_longer_ends_no_referral() -> None:
    asked = tuple(one.model_copy(update={"pathway": "sleep"}) for one in HISTORIES["information_requested"])
    [said] = given(REFERRAL, *asked).when(due("information", 14 * DAY)).events()
    assert isinstance(said, e.InformationOverdue)


# --- asking the patient --------------------------------------------------------------------------------------------


def _asks(story: Given) -> None:
    for times in (1, 2):
        at = 14 * DAY * times
        story.when(due("ask-again", at - TICK)).then()
        story = story.when(due("ask-again", at)).then(e.PatientAskedAgain(at=NOW + at, **IDS, times=times))
        assert _timers(story)["ask-again"] == NOW + at + 14 * DAY


def test_a_patient_who_has_not_answered_is_asked_again_and_again() -> None:
    _asks(given(REFERRAL, *HISTORIES["accepted"]))


@pytest.mark.parametrize("contact", ["message", "no_contact_until_date"])
def test_a_patient_who_needs_time_is_asked_on_their_day_by_a_message(contact: e.ContactWay) -> None:
    _asks(given(REFERRAL, *_undecided(contact)))


@pytest.mark.parametrize(("contact", "asker"), [("call", "psychology"), ("at_next_visit", "referrer")])
def test_who_wishes_to_be_talked_to_is_asked_by_somebody_and_gets_no_message(
    contact: e.ContactWay, asker: e.OwedBy
) -> None:
    story = given(REFERRAL, *_undecided(contact))
    story.when(due("ask-again", 14 * DAY - TICK)).then()
    for times in (1, 2):
        at = 14 * DAY * times
        said = e.StepOverdue(at=NOW + at, **IDS, step="patient_answer", owed_by=asker, reminder=times)
        story = story.when(due("ask-again", at)).then(said)
        assert (_timers(story)["ask-again"], story.state.asked_again) == (NOW + at + 14 * DAY, times)
        assert (story.state.reminders, story.state.reminded_at) == (0, None)


def _undecided(contact: e.ContactWay) -> Story:
    unsure = e.PatientUndecided(at=NOW, **IDS, reason_code="other", ask_again_at=NOW + 14 * DAY, contact=contact)
    return (*HISTORIES["accepted"], unsure)


def test_how_to_be_in_touch_is_for_whoever_needs_time_and_not_for_ever() -> None:
    agreed = (*_undecided("call"), e.ReferralReoffered(at=NOW, **IDS))
    [said] = given(REFERRAL, *agreed).when(due("ask-again", 14 * DAY)).events()
    assert isinstance(said, e.PatientAskedAgain)


def test_whoever_has_answered_is_not_asked() -> None:
    for past in (w.WAITING, TREATED, (*HISTORIES["accepted"], e.ReferralWithdrawn(at=NOW, **IDS))):
        story = given(REFERRAL, *past)
        assert "ask-again" not in _timers(story)
        story.when(due("ask-again", 400 * DAY)).then()


# --- while waiting -------------------------------------------------------------------------------------------------


def test_long_waits_are_said_once_at_each_mark_and_pauses_do_not_count() -> None:
    story = given(REFERRAL, *w.WAITING)
    assert _timers(story)["breach"] == NOW + 6 * WEEK
    story.when(due("breach", 6 * WEEK - TICK)).then()
    story = story.when(due("breach", 6 * WEEK)).then(e.WaitingBreached(at=NOW + 6 * WEEK, **VIDEO, weeks=6))
    assert _timers(story)["breach"] == NOW + 18 * WEEK
    paused = REFERRAL.evolve(story.state, e.ClockPaused(at=NOW + 7 * WEEK, **VIDEO, reason_code="other"))
    assert "breach" not in REFERRAL.timers(paused)
    resumed = e.ClockResumed(at=NOW + 9 * WEEK, **VIDEO, waiting_since=NOW + 2 * WEEK)
    assert REFERRAL.timers(REFERRAL.evolve(paused, resumed))["breach"] == NOW + 20 * WEEK
    story = story.when(due("breach", 18 * WEEK)).then(e.WaitingBreached(at=NOW + 18 * WEEK, **VIDEO, weeks=18))
    assert "breach" not in _timers(story)


@pytest.mark.parametrize("status", [status for status in Status if status not in t.s.BEFORE_TREATMENT])
def test_only_who_waits_for_treatment_waits_too_long(status: Status) -> None:
    waits = given(REFERRAL, *w.WAITING).state
    assert "breach" not in REFERRAL.timers(waits.model_copy(update={"status": status}))


def test_whoever_waits_is_asked_every_four_weeks_how_they_are() -> None:
    story = given(REFERRAL, *w.WAITING)
    assert _timers(story)["rescreen"] == NOW + 28 * DAY
    story.when(due("rescreen", 28 * DAY - TICK)).then()
    for times in (1, 2):
        at = 28 * DAY * times
        story = story.when(due("rescreen", at)).then(e.RescreenDue(at=NOW + at, **VIDEO, times=times))
        assert (story.state.rescreen_open, story.state.rescreens) == (True, times)
        assert _timers(story)["rescreen"] == NOW + at + 28 * DAY
    answered = e.RescreenRecorded(at=NOW + 60 * DAY, **VIDEO, readings=())
    assert REFERRAL.timers(REFERRAL.evolve(story.state, answered))["rescreen"] == NOW + 88 * DAY


@pytest.mark.parametrize("past", [w.TO_BOOK, w.SCHEDULED, w.TREATED, HISTORIES["accepted"], HISTORIES["submitted"]])
def test_nobody_else_is_asked_how_they_are(past: Story) -> None:
    assert "rescreen" not in _timers(given(REFERRAL, *past))
    assert "rescreen" in _timers(given(REFERRAL, *w.OFFERED))


def test_an_offer_is_a_wait_only_while_it_stands() -> None:
    assert "offer" not in _timers(given(REFERRAL, *w.WAITING))
    assert "offer" not in _timers(given(REFERRAL, *w.TO_BOOK))


def test_a_timer_of_a_wait_that_is_over_says_nothing() -> None:
    rings: ReferralState = given(REFERRAL, *TREATED, e.ReferralWithdrawn(at=NOW, **IDS)).state
    names = ("triage", "information", "ask-again", "reoffer", "offer", "rescreen", "breach", "step", "warm-handoff")
    for name in (*names, "chase", "lunch"):
        assert REFERRAL.decide(rings, TimerDue(now=NOW + 400 * DAY, actor=TIMER, name=name)) == []
    assert t.timers(CLINIC, rings) == {}
