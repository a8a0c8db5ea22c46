"""What a risk alert remembers."""

from datetime import datetime
from typing import Literal

from services.interventions.domain.part import Part
from shared.contracts.personal import Personal

AlertStatus = Literal["open", "acknowledged", "closed"]


class AlertState(Part):
    """One worrying answer and who looks after it. `level` counts the rungs of the ladder already passed."""

    status: AlertStatus | None = None
    alert_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    measure: str = ""
    item: int = 0
    value: int = 0
    level: int = 0
    raised_at: datetime | None = None
    acknowledge_by: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    plan: Personal[str] = None
