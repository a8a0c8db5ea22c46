"""From draft to submission, and the question that triage may put to the referrer."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.referral import commands as c
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import (
    ANSWERS,
    ASKED,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    LINDQVIST,
    NOW,
    OKAFOR,
    REFERRAL,
    SUBMITTED,
    TANAKA,
    draft,
    submission,
)


def test_a_referrer_begins_a_draft() -> None:
    given(REFERRAL).when(draft()).then(DRAFTED)


def test_nobody_drafts_in_the_name_of_another_unless_the_clinic_says_so() -> None:
    okafor_for_her = draft().model_copy(update={"referrer_id": "dr-lindqvist"})
    given(REFERRAL).when(okafor_for_her).refused("not-delegated", referrer="dr-lindqvist")
    given(REFERRAL).when(draft(actor=LINDQVIST)).then(DRAFTED.model_copy(update={"author_id": "dr-lindqvist"}))


def test_a_draft_is_begun_once() -> None:
    given(REFERRAL, DRAFTED).when(draft()).refused("wrong-status")


def test_a_complete_draft_is_submitted_with_scores_made_here() -> None:
    given(REFERRAL, DRAFTED).when(submission()).then(SUBMITTED)


@pytest.mark.parametrize(("priority", "days"), [("routine", 40), ("urgent", 5), ("very_urgent", 2)])
def test_priority_sets_when_triage_is_due(priority: str, days: int) -> None:
    [event] = given(REFERRAL, DRAFTED).when(submission(priority=priority)).events()
    assert isinstance(event, e.ReferralSubmitted)
    assert event.triage_due == NOW + timedelta(days=days)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"reason": "  "}, "reason-missing"),
        ({"goal": ""}, "goal-missing"),
        ({"refer_consented": False}, "consent-missing"),
        ({"answers": {}}, "measure-missing"),
    ],
)
def test_a_submission_needs_reason_goal_consent_and_measures(missing: dict[str, Any], code: str) -> None:
    given(REFERRAL, DRAFTED).when(submission(**missing)).refused(code)


@pytest.mark.parametrize("measure", ["PEG", "PHQ-4"])
def test_a_submission_needs_both_measures(measure: str) -> None:
    other = {name: items for name, items in ANSWERS.items() if name != measure}
    given(REFERRAL, DRAFTED).when(submission(answers=other)).refused("measure-missing", measure=measure)


def test_an_unfinished_measure_is_refused_with_the_items_that_are_missing() -> None:
    partial = {**ANSWERS, "PHQ-4": {1: 1, 3: 0}}
    given(REFERRAL, DRAFTED).when(submission(answers=partial)).refused(
        "measure-incomplete", measure="PHQ-4", missing="2,4"
    )


@pytest.mark.parametrize(("item", "value"), [(2, 11), (2, -1), (4, 5)])
def test_an_answer_outside_its_choices_is_refused(item: int, value: int) -> None:
    bad = {**ANSWERS, "PEG": {**ANSWERS["PEG"], item: value}}
    given(REFERRAL, DRAFTED).when(submission(answers=bad)).refused(
        "answer-refused", measure="PEG", item=item, kind="unknown_item" if item == 4 else "out_of_range"
    )


def test_a_measure_that_the_pathway_does_not_name_is_refused() -> None:
    more = {**ANSWERS, "PHQ-2": {1: 0, 2: 0}}
    given(REFERRAL, DRAFTED).when(submission(answers=more)).refused("measure-unknown", measure="PHQ-2")


def test_only_the_referrer_submits() -> None:
    given(REFERRAL, DRAFTED).when(submission(actor=LINDQVIST)).refused("not-yours")
    given(REFERRAL, DRAFTED).when(submission(actor=TANAKA)).refused("role-not-allowed")


def test_triage_asks_for_information() -> None:
    question = c.AskForInformation(now=NOW, actor=TANAKA, question=" Which medicines? ")
    given(REFERRAL, DRAFTED, SUBMITTED).when(question).then(ASKED)


def test_a_question_has_words() -> None:
    question = c.AskForInformation(now=NOW, actor=TANAKA, question=" ")
    given(REFERRAL, DRAFTED, SUBMITTED).when(question).refused("question-missing")


def _answer(after: timedelta, text: str = "None now.") -> c.ProvideInformation:
    return c.ProvideInformation(now=NOW + after, actor=OKAFOR, answer=text)


def test_an_answer_in_time_leaves_the_due_date_alone() -> None:
    told = e.InformationProvided(at=LATER, **IDS, answer="None now.", triage_due=NOW + timedelta(days=5))
    given(REFERRAL, *HISTORIES["information_requested"]).when(_answer(timedelta(days=1))).then(told)


def test_a_late_answer_gives_triage_one_more_day() -> None:
    late = timedelta(days=5)
    told = e.InformationProvided(at=NOW + late, **IDS, answer="None now.", triage_due=NOW + late + timedelta(days=1))
    after = given(REFERRAL, *HISTORIES["information_requested"]).when(_answer(late)).then(told)
    assert REFERRAL.timers(after.state)["triage"] == told.triage_due


def test_an_answer_has_words() -> None:
    given(REFERRAL, *HISTORIES["information_requested"]).when(_answer(timedelta(), " ")).refused("answer-missing")


def test_a_new_question_forgets_the_old_answer() -> None:
    told = e.InformationProvided(at=NOW, **IDS, answer="None now.", triage_due=NOW)
    asked = given(REFERRAL, *HISTORIES["information_requested"], told, ASKED).state
    assert (asked.question, asked.answer) == ("Which medicines?", None)


def test_an_answer_starts_the_reminders_anew() -> None:
    overdue = e.TriageOverdue(at=NOW + timedelta(days=5), **IDS, reminder=1)
    told = e.InformationProvided(at=NOW, **IDS, answer="None now.", triage_due=NOW + timedelta(days=6))
    after = given(REFERRAL, *HISTORIES["information_requested"], overdue, told).state
    assert REFERRAL.timers(after)["triage"] == NOW + timedelta(days=6)
