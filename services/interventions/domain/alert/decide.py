"""A risk alert: open until a named clinician takes it on, louder with every deadline missed, closed with a plan."""

from datetime import datetime, timedelta

from services.interventions.domain.actor import staff_id
from services.interventions.domain.alert.commands import AcknowledgeRiskAlert, CloseRiskAlert, RaiseRiskAlert
from services.interventions.domain.alert.state import AlertState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    RiskAlertAcknowledged,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
)

ACKNOWLEDGE_TIMER = "acknowledge"


def decide(clinic: Clinic, state: AlertState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case RaiseRiskAlert():
            return _raise(clinic, state, command)
        case AcknowledgeRiskAlert():
            return _acknowledge(state, command)
        case CloseRiskAlert():
            return _close(state, command)
        case TimerDue():
            return _overdue(clinic, state, command)
        case _:
            raise TypeError(f"a risk alert has no branch for {type(command).__name__}")


def timers(state: AlertState) -> dict[str, datetime]:
    """The deadline of whoever was called last."""
    if state.status == "open" and state.acknowledge_by:
        return {ACKNOWLEDGE_TIMER: state.acknowledge_by}
    return {}


def _raise(clinic: Clinic, state: AlertState, command: RaiseRiskAlert) -> list[Event]:
    if state.status in ("open", "acknowledged"):
        return []
    return [
        RiskAlertRaised(
            at=command.now,
            alert_id=command.alert_id,
            episode_id=command.episode_id,
            patient_id=command.patient_id,
            measure=command.measure,
            item=command.item,
            value=command.value,
            acknowledge_by=command.now + timedelta(minutes=clinic.clocks.risk_acknowledge_minutes),
        )
    ]


def _acknowledge(state: AlertState, command: AcknowledgeRiskAlert) -> list[Event]:
    me = staff_id(command.actor)
    _require_raised(state)
    if state.acknowledged_by == me:
        return []
    if state.acknowledged_by:
        raise Rejected("already-acknowledged", by=state.acknowledged_by)
    return [
        RiskAlertAcknowledged(
            at=command.now,
            alert_id=state.alert_id,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            acknowledged_by=me,
        )
    ]


def _close(state: AlertState, command: CloseRiskAlert) -> list[Event]:
    _require_raised(state)
    if state.status != "acknowledged":
        raise Rejected("not-acknowledged")
    if not command.plan:
        raise Rejected("plan-missing")
    return [
        RiskAlertClosed(
            at=command.now,
            alert_id=state.alert_id,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            closed_by=staff_id(command.actor),
            plan=command.plan,
        )
    ]


def _overdue(clinic: Clinic, state: AlertState, command: TimerDue) -> list[Event]:
    """Goes on without end: an alert that nobody answered is never dropped. Readers cap the level at their ladder."""
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    return [
        RiskAlertEscalated(
            at=command.now,
            alert_id=state.alert_id,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            level=state.level + 1,
            acknowledge_by=command.now + timedelta(minutes=clinic.clocks.risk_escalate_minutes),
        )
    ]


def _require_raised(state: AlertState) -> None:
    if state.status is None:
        raise Rejected("alert-not-raised")
    if state.status == "closed":
        raise Rejected("alert-closed")
