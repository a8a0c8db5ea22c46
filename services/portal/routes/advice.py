"""Questions of pain clinicians to psychology: asking one, and one question with all that was said and can be done."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Form, Problem
from services.portal.visit import Clinician, Referrer, Visit

router = APIRouter()

_BODIES: dict[str, Callable[[Form], Json]] = {
    "answer": lambda form: {
        "answer": form.text("answer"),
        "suggests_referral": "yes" in form.all("suggests_referral"),
    },
    "ask_back": lambda form: {"question": form.text("question")},
    "explain": lambda form: {"explanation": form.text("explanation")},
    "convert": lambda form: {},
    "close": lambda form: {"reason_code": form.text("reason_code")},
}
_OPEN = ("asked", "asked_back", "answered")
_AGAINST_A_REFERRAL = ("consent-missing", "conversion-not-authorised")
"""What the reader can do something about, where a button is missing that they may look for."""


@router.get("/patients/{patient_id}/ask")
async def write(patient_id: str, visit: Referrer) -> Response:
    """The question, on one page."""
    return await _ask(visit, patient_id, None)


@router.post("/patients/{patient_id}/ask")
async def ask(patient_id: str, visit: Referrer) -> Response:
    """Send it to psychology."""
    form = visit.form
    body = {
        "patient_id": patient_id,
        "question": form.text("question"),
        "topic": form.text("topic"),
        "may_convert": "yes" in form.all("may_convert"),
    }
    try:
        made = await visit.post("referrals", "/advice", body)
    except Refused as refused:
        if refused.status in (401, 404):
            raise
        return await _ask(visit, patient_id, Problem.of("ask-psychology", refused, form))
    return visit.go(f"/advice/{made['id']}", "advice-asked")


@router.get("/advice/{advice_id}")
async def show(advice_id: str, visit: Clinician) -> Response:
    """One question."""
    return await _page(visit, advice_id, None)


@router.post("/advice/{advice_id}/{action}")
async def act(advice_id: str, action: str, visit: Clinician) -> Response:
    """Do one thing with it. The service knows who may."""
    if action not in _BODIES:
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        f"advice-{action}",
        "referrals",
        at("advice", advice_id, action),
        _BODIES[action](visit.form),
        then=f"/advice/{advice_id}",
        done=f"advice-{action}",
        again=partial(_page, visit, advice_id),
    )


async def questions(visit: Visit) -> list[Json] | None:
    """All that this clinician has to do with; None while nobody knows."""
    chosen = "mine" if visit.user.role == "referrer" else "open"
    found: list[Json] | None = await visit.maybe("referrals", "/advice", list=chosen, language=visit.language)
    return found


def in_two(rows: list[Json]) -> dict[str, list[Json]]:
    """Those that somebody still waits for, and those that are over."""
    return {
        "open": [row for row in rows if row["status"] in _OPEN],
        "over": [row for row in rows if row["status"] not in _OPEN],
    }


async def _ask(visit: Visit, patient_id: str, problem: Problem | None) -> Response:
    record = await visit.get("referrals", at("patients", patient_id))
    return visit.page(
        "ask_advice.html",
        problem=problem,
        record=record,
        topics=options.options(visit.t, "advice.topic", options.ADVICE_TOPICS),
    )


async def _page(visit: Visit, advice_id: str, problem: Problem | None) -> Response:
    path, language = at("advice", advice_id), visit.language
    advice, actions = await asyncio.gather(
        visit.get("referrals", path, language=language),
        visit.get("referrals", f"{path}/actions", language=language),
    )
    return visit.page(
        "advice.html",
        problem=problem,
        advice=advice,
        referral=await _referral(visit, advice["referral_id"]),
        allowed=[one["action"] for one in actions if one["allowed"]],
        no_referral=next((one for one in actions if one["why_not"] in _AGAINST_A_REFERRAL), None),
        close_reasons=options.options(visit.t, "advice.reason", advice["close_reasons"]),
    )


async def _referral(visit: Visit, referral_id: str | None) -> Any:
    """The referral that was made of it; None until the draft is there."""
    if referral_id is None:
        return None
    return await visit.found("referrals", at("referrals", referral_id), language=visit.language)
