"""Pages of a caregiver for themselves: their course, how they are, support, and a word to the team."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import carers, options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.routes.inbox import messages
from services.portal.visit import Caregiver, Visit

router = APIRouter()

KINDS = ("phone", "meeting", "information")
ANSWERS = ("never", "sometimes", "often", "always")
SAFE = ("yes", "not_sure", "no")


@router.get("/for-you")
async def for_you(visit: Caregiver) -> Response:
    """The course, and what else is theirs. It opens once they have said yes."""
    course, inbox = await asyncio.gather(
        visit.found("interventions", _mine(visit, "course"), language=visit.language), messages(visit)
    )
    young = bool(course and course["young"])
    return _page(visit, "for_you.html", young, course=course, news=carers.news(inbox), inbox=inbox)


@router.post("/for-you/news")
async def read_news(visit: Caregiver) -> Response:
    """On to what is new; it is not new any more."""
    path = at("agendas", visit.user.id, "messages", visit.form.text("message"), "read")
    try:
        await visit.post("notifications", path, {})
    except Refused as refused:
        # Changed meanwhile, or read already: the page is the same.
        if refused.status == 401:
            raise
    return visit.go(carers.NEWS.get(visit.form.text("template"), "/for-you"))


@router.get("/for-you/check")
async def check(visit: Caregiver) -> Response:
    """A few questions on how they are."""
    return await _check(visit, None)


@router.post("/for-you/check")
async def give_check(visit: Caregiver) -> Response:
    """Say it. The page that follows shows help where it is needed."""
    form = visit.form
    visit.worried = form.text("safe") == "no"
    names = [name for name in form.fields if name.startswith("q-") and form.text(name)]
    body = {
        "answers": {name[2:]: form.text(name) for name in names},
        "safe": form.optional("safe"),
        "phone": form.optional("phone"),
    }
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
    form = visit.form
    visit.worried = bool(visit.clinic.risk_words.found_in([form.text("words")]))
    return await visit.submit(
        "carer-support",
        "interventions",
        _mine(visit, "support"),
        {"kind": form.text("kind"), "words": form.optional("words"), "phone": form.optional("phone")},
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
    visit.worried = bool(visit.clinic.risk_words.found_in([form.text("words")]))
    body = {
        "about_id": form.text("about_id"),
        "text": form.text("words"),
        "may_tell": form.text("may_tell") == "yes",
        "phone": form.optional("phone"),
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
    return _page(visit, "carer_page.html", found["young"], found=found)


@router.post("/for-you/{part}/{page}")
async def have_read(part: str, page: str, visit: Caregiver) -> Response:
    """On to the next page, or back to the course after the last."""
    path = _mine(visit, "course", part, page)
    found = await visit.get("interventions", path, language=visit.language)
    if not found["read"]:
        await visit.post("interventions", path, {})
    return visit.go(f"/for-you/{part}/{found['after']}" if found["after"] else "/for-you")


async def _check(visit: Visit, problem: Problem | None) -> Response:
    found, about = await asyncio.gather(visit.get("interventions", _mine(visit, "check")), _about(visit))
    answers = options.options(visit.t, "carer.answer", ANSWERS)
    safe = options.options(visit.t, "carer.safe", SAFE)
    shown = {"found": found, "about": about, "answers": answers, "safe": safe}
    return _page(visit, "carer_check.html", about["young"], problem=problem, **shown)


async def _support(visit: Visit, problem: Problem | None) -> Response:
    rows, about = await asyncio.gather(visit.get("interventions", _mine(visit, "support")), _about(visit))
    kinds = options.options(visit.t, "carer.kind", KINDS)
    rows = sorted(rows, key=lambda row: str(row["asked_at"]), reverse=True)
    return _page(visit, "carer_support.html", about["young"], problem=problem, rows=rows, kinds=kinds, about=about)


async def _word(visit: Visit, problem: Problem | None) -> Response:
    rows, about, people = await asyncio.gather(
        visit.get("interventions", _mine(visit, "words")),
        _about(visit),
        visit.get("referrals", at("caregivers", visit.user.id, "patients")),
    )
    named = [(one["patient_id"], one["name"] or visit.nameless) for one in people if _trusts(one)]
    shown = {
        "rows": sorted(rows, key=lambda row: str(row["sent_at"]), reverse=True),
        "people": named,
        "telling": options.options(visit.t, "carer.may_tell", ("no", "yes")),
        "about": about,
    }
    return _page(visit, "carer_word.html", about["young"], problem=problem, **shown)


async def _about(visit: Visit) -> Json:
    """What their forms need to know of them."""
    found: Json = await visit.get("interventions", _mine(visit, "about"))
    return found


def _page(visit: Visit, template: str, young: bool, *, problem: Problem | None = None, **values: Any) -> Response:
    """A page in words for whoever reads it."""
    say = carers.speaking_to(visit.t, young)
    return visit.page(template, problem=problem, say=say, young=young, **values)


def _trusts(patient: Json) -> bool:
    return bool(patient["status"] == "accepted")


def _mine(visit: Visit, *more: str) -> str:
    return at("caregivers", visit.user.id, *more)
