"""Psychology's pages of caregivers: what waits, what is over, and one of them with all that is theirs."""

import asyncio
from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import carers, options
from services.portal.calls import Refused, at
from services.portal.forms import Problem
from services.portal.routes.carer import KINDS
from services.portal.visit import Psychology, Visit

router = APIRouter()

_OVER = {"words": "/caregiver-words/over", "requests": "/caregiver-support/over"}


@router.get("/caregivers")
async def work(visit: Psychology) -> Response:
    """What waits; what is about somebody's safety first."""
    requests, words = await asyncio.gather(
        visit.get("interventions", "/caregiver-support"), visit.get("interventions", "/caregiver-words")
    )
    contacts = await carers.contacts(visit, [row["caregiver_id"] for row in (*requests, *words)])
    return visit.page(
        "carers.html",
        urgent=[row for row in requests if row["urgent"] and row["status"] == "open"],
        worrying=[row for row in words if row["worrying"]],
        requests=[row for row in requests if not (row["urgent"] and row["status"] == "open")],
        words=[row for row in words if not row["worrying"]],
        contacts=contacts,
        addresses=await carers.addresses(visit, contacts),
    )


@router.get("/caregivers/over/{kind}")
async def over(kind: str, visit: Psychology) -> Response:
    """Words that were read, or requests that are closed, page after page."""
    if kind not in _OVER:
        raise Refused(404, {"code": "not-found"})
    listed = await visit.get("interventions", _OVER[kind], **visit.place)
    contacts = await carers.contacts(visit, [row["caregiver_id"] for row in listed["rows"]])
    return visit.page("carers_over.html", kind=kind, listed=listed, contacts=contacts)


@router.get("/caregivers/{caregiver_id}")
async def person(caregiver_id: str, visit: Psychology) -> Response:
    """One of them: how to reach them, what they said, asked and told, and what came of it."""
    return await _person(visit, caregiver_id, None)


@router.post("/caregivers/{caregiver_id}/support/{request_id}/{action}")
async def support(caregiver_id: str, request_id: str, action: str, visit: Psychology) -> Response:
    """Take, answer or close a request."""
    if action not in ("take", "answer", "close"):
        raise Refused(404, {"code": "not-found"})
    form = visit.form
    body = {"kind": form.text("kind"), "words": form.optional("words")} if action == "answer" else {}
    path = at("caregiver-support", request_id, action)
    return await _do(visit, caregiver_id, f"{action}-{request_id}", path, body)


@router.post("/caregivers/{caregiver_id}/words/{word_id}/{action}")
async def word(caregiver_id: str, word_id: str, action: str, visit: Psychology) -> Response:
    """Say that it was read, or reply."""
    if action not in ("read", "reply"):
        raise Refused(404, {"code": "not-found"})
    body = {"text": visit.form.text("words")} if action == "reply" else {}
    return await _do(visit, caregiver_id, f"{action}-{word_id}", at("caregiver-words", word_id, action), body)


async def _do(visit: Visit, caregiver_id: str, form: str, path: str, body: Mapping[str, str | None]) -> Response:
    return await visit.submit(
        form,
        "interventions",
        path,
        body,
        then=at("caregivers", caregiver_id),
        done="carers-noted",
        again=partial(_person, visit, caregiver_id),
    )


async def _person(visit: Visit, caregiver_id: str, problem: Problem | None) -> Response:
    found, contacts = await asyncio.gather(
        visit.get("interventions", at("caregiver-people", caregiver_id)), carers.contacts(visit, [caregiver_id])
    )
    return visit.page(
        "carer_person.html",
        problem=problem,
        found=found,
        contacts=contacts,
        addresses=await carers.addresses(visit, contacts),
        kinds=options.options(visit.t, "carer.kind", KINDS),
    )
