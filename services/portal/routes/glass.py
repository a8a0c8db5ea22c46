"""A record of another team, opened in need: asking for it, and looking at it afterwards."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import at
from services.portal.forms import Problem
from services.portal.visit import Psychology, Visit

router = APIRouter()

VERDICTS = ("justified", "not_justified")


@router.get("/open-in-need")
async def ask(visit: Psychology) -> Response:
    """What it means, and the reason."""
    return await _ask(visit, None)


@router.post("/open-in-need")
async def open_in_need(visit: Psychology) -> Response:
    """Open it, and go there."""
    patient = visit.form.text("patient_id").strip() or "-"
    return await visit.submit(
        "open-in-need",
        "referrals",
        at("patients", patient, "break-glass"),
        {"reason": visit.form.text("reason")},
        then=at("patients", patient),
        done="opened-in-need",
        again=partial(_ask, visit),
    )


@router.get("/opened-in-need")
async def opened(visit: Psychology) -> Response:
    """What a safety lead has to look at."""
    return await _opened(visit, None)


@router.post("/opened-in-need/{glass_id}/review")
async def review(glass_id: str, visit: Psychology) -> Response:
    """Say whether it was right."""
    return await visit.submit(
        f"review-{glass_id}",
        "referrals",
        at("glass", glass_id, "review"),
        {"verdict": visit.form.text("verdict"), "note": visit.form.optional("note")},
        then="/opened-in-need",
        done="glass-reviewed",
        again=partial(_opened, visit),
    )


async def _ask(visit: Visit, problem: Problem | None) -> Response:
    asked = visit.request.query_params.get("patient", "")
    return visit.page("open_in_need.html", problem=problem, asked=asked, minutes=visit.clinic.access.glass_minutes)


async def _opened(visit: Visit, problem: Problem | None) -> Response:
    rows = await visit.get("referrals", "/glass")
    verdicts = [(one, visit.t(f"glass.verdict.{one}")) for one in VERDICTS]
    return visit.page("opened_in_need.html", problem=problem, rows=rows, verdicts=verdicts)
