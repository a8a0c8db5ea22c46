"""The series of each measure: in order, with gaps shown as gaps, and each change by its rules."""

from datetime import datetime
from typing import Any

import pytest

from services.interventions.domain.check_in.state import CheckInForm, CheckInState
from services.interventions.domain.series.state import Form, SeriesState
from services.interventions.views.courses import EpisodeMeasures, MeasureCourse, courses
from shared.clinical import Wording, score
from shared.clinical.t_scores import ConversionTable
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_measures import MeasureSettings, Permission, SuppliedTexts
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import Reading
from tests.interventions import example as ex


def reading(measure: str, answers: list[int], at: datetime) -> Reading:
    found = score(measure, answers)
    assert found.value is not None
    assert found.total is not None
    return Reading(
        measure=measure,
        answers=tuple(answers),
        total=found.total,
        value=found.value,
        band=found.band,
        taken_at=at,
    )


def fixed(occasion: Occasion, measure: str, answers: list[int], asked: datetime, done: bool = True) -> Form:
    said = dict(enumerate(answers, start=1))
    taken = reading(measure, answers, asked) if done else None
    return Form(occasion=occasion, measure=measure, asked_at=asked, answers=said, reading=taken)


def check_in(moment: str, measure: str, answers: list[int] | None, at: datetime) -> CheckInState:
    taken = reading(measure, answers, at) if answers else None
    form = CheckInForm(measure=measure, answers=dict(enumerate(answers or [], start=1)), reading=taken)
    return CheckInState(
        check_in_id=moment, episode_id="e1", patient_id="p1", moment=moment, forms=(form,), opened_at=at
    )


def told(*forms: Form, check_ins: tuple[CheckInState, ...] = (), language: str = "en") -> EpisodeMeasures:
    series = SeriesState(series_id="s1", episode_id="e1", patient_id="p1", forms=forms)
    return courses(ex.CLINIC, "e1", [series], check_ins, language)


def only(*forms: Form, **more: Any) -> MeasureCourse:
    (found,) = told(*forms, **more).measures
    return found


START = fixed("start", "PEG", [7, 7, 7], ex.T0)


def test_nothing_asked_is_nothing_told() -> None:
    assert courses(ex.CLINIC, "e1", (), (), "en") == EpisodeMeasures(episode_id="e1", measures=(), mood=None)


def test_start_check_ins_middle_end_and_follow_ups_stand_in_the_order_of_time() -> None:
    found = only(
        START,
        fixed("middle", "PEG", [6, 6, 6], ex.after(days=20)),
        fixed("end", "PEG", [4, 4, 4], ex.after(days=60)),
        check_ins=(
            check_in("follow-up-3", "PEG", [5, 5, 5], ex.after(days=150)),
            check_in("one", "PEG", [7, 6, 6], ex.after(days=7)),
        ),
    )
    assert [(one.kind, one.moment) for one in found.points] == [
        ("fixed", "start"),
        ("check_in", "one"),
        ("fixed", "middle"),
        ("fixed", "end"),
        ("follow_up", "follow-up-3"),
    ]
    changes = [one.change for one in found.points]
    assert changes[0] is None
    assert [(one.points, one.counts) for one in changes if one] == [
        (pytest.approx(2 / 3), "no_change"),
        (1, "improved"),
        (3, "improved"),
        (2, "improved"),
    ]
    assert found.change == changes[-1]
    assert found.trend.readings == 5


def test_a_gap_is_no_value_and_no_band_and_an_unfinished_form_says_how_far_it_is() -> None:
    found = only(
        fixed("start", "PHQ-9", [2] * 9, ex.T0),
        fixed("end", "PHQ-9", [1, 1], ex.after(days=60), done=False),
        check_ins=(
            check_in("one", "PHQ-9", [1] * 9, ex.after(days=9)),
            check_in("two", "PHQ-9", None, ex.after(days=19)),
        ),
    )
    end = found.points[-1]
    assert (end.complete, end.value, end.band, end.answered, end.items) == (False, None, None, 2, 9)
    assert end.change is not None
    assert (end.change.points, end.change.direction, end.change.counts) == (None, "undetermined", "undetermined")
    assert found.change is not None
    assert (found.change.points, found.change.reliable, found.changed_at) == (9, "improved", ex.after(days=9))


