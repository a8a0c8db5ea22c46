"""One referral, for the one who sent it and for psychology: where it stands, and what may be done with it now."""

import asyncio
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import scores, triage
from services.portal.allowed import allowed
from services.portal.calls import Json, Refused, at
from services.portal.forms import Form, Problem
from services.portal.visit import Clinician, Visit

router = APIRouter()

_BODIES: dict[str, Callable[[Form], Json]] = {
    "answer": lambda form: {"answer": form.text("answer")},
    "agree": lambda form: {},
    "undecided": lambda form: {"reason_code": form.text("reason_code"), "note": form.optional("note")},
    "withdraw": lambda form: {},
    "acknowledge": lambda form: {},
}
_BEFORE_THE_START = ("draft", "submitted", "information_requested", "accepted", "undecided")
_FORMS = {"acknowledge": "acknowledge-outcome"}


@router.get("/referrals/{referral_id}")
async def show(referral_id: str, visit: Clinician) -> Response:
    """All of it that this reader may see."""
    return await page(visit, referral_id, None)


@router.post("/referrals/{referral_id}/{action}")
async def act(referral_id: str, action: str, visit: Clinician) -> Response:
    """Do one thing with it. The service knows who may."""
    if action not in _BODIES:
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        _FORMS.get(action, action),
        "referrals",
        at("referrals", referral_id, action),
        _BODIES[action](visit.form),
        then=f"/referrals/{referral_id}",
        done=f"referral-{action}",
        again=partial(page, visit, referral_id),
    )


async def page(visit: Visit, referral_id: str, problem: Problem | None) -> Response:
    """All of a referral, with what was wrong where something was."""
    t = visit.t
    referral, can = await asyncio.gather(
        visit.get("referrals", at("referrals", referral_id), language=visit.language), allowed(visit, referral_id)
    )
    record, episode, beside = await asyncio.gather(
        visit.found("referrals", at("patients", referral["patient_id"])),
        _episode(visit, referral_id),
        triage.beside(visit, referral, can),
    )
    return visit.page(
        "referral.html",
        problem=problem,
        referral=referral,
        can=can,
        # Whoever decides reads the letter first.
        to_decide="return" in can,
        triage=beside,
        refused=[(t(f"act.name.{name}"), why) for name, why in can.why_not if t.has(f"act.name.{name}")],
        scores=scores.readings(referral["readings"], t),
        first_time=bool(record and record["new_to_mental_health"] and referral["status"] in _BEFORE_THE_START),
        episode=episode,
        measure_title=lambda name: scores.title(name, visit.language),
    )


async def _episode(visit: Visit, referral_id: str) -> str | None:
    """Psychology goes on from the referral to the treatment that came of it."""
    if visit.user.role != "psychology":
        return None
    lists = await asyncio.gather(
        *(visit.maybe("interventions", "/episodes", list=chosen) for chosen in ("active", "planned"))
    )
    return next((row["id"] for rows in lists for row in rows or [] if row["referral_id"] == referral_id), None)
