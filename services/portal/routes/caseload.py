"""Everybody in treatment, and what is owed next to each: the list that a team goes through."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json
from services.portal.people import name_rows
from services.portal.visit import Psychology

router = APIRouter()

_WHOSE = {"mine": "own", "team": "team"}
_PLACES = {"alert": "/alerts/{alert_id}", "review": "/episodes/{id}/review", "call": "/episodes/{id}#contacts"}
"""Where something is done that has a page, or a part of one, of its own; all else is on the page of the treatment."""


@router.get("/caseload")
async def caseload(visit: Psychology) -> Response:
    """The most urgent first; of the whole team, or of those whom the reader met first."""
    chosen = visit.request.query_params.get("who", "team")
    who = chosen if chosen in _WHOSE else "team"
    listed = await visit.get("interventions", "/caseload", whose=_WHOSE[who], language=visit.language, **visit.place)
    rows: list[Json] = listed["rows"]
    await name_rows(visit, rows, {})
    for row in rows:
        row["leads_to"] = _PLACES.get(row["next"], "/episodes/{id}").format(**row)
    return visit.page("caseload.html", who=who, whose=tuple(_WHOSE), listed=listed)
