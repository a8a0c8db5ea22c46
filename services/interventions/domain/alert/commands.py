"""What somebody can want of a risk alert."""

from pydantic import Field

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import RiskAssessment


class RaiseRiskAlert(Command):
    """An answer says that somebody may be unsafe."""

    alert_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    measure: str
    item: int = Field(ge=1)
    value: int


class RaiseRiskAlertForWords(Command):
    """What somebody wrote, in an activity or in a circle, holds words of the clinic's list."""

    alert_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    activity_id: str | None = None
    number: int | None = Field(default=None, ge=1)
    field: str | None = None
    words: tuple[str, ...] | None
    post_id: Identifier | None = None
    circle_id: Identifier | None = None


class AcknowledgeRiskAlert(Command):
    """A clinician takes the alert on; `by_link` where the message that called them brought them."""

    by_link: bool = False


class AssessRiskAlert(Command):
    """The clinician who holds the alert has spoken with the person, or says in the note why they could not."""

    assessment: RiskAssessment


class TakeOverRiskAlert(Command):
    """Another clinician takes the alert from the one who holds it."""

    reason: str


class CloseRiskAlert(Command):
    """The clinician has assessed the person; `plan` says what happens now."""

    plan: str
