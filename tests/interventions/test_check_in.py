"""A few questions between the fixed points, and some months after the end: asked once, answered in part, lapsed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.interventions.domain.check_in.commands import AnswerCheckIn, OpenCheckIn
from services.interventions.domain.episode.commands import CompleteModule, FinishEpisode, RecordCheckIn
from services.interventions.domain.local import months_after
from shared.contracts import interventions as e
from shared.contracts.commands import TimerDue
from tests.given import Given, given
from tests.interventions import example as ex

OF = {"check_in_id": "c1", "episode_id": "e1", "patient_id": "p1", "moment": "one"}
CLOSES = ex.after(days=10)
ASKING = ex.SHORT.model_copy(
    update={"each_module": ("PEG",), "follow_up": ("PEG", "PHQ-9"), "follow_up_months": (3, 6), "version": 4}
)
EPISODE = ex.aggregates_of(ASKING)[0]
OPENED = e.CheckInOpened(at=ex.T0, **OF, measures=("PEG", "PHQ-9"), closes_at=CLOSES)
STORY = tuple(
    event.model_copy(update={"programme_version": 4}) if isinstance(event, e.EpisodeOpened) else event
    for event in ex.STARTED
)


def answer(measure: str, answers: dict[int, int], **since: int) -> AnswerCheckIn:
    return ex.command(AnswerCheckIn, ex.PATIENT, ex.after(**since), measure=measure, answers=answers)


def done(module_id: str, **since: int) -> CompleteModule:
    return ex.command(CompleteModule, ex.PATIENT, ex.after(**since), module_id=module_id)


# --- the check-in itself -------------------------------------------------------------------------------------------


def test_it_is_opened_once() -> None:
    opening = ex.command(OpenCheckIn, **OF, measures=("PEG", "PHQ-9"), closes_at=CLOSES)
    given(ex.CHECK_IN).when(opening).then(OPENED).when(opening).then()


def test_answers_come_in_part_and_the_last_one_scores() -> None:
    story = given(ex.CHECK_IN, OPENED).when(answer("PEG", {1: 5, 2: 6})).happened()
    assert story.state.form("PEG").answers == {1: 5, 2: 6}
    *_, completed = story.when(answer("PEG", {3: 7}, days=1)).events()
    assert isinstance(completed, e.CheckInCompleted)
    assert (completed.reading.total, completed.reading.taken_at) == (18, ex.after(days=1))


def test_a_worrying_answer_is_told_at_once_and_again_only_if_it_rose() -> None:
    of = {"measure": "PHQ-9", "item": 9}
    worried = given(ex.CHECK_IN, OPENED).when(answer("PHQ-9", {9: 2}))
    story = worried.then(
        e.CheckInAnswered(at=ex.T0, **OF, **of, value=2), e.CheckInRiskAnswered(at=ex.T0, **OF, **of, value=2)
    )
    assert [type(one) for one in story.when(answer("PHQ-9", {9: 1})).events()] == [e.CheckInAnswered]
    assert [type(one) for one in story.when(answer("PHQ-9", {9: 3})).events()][-1] is e.CheckInRiskAnswered


def test_it_lapses_at_its_time_and_not_a_moment_sooner() -> None:
    story = given(ex.CHECK_IN, OPENED)
    assert ex.CHECK_IN.timers(story.state) == {"close": CLOSES}
    due = ex.command(TimerDue, "system:timer", CLOSES, name="close")
    story.when(due.model_copy(update={"now": CLOSES - timedelta(microseconds=1)})).then()
    lapsed = story.when(due).then(e.CheckInLapsed(at=CLOSES, **OF))
    lapsed.when(answer("PEG", {1: 1}, days=10)).refused("check-in-lapsed")
    lapsed.when(due).then()


def test_its_time_counts_also_before_the_timer_has_rung() -> None:
    given(ex.CHECK_IN, OPENED).when(answer("PEG", {1: 1}, days=10)).refused("check-in-lapsed")


def test_what_is_complete_does_not_lapse_and_is_not_answered_again() -> None:
    story = given(ex.CHECK_IN, OPENED).when(answer("PEG", {1: 1, 2: 1, 3: 1})).happened()
    story.when(answer("PEG", {1: 2})).refused("measure-complete")
    whole = story.when(answer("PHQ-9", dict.fromkeys(range(1, 10), 0))).happened()
    assert ex.CHECK_IN.timers(whole.state) == {}


def test_what_is_not_asked_or_not_an_answer_is_refused() -> None:
    given(ex.CHECK_IN, OPENED).when(answer("GAD-7", {1: 1})).refused("measure-not-open")
    given(ex.CHECK_IN, OPENED).when(answer("PEG", {1: 11})).refused("answer-refused")


# --- when it is asked ----------------------------------------------------------------------------------------------


def asked(moment: str, at: datetime, measures: tuple[str, ...], days: int) -> e.CheckInAsked:
    return ex.of_episode(e.CheckInAsked, at, moment=moment, measures=measures, closes_at=at + timedelta(days=days))


def test_it_is_asked_after_each_module_but_the_one_of_the_middle_and_the_last() -> None:
    story = given(EPISODE, *STORY)
    first = story.when(done("one")).events()
    assert first[-1] == asked("one", ex.T0, ("PEG",), 10)
    opened = ex.of_episode(e.ModuleUnlocked, module_id="two")
    middle = given(EPISODE, *STORY, opened).when(done("two")).events()
    assert [type(event) for event in middle] == [e.ModuleCompleted, e.MeasuresRequested]


def finished(reason: str = "completed") -> Given:
    story: Any = given(EPISODE, *STORY).state.model_copy(update={"ready": True})
    end = ex.command(FinishEpisode, ex.ANA, end_reason=reason, recommendation="Walk.")
    state = Given(EPISODE, story).when(end).happened().state
    return Given(EPISODE, state)


def test_it_is_asked_three_and_six_months_after_a_treatment_that_was_completed() -> None:
    story = finished()
    # 9 o'clock in London, in winter and in summer.
    june, september = datetime(2030, 6, 4, 8, tzinfo=UTC), datetime(2030, 9, 4, 8, tzinfo=UTC)
    assert EPISODE.timers(story.state) == {"follow-up": june}
    due = ex.command(TimerDue, "system:timer", june, name="follow-up")
    story.when(due.model_copy(update={"now": june - timedelta(microseconds=1)})).then()
    later = story.when(due).then(asked("follow-up-3", june, ("PEG", "PHQ-9"), 28))
    assert EPISODE.timers(later.state) == {"follow-up": september}
    last = later.when(due.model_copy(update={"now": september})).happened()
    assert EPISODE.timers(last.state) == {}


def test_nobody_is_followed_up_whose_treatment_ended_otherwise() -> None:
    assert EPISODE.timers(finished("stopped_by_patient").state) == {}


def test_what_was_answered_is_noted_once_while_it_runs_and_after_it() -> None:
    story = given(EPISODE, *STORY).when(done("one")).happened()
    record = ex.command(RecordCheckIn, moment="one", reading=ex.reading())
    noted = story.when(record).then(ex.of_episode(e.CheckInRecorded, moment="one", reading=ex.reading()))
    noted.when(record).then()
    story.when(record.model_copy(update={"moment": "two"})).then()
    after = finished().when(ex.command(TimerDue, "system:timer", datetime(2030, 6, 4, 8, tzinfo=UTC), name="follow-up"))
    late = ex.command(RecordCheckIn, moment="follow-up-3", reading=ex.reading())
    assert len(after.happened().when(late).events()) == 1


@pytest.mark.parametrize(
    ("day", "months", "then"), [(31, 1, "2030-02-28"), (31, 3, "2030-04-30"), (15, 12, "2031-01-15")]
)
def test_months_keep_their_day_or_end_with_their_last(day: int, months: int, then: str) -> None:
    at = datetime(2030, 1, day, 9, tzinfo=UTC)
    assert months_after(at, months, ZoneInfo("UTC")).date().isoformat() == then
