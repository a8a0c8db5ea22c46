"""Questionnaires are noted, readiness is said once, and the summary carries progress and plan only."""

from typing import Any

import pytest

from services.interventions.domain.episode.commands import CompleteModule, FinishEpisode, RecordMeasure
from shared.contracts.commands import TimerDue
from shared.contracts.interventions import EpisodeFinished, EpisodeReadyToFinish
from shared.contracts.referrals import EndReason, MeasureChange, MoodOutcome, OutcomeSummary
from tests.given import given
from tests.interventions import example as ex


def record(occasion: str, measure: str, value: float = 7.0, **since_start: int) -> RecordMeasure:
    at = ex.after(**since_start)
    return ex.command(RecordMeasure, now=at, occasion=occasion, reading=ex.reading(measure, value, at))


def finish(end_reason: EndReason, recommendation: str | None = None) -> FinishEpisode:
    return ex.command(FinishEpisode, ex.ANA, end_reason=end_reason, recommendation=recommendation)


def finished(**summary: Any) -> EpisodeFinished:
    usual = {"programme": "short", "modules_total": 3, "mood": MoodOutcome()}
    told = OutcomeSummary.model_validate(usual | summary)
    return ex.of_episode(EpisodeFinished, referral_id="r1", summary=told)


def test_a_questionnaire_that_was_asked_for_is_noted() -> None:
    given(ex.EPISODE, *ex.STARTED).when(record("start", "PEG")).then(ex.recorded("start", "PEG", 7.0, ex.T0))


def test_a_questionnaire_is_noted_once() -> None:
    noted = given(ex.EPISODE, *ex.STARTED).when(record("start", "PEG")).happened()
    noted.when(record("start", "PEG", 3.0)).then()


@pytest.mark.parametrize(("occasion", "measure"), [("start", "GAD-7"), ("middle", "PEG"), ("end", "PEG")])
def test_a_questionnaire_that_was_not_asked_for_is_not_noted(occasion: str, measure: str) -> None:
    given(ex.EPISODE, *ex.STARTED).when(record(occasion, measure)).then()


def test_nothing_is_noted_after_the_end() -> None:
    given(ex.EPISODE, *ex.STARTED, ex.CANCELLED).when(record("start", "PEG")).then()
    ended = given(ex.EPISODE, *ex.STARTED).when(finish("stopped_by_patient")).happened()
    ended.when(record("start", "PEG")).then()
    ended.when(ex.command(TimerDue, now=ex.after(days=30), name="module")).then()


def test_the_episode_is_ready_when_all_modules_and_all_last_questionnaires_are_done() -> None:
    peg = record("end", "PEG", 4.0, days=14)
    one_left = given(ex.EPISODE, *ex.ALL_DONE).when(peg).then(ex.recorded("end", "PEG", 4.0, ex.after(days=14)))
    one_left.when(record("end", "PHQ-9", 6.0, days=14)).then(
        ex.recorded("end", "PHQ-9", 6.0, ex.after(days=14)),
        ex.review_due("end", ex.after(days=14), "consult", *ex.NO_FIRST),
        ex.of_episode(EpisodeReadyToFinish, ex.after(days=14)),
    )


def test_a_late_early_questionnaire_does_not_say_ready_again() -> None:
    given(ex.EPISODE, *ex.READY).when(record("middle", "PEG", days=15)).then(
        ex.recorded("middle", "PEG", 7.0, ex.after(days=15))
    )


def test_a_programme_without_last_questionnaires_is_ready_with_its_last_module() -> None:
    plan = ex.SHORT.model_copy(update={"measures": {}, "steps": ex.SHORT.steps[:1]})
    episode = ex.aggregates_of(plan)[0]
    done = given(episode, *ex.STARTED[:3]).when(ex.command(CompleteModule, ex.PATIENT, module_id="one"))
    assert done.events()[1:] == [ex.of_episode(EpisodeReadyToFinish)]


def test_completion_is_refused_before_all_is_done() -> None:
    given(ex.EPISODE, *ex.ALL_DONE).when(finish("completed", "Walk daily")).refused("episode-not-ready")


def test_how_exactly_it_ended_goes_with_the_reason() -> None:
    end = finish("stopped_by_patient").model_copy(update={"end_detail": "dropped_out"})
    [told] = given(ex.EPISODE, *ex.STARTED).when(end).events()
    assert (told.summary.end_reason, told.summary.end_detail) == ("stopped_by_patient", "dropped_out")
    wrong = end.model_copy(update={"end_detail": "stepped_down"})
    given(ex.EPISODE, *ex.STARTED).when(wrong).refused("end-detail-invalid", end_detail="stepped_down")


@pytest.mark.parametrize("recommendation", [None, "  "])
def test_completion_needs_a_recommendation(recommendation: str | None) -> None:
    given(ex.EPISODE, *ex.READY).when(finish("completed", recommendation)).refused("recommendation-missing")


def test_the_summary_has_first_and_last_value_of_each_measure_and_the_plan() -> None:
    first = ex.recorded("start", "PEG", 7.0, ex.T0)
    changes = (
        MeasureChange(measure="PEG", first=7.0, last=4.0, verdict="improved", rule="important"),
        MeasureChange(measure="PHQ-9", first=6.0, last=None, verdict="undetermined", rule="reliable"),
    )
    whole = {"changes": changes, "contacts": 3, "finished_course": True}
    given(ex.EPISODE, *ex.STARTED, first, *ex.READY[4:]).when(finish("completed", "Walk daily")).then(
        finished(end_reason="completed", modules_done=3, recommendation="Walk daily", **whole)
    )


def test_of_many_readings_the_first_and_the_latest_count_in_whatever_order_they_arrived() -> None:
    late = ex.recorded("start", "PEG", 7.0, ex.T0)
    middle = ex.recorded("middle", "PEG", 5.0, ex.after(days=6))
    [end] = given(ex.EPISODE, *ex.READY, middle, late).when(finish("completed", "Walk daily")).events()
    assert isinstance(end, EpisodeFinished)
    assert (end.summary.changes[0].first, end.summary.changes[0].last) == (7.0, 4.0)


@pytest.mark.parametrize("end_reason", ["stopped_by_patient", "stepped_up", "referred_on", "not_suitable"])
def test_any_other_end_is_possible_at_any_time_and_shows_gaps_as_gaps(end_reason: EndReason) -> None:
    rules = {"PEG": "important", "PHQ-9": "reliable"}
    gaps = tuple(
        MeasureChange.model_validate(
            {"measure": name, "first": None, "last": None, "verdict": "undetermined", "rule": rule}
        )
        for name, rule in rules.items()
    )
    given(ex.EPISODE, *ex.ONE_DONE).when(finish(end_reason)).then(
        finished(end_reason=end_reason, modules_done=1, changes=gaps, contacts=1, finished_course=False)
    )
