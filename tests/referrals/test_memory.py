"""What a referral remembers of each step, for the screens that people decide by."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import (
    AGREED,
    DRAFTED,
    HISTORIES,
    IDS,
    NOW,
    REFERRAL,
    SUBMITTED,
    SUMMARY,
)

LATER = NOW + timedelta(hours=3)
CHASED = e.OutcomeChased(at=LATER, **IDS, times=1)
DECIDED = {"decided_at": NOW}


@pytest.mark.parametrize(
    ("status", "remembered"),
    [
        ("draft", {**IDS, "pathway": "pain-psychology", "submitted_at": None}),
        ("submitted", SUBMITTED.model_dump(include={"reason", "goal", "priority", "triage_due"})),
        ("submitted", {"readings": SUBMITTED.readings, "submitted_at": NOW}),
        ("information_requested", {"question": "Which medicines?", "answer": None}),
        ("accepted", {"rationale": "Good fit.", "programme_id": "cbt-pain", "step": 2, **DECIDED}),
        ("returned", {"rationale": "Try pacing first.", "closed_at": NOW, **DECIDED}),
        ("declined", {"rationale": "No places before autumn.", "decline_reason": "no_capacity", **DECIDED}),
        ("undecided", {"undecided_reason": "needs_time", "undecided_note": "Wants to ask her sister."}),
        ("in_treatment", {"agreed_at": NOW, "closed_at": None}),
        ("outcome_sent", {"summary": SUMMARY, "outcome_at": NOW, "acknowledge_by": NOW + timedelta(hours=48)}),
        ("loop_closed", {"summary": SUMMARY, "closed_at": NOW}),
    ],
)
def test_a_step_is_remembered(status: str, remembered: dict[str, Any]) -> None:
    state = given(REFERRAL, *HISTORIES[status]).state
    assert {name: getattr(state, name) for name in remembered} == remembered


def test_an_answer_is_remembered_beside_its_question() -> None:
    told = e.InformationProvided(at=LATER, **IDS, answer="None now.", triage_due=LATER)
    state = given(REFERRAL, *HISTORIES["information_requested"], told).state
    assert (state.question, state.answer, state.triage_due) == ("Which medicines?", "None now.", LATER)


def test_a_chased_outcome_remembers_how_often_and_when() -> None:
    state = given(REFERRAL, *HISTORIES["outcome_sent"], CHASED).state
    assert (state.chases, state.chased_at) == (1, LATER)


def test_what_came_before_is_kept() -> None:
    state = given(REFERRAL, DRAFTED, SUBMITTED, AGREED).state
    assert (state.reason, state.goal) == (SUBMITTED.reason, SUBMITTED.goal)
