"""Referring somebody: whether there is room, how to begin, and the request itself."""

import asyncio
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import answers, options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.standing import is_open
from services.portal.steps import preferences
from services.portal.visit import Referrer, Visit

router = APIRouter()


@router.get("/patients/{patient_id}/refer")
async def begin(patient_id: str, visit: Referrer) -> Response:
    """Is there room, and is a referral under way already? Nothing about the person has been sent yet."""
    return await _begin(visit, patient_id, None)


@router.post("/patients/{patient_id}/refer")
async def draft(patient_id: str, visit: Referrer) -> Response:
    """Begin a referral."""
    form = visit.form
    body = {
        "patient_id": patient_id,
        "kind": form.text("kind") or options.KINDS[0],
        "pathway": form.text("pathway") or visit.clinic.pathways[0].id,
        "on_behalf_of": form.optional("on_behalf_of"),
        "placer": form.optional("placer"),
    }
    try:
        made = await visit.post("referrals", "/referrals", body)
    except Refused as refused:
        if refused.status in (401, 404):
            raise
        return await _begin(visit, patient_id, Problem.of("draft", refused, form))
    return visit.go(f"/referrals/{made['id']}/write")


@router.get("/referrals/{referral_id}/write")
async def write(referral_id: str, visit: Referrer) -> Response:
    """The request itself, on one page."""
    return await _write(visit, referral_id, None)


@router.post("/referrals/{referral_id}/submit")
async def submit(referral_id: str, visit: Referrer) -> Response:
    """Send it to psychology."""
    form = visit.form
    referral = await visit.get("referrals", at("referrals", referral_id), language=visit.language)
    wanted, more = _measures(visit, referral)
    body = {
        "reason": form.text("reason"),
        "goal": form.text("goal"),
        "priority": form.text("priority") or "routine",
        "answers": answers.given(form, *wanted, *more),
        "flags": form.all("flags"),
        "preferences": preferences(form),
    }
    return await visit.submit(
        "refer",
        "referrals",
        at("referrals", referral_id, "submit"),
        body,
        then=f"/referrals/{referral_id}",
        done="referred",
        again=partial(_write, visit, referral_id),
    )


async def _begin(visit: Visit, patient_id: str, problem: Problem | None) -> Response:
    record, rows, room = await asyncio.gather(
        visit.get("referrals", at("patients", patient_id)),
        visit.get("referrals", at("patients", patient_id, "referrals"), language=visit.language),
        visit.get("referrals", "/capacity", language=visit.language),
    )
    t, me = visit.t, visit.portal.staff(visit.user.id)
    colleagues = [(id, visit.staff_name(id)) for id in (me.acts_for if me else ())]
    return visit.page(
        "refer_begin.html",
        problem=problem,
        record=record,
        under_way=[row for row in rows if is_open(row)],
        begun=[row for row in rows if row["status"] == "draft"],
        room=room,
        kinds=options.options(t, "kind", options.KINDS),
        pathways=_pathways(visit),
        authors=[("", t("refer.own_name")), *colleagues] if colleagues else [],
    )


async def _write(visit: Visit, referral_id: str, problem: Problem | None) -> Response:
    referral = await visit.get("referrals", at("referrals", referral_id), language=visit.language)
    if referral["status"] != "draft":
        return visit.go(f"/referrals/{referral_id}")
    under_way = None
    if problem and problem.code == "already-open":
        rows = await visit.get("referrals", at("patients", referral["patient_id"], "referrals"))
        under_way = next((row["id"] for row in rows if is_open(row)), None)
    wanted, more = _measures(visit, referral)
    pathway = visit.clinic.pathway(referral["pathway"])
    return visit.page(
        "refer.html",
        problem=problem,
        referral=referral,
        under_way=under_way,
        priorities=options.options(visit.t, "priority", options.PRIORITIES),
        flags=options.options(visit.t, "flag", options.FLAGS),
        wishes=options.preferences(visit.t),
        forms=answers.blanks(wanted, visit.language),
        more_forms=answers.blanks(more, visit.language),
        documents=[visit.t(f"document.{kind}") for kind in (pathway.attachments if pathway else ())],
    )


def _measures(visit: Visit, referral: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return answers.asked(visit.clinic, referral["pathway"]), answers.welcome(visit.clinic, referral["pathway"])


def _pathways(visit: Visit) -> options.Options:
    newest = {pathway.id: pathway for pathway in sorted(visit.clinic.pathways, key=lambda one: one.version)}
    return [(id, getattr(pathway.name, visit.language)) for id, pathway in newest.items()]
