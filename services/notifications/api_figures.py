"""The figures of messages, for those who lead the service and those who run it. They name nobody."""

from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from services.notifications import figures as of
from shared.contracts.clinic import Clinic
from shared.runtime.figures import Kept, PeriodName
from shared.runtime.http import Caller, allow


def router(clinic: Clinic) -> APIRouter:
    """The one route, with this clinic's calendar."""
    routes, zone = APIRouter(tags=["figures"]), ZoneInfo(clinic.time_zone)
    kept: Kept[of.MessageFigures] = Kept()

    @routes.get("/figures")
    async def figures(name: PeriodName, caller: Caller = allow("psychology", "operator")) -> of.MessageFigures:
        """Which messages did not arrive in one month or quarter; counted anew once in a few minutes."""
        return await kept.get(caller.core, name, partial(of.count, caller.core, name, zone))

    return routes
