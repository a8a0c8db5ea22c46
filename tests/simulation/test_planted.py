"""The planted faults still fit the program, and some of them are found again. All of them: `make planted`."""

import ast
import json
from collections import Counter
from typing import Any

import pytest

from tests.simulation.planted.every import AREAS, EVERY
from tests.simulation.planted.hunt import FOUND, hunt

QUICK = ("save-without-guard", "not-filed", "offered-before-the-save", "cursor-before-the-effects")
SEEDS_MORE = 4
"""A change of the program changes what a seed does; then one of the next will do."""


@pytest.mark.parametrize("name", EVERY)
def test_a_planted_fault_changes_the_program_and_nothing_else(name: str) -> None:
    fault = EVERY[name]
    source = fault.file().read_text(encoding="utf-8")
    planted = fault.plant(source)
    assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(source))


def test_no_two_have_one_name() -> None:
    names = Counter(fault.name for area in AREAS for fault in area.FAULTS)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_rule_is_taken_away_at_least_once() -> None:
    assert {fault.rule for fault in EVERY.values()} == {"", *map(str, range(1, 23))}


def test_what_was_found_is_about_faults_that_there_are() -> None:
    """docs/simulation.md says which are still to be hunted, and which no run has found yet."""
    found: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8"))
    assert found.keys() <= EVERY.keys()


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_fault_is_found_again(name: str) -> None:
    seed = json.loads(FOUND.read_text(encoding="utf-8"))[name]["seed"]
    assert hunt(name, seed, seed + SEEDS_MORE, float("inf"))["words"]
