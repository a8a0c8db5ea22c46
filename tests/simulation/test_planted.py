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


def test_every_fault_was_found_or_it_is_said_why_not() -> None:
    """docs/simulation.md is made of this. Of what no run can see, a test must have seen it, or a second lock stands."""
    found: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8"))
    assert list(found) == list(EVERY)
    missed = {name: EVERY[name] for name, result in found.items() if result["seed"] is None}
    assert [name for name, fault in missed.items() if not fault.unseen] == []
    assert [name for name, fault in missed.items() if fault.test and not found[name]["test_fails"]] == []


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_fault_is_found_again(name: str) -> None:
    seed = json.loads(FOUND.read_text(encoding="utf-8"))[name]["seed"]
    assert hunt(name, seed, seed + SEEDS_MORE, float("inf"))["words"]
