"""Routes of risk alerts. Psychology only."""

from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.interventions import access
from services.interventions.api.serving import Body
from services.interventions.domain.alert.commands import AcknowledgeRiskAlert, CloseRiskAlert
from services.interventions.views import alerts as view
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["risk alerts"])


class Closing(Body):
    """What was agreed with the person."""

    plan: str = ""


@router.get("/risk-alerts")
async def list_alerts(
    chosen: Literal["open", "acknowledged"] = Query(alias="list"), caller: Caller = allow("psychology", "service")
) -> list[view.AlertRow]:
    """Alerts that nobody has taken on, or that somebody is working on."""
    found = await caller.find("risk_alert", status=chosen)
    return view.alert_list([one for one in found if access.sees_alert(caller.user, one.state)], caller.now)


@router.get("/risk-alerts/{alert_id}")
async def read_alert(alert_id: str, caller: Caller = allow("psychology")) -> view.AlertDetail:
    """One alert, with its plan once it is closed."""
    found = await caller.load("risk_alert", alert_id, may=access.treats)
    return view.alert_detail(found, caller.now)


@router.post("/risk-alerts/{alert_id}/acknowledge")
async def acknowledge_alert(alert_id: str, caller: Caller = allow("psychology")) -> Response:
    """The caller takes the alert on."""
    command = AcknowledgeRiskAlert(now=caller.now, actor=caller.actor)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)


@router.post("/risk-alerts/{alert_id}/close")
async def close_alert(alert_id: str, body: Closing, caller: Caller = allow("psychology")) -> Response:
    """The person was assessed, and there is a plan."""
    command = CloseRiskAlert(now=caller.now, actor=caller.actor, plan=body.plan)
    return await caller.change("risk_alert", alert_id, command, may=access.treats)
