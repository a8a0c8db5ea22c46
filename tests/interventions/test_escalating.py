"""A positive short form opens the long one, at a fixed point or in a check-in, with what was answered filled in."""

from typing import Any

import pytest

from services.interventions.aggregates import aggregates
from services.interventions.domain.check_in.commands import AnswerCheckIn
from services.interventions.domain.episode.commands import RecordMeasure
from services.interventions.domain.plan import Plans
from services.interventions.domain.series.commands import RecordAnswers
from shared.contracts import interventions as e
from shared.contracts.envelope import Event
from tests.given import Given, given
from tests.interventions import example as ex

CARRIED = tuple[tuple[int, int], ...]
PHQ_9, GAD_7 = "PHQ-9", "GAD-7"
OF = {"check_in_id": "c1", "episode_id": "e1", "patient_id": "p1", "moment": "one"}
# Answers to the short form, and what is carried to each long form that opens.
CASES: list[tuple[str, list[int], dict[str, CARRIED]]] = [
    ("PHQ-4", [0, 0, 0, 0], {}),
    ("PHQ-4", [1, 1, 1, 1], {}),
    ("PHQ-4", [0, 1, 2, 1], {PHQ_9: ((1, 2), (2, 1))}),
    ("PHQ-4", [3, 0, 1, 1], {GAD_7: ((1, 3), (2, 0))}),
    ("PHQ-4", [1, 2, 3, 3], {PHQ_9: ((1, 3), (2, 3)), GAD_7: ((1, 1), (2, 2))}),
    ("PHQ-2", [1, 1], {}),
    ("PHQ-2", [0, 3], {PHQ_9: ((1, 0), (2, 3))}),
    ("PEG", [10, 10, 10], {}),
]


def series(*measures: str) -> Given:
    return given(ex.SERIES, ex.of_series(e.MeasuresOpened, occasion="start", measures=measures))


def check_in(*measures: str) -> Given:
    return given(ex.CHECK_IN, e.CheckInOpened(at=ex.T0, **OF, measures=measures, closes_at=ex.after(days=10)))


def at_start(measure: str, answers: dict[int, int]) -> RecordAnswers:
    return ex.command(RecordAnswers, ex.PATIENT, occasion="start", measure=measure, answers=answers)


def between(measure: str, answers: dict[int, int]) -> AnswerCheckIn:
    return ex.command(AnswerCheckIn, ex.PATIENT, measure=measure, answers=answers)


def numbered(answers: list[int]) -> dict[int, int]:
    return dict(enumerate(answers, start=1))


def opened(events: list[Event]) -> dict[str, CARRIED]:
    found = [one for one in events if isinstance(one, e.LongFormOpened | e.CheckInLongFormOpened)]
    assert len({one.measure for one in found}) == len(found)
    return {one.measure: tuple((same.item, same.value) for same in one.carried) for one in found}


@pytest.mark.parametrize(("short", "answers", "long"), CASES)
def test_a_positive_short_form_opens_the_long_one_at_both(
    short: str, answers: list[int], long: dict[str, CARRIED]
) -> None:
    fixed = series(short).when(at_start(short, numbered(answers)))
    assert opened(fixed.events()) == long
    state = fixed.happened().state
    assert {form.measure: tuple(form.answers.items()) for form in state.forms[1:]} == long
    assert opened(check_in(short).when(between(short, numbered(answers))).events()) == long


def test_what_is_asked_anyway_is_not_opened() -> None:
    high = numbered([3, 3, 3, 3])
    assert opened(series("PHQ-4", PHQ_9, GAD_7).when(at_start("PHQ-4", high)).events()) == {}
    assert opened(check_in("PHQ-4", PHQ_9).when(between("PHQ-4", high)).events()).keys() == {GAD_7}


def test_the_same_occasion_counts_not_another_one() -> None:
    story = given(
        ex.SERIES,
        ex.of_series(e.MeasuresOpened, occasion="start", measures=(PHQ_9,)),
        ex.of_series(e.MeasuresOpened, occasion="end", measures=("PHQ-2",)),
    )
    last = at_start("PHQ-2", {1: 3, 2: 3}).model_copy(update={"occasion": "end"})
    events = story.when(last).events()
    assert opened(events).keys() == {PHQ_9}
    assert [one.occasion for one in events if isinstance(one, e.LongFormOpened)] == ["end"]


