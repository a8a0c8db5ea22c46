"""Every worked case in `scoring_cases.yaml`, and that the file reaches every measure and every refusal."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.clinical import MEASURES, AnswerRefused, Score, answers_from_pairs, score

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("scoring_cases.yaml").read_text("utf-8"))
SCORED = [case for case in CASES if "refused" not in case["expected"]]
REFUSED = [case for case in CASES if "refused" in case["expected"]]
HUNDREDTH = 0.005


def by_id(case: dict[str, Any]) -> str:
    return str(case["id"])


def scored(case: dict[str, Any]) -> Score:
    answers = answers_from_pairs(case["pairs"]) if "pairs" in case else case["answers"]
    return score(case["measure"], answers, function_answer=case.get("function_answer"))


@pytest.mark.parametrize("case", SCORED, ids=by_id)
def test_a_worked_case_scores_as_its_source_says(case: dict[str, Any]) -> None:
    expected, found = case["expected"], scored(case)

    assert found.complete is expected["complete"]
    assert found.missing == tuple(expected.get("missing", ()))
    assert found.total == expected.get("total")
    assert found.band == expected.get("band")
    assert found.value == pytest.approx(expected["value"], abs=HUNDREDTH) if found.complete else found.value is None
    assert {name: found.subscales[name] for name in expected.get("subscales", {})} == expected.get("subscales", {})
    assert {name: found.flags[name] for name in expected.get("flags", {})} == expected.get("flags", {})
    if "eppoc_band" in expected:
        assert found.bands["eppoc"] == expected["eppoc_band"]
    if "wrong" in case:
        assert found.value != case["wrong"]


@pytest.mark.parametrize("case", REFUSED, ids=by_id)
def test_a_faulty_case_is_refused_with_its_code_and_items(case: dict[str, Any]) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        scored(case)

    assert refusal.value.code == case["expected"]["refused"]
    assert list(refusal.value.items) == case["expected"]["items"]
    assert refusal.value.item == case["expected"]["items"][0]


def test_every_measure_has_a_worked_case() -> None:
    assert {case["measure"] for case in SCORED} == set(MEASURES)


def test_every_refusal_has_a_case() -> None:
    codes = {case["expected"]["refused"] for case in REFUSED}

    assert codes == {"invalid_type", "out_of_range", "unknown_item", "duplicate_item"}


def test_case_ids_are_unique_and_every_case_names_a_source() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["source"] for case in CASES)
