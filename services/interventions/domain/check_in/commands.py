"""What somebody can want of a check-in."""

from pydantic import AwareDatetime

from services.interventions.domain.series.commands import AnswerValue, ItemNumber
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier


class OpenCheckIn(Command):
    """Its questions may be answered until `closes_at`."""

    check_in_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    moment: str
    measures: tuple[str, ...]
    closes_at: AwareDatetime


class AnswerCheckIn(Command):
    """Answers to one or more items of one of its questionnaires; the same item may be answered again."""

    measure: str
    answers: dict[ItemNumber, AnswerValue]
