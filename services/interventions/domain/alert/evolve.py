"""How the events of a risk alert change its state."""

from services.interventions.domain.alert.state import AlertState
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    RiskAlertAcknowledged,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
)


def evolve(state: AlertState, event: Event) -> AlertState:
    """The state after `event`. An alert raised anew starts again at the foot of the ladder."""
    match event:
        case RiskAlertRaised():
            return AlertState(
                status="open",
                alert_id=event.alert_id,
                episode_id=event.episode_id,
                patient_id=event.patient_id,
                measure=event.measure,
                item=event.item,
                value=event.value,
                raised_at=event.at,
                acknowledge_by=event.acknowledge_by,
            )
        case RiskAlertEscalated():
            return state.model_copy(update={"level": event.level, "acknowledge_by": event.acknowledge_by})
        case RiskAlertAcknowledged():
            taken = {"status": "acknowledged", "acknowledged_by": event.acknowledged_by, "acknowledged_at": event.at}
            return state.model_copy(update=taken)
        case RiskAlertClosed():
            ended = {"status": "closed", "closed_by": event.closed_by, "closed_at": event.at, "plan": event.plan}
            return state.model_copy(update=ended)
        case _:
            return state
