"""Answers are kept one by one; a worrying one is told at once, finished form or not; a partial form has no score."""

from typing import Any

import pytest

from services.interventions.domain.series.commands import OpenMeasures, RecordAnswers
from shared.contracts.commands import Command
from shared.contracts.interventions import (
    AnswerRecorded,
    EpisodeActivated,
    MeasureCompleted,
    MeasuresOpened,
    RiskAnswerGiven,
)
from shared.contracts.referrals import Reading
from tests.given import given
from tests.interventions import example as ex

OPEN = ex.command(
    OpenMeasures, series_id="s1", episode_id="e1", patient_id="p1", occasion="start", measures=("PEG", "PHQ-9")
)
OPENED = ex.of_series(MeasuresOpened, occasion="start", measures=("PEG", "PHQ-9"))
EIGHT = dict.fromkeys(range(1, 9), 1)


def answer(measure: str, answers: dict[int, int], occasion: str = "start") -> RecordAnswers:
    return ex.command(RecordAnswers, ex.PATIENT, occasion=occasion, measure=measure, answers=answers)


def said(kind: Any, measure: str, item: int, value: int) -> Any:
    return ex.of_series(kind, occasion="start", measure=measure, item=item, value=value)


def answered(measure: str, answers: dict[int, int]) -> list[AnswerRecorded]:
    return [said(AnswerRecorded, measure, item, value) for item, value in answers.items()]


def worried(value: int) -> RiskAnswerGiven:
    told: RiskAnswerGiven = said(RiskAnswerGiven, "PHQ-9", 9, value)
    return told


def test_requested_questionnaires_can_be_answered() -> None:
    given(ex.SERIES).when(OPEN).then(OPENED)


def test_opening_the_same_questionnaires_again_says_nothing() -> None:
    given(ex.SERIES, OPENED).when(OPEN).then()


def test_a_later_occasion_adds_its_own_questionnaires_and_keeps_the_earlier_ones() -> None:
    later = OPEN.model_copy(update={"occasion": "end"})
    both = given(ex.SERIES, OPENED).when(later).then(OPENED.model_copy(update={"occasion": "end"}))
    assert [form.occasion for form in both.state.forms] == ["start", "start", "end", "end"]


def test_each_answer_is_recorded_and_a_partial_form_has_no_score() -> None:
    partial = given(ex.SERIES, OPENED).when(answer("PEG", {2: 5, 1: 7})).then(*answered("PEG", {1: 7, 2: 5}))
    assert partial.state.form("start", "PEG").reading is None


def test_the_same_answer_again_says_nothing_and_a_changed_one_is_recorded() -> None:
    story = given(ex.SERIES, OPENED, *answered("PEG", {1: 7}))
    story.when(answer("PEG", {1: 7})).then()
    changed = story.when(answer("PEG", {1: 6, 2: 0})).then(*answered("PEG", {1: 6, 2: 0}))
    assert changed.state.form("start", "PEG").answers == {1: 6, 2: 0}


def test_the_last_missing_answer_completes_and_scores_the_questionnaire() -> None:
    before = given(ex.SERIES, OPENED, *answered("PEG", {1: 7, 3: 4}))
    recorded, completed = before.when(answer("PEG", {2: 5})).events()
    assert recorded == said(AnswerRecorded, "PEG", 2, 5)
    assert isinstance(completed, MeasureCompleted)
    assert (completed.reading.answers, completed.reading.total) == ((7, 5, 4), 16)
    assert completed.reading.value == pytest.approx(16 / 3)
    assert (completed.occasion, completed.reading.taken_at) == ("start", ex.T0)


def test_a_questionnaire_sent_whole_is_completed_in_one_step() -> None:
    events = given(ex.SERIES, OPENED).when(answer("PHQ-9", EIGHT | {9: 0})).events()
    assert events[:-1] == answered("PHQ-9", EIGHT | {9: 0})
    assert isinstance(events[-1], MeasureCompleted)
    assert (events[-1].reading.total, events[-1].reading.band) == (8, "mild")


