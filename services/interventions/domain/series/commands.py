"""What somebody can want of a series of measures."""

from typing import Annotated

from pydantic import Field, Strict

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import Occasion

ItemNumber = Annotated[int, Field(ge=1)]
AnswerValue = Annotated[int, Strict()]


class OpenMeasures(Command):
    """The questionnaires of one occasion may be answered from now on."""

    series_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    occasion: Occasion
    measures: tuple[str, ...]
    programme_id: str | None = None


class RecordAnswers(Command):
    """Answers to one or more items of one questionnaire, in any order; the same item may be answered again."""

    occasion: Occasion
    measure: str
    answers: dict[ItemNumber, AnswerValue]
