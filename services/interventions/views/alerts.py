"""Risk alerts as the clinic's screens need them. Only clinicians read them, and only they see assessment and plan."""

from datetime import datetime

from pydantic import BaseModel

from services.interventions.domain.alert.commands import (
    AcknowledgeRiskAlert,
    AssessRiskAlert,
    CloseRiskAlert,
    TakeOverRiskAlert,
)
from services.interventions.domain.alert.decide import decide, timers
from services.interventions.domain.alert.state import AlertState, AlertStatus
from services.interventions.domain.codes import CODES
from services.interventions.views.actions import Action
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.interventions import AlertSource, RiskAssessment
from shared.runtime.auth import User
from shared.runtime.core import Found

_ANY_TEXT = "-"
_ANY_ASSESSMENT = RiskAssessment(
    thoughts="no",
    plan="no",
    means="no",
    intent="no",
    past_attempts="no",
    protective_factors="no",
    concern="low",
    note=_ANY_TEXT,
)


class AlertRow(BaseModel):
    """One line of the list. `level` counts how often the alert went past a deadline; `due` is the one that runs.
    `called` is who was called last.
    """

    id: str
    version: int
    status: AlertStatus | None
    patient_id: str
    episode_id: str
    measure: str
    item: int
    value: int
    source: AlertSource
    post_id: str | None
    level: int
    called: str | None
    overdue: bool
    due: datetime | None
    raised_at: datetime | None
    acknowledge_by: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    assessed_by: str | None
    assessed_at: datetime | None


class AlertDetail(AlertRow):
    """One alert in full. `plan` is absent until it is closed, and once the person's data was erased. Before `status` is
    "assessed", an assessment is one of whoever held the alert earlier.
    """

    activity_id: str | None
    circle_id: str | None
    number: int | None
    field: str | None
    words: tuple[str, ...] | None
    assessment: RiskAssessment | None
    taken_from: str | None
    taken_because: str | None
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
    due = next(iter(timers(state).values()), None)
    late = due is not None and due <= now
    return AlertRow(
        id=found.id,
        version=found.version,
        status=state.status,
        patient_id=state.patient_id,
        episode_id=state.episode_id,
        measure=state.measure,
        item=state.item,
        value=state.value,
        source=state.source,
        post_id=state.post_id,
        level=state.level,
        called=state.called[-1] if state.called else None,
        overdue=late or (state.late and state.status != "closed") or (state.status == "open" and state.level > 0),
        due=due,
        raised_at=state.raised_at,
        acknowledge_by=state.acknowledge_by,
        acknowledged_by=state.acknowledged_by,
        acknowledged_at=state.acknowledged_at,
        assessed_by=state.assessed_by,
        assessed_at=state.assessed_at,
    )


def alert_detail(found: Found, now: datetime) -> AlertDetail:
    """One alert in full."""
    state: AlertState = found.state
    return AlertDetail(
        **alert_row(found, now).model_dump(),
        activity_id=state.activity_id,
        circle_id=state.circle_id,
        number=state.number,
        field=state.field,
        words=state.words,
        assessment=state.assessment,
        taken_from=state.taken_from,
        taken_because=state.taken_because,
        closed_by=state.closed_by,
        closed_at=state.closed_at,
        plan=state.plan,
    )


def alert_actions(clinic: Clinic, state: AlertState, user: User, now: datetime) -> list[Action]:
    """What this clinician may do with it now, and why not: the rules themselves are asked."""
    who = {"now": now, "actor": user.actor}
    attempts: dict[str, Command] = {
        "acknowledge": AcknowledgeRiskAlert(**who),
        "assess": AssessRiskAlert(**who, assessment=_ANY_ASSESSMENT),
        "take_over": TakeOverRiskAlert(**who, reason=_ANY_TEXT),
        "close": CloseRiskAlert(**who, plan=_ANY_TEXT),
    }
    return [_tried(clinic, state, action, attempt) for action, attempt in attempts.items()]


def _tried(clinic: Clinic, state: AlertState, action: str, attempt: Command) -> Action:
    """What would say nothing, since it is so already, is not offered either."""
    try:
        said = decide(clinic, state, attempt)
    except Rejected as refusal:
        why_not = CODES[refusal.code]
        return Action(action=action, allowed=False, code=refusal.code, why_not=why_not, detail=refusal.detail)
    return Action(action=action, allowed=bool(said))
