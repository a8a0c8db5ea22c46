"""Which single answers a person must look at now: decided by the measure itself, item by item, never by a total."""

from collections.abc import Mapping

from shared.clinical import score


def is_risk(measure: str, item: int, value: int) -> bool:
    """Whether this one answer is a warning, whatever the other answers are. PHQ-9: item 9 above 0."""
    return score(measure, {item: value}).risk is True


def risk_items(measure: str, answers: Mapping[int, int]) -> tuple[int, ...]:
    """The items whose present answer is a warning."""
    return tuple(item for item, value in sorted(answers.items()) if is_risk(measure, item, value))
