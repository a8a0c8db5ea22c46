"""What can be wanted of a caregiver's own check."""

from typing import Annotated, get_args

from pydantic import StringConstraints, field_validator

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.caregiver import CheckAnswer, SafeAnswer

CHECK_QUESTIONS = ("sleep", "own_time", "worry", "alone", "strain")
"""What is asked of the last two weeks, in this order. Our own words; the total means nothing and is never made."""
CHECK_ANSWERS: tuple[CheckAnswer, ...] = get_args(CheckAnswer)


CarerPhone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
"""Where a caregiver may be called, as they write it."""


class PlanCaregiverCheck(Command):
    """They take part: the questions can be answered."""

    caregiver_id: Identifier
    young: bool


class SetYoungForCheck(Command):
    """It was written down, or taken back, that they are a child or a young person."""

    young: bool


class GiveCaregiverCheck(Command):
    """How they are. A question may be left out; whether they feel safe may not."""

    answers: dict[str, CheckAnswer]
    safe: SafeAnswer | None = None
    phone: CarerPhone | None = None

    @field_validator("answers")
    @classmethod
    def _known(cls, answers: dict[str, CheckAnswer]) -> dict[str, CheckAnswer]:
        if unknown := sorted(set(answers) - set(CHECK_QUESTIONS)):
            raise ValueError(f"there is no question {', '.join(unknown)}; choose of {', '.join(CHECK_QUESTIONS)}")
        return answers
