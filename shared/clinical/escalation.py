"""A positive short form opens the long one, and what was answered is not asked again.

The items are the same, word for word: PHQ-2 is the first two of PHQ-9, and PHQ-4 is the first two of GAD-7 followed by
the first two of PHQ-9 (Kroenke et al. 2009, Psychosomatics 50(6):613-621).
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.clinical.answers import read_answers
from shared.clinical.measures import measure

PHQ_2_POSITIVE = 3
"""3 by doi 10.1155/2013/695925, table 1; PMC2906530 prefers 2, which finds more people and is wrong more often."""

PHQ_4_HALF_POSITIVE = 3
"""Each half is positive from 3: awell-health/awell-score, phq_4."""

_SAME_ITEMS: Mapping[tuple[str, str], Mapping[int, int]] = MappingProxyType(
    {
        ("PHQ-2", "PHQ-9"): MappingProxyType({1: 1, 2: 2}),
        ("PHQ-4", "PHQ-9"): MappingProxyType({3: 1, 4: 2}),
        ("PHQ-4", "GAD-7"): MappingProxyType({1: 1, 2: 2}),
    }
)


def opens(
    short: str,
    answers: Mapping[int, object],
    *,
    phq_2_positive: int = PHQ_2_POSITIVE,
    phq_4_half_positive: int = PHQ_4_HALF_POSITIVE,
) -> tuple[str, ...]:
    """The long forms that these answers call for: "PHQ-9" from the mood items, "GAD-7" from the worry items.

    A half counts once both its items are answered, whatever becomes of the rest. One answer alone opens nothing: it is
    no score. A measure that is no short form opens nothing. Raises `UnknownMeasure` and `AnswerRefused`, and
    `ValueError` for a threshold outside 1 to 6.
    """
    positive_from = {"PHQ-2": phq_2_positive, "PHQ-4": phq_4_half_positive}
    for least in positive_from.values():
        if not 1 <= least <= 6:
            raise ValueError(f"two items reach from 0 to 6, so {least} is no threshold; give one from 1 to 6")
    given = read_answers(measure(short), answers)
    return tuple(
        long
        for (form, long), same in _SAME_ITEMS.items()
        if form == short
        and all(item in given for item in same)
        and sum(given[item] for item in same) >= positive_from[short]
    )


def long_forms(short: str) -> tuple[str, ...]:
    """The long forms that `short` could ever open; none for a measure that is no short form."""
    return tuple(long for form, long in _SAME_ITEMS if form == short)


def carried(short: str, long: str, answers: Mapping[int, object]) -> dict[int, int]:
    """The answers of `long` that `answers` to `short` already give, by item of `long`; empty if they share none.

    The two forms must be of one moment: both ask about the last two weeks. Raises `UnknownMeasure` and
    `AnswerRefused`.
    """
    given = read_answers(measure(short), answers)
    same = _SAME_ITEMS.get((short, measure(long).id), {})
    return {same[item]: value for item, value in given.items() if item in same}
