"""The shipped triage rules, and short ways to write rules and readings."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.clinical import measure, score
from shared.contracts.referrals import Reading
from shared.contracts.triage import RuleSet, read_rules
from shared.runtime.settings import load_rules
from tests.referrals.people import NOW

SHIPPED = load_rules(Path("deploy/triage/rules-1.yaml"))
WHY = {"en": "Because.", "es": "Porque sí."}


def reading(measure_id: str, *answers: int, taken_at: datetime = NOW) -> Reading:
    """A complete reading, scored as a referral scores it."""
    result = score(measure_id, answers)
    assert result.value is not None
    assert result.total is not None
    return Reading(
        measure=measure_id,
        answers=answers,
        total=result.total,
        value=result.value,
        band=result.band,
        taken_at=taken_at,
    )


def with_total(measure_id: str, total: int, taken_at: datetime = NOW) -> Reading:
    """A reading whose answers add up to `total`, the first items the highest."""
    form = measure(measure_id)
    answers = []
    for _ in form.items:
        answers.append(min(form.highest, total - sum(answers)))
    assert sum(answers) == total
    return reading(measure_id, *answers, taken_at=taken_at)


def rule(id: str = "one", **changes: Any) -> dict[str, Any]:
    """A rule as a file has it, but for `changes`."""
    return {"id": id, "when": [{"measure": "PEG", "at_least": 4}], "then": {"step": 2}, "why": WHY, **changes}


def rule_data(*rules: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A set of these rules as a file has it."""
    return {"version": 7, "baseline": {"step": 1, "urgency": "routine"}, "rules": list(rules) or [rule()], **changes}


def rule_set(*rules: Mapping[str, Any], **changes: Any) -> RuleSet:
    """A set of these rules."""
    return read_rules(rule_data(*rules, **changes))
