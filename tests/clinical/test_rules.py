"""Every rule that applies to a change, side by side, each with its formula and its source; worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical import MEASURES, measure
from shared.clinical.change import TotalRefused, Verdict
from shared.clinical.rules import change_that_counts, rules

# measure, first total, last total, and what each of its rules says.
CASES: list[tuple[str, int | None, int | None, dict[str, Verdict]]] = [
    # 20 to 17 of 30: 1 point of the mean, but only 15 %.
    ("PEG", 20, 17, {"important": "improved", "percent": "no_change"}),
    ("PEG", 20, 14, {"important": "improved", "percent": "improved"}),
    # 3 to 2: a third less, but a third of a point.
    ("PEG", 3, 2, {"important": "no_change", "percent": "improved"}),
    ("PEG", 17, 20, {"important": "deteriorated", "percent": "no_change"}),
    ("PEG", 0, 0, {"important": "no_change", "percent": "undetermined"}),
    ("PEG", 20, None, {"important": "undetermined", "percent": "undetermined"}),
    ("NRS", 7, 6, {"important": "no_change", "percent": "no_change"}),
    ("NRS", 6, 4, {"important": "improved", "percent": "improved"}),
    ("PHQ-9", 15, 9, {"reliable": "improved", "response": "no_change"}),
    ("PHQ-9", 12, 6, {"reliable": "improved", "response": "improved"}),
    ("PHQ-9", 10, 5, {"reliable": "no_change", "response": "improved"}),
    ("PHQ-9", 5, 11, {"reliable": "deteriorated", "response": "no_change"}),
    ("PHQ-9", 0, 0, {"reliable": "no_change", "response": "undetermined"}),
    ("GAD-7", 12, 8, {"reliable": "improved"}),
    ("GAD-7", 12, 9, {"reliable": "no_change"}),
    # More confidence is better. 19 to 26 is 7 points and another band.
    ("PSEQ", 19, 26, {"reliable": "no_change", "important": "improved", "eppoc": "improved"}),
    ("PSEQ", 41, 53, {"reliable": "improved", "important": "improved", "eppoc": "no_change"}),
    ("PSEQ", 30, 24, {"reliable": "no_change", "important": "no_change", "eppoc": "no_change"}),
    ("PCS", 40, 33, {"reliable": "no_change", "important": "improved"}),
    ("PCS", 20, 33, {"reliable": "deteriorated", "important": "deteriorated"}),
    ("BRS", 12, 24, {}),
    ("PHQ-4", 12, 0, {}),
]


@pytest.mark.parametrize(("name", "first", "last", "told"), CASES)
def test_each_rule_says_what_it_says_by_hand(
    name: str, first: int | None, last: int | None, told: dict[str, Verdict]
) -> None:
    assert {one.rule: one.verdict for one in rules(name, first, last)} == told


def test_each_names_its_formula_and_its_source() -> None:
    found = {(name, one.rule): one for name in MEASURES for one in rules(name, None, None)}
    assert found[("PEG", "important")].formula == "first - last ≥ 1"
    assert found[("PSEQ", "reliable")].formula == "last - first ≥ 12"
    assert found[("PHQ-9", "reliable")].formula == "first - last ≥ 6"
    assert found[("NRS", "percent")].formula == "100 × (first - last) / first ≥ 30"
    assert all(one.source and one.verdict == "undetermined" for one in found.values())


@pytest.mark.parametrize(
    ("name", "first", "last", "word"),
    [
        ("PEG", 20, 17, "improved"),
        ("PEG", 20, 18, "no_change"),
        ("GAD-7", 8, 12, "deteriorated"),
        ("PHQ-4", 12, 0, "not_established"),
        ("PCS", 40, 33, "improved"),
        ("PEG", 20, None, "undetermined"),
    ],
)
def test_one_word_for_plain_language(name: str, first: int, last: int | None, word: str) -> None:
    assert change_that_counts(rules(name, first, last)) == word


@given(st.sampled_from(sorted(MEASURES)), st.data())
def test_no_rule_calls_a_change_better_that_went_the_wrong_way(name: str, data: st.DataObject) -> None:
    form = measure(name)
    totals = st.integers(form.lowest_total, form.highest_total)
    first, last = data.draw(totals), data.draw(totals)
    went = last - first if form.better == "higher" else first - last
    verdicts = {one.verdict for one in rules(name, first, last)}
    assert not (went <= 0 and "improved" in verdicts)
    assert not (went >= 0 and "deteriorated" in verdicts)


@pytest.mark.parametrize("total", [-1, 31, 5.0, True, "5"])
def test_an_impossible_total_is_refused(total: object) -> None:
    with pytest.raises(TotalRefused):
        rules("PEG", 5, total)  # type: ignore[arg-type]
