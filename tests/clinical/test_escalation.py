"""A positive short form opens the long one, with the answers that it already has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical import MEASURES, AnswerRefused, UnknownMeasure, score, wording
from shared.clinical.escalation import carried, opens

PAIRS = [("PHQ-2", "PHQ-9"), ("PHQ-4", "PHQ-9"), ("PHQ-4", "GAD-7")]
two, four = st.lists(st.integers(0, 3), min_size=2, max_size=2), st.lists(st.integers(0, 3), min_size=4, max_size=4)


def numbered(answers: list[int]) -> dict[int, object]:
    return dict(enumerate(answers, start=1))


@pytest.mark.parametrize(
    ("answers", "opened"), [([2, 1], ("PHQ-9",)), ([1, 1], ()), ([0, 3], ("PHQ-9",)), ([3, 3], ("PHQ-9",))]
)
def test_phq_2_opens_phq_9_from_three(answers: list[int], opened: tuple[str, ...]) -> None:
    """doi 10.1155/2013/695925, table 1."""
    assert opens("PHQ-2", numbered(answers)) == opened


def test_a_clinic_may_open_phq_9_from_two() -> None:
    """PMC2906530 prefers it."""
    assert opens("PHQ-2", {1: 1, 2: 1}, phq_2_positive=2) == ("PHQ-9",)
    assert opens("PHQ-2", {1: 1, 2: 0}, phq_2_positive=2) == ()


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ([2, 1, 2, 1], ("PHQ-9", "GAD-7")),
        ([0, 1, 3, 1], ("PHQ-9",)),
        ([2, 1, 1, 1], ("GAD-7",)),
        ([1, 1, 1, 1], ()),
        ([2, 2, 0, 0], ("GAD-7",)),
    ],
)
def test_each_half_of_phq_4_opens_its_own_long_form(answers: list[int], opened: tuple[str, ...]) -> None:
    """awell-health/awell-score, phq_4: worry first, mood last, each positive from 3."""
    assert opens("PHQ-4", numbered(answers)) == opened


@given(four)
def test_what_phq_4_opens_is_what_its_flags_say(answers: list[int]) -> None:
    flags = score("PHQ-4", answers).flags

    assert ("PHQ-9" in opens("PHQ-4", numbered(answers))) is flags["depression_positive"]
    assert ("GAD-7" in opens("PHQ-4", numbered(answers))) is flags["anxiety_positive"]


@given(two)
def test_what_phq_2_opens_is_what_its_flag_says(answers: list[int]) -> None:
    assert bool(opens("PHQ-2", numbered(answers))) is score("PHQ-2", answers).flags["positive_ge_3"]


def test_one_answer_is_no_score_and_opens_nothing() -> None:
    assert opens("PHQ-2", {1: 3}) == ()
    assert opens("PHQ-4", {1: 3, 3: 3, 4: 3}) == ("PHQ-9",)


@given(st.sampled_from(sorted(set(MEASURES) - {"PHQ-2", "PHQ-4"})))
def test_a_measure_that_is_no_short_form_opens_nothing(name: str) -> None:
    form = MEASURES[name]

    assert opens(name, dict.fromkeys(form.items, form.highest)) == ()


@pytest.mark.parametrize(
    ("short", "long", "answers", "expected"),
    [
        ("PHQ-2", "PHQ-9", {1: 2, 2: 1}, {1: 2, 2: 1}),
        ("PHQ-4", "PHQ-9", {1: 0, 2: 1, 3: 2, 4: 3}, {1: 2, 2: 3}),
        ("PHQ-4", "GAD-7", {1: 0, 2: 1, 3: 2, 4: 3}, {1: 0, 2: 1}),
        ("PHQ-4", "PHQ-9", {3: 2}, {1: 2}),
        ("PHQ-4", "PHQ-9", {3: 2, 4: None}, {1: 2}),
        ("PHQ-2", "GAD-7", {1: 2, 2: 1}, {}),
        ("PHQ-9", "PHQ-2", {1: 2}, {}),
        ("PEG", "PHQ-9", {1: 9}, {}),
    ],
)
def test_the_long_form_takes_over_what_was_answered(
    short: str, long: str, answers: dict[int, object], expected: dict[int, int]
) -> None:
    assert carried(short, long, answers) == expected


@pytest.mark.parametrize(("short", "long"), PAIRS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_answer_is_taken_over_only_where_the_question_is_the_same(short: str, long: str, language: str) -> None:
    brief, full = wording(short, language), wording(long, language)
    for item in MEASURES[short].items:
        for taken in carried(short, long, {item: 1}):
            assert brief.items[item - 1] == full.items[taken - 1]
    assert (brief.options, brief.period) == (full.options, full.period)


@given(four)
def test_what_is_taken_over_scores_as_it_did(answers: list[int]) -> None:
    mood, worry = (carried("PHQ-4", long, numbered(answers)) for long in ("PHQ-9", "GAD-7"))

    assert {"anxiety": sum(worry.values()), "depression": sum(mood.values())} == score("PHQ-4", answers).subscales
    assert score("PHQ-9", mood).missing == tuple(range(3, 10))
    assert score("PHQ-9", mood).risk is None


@pytest.mark.parametrize(
    ("answers", "code"), [({1: 4}, "out_of_range"), ({1: "2"}, "invalid_type"), ({5: 1}, "unknown_item")]
)
def test_answers_that_cannot_be_scored_open_nothing_and_are_refused(answers: dict[int, object], code: str) -> None:
    for call in (lambda: opens("PHQ-4", answers), lambda: carried("PHQ-4", "PHQ-9", answers)):
        with pytest.raises(AnswerRefused) as refusal:
            call()
        assert refusal.value.code == code


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(UnknownMeasure):
        carried("PHQ-2", "PHQ-10", {1: 1})


@pytest.mark.parametrize("least", [0, 7])
def test_a_threshold_that_two_items_cannot_reach_or_cannot_miss_is_refused(least: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 6"):
        opens("PHQ-2", {1: 1, 2: 1}, phq_2_positive=least)
