"""Pages of a patient: one next step, the programme, how it goes. No codes and no ids."""

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, scores
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.routes.inbox import unread
from services.portal.standing import Standing, series, standing
from services.portal.visit import Patient, Visit

router = APIRouter()

_NOTHING = {"kind": "nothing", "version": "", "programme": None, "ask_again_at": None, "title": "", "talk_first": False}
_NO_STEP: dict[str, Any] = {**_NOTHING, "address": "", "button": "", "opens_at": None, "total": 0, "done_parts": 0}


async def home(visit: Visit, problem: Problem | None = None) -> Response:
    """The one thing to do next."""
    found, waiting = await asyncio.gather(standing(visit), unread(visit))
    step = await _step(visit, found)
    return visit.page("next.html", problem=problem, unread=waiting, **{**_NO_STEP, **step})


@router.post("/start/yes")
async def agree(visit: Patient) -> Response:
    """Start."""
    found = await standing(visit)
    answer = await _tell(visit, found, "agree", {}, then="/", done="started")

    async def has_begun() -> bool:
        return (await standing(visit)).is_treated

    if answer.status_code == 303:
        await visit.until(has_begun)
    return answer


@router.get("/start/more-time")
async def more_time(visit: Patient) -> Response:
    """What makes it hard to decide?"""
    return await _more_time(visit, None)


@router.post("/start/more-time")
async def undecided(visit: Patient) -> Response:
    """Be asked again later."""
    body = {"reason_code": visit.form.text("reason_code") or "needs_time", "note": visit.form.optional("note")}
    return await _tell(visit, await standing(visit), "undecided", body, then="/", done="more-time")


@router.get("/start/no-thank-you")
async def stop(visit: Patient) -> Response:
    """Are you sure? The door stays open."""
    return await _stop(visit, None)


@router.post("/start/no-thank-you")
async def withdraw(visit: Patient) -> Response:
    """Do not start, or do not go on."""
    return await _tell(visit, await standing(visit), "withdraw", {}, then="/", done="withdrawn")


@router.get("/programme")
async def programme(visit: Patient) -> Response:
    """All parts: done, open, or later."""
    found = await standing(visit)
    if found.episode is None or found.episode["status"] == "planned":
        return visit.page("programme.html", episode=None, modules=[], forms=[])
    path = at("episodes", found.episode["id"], "modules")
    modules, answered = await asyncio.gather(
        visit.get("interventions", path, language=visit.language), series(visit, found.episode)
    )
    forms = [
        {**form, "number": number}
        for number, form in enumerate(answered["forms"] if answered else [], start=1)
        if not form["complete"]
    ]
    return visit.page("programme.html", episode=found.episode, modules=modules, forms=forms)


@router.get("/programme/{number}")
async def part(number: int, visit: Patient) -> Response:
    """One part, to read and to try."""
    return await _part(visit, number, None)


@router.post("/programme/{number}/done")
async def complete(number: int, visit: Patient) -> Response:
    """This part is done."""
    episode, module = await _module(visit, number)
    return await visit.submit(
        "complete-module",
        "interventions",
        at("episodes", episode["id"], "modules", module["id"], "complete"),
        {},
        then="/",
        done="part-done",
        again=partial(_part, visit, number),
    )


@router.get("/progress")
async def progress(visit: Patient) -> Response:
    """How it goes, in sentences first."""
    found = await standing(visit)
    rows: list[Json] = []
    if found.episode:
        detail = await visit.get("interventions", at("episodes", found.episode["id"]), language=visit.language)
        rows = scores.over_time(detail["recorded"], visit.t)
    return visit.page("progress.html", episode=found.episode, readings=rows, sentences=scores.sentences(rows, visit.t))


async def _step(visit: Visit, found: Standing) -> dict[str, Any]:
    """What the home page says and leads to."""
    t, referral = visit.t, found.referral
    if referral is None:
        return {"heading": t("next.nothing"), "explanation": t("next.nothing_text")}
    if found.is_invited:
        return await _invitation(visit, referral)
    if found.episode is None or (found.episode["status"] == "planned" and referral["status"] == "in_treatment"):
        if referral["status"] == "in_treatment":
            return {"kind": "getting_ready", "heading": t("next.ready"), "explanation": t("next.ready_text")}
        return {"heading": t("next.with_us"), "explanation": referral["status_sentence"]}
    if referral["status"] == "withdrawn":
        return {"heading": t("next.with_us"), "explanation": referral["status_sentence"]}
    step = await visit.get("interventions", at("episodes", found.episode["id"], "next"), language=visit.language)
    return {**_linked(visit, step, await _address(visit, found.episode, step))}