def test_a_missing_first_form_is_never_replaced() -> None:
    found = only(
        fixed("start", "PEG", [7], ex.T0, done=False),
        fixed("middle", "PEG", [7, 7, 7], ex.after(days=20)),
        fixed("end", "PEG", [2, 2, 2], ex.after(days=60)),
    )
    assert found.change is not None
    assert (found.change.points, found.change.counts) == (None, "undetermined")


def test_one_form_alone_has_no_change() -> None:
    found = only(START)
    assert (found.change, found.changed_at, found.trend.heading) == (None, None, "not_enough_readings")


def test_bands_reach_over_the_whole_scale_and_name_their_scheme() -> None:
    found = only(fixed("start", "PHQ-9", [2] * 9, ex.T0))
    assert (found.scheme, found.lowest, found.highest) == ("phq-9", 0, 27)
    assert [(one.name, one.lowest, one.highest) for one in found.bands][-2:] == [
        ("moderately-severe", 15, 20),
        ("severe", 20, 27),
    ]
    assert only(START).bands == ()


def test_titles_are_in_the_readers_language() -> None:
    assert only(START, language="es").title != only(START).title


def test_mood_is_taken_together_and_what_came_after_the_end_is_not_in_it() -> None:
    found = told(
        fixed("start", "PHQ-9", [2] * 9, ex.T0),
        fixed("start", "GAD-7", [2] * 7, ex.T0),
        fixed("end", "PHQ-9", [1] * 9, ex.after(days=60)),
        fixed("end", "GAD-7", [1] * 7, ex.after(days=60)),
        check_ins=(check_in("follow-up-3", "PHQ-9", [3] * 9, ex.after(days=150)),),
    ).mood
    assert found is not None
    assert (found.caseness_first, found.caseness_last, found.recovery) == (True, False, "yes")
    assert (found.reliable_improvement, found.reliable_recovery, found.phq_9_change) == (True, "yes", 9)
    assert told(START).mood is None


def test_a_clinic_that_sets_what_a_trend_is_gets_it_named() -> None:
    forms = (
        fixed("start", "PHQ-9", [3] * 9, ex.T0),
        fixed("middle", "PHQ-9", [2] * 9, ex.after(weeks=4)),
        fixed("end", "PHQ-9", [1] * 9, ex.after(weeks=8)),
    )
    assert only(*forms).trend.heading == "no_minimum_set"
    measures = ex.CLINIC.measures.model_copy(update={"least_slope": {"PHQ-9": 1.0}})
    clinic = ex.CLINIC.model_copy(update={"measures": measures})
    series = SeriesState(series_id="s1", episode_id="e1", patient_id="p1", forms=forms)
    (found,) = courses(clinic, "e1", [series], (), "en").measures
    assert (found.trend.heading, found.trend.per_four_weeks) == ("improving", 9)


def promis(conversion: ConversionTable | None) -> Clinic:
    """A clinic with leave to ask PROMIS-PI-4a. Every word of the text is invented, and so is the table."""
    text = Wording(
        measure="PROMIS-PI-4a",
        language="en",
        title="Invented title",
        period="Now",
        stem="Invented.",
        items=tuple(f"Invented question {number}" for number in range(1, 5)),
        anchors=(("Invented low end", "Invented high end"),) * 4,
        citation="Invented.",
        licence="Invented.",
    )
    texts = SuppliedTexts(wordings=(text,), conversion=conversion)
    permission = Permission(granted_by="The owner", reference="letter 1", covers=("clinical",), texts=texts)
    measures = MeasureSettings(context="clinical", permissions={"PROMIS-PI-4a": permission})
    return ex.CLINIC.model_copy(update={"measures": measures})


@pytest.mark.parametrize(("total", "told"), [(11, 61.5), (12, None)])
def test_a_t_score_is_told_where_the_clinics_table_has_it(total: int, told: float | None) -> None:
    table = ConversionTable(measure="PROMIS-PI-4a", source="Invented.", t_scores=((11, 61.5),))
    forms = (
        fixed("start", "PROMIS-PI-4a", [3, 3, 3, total - 9], ex.T0),
        fixed("end", "PROMIS-PI-4a", [1], ex.after(days=60), done=False),
    )
    series = SeriesState(series_id="s1", episode_id="e1", patient_id="p1", forms=forms)
    for conversion, expected in ((table, told), (None, None)):
        (found,) = courses(promis(conversion), "e1", [series], (), "en").measures
        assert [point.t_score for point in found.points] == [expected, None]
