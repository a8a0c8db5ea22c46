"""What a risk alert remembers."""

from datetime import datetime
from typing import Literal

from services.interventions.domain.part import Part
from shared.contracts.interventions import AlertSource, RiskAssessment
from shared.contracts.personal import Personal

AlertStatus = Literal["open", "acknowledged", "assessed", "closed"]


class AlertState(Part):
    """What worries, an answer or words, and who looks after it. `level` counts the rungs of the ladder already passed,
    `late` says that the step which is owed now was escalated.

    `called` is who was called since it was raised, the newest last; `acknowledged_by` is who holds it now. An
    assessment stays to be read when somebody else takes over; it counts only while `status` is "assessed".
    """

    status: AlertStatus | None = None
    alert_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    measure: str = ""
    item: int = 0
    value: int = 0
    source: AlertSource = "answer"
    activity_id: str | None = None
    number: int | None = None
    field: str | None = None
    words: Personal[tuple[str, ...]] = None
    post_id: str | None = None
    circle_id: str | None = None
    level: int = 0
    called: tuple[str, ...] = ()
    late: bool = False
    raised_at: datetime | None = None
    acknowledge_by: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    assess_by: datetime | None = None
    taken_from: str | None = None
    taken_because: Personal[str] = None
    assessed_by: str | None = None
    assessed_at: datetime | None = None
    assessment: RiskAssessment | None = None
    close_by: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    plan: Personal[str] = None
