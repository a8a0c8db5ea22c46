"""One referral, for the one who sent it and for psychology: where it stands, and what may be done with it now."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, scores
from services.portal.calls import Json, Refused, at
from services.portal.forms import Form, Problem
from services.portal.visit import Clinician, Visit

router = APIRouter()

_BODIES: dict[str, Callable[[Form], Json]] = {
    "ask": lambda form: {"question": form.text("question")},
    "answer": lambda form: {"answer": form.text("answer")},
    "accept": lambda form: {
        "rationale": form.text("rationale"),
        "programme_id": form.optional("programme_id"),
        "step": form.number("step") or 1,
    },
    "return": lambda form: {"rationale": form.text("rationale")},
    "decline": lambda form: {"reason_code": form.text("reason_code"), "rationale": form.text("rationale")},
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
    return await _page(visit, referral_id, None)


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
        again=partial(_page, visit, referral_id),
    )


async def _page(visit: Visit, referral_id: str, problem: Problem | None) -> Response:
    path, language = at("referrals", referral_id), visit.language
    referral, actions = await asyncio.gather(
        visit.get("referrals", path, language=language),
        visit.get("referrals", f"{path}/actions", language=language),
    )
    record, episode, choices = await asyncio.gather(
        visit.found("referrals", at("patients", referral["patient_id"])),
        _episode(visit, referral_id),
        _programmes(visit),
    )
    allowed = [one["action"] for one in actions if one["allowed"]]
    return visit.page(
        "referral.html",
        problem=problem,
        referral=referral,
        allowed=allowed,
        # Whoever decides reads the letter first.
        to_decide="accept" in allowed,
        refused=[
            (visit.t(f"act.name.{one['action']}"), one["why_not_sentence"])
            for one in actions
            if not one["allowed"] and visit.t.has(f"act.name.{one['action']}")
        ],
        scores=scores.readings(referral["readings"], visit.t),
        first_time=bool(record and record["new_to_mental_health"] and referral["status"] in _BEFORE_THE_START),
        episode=episode,
        measure_title=lambda name: scores.title(name, language),
        **choices,
    )


async def _episode(visit: Visit, referral_id: str) -> str | None:
    """Psychology goes on from the referral to the treatment that came of it."""
    if visit.user.role != "psychology":
        return None
    lists = await asyncio.gather(
        *(visit.maybe("interventions", "/episodes", list=chosen) for chosen in ("active", "planned"))
    )
    return next((row["id"] for rows in lists for row in rows or [] if row["referral_id"] == referral_id), None)


async def _programmes(visit: Visit) -> dict[str, Any]:
    """What can be accepted into: the programmes that the clinic offers, each in its newest version."""
    t = visit.t
    choices = {
        "decline_reasons": options.options(t, "decline", options.DECLINE_REASONS),
        "undecided_reasons": options.options(t, "undecided", options.UNDECIDED_REASONS),
        "steps": options.options(t, "step", options.STEPS),
    }
    rows = await visit.maybe("interventions", "/programmes", language=visit.language) or []
    newest = {row["id"]: row for row in sorted(rows, key=lambda row: int(row["version"]))}
    offered = [newest[id] for id in visit.clinic.programmes if id in newest]
    return {
        **choices,
        "programmes": [(row["id"], row["title"]) for row in offered] or [("", t("act.usual_programme"))],
        "usual_step": offered[0]["step"] if offered else 1,
    }
