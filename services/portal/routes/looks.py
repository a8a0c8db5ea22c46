"""Who looked at my record: the audit as the patient reads it."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.looks import week
from services.portal.visit import Patient

router = APIRouter()


@router.get("/privacy/who-looked")
async def who_looked(visit: Patient) -> Response:
    """By day and person, a week on a page."""
    last = visit.request.query_params.get("last")
    return visit.page("who_looked.html", week=await week(visit, last), last=last)
