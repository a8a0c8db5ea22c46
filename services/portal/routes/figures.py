"""How the service does: figures of a month or a quarter, on a page that prints and as a table to take along."""

import asyncio
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import figures as shown
from services.portal.visit import Overseer, Visit

router = APIRouter()

_SERVICES = ("referrals", "interventions", "notifications")


@router.get("/figures")
async def figures(visit: Overseer) -> Response:
    """Each group of numbers: a sentence first, then the table."""
    today = _today(visit)
    period = _period(visit)
    counted = await _counted(visit, period)
    after = period.moved(1)
    return visit.page(
        "figures.html",
        period=period,
        over=period.is_over(today),
        before=period.moved(-1),
        after=after if after.begins_by(today) else None,
        other=period.other(),
        as_of=min((one["as_of"] for one in counted if one), default=None),
        sections=shown.sections(visit.t, *counted),
    )


@router.get("/figures.csv")
async def figures_table(visit: Overseer) -> Response:
    """The same numbers, for a spreadsheet. While a service is away there is no table: it would look whole."""
    period = _period(visit)
    answers = await asyncio.gather(*(visit.get(name, "/figures", period=period.name) for name in _SERVICES))
    text = shown.as_csv(visit.t, period, shown.sections(visit.t, *answers))
    named = f'attachment; filename="carepath-{period.name}.csv"'
    # With its mark of UTF-8, without which spreadsheets garble accents.
    return Response(text.encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": named})


async def _counted(visit: Visit, period: shown.Period) -> tuple[Any, Any, Any]:
    first, second, third = await asyncio.gather(
        *(visit.maybe(name, "/figures", period=period.name) for name in _SERVICES)
    )
    return first, second, third


def _period(visit: Visit) -> shown.Period:
    return shown.period_of(visit.request.query_params.get("period", ""), _today(visit))


def _today(visit: Visit) -> date:
    now: datetime = visit.now
    return now.astimezone(ZoneInfo(visit.clinic.time_zone)).date()
