"""Every worked case in `change_cases.yaml`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from shared.clinical.pain_change import pain_change, pcs_change, pseq_change
from shared.clinical.talking_therapies import MoodReading, mood_change, phq_9_response

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("change_cases.yaml").read_text("utf-8"))
RULES: dict[str, Callable[[dict[str, Any]], BaseModel]] = {
    "mood_change": lambda case: mood_change([MoodReading(**one) for one in case["readings"]]),
    "phq_9_response": lambda case: phq_9_response(*case["readings"]),
    "pain_change": lambda case: pain_change(case["measure"], *case["readings"]),
    "pseq_change": lambda case: pseq_change(*case["readings"]),
    "pcs_change": lambda case: pcs_change(*case["readings"]),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_worked_case_changes_as_its_source_says(case: dict[str, Any]) -> None:
    found = RULES[case["rule"]](case)

    for name, expected in case["expected"].items():
        told = getattr(found, name)
        if isinstance(expected, float) and told is not None:
            # Percentages are worked to one decimal, points to two.
            assert told == pytest.approx(expected, abs=0.05 if name == "percent" else 0.005), name
        else:
            assert told == (tuple(expected) if isinstance(expected, list) else expected), name
            assert type(told) is not bool or type(expected) is bool
    for name, wrong in case.get("wrong", {}).items():
        assert getattr(found, name) != wrong


def test_every_rule_has_cases_and_every_case_a_source_and_an_id_of_its_own() -> None:
    assert {case["rule"] for case in CASES} == set(RULES)
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["source"] for case in CASES)
