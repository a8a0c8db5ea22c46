"""Pages of a caregiver for themselves: their course, how they are, support, and a word to the team."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Refused, at
from services.portal.forms import Problem
from services.portal.visit import Caregiver, Visit

router = APIRouter()

KINDS = ("phone", "meeting", "information")
ANSWERS = ("never", "sometimes", "often", "always")
SAFE = ("yes", "not_sure", "no")


@router.get("/for-you")
async def for_you(visit: Caregiver) -> Response:
    """The course, and what else is theirs. It opens once they have said yes."""
    course = await visit.found("interventions", _mine(visit, "course"), language=visit.language)
    return visit.page("for_you.html", course=course)


@router.get("/for-you/check")
async def check(visit: Caregiver) -> Response:
    """A few questions on how they are."""
    return await _check(visit, None)


@router.post("/for-you/check")
async def give_check(visit: Caregiver) -> Response:
    """Say it. The page that follows shows help where it is needed."""
    form = visit.form
    names = [name for name in form.fields if name.startswith("q-") and form.text(name)]
    body = {"answers": {name[2:]: form.text(name) for name in names}, "safe": form.optional("safe")}
    return await visit.submit(
        "check",
        "interventions",
        _mine(visit, "check"),
        body,
        then="/for-you/check",
        done="carer-check",
        again=lambda problem: _check(visit, problem),
    )


@router.get("/for-you/support")
async def support(visit: Caregiver) -> Response:
    """Ask for support, and what the team offers."""
    return await _support(visit, None)


@router.post("/for-you/support")
async def ask(visit: Caregiver) -> Response:
    """Ask for it."""
    body = {"kind": visit.form.text("kind"), "words": visit.form.optional("words")}
    return await visit.submit(
        "carer-support",
        "interventions",
        _mine(visit, "support"),
        body,
        then="/for-you/support",
        done="carer-support",
        again=lambda problem: _support(visit, problem),
    )


@router.get("/for-you/word")
async def word(visit: Caregiver) -> Response:
    """Tell the team something about somebody who trusts them."""
    return await _word(visit, None)


@router.post("/for-you/word")
async def tell(visit: Caregiver) -> Response:
    """Tell it."""
    form = visit.form
    body = {
        "about_id": form.text("about_id"),
        "text": form.text("text"),
        "may_tell": form.text("may_tell") == "yes",
    }
    return await visit.submit(
        "carer-word",
        "interventions",
        _mine(visit, "words"),
        body,
        then="/for-you/word",
        done="carer-word",
        again=lambda problem: _word(visit, problem),
    )


@router.get("/for-you/{part}/{page}")
async def read(part: str, page: str, visit: Caregiver) -> Response:
    """One page of the course."""
    found = await visit.get("interventions", _mine(visit, "course", part, page), language=visit.language)
    return visit.page("carer_page.html", found=found)


@router.post("/for-you/{part}/{page}")
async def have_read(part: str, page: str, visit: Caregiver) -> Response:
    """On to the next page, or back to the course after the last."""
    path = _mine(visit, "course", part, page)
    found = await visit.get("interventions", path, language=visit.language)
    if not found["read"]:
        await visit.post("interventions", path, {})
    return visit.go(f"/for-you/{part}/{found['after']}" if found["after"] else "/for-you")


async def _check(visit: Visit, problem: Problem | None) -> Response:
    found = await visit.get("interventions", _mine(visit, "check"))
    answers = options.options(visit.t, "carer.answer", ANSWERS)
    safe = options.options(visit.t, "carer.safe", SAFE)
    return visit.page("carer_check.html", problem=problem, found=found, answers=answers, safe=safe)


async def _support(visit: Visit, problem: Problem | None) -> Response:
    rows = await visit.get("interventions", _mine(visit, "support"))
    kinds = options.options(visit.t, "carer.kind", KINDS)
    return visit.page("carer_support.html", problem=problem, rows=rows, kinds=kinds)


async def _word(visit: Visit, problem: Problem | None) -> Response:
    rows, people = await asyncio.gather(
        visit.get("interventions", _mine(visit, "words")),
        visit.get("referrals", at("caregivers", visit.user.id, "patients")),
    )
    if not people:
        raise Refused(404, {"code": "not-found"})
    named = [(one["patient_id"], one["name"] or visit.t("common.erased")) for one in people]
    telling = options.options(visit.t, "carer.may_tell", ("no", "yes"))
    return visit.page("carer_word.html", problem=problem, rows=rows, people=named, telling=telling)


def _mine(visit: Visit, *more: str) -> str:
    return at("caregivers", visit.user.id, *more)
