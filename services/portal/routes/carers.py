"""Psychology's page of caregivers: who asks for support, and what they told the team."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Refused, at
from services.portal.forms import Problem
from services.portal.routes.carer import KINDS
from services.portal.visit import Psychology, Visit

router = APIRouter()


@router.get("/caregivers")
async def work(visit: Psychology) -> Response:
    """What waits."""
    return await _work(visit, None)


@router.post("/caregivers/support/{request_id}/{action}")
async def support(request_id: str, action: str, visit: Psychology) -> Response:
    """Take, answer or close a request."""
    if action not in ("take", "answer", "close"):
        raise Refused(404, {"code": "not-found"})
    form = visit.form
    body = {"kind": form.text("kind"), "words": form.optional("words")} if action == "answer" else {}
    return await _do(visit, f"{action}-{request_id}", at("caregiver-support", request_id, action), body)


@router.post("/caregivers/words/{word_id}/{action}")
async def word(word_id: str, action: str, visit: Psychology) -> Response:
    """Say that it was read, or reply."""
    if action not in ("read", "reply"):
        raise Refused(404, {"code": "not-found"})
    body = {"text": visit.form.text("text")} if action == "reply" else {}
    return await _do(visit, f"{action}-{word_id}", at("caregiver-words", word_id, action), body)


async def _do(visit: Visit, form: str, path: str, body: Mapping[str, str | None]) -> Response:
    return await visit.submit(
        form,
        "interventions",
        path,
        body,
        then="/caregivers",
        done="carers-noted",
        again=lambda problem: _work(visit, problem),
    )


async def _work(visit: Visit, problem: Problem | None) -> Response:
    requests, words = await asyncio.gather(
        visit.get("interventions", "/caregiver-support"), visit.get("interventions", "/caregiver-words")
    )
    kinds = options.options(visit.t, "carer.kind", KINDS)
    return visit.page("carers.html", problem=problem, requests=requests, words=words, kinds=kinds)
