"""The measures that a referral must carry, scored here and never by the caller."""

from datetime import datetime

from services.referrals.domain.referral.commands import Answers
from shared.clinical import AnswerRefused, score
from shared.contracts.commands import Rejected
from shared.contracts.referrals import Reading

REQUIRED = ("PEG", "PHQ-4")
"""Pain with its interference, and a short screen of mood and worry: both free to embed."""


def readings(answers: Answers, taken_at: datetime) -> tuple[Reading, ...]:
    """One reading for each required measure.

    Other measures are refused: one with a question about self-harm belongs where its answer raises an alert at once.
    """
    for measure in answers:
        if measure not in REQUIRED:
            raise Rejected("measure-unknown", measure=measure)
    for measure in REQUIRED:
        if not answers.get(measure):
            raise Rejected("measure-missing", measure=measure)
    return tuple(_reading(measure, answers[measure], taken_at) for measure in REQUIRED)


def _reading(measure: str, given: dict[int, int], taken_at: datetime) -> Reading:
    try:
        result = score(measure, given)
    except AnswerRefused as refusal:
        raise Rejected("answer-refused", measure=measure, item=refusal.item or "", kind=refusal.code) from refusal
    if result.value is None or result.total is None:
        items = ",".join(str(item) for item in result.missing)
        raise Rejected("measure-incomplete", measure=measure, missing=items)
    return Reading(
        measure=measure,
        answers=tuple(given[item] for item in sorted(given)),
        total=result.total,
        value=result.value,
        band=result.band,
        taken_at=taken_at,
    )
