"""Routes of risk alerts. Psychology only."""

from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.interventions import access
from services.interventions.api.serving import Body, Served
from services.interventions.domain.alert.commands import (
    AcknowledgeRiskAlert,
    AssessRiskAlert,
    CloseRiskAlert,
    TakeOverRiskAlert,
)
from services.interventions.views import alerts as view
from services.interventions.views.actions import Action
from shared.contracts.interventions import Asked, Concern, RiskAssessment
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["risk alerts"])


class TakingOn(Body):
    """`by_link`: by the link in the message that called them."""

    by_link: bool = False


class Assessing(Body):
    """What was found in the talk. A question that was not asked is told as "not_asked"; then the note says why."""

    thoughts: Asked
    plan: Asked
    means: Asked
    intent: Asked
    past_attempts: Asked
    protective_factors: Asked
    concern: Concern
    note: str = ""


class TakingOver(Body):
    """Why somebody else goes on with it."""

    reason: str = ""


class Closing(Body):
    """What was agreed with the person."""

    plan: str = ""


@router.get("/risk-alerts")
async def list_alerts(
    chosen: Literal["open", "acknowledged", "assessed"] = Query(alias="list"),
    caller: Caller = allow("psychology", "service"),
) -> list[view.AlertRow]:
    """Alerts that nobody has taken on, that somebody is working on, or that are assessed and still want a plan."""
    found = await caller.find("risk_alert", status=chosen)
    return view.alert_list([one for one in found if access.sees_alert(caller.user, one.state)], caller.now)


@router.get("/risk-alerts/{alert_id}")
async def read_alert(alert_id: str, caller: Caller = allow("psychology")) -> view.AlertDetail:
    """One alert, with its assessment and its plan once there are any."""
    found = await caller.load("risk_alert", alert_id, may=access.treats)
    return view.alert_detail(found, caller.now)


@router.get("/risk-alerts/{alert_id}/actions")
async def alert_actions(alert_id: str, content: Served, caller: Caller = allow("psychology")) -> list[Action]:
    """What the caller may do with it now, and why not."""
    found = await caller.load("risk_alert", alert_id, may=access.treats)
    return view.alert_actions(content.clinic, found.state, caller.user, caller.now)


@router.post("/risk-alerts/{alert_id}/acknowledge")
async def acknowledge_alert(
    alert_id: str, body: TakingOn | None = None, caller: Caller = allow("psychology")
) -> Response:
    """The caller takes the alert on."""
    by_link = body is not None and body.by_link
    command = AcknowledgeRiskAlert(now=caller.now, actor=caller.actor, by_link=by_link)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)


@router.post("/risk-alerts/{alert_id}/assess")
async def assess_alert(alert_id: str, body: Assessing, caller: Caller = allow("psychology")) -> Response:
    """The caller, who holds the alert, has spoken with the person."""
    found = RiskAssessment(**body.model_dump(exclude={"note"}), note=body.note.strip() or None)
    command = AssessRiskAlert(now=caller.now, actor=caller.actor, assessment=found)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)


@router.post("/risk-alerts/{alert_id}/take-over")
async def take_over_alert(alert_id: str, body: TakingOver, caller: Caller = allow("psychology")) -> Response:
    """The caller takes the alert from the one who holds it, and assesses the person anew."""
    command = TakeOverRiskAlert(now=caller.now, actor=caller.actor, reason=body.reason)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)


@router.post("/risk-alerts/{alert_id}/close")
async def close_alert(alert_id: str, body: Closing, caller: Caller = allow("psychology")) -> Response:
    """The caller assessed the person, and there is a plan."""
    command = CloseRiskAlert(now=caller.now, actor=caller.actor, plan=body.plan)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)
