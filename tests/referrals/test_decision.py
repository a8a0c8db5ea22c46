"""What triage may decide, against which advice, and how soon; and where a redirected referral goes."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import clock
from services.referrals.domain.referral import commands as c
from shared.contracts import referrals as e
from shared.contracts.commands import Command
from tests.given import given
from tests.referrals.people import (
    ACCEPTED,
    AGREED,
    CLINIC,
    DECIDED,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    NOW,
    OKAFOR,
    PEG,
    REFERRAL,
    SUBMITTED,
    TAKEN_ON,
    TANAKA,
    WAITLISTED,
)
from tests.referrals.waits import due

SENT = HISTORIES["submitted"]
ALARMED = (DRAFTED, SUBMITTED.model_copy(update={"flags": ("self_harm_concern",)}))
"""The rules recommend no step here, but that a person looks first, very soon."""
CONSULT = e.Recommendation(
    rules_version=1,
    urgency=e.Priority.VERY_URGENT,
    consult=True,
    reasons=("pain-moderate", "self-harm-concern", "urgent-asked", "worry-screen-positive"),
)


def _accept(**changes: Any) -> c.AcceptReferral:
    return c.AcceptReferral(now=NOW, actor=TANAKA, **{"rationale": "Good fit.", "step": 2, **changes})


def test_somebody_takes_it_on_and_triage_is_as_due_as_before() -> None:
    after = given(REFERRAL, *SENT).when(c.TakeOnTriage(now=NOW, actor=TANAKA)).then(TAKEN_ON)
    assert (after.state.triage_by, after.state.triage_due) == ("psy-tanaka", SUBMITTED.triage_due)
    after.when(c.TakeOnTriage(now=NOW, actor=TANAKA)).refused("wrong-status")


# --- against the rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 3, 4])
def test_another_step_than_recommended_needs_a_reason_of_its_own(step: int) -> None:
    story = given(REFERRAL, *SENT)
    story.when(_accept(step=step)).refused("departure-missing", recommended=2, step=step)
    story.when(_accept(step=step, departure="  ")).refused("departure-missing")
    departed = ACCEPTED.model_copy(update={"step": step, "departure": "Seen in person."})
    after = story.when(_accept(step=step, departure="Seen in person.")).then(departed)
    assert (after.state.departure, after.state.decision.step) == ("Seen in person.", step)


@pytest.mark.parametrize("priority", ["routine", "very_urgent"])
def test_another_urgency_than_recommended_needs_a_reason_of_its_own(priority: e.Priority) -> None:
    story = given(REFERRAL, *SENT)
    story.when(_accept(priority=priority)).refused("departure-missing", recommended=2, step=2)
    after = story.when(_accept(priority=priority, departure="Waits safely.")).happened()
    assert (after.state.priority, after.state.departure) == (priority, "Waits safely.")


def test_as_recommended_needs_no_other_reason_and_an_empty_one_is_none() -> None:
    given(REFERRAL, *SENT).when(_accept(priority="urgent")).then(ACCEPTED)
    given(REFERRAL, *SENT).when(_accept(departure=" ")).then(ACCEPTED)


@pytest.mark.parametrize("step", [1, 2, 4])
def test_where_a_person_must_look_first_any_step_is_a_decision_and_its_urgency_counts(step: int) -> None:
    story = given(REFERRAL, *ALARMED)
    story.when(_accept(step=step)).refused("departure-missing", recommended=0)
    [accepted] = story.when(_accept(step=step, priority="very_urgent")).events()
    assert isinstance(accepted, e.ReferralAccepted)
    assert (accepted.recommendation, accepted.step) == (CONSULT, step)


NO: list[tuple[Command, type[e.ReferralEvent]]] = [
    (c.ReturnReferral(now=NOW, actor=TANAKA, rationale="Pacing first."), e.ReferralReturned),
    (
        c.DeclineReferral(now=NOW, actor=TANAKA, rationale="Full.", reason_code="no_capacity"),
        e.ReferralDeclined,
    ),
    (
        c.RedirectReferral(now=NOW, actor=TANAKA, rationale="Sleep.", to="primary-care", continued_as="referral-2"),
        e.ReferralRedirected,
    ),
]


@pytest.mark.parametrize(("command", "kind"), NO, ids=lambda value: getattr(value, "__name__", ""))
def test_every_decision_says_who_took_it_and_what_the_rules_had_said(
    command: Command, kind: type[e.ReferralEvent]
) -> None:
    story = given(REFERRAL, *ALARMED).when(command)
    [event] = story.events()
    assert type(event) is kind
    state = story.happened().state
    assert (state.decided_by, state.recommendation, state.decided_at) == ("psy-tanaka", CONSULT, NOW)
    assert state.decision.recommendation == CONSULT
    assert (state.decision.step, state.closed_at, state.clock_stopped_at) == (None, NOW, NOW)


# --- what triage needs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("requester", ["patient", "caregiver"])
def test_from_step_three_on_a_clinician_stands_by_what_others_asked_for(requester: e.Requester) -> None:
    sent = (DRAFTED.model_copy(update={"requester": requester}), SUBMITTED)
    given(REFERRAL, *sent).when(_accept()).then(ACCEPTED)
    for step in (3, 4):
        above = _accept(step=step, departure="Seen in person.")
        given(REFERRAL, *sent).when(above).refused("clinician-missing", step=step)
        given(REFERRAL, *sent, e.ClinicianLinked(at=NOW, **IDS)).when(above).happened()


def test_a_document_that_the_pathway_asks_for_is_there_before_triage_accepts() -> None:
    sent = tuple(one.model_copy(update={"pathway": "pain-trauma"}) for one in SENT)
    note, letter = (
        e.AttachmentAdded(
            at=NOW, **IDS, added_by="dr-okafor", attachment=e.Attachment(attachment_id=kind, kind=kind, text="Dear.")
        )
        for kind in ("note", "letter")
    )
    given(REFERRAL, *sent).when(_accept()).refused("attachment-missing")
    given(REFERRAL, *sent, note).when(_accept()).refused("attachment-missing")
    given(REFERRAL, *sent, letter).when(_accept()).happened()


@pytest.mark.parametrize(("is_new", "held", "owed"), [(True, False, True), (True, True, False), (False, False, False)])
def test_somebody_new_to_mental_health_care_is_met_first_unless_they_were(is_new: bool, held: bool, owed: bool) -> None:
    met = [e.WarmHandoffHeld(at=NOW, **IDS, held_by="psy-tanaka")] if held else []
    after = given(REFERRAL, *SENT, *met).when(_accept(new_to_mental_health=is_new)).happened()
    assert after.state.warm_handoff is owed


# --- how soon ------------------------------------------------------------------------------------------------------


def _prioritise(priority: str, actor: str = TANAKA) -> c.ChangePriority:
    return c.ChangePriority(now=LATER, actor=actor, priority=e.Priority(priority), rationale="Worse.")


@pytest.mark.parametrize(("priority", "days"), [("routine", 40), ("very_urgent", 2)])
@pytest.mark.parametrize("status", ["submitted", "information_requested", "in_triage"])
def test_another_priority_counts_from_the_moment_it_was_sent(status: str, priority: str, days: int) -> None:
    by = NOW + timedelta(days=days)
    said = e.PriorityChanged(at=LATER, **IDS, priority=e.Priority(priority), rationale="Worse.", triage_due=by)
    after = given(REFERRAL, *HISTORIES[status]).when(_prioritise(priority)).then(said)
    assert (after.state.priority, REFERRAL.timers(after.state)["triage"]) == (priority, by)


def test_a_new_due_date_starts_the_reminders_anew() -> None:
    story = given(REFERRAL, *SENT).when(due("triage", timedelta(days=5))).happened()
    after = story.when(_prioritise("routine")).happened()
    assert REFERRAL.timers(after.state)["triage"] == NOW + timedelta(days=40)


@pytest.mark.parametrize("status", ["accepted", "undecided", "waitlisted"])
def test_once_triage_has_decided_another_priority_has_no_due_date(status: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    [said] = story.when(_prioritise("very_urgent")).events()
    assert isinstance(said, e.PriorityChanged)
    assert said.triage_due is None
    after = story.when(_prioritise("very_urgent")).happened().state
    assert (after.priority, after.triage_due) == ("very_urgent", SUBMITTED.triage_due)


def test_the_same_priority_says_nothing_and_only_psychology_changes_it() -> None:
    given(REFERRAL, *SENT).when(_prioritise("urgent")).then()
    given(REFERRAL, *SENT).when(_prioritise("routine", OKAFOR)).refused("role-not-allowed")


# --- on to another service -----------------------------------------------------------------------------------------


def _redirect(to: str) -> c.RedirectReferral:
    return c.RedirectReferral(now=LATER, actor=TANAKA, to=to, rationale="Better there.", continued_as="referral-2")


def test_to_another_pathway_of_the_clinic_it_takes_along_all_that_was_asked_and_its_wait() -> None:
    undecided = (*HISTORIES["undecided"], e.PriorityChanged(at=NOW, **IDS, priority="routine", rationale="Calmer."))
    [said] = given(REFERRAL, *undecided).when(_redirect("pain-trauma")).events()
    assert isinstance(said, e.ReferralRedirected)
    assert (said.to, said.continued_as, said.request and said.request.pathway) == (
        "pain-trauma",
        "referral-2",
        "pain-trauma",
    )
    assert said.request is not None
    assert (said.request.reason, said.request.goal) == (SUBMITTED.reason, SUBMITTED.goal)
    assert (said.request.priority, said.request.readings) == ("routine", SUBMITTED.readings)
    assert said.request.clock_started_at == NOW
    assert said.request.pauses == (e.Pause(since=NOW, until=LATER, reason_code="patient_undecided"),)


def test_the_wait_goes_on_in_the_referral_that_it_goes_on_as() -> None:
    held = given(REFERRAL, *HISTORIES["undecided"])
    [said] = held.when(_redirect("pain-trauma")).events()
    assert isinstance(said, e.ReferralRedirected)
    continued = e.ReferralContinued(
        at=LATER, **IDS, based_on="referral-1", request=said.request, rationale=None, triage_due=LATER
    )
    for now in (LATER, LATER + timedelta(days=9)):
        after = given(REFERRAL, continued).state
        assert clock.waiting_since(after, now) == clock.waiting_since(held.state, LATER)
        assert clock.waited(after, now) == now - LATER


def test_outside_the_clinic_it_goes_on_nowhere_here() -> None:
    said = e.ReferralRedirected(at=LATER, **IDS, **DECIDED, to="primary-care", rationale="Better there.")
    after = given(REFERRAL, *SENT).when(_redirect("primary-care")).then(said)
    assert (after.state.status, after.state.redirected_to, after.state.continued_as) == (
        "redirected",
        "primary-care",
        None,
    )


@pytest.mark.parametrize("to", ["pain-psychology", "the-moon"])
def test_it_goes_neither_to_where_it_is_nor_to_where_nobody_knows(to: str) -> None:
    given(REFERRAL, *SENT).when(_redirect(to)).refused("redirect-unknown", to=to)


# --- a second look -------------------------------------------------------------------------------------------------

WORSE = (
    *HISTORIES["waitlisted"],
    e.WorseWhileWaiting(at=NOW, **WAITLISTED.model_dump(include={*IDS, "place_id"}), reasons=("x",), triage_due=LATER),
)


def test_whoever_agreed_is_not_asked_again_after_a_second_look() -> None:
    accepted, then = given(REFERRAL, *WORSE).when(_accept()).events()
    assert isinstance(accepted, e.ReferralAccepted)
    assert then == WAITLISTED.model_copy(update={"wait": 2})
    after = given(REFERRAL, *WORSE).when(_accept(priority="very_urgent", departure="Worse.")).happened().state
    assert (after.status, after.place_id, after.priority) == ("waitlisted", "place-online-course", "very_urgent")


def test_a_second_look_waits_with_the_priority_that_it_gave() -> None:
    _, then = given(REFERRAL, *WORSE).when(_accept(priority="very_urgent", departure="Worse.")).events()
    assert isinstance(then, e.ReferralWaitlisted)
    assert then.priority == "very_urgent"


def test_whoever_changed_their_mind_since_is_asked_again() -> None:
    unsure = e.PatientUndecided(at=NOW, **IDS, reason_code="other", ask_again_at=LATER)
    again = (*HISTORIES["accepted"], AGREED, unsure, e.ReferralWithdrawn(at=NOW, **IDS))
    reopened = e.ReferralReopened(at=NOW, **IDS, rationale="Asked again.", triage_due=LATER)
    [accepted] = given(REFERRAL, *again, reopened).when(_accept()).events()
    assert isinstance(accepted, e.ReferralAccepted)
    assert accepted.asks_patient


def test_the_recommendation_goes_by_the_latest_reading() -> None:
    better = PEG.model_copy(update={"answers": (1, 1, 1), "total": 3, "value": 1.0, "taken_at": LATER})
    story = given(REFERRAL, *SENT, e.RescreenRecorded(at=LATER, **IDS, readings=(better,)))
    [accepted] = story.when(_accept(departure="x")).events()
    assert isinstance(accepted, e.ReferralAccepted)
    assert accepted.recommendation is not None
    assert "pain-moderate" not in accepted.recommendation.reasons
    assert CLINIC.triage_rules.version == accepted.recommendation.rules_version
