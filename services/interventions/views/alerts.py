"""Risk alerts as the clinic's screens need them. Only clinicians read them, and only they see the plan."""

from datetime import datetime

from pydantic import BaseModel

from services.interventions.domain.alert.state import AlertState, AlertStatus
from shared.runtime.core import Found


class AlertRow(BaseModel):
    """One line of the list. `level` counts how often the alert went past a deadline."""

    id: str
    version: int
    status: AlertStatus | None
    patient_id: str
    episode_id: str
    measure: str
    item: int
    value: int
    level: int
    overdue: bool
    raised_at: datetime | None
    acknowledge_by: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None


class AlertDetail(AlertRow):
    """One alert in full. `plan` is absent until it is closed, and once the person's data was erased."""

    closed_by: str | None
    closed_at: datetime | None
    plan: str | None


def alert_list(found: list[Found], now: datetime) -> list[AlertRow]:
    """Whoever has waited longest for a clinician comes first."""
    rows = [alert_row(one, now) for one in found]
    return sorted(rows, key=lambda row: (row.raised_at or now, row.id))


def alert_row(found: Found, now: datetime) -> AlertRow:
    """One alert as a line."""
    state: AlertState = found.state
    late = state.status == "open" and state.acknowledge_by is not None and state.acknowledge_by <= now
    return AlertRow(
        id=found.id,
        version=found.version,
        status=state.status,
        patient_id=state.patient_id,
        episode_id=state.episode_id,
        measure=state.measure,
        item=state.item,
        value=state.value,
        level=state.level,
        overdue=late or (state.status == "open" and state.level > 0),
        raised_at=state.raised_at,
        acknowledge_by=state.acknowledge_by,
        acknowledged_by=state.acknowledged_by,
        acknowledged_at=state.acknowledged_at,
    )


def alert_detail(found: Found, now: datetime) -> AlertDetail:
    """One alert in full."""
    state: AlertState = found.state
    row = alert_row(found, now).model_dump()
    return AlertDetail(**row, closed_by=state.closed_by, closed_at=state.closed_at, plan=state.plan)
