"""The figures of treatments, for those who lead the service and those who run it. They name nobody."""

from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from services.interventions import figures as of
from services.interventions.api.serving import Served
from shared.runtime.figures import Kept, PeriodName
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["figures"])

_kept: Kept[of.TreatmentFigures] = Kept()


@router.get("/figures")
async def read_figures(
    name: PeriodName, content: Served, caller: Caller = allow("psychology", "operator")
) -> of.TreatmentFigures:
    """What happened to treatments in one month or quarter; counted anew once in a few minutes."""
    zone = ZoneInfo(content.clinic.time_zone)
    return await _kept.get(caller.core, name, partial(of.count, caller.core, name, zone))
