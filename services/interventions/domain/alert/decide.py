"""A risk alert: open until a named clinician takes it on, assessed and closed by that same one, louder with every
deadline missed.
"""

from datetime import datetime, timedelta
from typing import Any

from services.interventions.domain.actor import staff_id
from services.interventions.domain.alert.commands import (
    AcknowledgeRiskAlert,
    AssessRiskAlert,
    CloseRiskAlert,
    RaiseRiskAlert,
    RaiseRiskAlertForWords,
    TakeOverRiskAlert,
)
from services.interventions.domain.alert.state import AlertState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    ASSESSMENT_QUESTIONS,
    AlertStep,
    RiskAlertAcknowledged,
    RiskAlertAssessed,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskAlertTakenOver,
    RiskAssessment,
)
from shared.contracts.on_call import next_called


def decide(clinic: Clinic, state: AlertState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case RaiseRiskAlert() | RaiseRiskAlertForWords():
            return _raise(clinic, state, command)
        case AcknowledgeRiskAlert():
            return _acknowledge(clinic, state, command)
        case AssessRiskAlert():
            return _assess(clinic, state, command)
        case TakeOverRiskAlert():
            return _take_over(clinic, state, command)
        case CloseRiskAlert():
            return _close(state, command)
        case TimerDue():
            return _overdue(clinic, state, command)
        case _:
            raise TypeError(f"a risk alert has no branch for {type(command).__name__}")


def timers(state: AlertState) -> dict[str, datetime]:
    """The one deadline that runs. An alert that was taken on before there was a time to assess has none."""
    running = _running(state)
    return {running[0]: running[1]} if running else {}


def _running(state: AlertState) -> tuple[AlertStep, datetime] | None:
    if state.status == "open" and state.acknowledge_by:
        return "acknowledge", state.acknowledge_by
    if state.status == "acknowledged" and state.assess_by:
        return "assess", state.assess_by
    if state.status == "assessed" and state.close_by:
        return "close", state.close_by
    return None


def _raise(clinic: Clinic, state: AlertState, command: RaiseRiskAlert | RaiseRiskAlertForWords) -> list[Event]:
    # Whoever is about to call the person hears it from them. An assessment from before this answer does not cover it.
    if state.status in ("open", "acknowledged"):
        return []
    found = command.model_dump(exclude={"now", "actor"})
    if isinstance(command, RaiseRiskAlertForWords):
        found |= {"source": "words", "measure": "", "item": 0, "value": 0}
    due = command.now + timedelta(minutes=clinic.clocks.risk_acknowledge_minutes)
    called = next_called(clinic, command.now, ())
    return [RiskAlertRaised(at=command.now, acknowledge_by=due, called=called, **found)]


def _acknowledge(clinic: Clinic, state: AlertState, command: AcknowledgeRiskAlert) -> list[Event]:
    me = staff_id(command.actor)
    _require_raised(state)
    if state.acknowledged_by == me:
        return []
    if state.acknowledged_by:
        raise Rejected("already-acknowledged", by=state.acknowledged_by)
    due = command.now + timedelta(minutes=clinic.clocks.risk_assess_minutes)
    said = {**_said(state, command), "acknowledged_by": me, "assess_by": due, "by_link": command.by_link}
    return [RiskAlertAcknowledged.model_validate(said)]


def _assess(clinic: Clinic, state: AlertState, command: AssessRiskAlert) -> list[Event]:
    me = staff_id(command.actor)
    _require_taken(state)
    if state.acknowledged_by != me:
        raise Rejected("not-the-holder", by=state.acknowledged_by or "")
    if _is_empty(command.assessment):
        raise Rejected("assessment-missing")
    if state.status == "assessed" and state.assessment == command.assessment:
        return []
    due = command.now + timedelta(hours=clinic.clocks.risk_close_hours)
    return [RiskAlertAssessed(**_said(state, command), assessed_by=me, assessment=command.assessment, close_by=due)]


def _is_empty(assessment: RiskAssessment) -> bool:
    """Nothing was asked, and nothing says why."""
    asked = any(getattr(assessment, name) != "not_asked" for name in ASSESSMENT_QUESTIONS)
    return not asked and not (assessment.note or "").strip()


def _take_over(clinic: Clinic, state: AlertState, command: TakeOverRiskAlert) -> list[Event]:
    me = staff_id(command.actor)
    _require_taken(state)
    if state.acknowledged_by == me:
        return []
    if not command.reason:
        raise Rejected("reason-missing")
    return [
        RiskAlertTakenOver(
            **_said(state, command),
            taken_over_by=me,
            taken_from=state.acknowledged_by or "",
            reason=command.reason,
            assess_by=command.now + timedelta(minutes=clinic.clocks.risk_assess_minutes),
        )
    ]


def _close(state: AlertState, command: CloseRiskAlert) -> list[Event]:
    _require_taken(state)
    if state.status != "assessed":
        raise Rejected("not-assessed")
    if state.assessed_by != staff_id(command.actor):
        raise Rejected("not-the-assessor", by=state.assessed_by or "")
    if not command.plan:
        raise Rejected("plan-missing")
    return [RiskAlertClosed(**_said(state, command), closed_by=staff_id(command.actor), plan=command.plan)]


def _overdue(clinic: Clinic, state: AlertState, command: TimerDue) -> list[Event]:
    """Goes on without end until somebody has spoken with the person: nobody is dropped. Readers cap the level at their
    ladder. Of a plan that is missing, one more person is told, once.
    """
    step, due = _running(state) or (None, None)
    if step is None or step != command.name:
        return []
    if due is None or due > command.now:
        return []
    again = command.now + timedelta(minutes=clinic.clocks.risk_escalate_minutes)
    # Whoever holds it knows of it: somebody else is called.
    called = next_called(clinic, command.now, {*state.called, state.acknowledged_by or ""})
    return [
        RiskAlertEscalated(
            **_said(state, command), level=state.level + 1, acknowledge_by=again, owed=step, called=called
        )
    ]


def _said(state: AlertState, command: Command) -> dict[str, Any]:
    """What every event of this alert carries."""
    return {
        "at": command.now,
        "alert_id": state.alert_id,
        "episode_id": state.episode_id,
        "patient_id": state.patient_id,
    }


def _require_raised(state: AlertState) -> None:
    if state.status is None:
        raise Rejected("alert-not-raised")
    if state.status == "closed":
        raise Rejected("alert-closed")


def _require_taken(state: AlertState) -> None:
    _require_raised(state)
    if state.status == "open":
        raise Rejected("not-acknowledged")
