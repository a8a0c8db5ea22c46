"""What somebody can want of feedback."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import FeedbackAnswer

LONGEST_WORDS = 5000
"""In characters. A technical limit, as for what is written in activities."""

FreeWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORDS)]


class PlanFeedback(Command):
    """A treatment has ended: its person is to be asked how it was."""

    feedback_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class GiveFeedback(Command):
    """The person says how it was. Each part is optional; all of them empty is nothing said."""

    helpful: FeedbackAnswer | None = None
    taken_seriously: FeedbackAnswer | None = None
    recommend: FeedbackAnswer | None = None
    words: FreeWords | None = Field(default=None)