def _linked(visit: Visit, step: Json, address: str) -> dict[str, Any]:
    return {
        "kind": step["kind"],
        "heading": step["heading"],
        "explanation": step["explanation"],
        "title": step["title"],
        "address": address,
        "button": visit.t(f"next.button.{step['kind']}") if address else "",
        "opens_at": step["opens_at"],
        "total": step["modules_total"],
        "done_parts": step["modules_done"],
    }


async def _address(visit: Visit, episode: Json, step: Json) -> str:
    """Where the step is. Addresses count parts and forms instead of naming them by their codes."""
    if step["kind"] == "questionnaire":
        answered = await series(visit, episode)
        forms = [(form["occasion"], form["measure"]) for form in answered["forms"]]
        return f"/questions/{forms.index((step['occasion'], step['measure'])) + 1}"
    if step["kind"] == "module":
        modules = await visit.get("interventions", at("episodes", episode["id"], "modules"))
        return f"/programme/{next(row['number'] for row in modules if row['id'] == step['module_id'])}"
    return ""


async def _invitation(visit: Visit, referral: Json) -> dict[str, Any]:
    detail, record, programmes = await asyncio.gather(
        visit.get("referrals", at("referrals", referral["id"]), language=visit.language),
        visit.found("referrals", at("patients", visit.user.id)),
        visit.maybe("interventions", "/programmes", language=visit.language),
    )
    offered = [one for one in programmes or [] if one["id"] == detail["programme_id"]]
    again = detail["ask_again_at"] if referral["status"] == "undecided" else None
    return {
        "kind": "invitation",
        "heading": visit.t("start.title"),
        "explanation": visit.t("start.text_again" if again else "start.text"),
        "version": detail["version"],
        "programme": max(offered, key=lambda one: int(one["version"]), default=None),
        "ask_again_at": again,
        "talk_first": bool(record and record["new_to_mental_health"]),
    }


async def _tell(visit: Visit, found: Standing, action: str, body: Json, *, then: str, done: str) -> Response:
    """Say what the patient wants of their referral."""
    if found.referral is None:
        raise Refused(404, {"code": "not-found"})
    again = {"agree": home, "undecided": _more_time, "withdraw": _stop}[action]
    return await visit.submit(
        action,
        "referrals",
        at("referrals", found.referral["id"], action),
        body,
        then=then,
        done=done,
        again=partial(again, visit),
    )


async def _more_time(visit: Visit, problem: Problem | None) -> Response:
    found = await standing(visit)
    if not found.is_invited or found.referral is None:
        return visit.go("/")
    reasons = options.options(visit.t, "undecided_own", options.UNDECIDED_REASONS)
    return visit.page("more_time.html", problem=problem, version=found.referral["version"], reasons=reasons)


async def _stop(visit: Visit, problem: Problem | None) -> Response:
    found = await standing(visit)
    if found.referral is None:
        return visit.go("/")
    return visit.page("stop.html", problem=problem, version=found.referral["version"], started=found.is_treated)


async def _module(visit: Visit, number: int) -> tuple[Json, Json]:
    """The treatment, and its part of that number. Raises `Refused` where there is none."""
    found = await standing(visit)
    if found.episode:
        rows = await visit.get("interventions", at("episodes", found.episode["id"], "modules"))
        if 1 <= number <= len(rows):
            return found.episode, rows[number - 1]
    raise Refused(404, {"code": "not-found"})


async def _part(visit: Visit, number: int, problem: Problem | None) -> Response:
    episode, row = await _module(visit, number)
    try:
        path = at("episodes", episode["id"], "modules", row["id"])
        module = await visit.get("interventions", path, language=visit.language)
    except Refused as refused:
        if refused.code != "module-locked":
            raise
        return visit.page("part_locked.html", status=409, opens_at=refused.detail.get("opens_at"))
    may_complete = episode["status"] == "active" and module["state"] == "open"
    return visit.page("part.html", problem=problem, module=module, back="/programme", may_complete=may_complete)
