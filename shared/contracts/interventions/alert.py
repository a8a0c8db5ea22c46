"""What is said of a risk to somebody's safety."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal


class RiskEvent(Event):
    """What every event of a risk alert carries."""

    alert_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class RiskAlertRaised(RiskEvent):
    """Somebody may be unsafe. A clinician has until `acknowledge_by`."""

    TYPE: ClassVar[str] = "carepath.risk_alert.raised.v1"

    measure: str
    item: int
    value: int
    acknowledge_by: AwareDatetime


class RiskAlertEscalated(RiskEvent):
    """Nobody acknowledged in time: the next person of the ladder is called. `level` 0 is the first person."""

    TYPE: ClassVar[str] = "carepath.risk_alert.escalated.v1"

    level: int = Field(ge=1)
    acknowledge_by: AwareDatetime


class RiskAlertAcknowledged(RiskEvent):
    """A named clinician took it on; the ladder stops."""

    TYPE: ClassVar[str] = "carepath.risk_alert.acknowledged.v1"

    acknowledged_by: str


class RiskAlertClosed(RiskEvent):
    """Assessed, with a plan on record."""

    TYPE: ClassVar[str] = "carepath.risk_alert.closed.v1"

    closed_by: str
    plan: Personal[str]