def test_a_worrying_answer_is_told_at_once_though_the_form_is_not_finished() -> None:
    given(ex.SERIES, OPENED).when(answer("PHQ-9", {9: 1})).then(said(AnswerRecorded, "PHQ-9", 9, 1), worried(1))


def test_a_worrying_answer_is_told_when_it_comes_with_the_last_of_the_form() -> None:
    events = given(ex.SERIES, OPENED, *answered("PHQ-9", EIGHT)).when(answer("PHQ-9", {9: 3})).events()
    assert events[:2] == [said(AnswerRecorded, "PHQ-9", 9, 3), worried(3)]
    assert isinstance(events[2], MeasureCompleted)


def test_only_the_item_about_self_harm_worries() -> None:
    events = given(ex.SERIES, OPENED).when(answer("PHQ-9", dict.fromkeys(range(1, 9), 3))).events()
    assert not [event for event in events if isinstance(event, RiskAnswerGiven)]


@pytest.mark.parametrize(
    ("before", "now", "told"), [(1, 1, False), (1, 2, True), (3, 1, False), (2, 0, False), (0, 1, True)]
)
def test_a_worrying_answer_is_told_again_only_if_it_rose(before: int, now: int, told: bool) -> None:
    events = given(ex.SERIES, OPENED, *answered("PHQ-9", {9: before})).when(answer("PHQ-9", {9: now})).events()
    assert (worried(now) in events) is told


def test_an_answer_to_a_complete_questionnaire_is_refused() -> None:
    reading = Reading(measure="PEG", answers=(1, 1, 1), total=3, value=1.0, taken_at=ex.T0)
    complete = given(ex.SERIES, OPENED, ex.of_series(MeasureCompleted, occasion="start", reading=reading))
    complete.when(answer("PEG", {1: 2})).refused("measure-complete", occasion="start", measure="PEG")


@pytest.mark.parametrize(("occasion", "measure"), [("end", "PEG"), ("start", "GAD-7"), ("start", "XYZ")])
def test_an_answer_to_a_questionnaire_that_is_not_open_is_refused(occasion: str, measure: str) -> None:
    wanted = answer(measure, {1: 1}, occasion)
    given(ex.SERIES, OPENED).when(wanted).refused("measure-not-open", occasion=occasion, measure=measure)
    given(ex.SERIES).when(wanted).refused("measure-not-open")


@pytest.mark.parametrize(
    ("item", "value", "kind"), [(9, 4, "out_of_range"), (1, -1, "out_of_range"), (10, 1, "unknown_item")]
)
def test_one_bad_answer_refuses_all_that_came_with_it(item: int, value: int, kind: str) -> None:
    wanted = answer("PHQ-9", {2: 1, item: value})
    given(ex.SERIES, OPENED).when(wanted).refused("answer-refused", measure="PHQ-9", item=item, kind=kind)


def test_an_unknown_event_changes_nothing_and_an_unknown_command_is_a_bug() -> None:
    strangers = (
        ex.of_episode(EpisodeActivated),
        ex.of_series(AnswerRecorded, occasion="end", measure="PEG", item=1, value=1),
    )
    assert given(ex.SERIES, OPENED, *strangers).state == given(ex.SERIES, OPENED).state
    with pytest.raises(TypeError, match="no branch for Command"):
        given(ex.SERIES).when(ex.command(Command)).events()


def test_series_are_found_by_patient_and_episode() -> None:
    state = given(ex.SERIES, OPENED).state
    assert ex.SERIES.keys(state) == {"patient_id": "p1", "episode_id": "e1"}
    assert ex.SERIES.person(state) == "p1"
    assert ex.SERIES.timers(state) == {}
    assert set(ex.SERIES.queried) == {"patient_id", "episode_id"}