def test_two_short_forms_open_one_long_form() -> None:
    story = series("PHQ-2", "PHQ-4").when(at_start("PHQ-2", {1: 3, 2: 0})).happened()
    assert opened(story.when(at_start("PHQ-4", numbered([0, 0, 3, 3]))).events()) == {}


def test_an_unfinished_short_form_opens_nothing_since_its_answers_may_change() -> None:
    story = series("PHQ-4").when(at_start("PHQ-4", {3: 3, 4: 3}))
    assert opened(story.events()) == {}
    changed = story.happened().when(at_start("PHQ-4", {1: 0, 2: 0, 3: 0, 4: 0}))
    assert opened(changed.events()) == {}


def test_the_long_form_goes_on_from_what_was_carried_and_may_change_it() -> None:
    story = series("PHQ-2").when(at_start("PHQ-2", {1: 2, 2: 2})).happened()
    rest = story.when(at_start(PHQ_9, dict.fromkeys(range(3, 10), 0)))
    *_, completed = rest.events()
    assert isinstance(completed, e.MeasureCompleted)
    assert (completed.reading.total, completed.reading.answers[:3]) == (4, (2, 2, 0))
    assert story.when(at_start(PHQ_9, {1: 3})).happened().state.form("start", PHQ_9).answers == {1: 3, 2: 2}


def test_item_9_is_never_carried_and_is_a_warning_the_moment_it_is_answered() -> None:
    story = series("PHQ-2").when(at_start("PHQ-2", {1: 3, 2: 3})).happened()
    assert 9 not in story.state.form("start", PHQ_9).answers
    assert [type(one) for one in story.when(at_start(PHQ_9, {9: 1})).events()] == [e.AnswerRecorded, e.RiskAnswerGiven]
    later = check_in("PHQ-2").when(between("PHQ-2", {1: 3, 2: 3})).happened()
    events = later.when(between(PHQ_9, {9: 1})).events()
    assert [type(one) for one in events] == [e.CheckInAnswered, e.CheckInRiskAnswered]


def test_a_check_in_is_complete_only_with_its_long_form() -> None:
    story = check_in("PHQ-2").when(between("PHQ-2", {1: 3, 2: 3})).happened()
    assert ex.CHECK_IN.timers(story.state) == {"close": ex.after(days=10)}
    whole = story.when(between(PHQ_9, dict.fromkeys(range(3, 10), 0))).happened()
    assert ex.CHECK_IN.timers(whole.state) == {}


def test_a_clinic_may_open_phq_9_from_two() -> None:
    measures = ex.CLINIC.measures.model_copy(update={"phq_2_positive_from": 2})
    clinic = ex.CLINIC.model_copy(update={"measures": measures})
    made: Any = {one.name: one for one in aggregates(clinic, Plans(plans=(ex.SHORT,), time_zone="UTC"), ex.SHEETS)}
    story = given(made["measure_series"], ex.of_series(e.MeasuresOpened, occasion="start", measures=("PHQ-2",)))
    assert opened(story.when(at_start("PHQ-2", {1: 1, 2: 1})).events()) == {PHQ_9: ((1, 1), (2, 1))}


SCREENING = ex.SHORT.model_copy(update={"version": 5, "measures": {"start": ("PHQ-4",), "end": ("PHQ-4",)}})


def treatment() -> Given:
    begun = tuple(
        event.model_copy(update={"programme_version": 5})
        if isinstance(event, e.EpisodeOpened)
        else event.model_copy(update={"measures": ("PHQ-4",)})
        if isinstance(event, e.MeasuresRequested)
        else event
        for event in ex.STARTED
    )
    return given(ex.aggregates_of(SCREENING)[0], *begun)


def test_treatment_takes_note_of_the_long_form_once_and_does_not_wait_for_it() -> None:
    record = ex.command(RecordMeasure, occasion="start", reading=ex.reading(PHQ_9, 12))
    noted = (
        treatment().when(record).then(ex.of_episode(e.MeasureRecorded, occasion="start", reading=ex.reading(PHQ_9, 12)))
    )
    noted.when(record).then()
    assert noted.state.missing("start") == ("PHQ-4",)
    noted.when(record.model_copy(update={"occasion": "end"})).then()
    noted.when(record.model_copy(update={"reading": ex.reading("PCS", 12)})).then()
