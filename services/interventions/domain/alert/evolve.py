"""How the events of a risk alert change its state."""

from typing import Any

from services.interventions.domain.alert.state import AlertState
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    RiskAlertAcknowledged,
    RiskAlertAssessed,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskAlertTakenOver,
)

_AGAIN = {"acknowledge": "acknowledge_by", "assess": "assess_by"}
"""What is called for again and again. Of a missing plan, one person is told, once."""


def evolve(state: AlertState, event: Event) -> AlertState:
    """The state after `event`. An alert raised anew starts again at the foot of the ladder."""
    match event:
        case RiskAlertRaised():
            raised = {name: getattr(event, name) for name in type(event).model_fields if name not in ("at", "called")}
            return AlertState(status="open", raised_at=event.at, called=_with(event.called), **raised)
        case RiskAlertEscalated():
            again = {_AGAIN[event.owed]: event.acknowledge_by} if event.owed in _AGAIN else {"close_by": None}
            called = _with(event.called, state.called)
            return state.model_copy(update={"level": event.level, "late": True, "called": called, **again})
        case RiskAlertAcknowledged():
            return _held(state, event, event.acknowledged_by)
        case RiskAlertTakenOver():
            return _held(state, event, event.taken_over_by, taken_from=event.taken_from, taken_because=event.reason)
        case RiskAlertAssessed():
            found = {"assessed_by": event.assessed_by, "assessed_at": event.at, "assessment": event.assessment}
            return state.model_copy(update={"status": "assessed", "late": False, "close_by": event.close_by, **found})
        case RiskAlertClosed():
            ended = {"status": "closed", "closed_by": event.closed_by, "closed_at": event.at, "plan": event.plan}
            return state.model_copy(update=ended)
        case _:
            return state


def _with(called: str | None, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Each once, the newest last."""
    return before if called is None else (*(one for one in before if one != called), called)


def _held(state: AlertState, event: RiskAlertAcknowledged | RiskAlertTakenOver, holder: str, **more: Any) -> AlertState:
    """Somebody holds it from here on."""
    taken = {"acknowledged_by": holder, "acknowledged_at": event.at, "assess_by": event.assess_by}
    return state.model_copy(update={"status": "acknowledged", "late": False, **taken, **more})
