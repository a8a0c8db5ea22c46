"""Who is called when somebody may be unsafe: now, in the days ahead, and where nobody is on duty."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.visit import Visit, allow
from shared.contracts.on_call import duties, spans

router = APIRouter()

AHEAD = timedelta(days=14)
OnDuty = Annotated[Visit, allow("psychology", "operator")]


@router.get("/on-call")
async def on_call(visit: OnDuty) -> Response:
    """By the clinic's file, which is the same for all services."""
    return visit.page(
        "on_call.html",
        called=duties(visit.clinic, visit.now),
        spans=spans(visit.clinic, visit.now, visit.now + AHEAD),
        has_rota=bool(visit.clinic.on_call.rota),
    )
