"""All that is kept about a patient: to read and print, and as a file for programs."""

import json

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import exported
from services.portal.timeline import timeline
from services.portal.visit import Patient, Visit

router = APIRouter()

_KEEP_NOWHERE = {"Cache-Control": "no-store"}


@router.get("/privacy/record")
async def record(visit: Patient) -> Response:
    """In plain words, on one page."""
    return await _page(visit)


@router.get("/privacy/record.json")
async def record_file(visit: Patient) -> Response:
    """The same and more, for a program. docs/record.md says what stands where."""
    text = json.dumps(await exported.everything(visit), ensure_ascii=False, indent=1)
    named = {"Content-Disposition": 'attachment; filename="my-record.json"', **_KEEP_NOWHERE}
    return Response(text, media_type="application/json", headers=named)


async def _page(visit: Visit) -> Response:
    found = await exported.everything(visit)
    history = await timeline(visit, visit.user.id)
    return visit.page(
        "my_record.html",
        found=found,
        goals=(found["care_plan"] or {"goals": []})["goals"],
        messages=(found["messages"] or {"messages": []})["messages"],
        answers=exported.answers,
        written=exported.written,
        timeline=history.entries,
    )
