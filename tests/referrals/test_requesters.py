"""Who may begin a referral, for whom, and what it is called."""

import re
from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.numbers import number
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import (
    DRAFTED,
    IDS,
    LATER,
    LINDQVIST,
    LUIS_ACTOR,
    NOW,
    OKAFOR,
    REACTION,
    REFERRAL,
    REQUEST,
    ROSA,
    STRANGER,
    TANAKA,
    draft,
    submission,
)

OWN = DRAFTED.model_copy(update={"requester": "patient", "requester_id": "patient-rosa", "author_id": "patient-rosa"})
BY_LUIS = DRAFTED.model_copy(
    update={"requester": "caregiver", "requester_id": "caregiver-luis", "author_id": "caregiver-luis"}
)


def _draft(actor: str, **changes: Any) -> c.DraftReferral:
    return draft(actor=actor).model_copy(update=changes)


def test_who_writes_for_a_colleague_is_on_record_beside_whom_it_belongs_to() -> None:
    story = given(REFERRAL).when(draft(actor=LINDQVIST)).happened()
    assert (story.state.author_id, story.state.referrer_id, story.state.requester_id) == (
        "dr-lindqvist",
        "dr-okafor",
        "dr-okafor",
    )
    story.when(submission(actor=LINDQVIST)).happened()
    story.when(submission(actor=OKAFOR)).happened()


def test_a_question_to_psychology_becomes_a_draft_of_its_referrer() -> None:
    converted = _draft(REACTION, advice_id="advice-1")
    said = DRAFTED.model_copy(update={"author_id": "referrals", "advice_id": "advice-1"})
    given(REFERRAL).when(converted).then(said)


@pytest.mark.parametrize("actor", [TANAKA, "operator:op-byrne"])
def test_psychology_and_operators_begin_no_referral(actor: str) -> None:
    given(REFERRAL).when(draft(actor=actor)).refused("role-not-allowed")


def test_a_draft_keeps_the_number_of_the_referring_side_and_an_empty_one_is_none() -> None:
    given(REFERRAL).when(_draft(OKAFOR, placer="PC-77")).then(DRAFTED.model_copy(update={"placer": "PC-77"}))
    given(REFERRAL).when(_draft(OKAFOR, placer="")).then(DRAFTED)


def test_a_pathway_that_the_clinic_lacks_is_refused_by_name() -> None:
    given(REFERRAL).when(_draft(OKAFOR, pathway="sleep")).refused("pathway-unknown", pathway="sleep")
    lost = DRAFTED.model_copy(update={"pathway": "sleep"})
    given(REFERRAL, lost).when(submission()).refused("pathway-unknown", pathway="sleep")


# --- for oneself, and for somebody who trusts one ------------------------------------------------------------------


def test_a_patient_asks_for_themselves() -> None:
    given(REFERRAL).when(_draft(ROSA, requester="patient")).then(OWN)
    given(REFERRAL).when(_draft(STRANGER, requester="patient")).refused("not-yours")


@pytest.mark.parametrize("asked", list(e.Priority))
def test_whoever_asks_for_themselves_does_not_say_how_soon(asked: e.Priority) -> None:
    story = given(REFERRAL, OWN).when(submission(actor=ROSA, priority=asked)).happened()
    assert (story.state.priority, story.state.triage_due) == (e.Priority.ROUTINE, NOW + timedelta(days=40))


def test_their_clinician_may_send_it_and_says_how_soon() -> None:
    story = given(REFERRAL, OWN).when(submission(actor=OKAFOR, priority="very_urgent")).happened()
    assert story.state.triage_due == NOW + timedelta(days=2)


def test_a_patient_does_not_send_what_a_clinician_wrote() -> None:
    given(REFERRAL, DRAFTED).when(submission(actor=ROSA)).refused("not-yours")


def test_a_caregiver_begins_a_referral_and_the_patient_sends_it() -> None:
    story = given(REFERRAL).when(_draft(LUIS_ACTOR, requester="caregiver")).then(BY_LUIS)
    story.when(submission(actor=LUIS_ACTOR)).refused("role-not-allowed")
    sent = story.when(submission(actor=ROSA)).happened()
    assert (sent.state.status, sent.state.requester_id) == ("submitted", "caregiver-luis")


@pytest.mark.parametrize("drafted", [OWN, BY_LUIS])
def test_a_patient_discards_what_they_or_somebody_they_trust_began(drafted: e.ReferralDrafted) -> None:
    discard = c.DiscardDraft(now=LATER, actor=ROSA)
    given(REFERRAL, drafted).when(discard).then(e.DraftDiscarded(at=LATER, **IDS))
    given(REFERRAL, drafted).when(discard.model_copy(update={"actor": STRANGER})).refused("not-yours")
    given(REFERRAL, DRAFTED).when(discard).refused("not-yours")
    own = discard.model_copy(update={"actor": OKAFOR})
    given(REFERRAL, DRAFTED).when(own).then(e.DraftDiscarded(at=LATER, **IDS))
    given(REFERRAL, drafted).when(submission(actor=ROSA)).happened().when(discard).refused("wrong-status")


@pytest.mark.parametrize("drafted", [OWN, BY_LUIS])
def test_a_clinician_stands_by_what_others_asked_for_once(drafted: e.ReferralDrafted) -> None:
    story = given(REFERRAL, drafted).when(submission(actor=ROSA)).happened()
    link = c.LinkClinician(now=NOW, actor=OKAFOR)
    linked = story.when(link).then(e.ClinicianLinked(at=NOW, **IDS))
    assert linked.state.clinician_linked
    linked.when(link).refused("clinician-linked")
    story.when(link.model_copy(update={"actor": LINDQVIST})).refused("not-yours")


def test_a_clinician_stands_by_their_own_referral_anyway() -> None:
    sent = given(REFERRAL, DRAFTED).when(submission()).happened()
    sent.when(c.LinkClinician(now=NOW, actor=OKAFOR)).refused("clinician-linked")


def test_a_redirected_referral_goes_on_with_what_was_asked_and_is_due_from_now() -> None:
    asked = {**IDS, "based_on": "referral-0", "request": REQUEST, "rationale": "Trauma comes first."}
    due = LATER + timedelta(days=5)
    go_on = c.ContinueReferral(now=LATER, actor=REACTION, **asked)
    story = (
        given(REFERRAL)
        .when(go_on)
        .then(e.ReferralContinued(at=LATER, **asked, triage_due=due, number=number("referral-1"), template_version=1))
    )
    state = story.state
    assert (state.number, state.requester_id, state.author_id) == (number("referral-1"), None, None)
    assert (state.status, state.based_on, state.submitted_at, state.screened_at) == (
        "submitted",
        "referral-0",
        LATER,
        LATER,
    )
    assert (state.reason, state.flags, state.preferences) == (REQUEST.reason, ("trauma",), REQUEST.preferences)
    assert (state.clock_started_at, state.triage_due) == (REQUEST.clock_started_at, due)
    story.when(go_on).refused("wrong-status")


# --- numbers -------------------------------------------------------------------------------------------------------


def test_a_number_is_the_same_for_ever() -> None:
    assert number("referral-1") == "CP-ES5R-HP36"


def test_numbers_are_short_easy_to_say_and_unlike_each_other() -> None:
    made = {number(f"referral-{n}") for n in range(5000)}
    assert len(made) == 5000
    assert all(re.fullmatch(r"CP-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", one) for one in made)
    assert len({letter for one in made for letter in one[3:].replace("-", "")}) == 30
