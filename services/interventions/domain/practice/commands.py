"""What somebody can want of a log of practice."""

import datetime as dt

from pydantic import Field

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier


class LogPractice(Command):
    """How often somebody practised on a day: the number for the whole day, so that sending it twice changes nothing."""

    log_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    practice_id: str
    day: dt.date
    times: int = Field(ge=0, le=100)
