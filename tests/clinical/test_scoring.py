"""What holds for any measure and any answers."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical import MEASURES, AnswerRefused, Measure, UnknownMeasure, answers_from_pairs, score

measures = st.sampled_from(sorted(MEASURES.values(), key=lambda measure: measure.id))
not_whole_numbers = st.one_of(
    st.booleans(),
    st.floats(),
    st.text(),
    st.binary(),
    st.decimals(allow_nan=False),
    st.sampled_from([Fraction(1), Decimal(1), 2.0, "2", "", [], {}, (1,)]),
)


@st.composite
def complete_forms(draw: Callable[..., Any]) -> tuple[Measure, dict[int, object]]:
    measure = draw(measures)
    return measure, {item: draw(st.integers(measure.lowest, measure.highest)) for item in measure.items}


@st.composite
def forms_with_a_chosen_item(draw: Callable[..., Any]) -> tuple[Measure, dict[int, object], int]:
    measure, answers = draw(complete_forms())
    return measure, answers, draw(st.sampled_from(measure.items))


@given(complete_forms())
def test_a_complete_form_scores_inside_its_range(form: tuple[Measure, dict[int, object]]) -> None:
    measure, answers = form
    found = score(measure.id, answers)

    assert found.complete
    assert found.missing == ()
    assert found.total is not None
    assert found.value is not None
    assert measure.lowest_total <= found.total <= measure.highest_total
    if measure.rule == "mean":
        assert measure.lowest <= found.value <= measure.highest
        assert found.value == found.total / measure.item_count
    else:
        assert found.value == found.total


@given(complete_forms(), st.data())
def test_a_partial_form_never_scores(form: tuple[Measure, dict[int, object]], data: st.DataObject) -> None:
    measure, answers = form
    gone = data.draw(st.sets(st.sampled_from(measure.items), min_size=1))
    partial = {item: answer for item, answer in answers.items() if item not in gone}
    found = score(measure.id, partial)

    assert not found.complete
    assert found.missing == tuple(sorted(gone))
    assert (found.value, found.total, found.band, dict(found.bands)) == (None, None, None, {})


@given(forms_with_a_chosen_item())
def test_null_means_not_answered(form: tuple[Measure, dict[int, object], int]) -> None:
    measure, answers, item = form
    absent = {other: answer for other, answer in answers.items() if other != item}

    assert score(measure.id, answers | {item: None}) == score(measure.id, absent)


@given(complete_forms(), st.randoms())
def test_the_order_of_answers_does_not_matter(form: tuple[Measure, dict[int, object]], random: Any) -> None:
    measure, answers = form
    shuffled = list(answers.items())
    random.shuffle(shuffled)

    assert score(measure.id, dict(shuffled)) == score(measure.id, answers)


@given(complete_forms())
def test_a_list_scores_as_its_mapping_does(form: tuple[Measure, dict[int, object]]) -> None:
    measure, answers = form

    assert score(measure.id, list(answers.values())) == score(measure.id, answers)


@given(forms_with_a_chosen_item(), not_whole_numbers)
def test_anything_but_a_whole_number_is_refused_by_item(
    form: tuple[Measure, dict[int, object], int], answer: object
) -> None:
    measure, answers, item = form
    with pytest.raises(AnswerRefused) as refusal:
        score(measure.id, answers | {item: answer})

    assert (refusal.value.code, refusal.value.item) == ("invalid_type", item)


@given(forms_with_a_chosen_item(), st.integers(min_value=1))
def test_a_number_outside_the_scale_is_refused_by_item(
    form: tuple[Measure, dict[int, object], int], beyond: int
) -> None:
    measure, answers, item = form
    for answer in (measure.lowest - beyond, measure.highest + beyond):
        with pytest.raises(AnswerRefused) as refusal:
            score(measure.id, answers | {item: answer})

        assert (refusal.value.code, refusal.value.item) == ("out_of_range", item)


@given(complete_forms(), st.integers())
def test_an_item_the_measure_lacks_is_refused_by_name(form: tuple[Measure, dict[int, object]], extra: int) -> None:
    measure, answers = form
    extra = extra if extra not in measure.items else measure.item_count + extra
    with pytest.raises(AnswerRefused) as refusal:
        score(measure.id, answers | {extra: measure.lowest})

    assert (refusal.value.code, refusal.value.item) == ("unknown_item", extra)


@given(complete_forms())
def test_a_list_that_is_too_long_is_refused(form: tuple[Measure, dict[int, object]]) -> None:
    measure, answers = form
    with pytest.raises(AnswerRefused) as refusal:
        score(measure.id, [*answers.values(), measure.lowest])

    assert (refusal.value.code, refusal.value.item) == ("unknown_item", measure.item_count + 1)


@given(st.integers(0, 3), st.sets(st.integers(1, 8)))
def test_the_risk_item_speaks_on_an_unfinished_form(answer: int, others: set[int]) -> None:
    found = score("PHQ-9", dict.fromkeys(others, 0) | {9: answer})

    assert found.risk is (answer > 0)
    assert found.flags["risk_item9_positive"] is (answer > 0)


def test_an_unanswered_risk_item_is_unknown_and_not_negative() -> None:
    assert score("PHQ-9", [0] * 8).risk is None


def test_a_measure_without_a_risk_item_says_nothing_about_risk() -> None:
    assert score("GAD-7", [3] * 7).risk is None


def test_peg_readings_that_round_alike_keep_different_totals() -> None:
    before, after = score("PEG", [7, 5, 4]), score("PEG", [7, 5, 3])

    assert (before.total, after.total) == (16, 15)
    assert before.value == pytest.approx(16 / 3)


def test_a_band_is_given_with_its_scheme() -> None:
    found = score("NRS", [7])

    assert (found.band, found.band_scheme) == ("moderate", "boonstra-2016")
    assert dict(found.bands) == {"boonstra-2016": "moderate", "eppoc": "severe"}


@pytest.mark.parametrize(
    ("answers", "function_answer", "missing"),
    [([0] * 9, None, False), ([1] + [0] * 8, None, True), ([1] + [0] * 8, 0, False), ([1] * 3, None, True)],
)
def test_the_function_item_is_missed_only_where_a_problem_was_reported(
    answers: list[int], function_answer: int | None, missing: bool
) -> None:
    found = score("PHQ-9", answers, function_answer=function_answer)

    assert found.flags["function_item_missing"] is missing


@pytest.mark.parametrize(
    ("measure_id", "answer", "code"),
    [("PHQ-9", 4, "out_of_range"), ("PHQ-9", True, "invalid_type"), ("GAD-7", 1, "unknown_item")],
)
def test_a_function_answer_is_held_to_its_own_scale(measure_id: str, answer: object, code: str) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score(measure_id, [], function_answer=answer)

    assert (refusal.value.code, refusal.value.item) == (code, "function")


@pytest.mark.parametrize("answers", ["12", b"\x01\x02", {1, 2}, 12, None, iter([1, 2])])
def test_answers_that_are_no_list_and_no_mapping_are_refused(answers: Any) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score("PHQ-2", answers)

    assert (refusal.value.code, refusal.value.item) == ("invalid_type", None)


@pytest.mark.parametrize("item", ["1", 1.5, None, True])
def test_an_item_number_is_never_cast(item: Any) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score("PHQ-2", {item: 1, 2: 1})

    assert refusal.value.code == "unknown_item"


def test_unknown_items_are_named_as_they_were_given_numbers_first() -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score("PHQ-2", {"x": 1, 1.5: 1, 7: 1, 3: 1})  # type: ignore[dict-item]

    assert refusal.value.items == (3, 7, "1.5", "x")


@pytest.mark.parametrize(
    ("answers", "function_answer", "told"),
    [
        ({1: 0, 2: 4}, None, "out_of_range: item 2: an answer is from 0 to 3"),
        ({1: "0", 2: None, 3: True}, None, "invalid_type: item 1, 3: an answer is a whole number"),
        ({10: 0}, None, "unknown_item: item 10: PHQ-9 has items 1 to 9"),
        ("12", None, "invalid_type: answers must be a list or a mapping from item to answer"),
        ({}, 4, "out_of_range: item function: an answer is from 0 to 3"),
    ],
)
def test_a_refusal_says_what_is_wrong_where_and_what_would_be_right(
    answers: Any, function_answer: object, told: str
) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score("PHQ-9", answers, function_answer=function_answer)

    assert str(refusal.value) == told


def test_a_function_answer_to_a_measure_without_that_item_is_refused_in_words() -> None:
    with pytest.raises(AnswerRefused, match=r"^unknown_item: item function: GAD-7 has no function item$"):
        score("GAD-7", [], function_answer=1)


def test_a_refusal_repeats_the_item_but_never_the_answer() -> None:
    with pytest.raises(AnswerRefused, match="item 2") as refusal:
        score("PHQ-2", {1: 0, 2: "I want to stop"})

    assert "stop" not in str(refusal.value)


def test_pairs_without_repeats_become_answers() -> None:
    assert answers_from_pairs([(2, 1), (1, 3)]) == {1: 3, 2: 1}


def test_items_that_were_sent_twice_are_refused_by_name() -> None:
    with pytest.raises(AnswerRefused, match=r"^duplicate_item: item 1, 3: answered more than once$"):
        answers_from_pairs([(3, 1), (1, 3), (2, 0), (3, 1), (1, 2)])


@given(complete_forms(), st.data())
def test_an_item_that_comes_twice_is_refused_even_with_the_same_answer(
    form: tuple[Measure, dict[int, object]], data: st.DataObject
) -> None:
    measure, answers = form
    twice = data.draw(st.sets(st.sampled_from(measure.items), min_size=1))
    pairs = data.draw(st.permutations([*answers.items(), *((item, answers[item]) for item in twice)]))
    with pytest.raises(AnswerRefused) as refusal:
        answers_from_pairs(pairs)

    assert (refusal.value.code, refusal.value.items) == ("duplicate_item", tuple(sorted(twice)))


@given(complete_forms(), st.data())
def test_a_part_is_known_exactly_when_its_own_items_are(
    form: tuple[Measure, dict[int, object]], data: st.DataObject
) -> None:
    measure, answers = form
    gone = data.draw(st.sets(st.sampled_from(measure.items)))
    found = score(measure.id, {item: answer for item, answer in answers.items() if item not in gone})

    for part in measure.subscales:
        assert (found.subscales[part.name] is None) is bool(gone & set(part.items))
    for flag in measure.flags:
        assert (found.flags[flag.name] is None) is bool(gone & set(flag.items))


@given(complete_forms())
def test_turning_every_answer_over_turns_the_total_over(form: tuple[Measure, dict[int, object]]) -> None:
    measure, answers = form
    turned = {item: measure.lowest + measure.highest - answer for item, answer in answers.items()}  # type: ignore[operator]
    totals = score(measure.id, answers).total, score(measure.id, turned).total

    assert sum(total or 0 for total in totals) == measure.lowest_total + measure.highest_total


@given(st.sampled_from(sorted(MEASURES)), st.text(min_size=1))
def test_words_in_every_box_are_no_score(name: str, words: str) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        score(name, [words] * MEASURES[name].item_count)

    assert (refusal.value.code, refusal.value.items) == ("invalid_type", MEASURES[name].items)


def test_an_unknown_measure_is_refused_by_name() -> None:
    with pytest.raises(UnknownMeasure, match=r"'PHQ-10'; known are .*PEG, .*PHQ-9"):
        score("PHQ-10", [])


def test_a_score_cannot_be_changed() -> None:
    found = score("PHQ-9", [0] * 9)
    with pytest.raises(ValueError, match="frozen"):
        found.total = 27  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.flags["risk_item9_positive"] = True  # type: ignore[index]


@given(complete_forms())
def test_a_score_survives_being_written_and_read(form: tuple[Measure, dict[int, object]]) -> None:
    found = score(form[0].id, form[1])

    assert type(found).model_validate_json(found.model_dump_json()) == found
