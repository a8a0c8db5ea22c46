"""Answers to one questionnaire, whether at a fixed point of treatment or at a check-in."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from services.interventions.domain.risk import is_risk
from shared.clinical import AnswerRefused, Score, score
from shared.contracts.commands import Rejected
from shared.contracts.referrals import Reading


class Change(NamedTuple):
    """One item that is answered anew. `worrying` says that somebody must look at it now."""

    item: int
    value: int
    worrying: bool


def changes(measure: str, before: Mapping[int, int], given: Mapping[int, int]) -> list[Change]:
    """What is new in `given`. A repeated answer says nothing; a warning that was told, and is weaker now, is not.

    Raises `Rejected` "answer-refused" for answers that cannot be scored.
    """
    _scored(measure, {**before, **given})
    found = []
    for item, value in sorted(given.items()):
        had = before.get(item)
        if value != had:
            found.append(Change(item, value, is_risk(measure, item, value) and (had is None or value > had)))
    return found


def reading(measure: str, answers: Mapping[int, int], now: datetime) -> Reading | None:
    """The score, once every item is answered; never before."""
    result = _scored(measure, answers)
    if result.value is None or result.total is None:
        return None
    return Reading(
        measure=measure,
        answers=tuple(answers[item] for item in sorted(answers)),
        total=result.total,
        value=result.value,
        band=result.band,
        taken_at=now,
    )


def _scored(measure: str, answers: Mapping[int, int]) -> Score:
    try:
        return score(measure, answers)
    except AnswerRefused as refusal:
        raise Rejected("answer-refused", measure=measure, item=refusal.item or "", kind=refusal.code) from refusal
