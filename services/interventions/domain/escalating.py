"""A positive short questionnaire opens the long one, with what was answered already filled in."""

from collections.abc import Collection, Iterator

from shared.clinical.escalation import carried, opens
from shared.contracts.interventions import CarriedAnswer
from shared.contracts.referrals import Reading

Opened = tuple[str, tuple[CarriedAnswer, ...]]


def long_forms(reading: Reading, asked: Collection[str], phq_2_positive_from: int) -> Iterator[Opened]:
    """The long forms that a complete short one calls for, each with its carried answers; none that is `asked` anyway.

    Only of a complete form, since its answers do not change any more. Item 9 of PHQ-9 is in no short form, so it is
    always asked itself.
    """
    answers = dict(enumerate(reading.answers, start=1))
    for long in opens(reading.measure, answers, phq_2_positive=phq_2_positive_from):
        if long not in asked:
            same = carried(reading.measure, long, answers)
            yield long, tuple(CarriedAnswer(item=item, value=value) for item, value in sorted(same.items()))
