"""The triage rules in words, and what others would have recommended. Nothing is kept, so there is no redirect."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import triage_rules
from services.portal.calls import Json, Refused
from services.portal.forms import Problem
from services.portal.visit import Psychology, Visit

router = APIRouter()

_TRY_SECONDS = 60.0
"""All decided referrals are looked at, which takes longer than a page."""

_COUNTS = (
    "same",
    "more_intensive",
    "less_intensive",
    "sooner",
    "later",
    "newly_consult",
    "no_longer_consult",
    "unrecorded",
)


@router.get("/triage-rules")
async def rules(visit: Psychology) -> Response:
    """The rules in force, and a form to try others."""
    return await _page(visit)


@router.post("/triage-rules")
async def try_rules(visit: Psychology) -> Response:
    """What the pasted rules would have recommended for referrals that are decided."""
    try:
        pasted = triage_rules.read(visit.form.text("rules"))
    except triage_rules.Unreadable as fault:
        about = [visit.t("rules.line", line=fault.line)] if fault.line else []
        return await _page(visit, problem=_problem(visit, "rules-unreadable"), faults=about)
    try:
        path = f"/triage/dry-run?language={visit.language}"
        result = await visit.post("referrals", path, pasted, seconds=_TRY_SECONDS)
    except Refused as refused:
        if refused.status != 422:
            raise
        faults = str(refused.detail.get("faults", "")).splitlines()
        return await _page(visit, problem=_problem(visit, refused.code), faults=faults)
    return await _page(visit, result=_result(visit, result))


def _problem(visit: Visit, code: str) -> Problem:
    return Problem("try-rules", code, fields={"rules": code}, kept=visit.form)


async def _page(
    visit: Visit, *, problem: Problem | None = None, faults: list[str] | None = None, result: Json | None = None
) -> Response:
    in_force = await visit.get("referrals", "/triage/rules")
    return visit.page(
        "rules.html",
        problem=problem,
        rules=triage_rules.in_words(in_force, visit.t),
        faults=faults or [],
        result=result,
        pasted=visit.form.text("rules"),
    )


def _result(visit: Visit, result: Json) -> Json:
    t = visit.t
    changes = [
        {
            **change,
            "before": triage_rules.recommended(change["before"], t),
            "after": triage_rules.recommended(change["after"], t),
            "differences": [t(f"rules.count.{one}") for one in change["differences"]],
        }
        for change in result["changes"]
    ]
    counts = [(t(f"rules.count.{name}"), result[name]) for name in _COUNTS]
    return {**result, "counts": counts, "changes": changes}
