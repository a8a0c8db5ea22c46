"""What goes along with a referral: notes, letters, further measures, and an answer that cannot wait for triage."""

from typing import Any

import pytest

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.decision import recommendation
from services.referrals.domain.referral.guards import MOST_ATTACHMENTS
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import (
    ANSWERS,
    CLINIC,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    LINDQVIST,
    OKAFOR,
    REFERRAL,
    ROSA,
    SUBMITTED,
    TANAKA,
    submission,
)
from tests.referrals.rules import reading

SUBMIT = (DRAFTED, SUBMITTED)


def _phq9(ninth: int) -> dict[int, int]:
    return {**dict.fromkeys(range(1, 9), 1), 9: ninth}


def _attach(actor: str = OKAFOR, id: str = "attachment-1", **fields: Any) -> c.AttachToReferral:
    return c.AttachToReferral(now=LATER, actor=actor, attachment_id=id, **{"kind": "note", "text": "Sleeps.", **fields})


def _added(by: str = "dr-okafor", id: str = "attachment-1", **fields: Any) -> e.AttachmentAdded:
    attachment = e.Attachment(attachment_id=id, **{"kind": "note", "text": "Sleeps.", **fields})
    return e.AttachmentAdded(at=LATER, **IDS, attachment=attachment, added_by=by)


def _risk(value: int) -> e.RiskAnswerReported:
    return e.RiskAnswerReported(at=LATER, **IDS, measure="PHQ-9", item=9, value=value)


@pytest.mark.parametrize(("actor", "by"), [(OKAFOR, "dr-okafor"), (TANAKA, "psy-tanaka")])
@pytest.mark.parametrize("status", ["draft", "submitted", "in_triage", "waitlisted", "in_treatment"])
def test_clinicians_add_a_note_as_long_as_it_is_under_way(status: str, actor: str, by: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    added = _added(by).model_copy(update={"place_id": story.state.place_id})
    after = story.when(_attach(actor)).then(added)
    assert (after.state.attachments, after.state.status) == ((added.attachment,), status)


@pytest.mark.parametrize("status", ["returned", "withdrawn", "outcome_sent", "loop_closed"])
def test_nothing_is_added_once_it_is_over(status: str) -> None:
    given(REFERRAL, *HISTORIES[status]).when(_attach()).refused("wrong-status")


def test_nobody_else_adds_anything() -> None:
    given(REFERRAL, *SUBMIT).when(_attach(LINDQVIST)).refused("not-yours")
    given(REFERRAL, *SUBMIT).when(_attach(ROSA)).refused("role-not-allowed")


def test_the_same_attachment_again_says_nothing() -> None:
    given(REFERRAL, *SUBMIT, _added()).when(_attach(text="Sleeps badly.")).then()


@pytest.mark.parametrize("kind", ["note", "letter", "medication_summary", "pain_history"])
def test_a_text_has_words(kind: str) -> None:
    given(REFERRAL, *SUBMIT).when(_attach(kind=kind, text="  ")).refused("attachment-text-missing")


def test_there_may_be_so_many_attachments_and_no_more() -> None:
    full = [_added(id=f"attachment-{n}") for n in range(MOST_ATTACHMENTS)]
    given(REFERRAL, *SUBMIT, *full[:-1]).when(_attach(id="another")).then(_added(id="another"))
    given(REFERRAL, *SUBMIT, *full).when(_attach(id="another")).refused("attachments-full")


def test_an_attached_measure_is_scored_here() -> None:
    scored = reading("GAD-7", 1, 1, 1, 1, 1, 1, 1, taken_at=LATER)
    answers = {"GAD-7": dict.fromkeys(range(1, 8), 1)}
    given(REFERRAL, *SUBMIT).when(_attach(kind="measure", text="", answers=answers)).then(
        _added(kind="measure", text=None, reading=scored)
    )


@pytest.mark.parametrize("answers", [{}, ANSWERS])
def test_a_measure_is_attached_one_at_a_time(answers: c.Answers) -> None:
    given(REFERRAL, *SUBMIT).when(_attach(kind="measure", answers=answers)).refused("measure-missing")


def test_an_attached_measure_is_known_and_complete() -> None:
    story = given(REFERRAL, *SUBMIT)
    story.when(_attach(kind="measure", answers={"XYZ": {1: 1}})).refused("measure-unknown", measure="XYZ")
    story.when(_attach(kind="measure", answers={"PEG": {1: 1}})).refused("measure-incomplete", missing="2,3")


# --- an answer that says somebody may be unsafe --------------------------------------------------------------------


@pytest.mark.parametrize(("value", "risks"), [(0, ()), (1, (1,)), (3, (3,))])
def test_a_worrying_answer_in_an_attachment_is_told_at_once(value: int, risks: tuple[int, ...]) -> None:
    scored = reading("PHQ-9", *_phq9(value).values(), taken_at=LATER)
    attach = _attach(kind="measure", text="", answers={"PHQ-9": _phq9(value)})
    after = given(REFERRAL, *SUBMIT).when(attach)
    told = after.then(_added(kind="measure", text=None, reading=scored), *[_risk(one) for one in risks])
    assert told.state.status == "submitted"


@pytest.mark.parametrize(("value", "risks"), [(0, ()), (1, (1,)), (2, (2,))])
def test_a_worrying_answer_in_the_request_is_told_at_once(value: int, risks: tuple[int, ...]) -> None:
    sent = submission(at=LATER, answers={**ANSWERS, "PHQ-9": _phq9(value)})
    submitted, *told = given(REFERRAL, DRAFTED).when(sent).events()
    assert isinstance(submitted, e.ReferralSubmitted)
    assert [one.measure for one in submitted.readings] == ["PEG", "PHQ-4", "PHQ-9"]
    assert told == [_risk(one) for one in risks]


def test_measures_that_may_come_along_may_be_left_out_or_empty() -> None:
    story = given(REFERRAL, DRAFTED).when(submission(answers={**ANSWERS, "GAD-7": {}})).happened()
    assert [one.measure for one in story.state.readings] == ["PEG", "PHQ-4"]


def test_a_measure_that_comes_along_is_complete_too() -> None:
    partial = submission(answers={**ANSWERS, "PHQ-9": {9: 3}})
    given(REFERRAL, DRAFTED).when(partial).refused("measure-incomplete", measure="PHQ-9")


def test_a_worrying_answer_counts_as_concern_about_self_harm_in_the_triage_rules() -> None:
    state = given(REFERRAL, DRAFTED).when(submission(answers={**ANSWERS, "PHQ-9": _phq9(1)})).happened().state
    said = recommendation(CLINIC, state)
    assert said is not None
    assert (said.consult, said.urgency) == (True, e.Priority.VERY_URGENT)
    assert "self-harm-concern" in said.reasons
    assert state.flags == ()


def test_marks_are_kept_once_and_in_their_order() -> None:
    flags = ("trauma", "opioid_use", "trauma")
    story = given(REFERRAL, DRAFTED).when(submission(flags=flags)).happened()
    assert story.state.flags == ("trauma", "opioid_use")


def test_there_is_no_recommendation_before_it_is_sent() -> None:
    assert recommendation(CLINIC, given(REFERRAL, DRAFTED).state) is None
