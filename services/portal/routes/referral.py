"""One referral, for the one who sent it and for psychology: where it stands, and what may be done with it now."""

import asyncio
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import answers, courses, options, scores, triage
from services.portal.allowed import allowed
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.steps import BODIES
from services.portal.visit import Clinician, Visit

router = APIRouter()

_AFTER_THE_START = ("in_treatment", "outcome_sent", "loop_closed")
_FORMS = {"acknowledge": "acknowledge-outcome"}


@router.get("/referrals/{referral_id}")
async def show(referral_id: str, visit: Clinician) -> Response:
    """All of it that this reader may see."""
    return await page(visit, referral_id, None)


@router.get("/referrals/{referral_id}/measures/{number}")
async def measure(referral_id: str, number: int, visit: Clinician) -> Response:
    """A questionnaire to add, answered with the person."""
    return await _measure(visit, referral_id, number, None)


@router.post("/referrals/{referral_id}/measures/{number}")
async def add_measure(referral_id: str, number: int, visit: Clinician) -> Response:
    """Add it."""
    _, name = await _to_add(visit, referral_id, number)
    return await visit.submit(
        "measure",
        "referrals",
        at("referrals", referral_id, "attach"),
        {"kind": "measure", "answers": answers.given(visit.form, name)},
        then=f"/referrals/{referral_id}",
        done="referral-attach",
        again=partial(_measure, visit, referral_id, number),
    )


@router.post("/referrals/{referral_id}/{action}")
async def act(referral_id: str, action: str, visit: Clinician) -> Response:
    """Do one thing with it. The service knows who may."""
    if action not in BODIES:
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        _FORMS.get(action, action),
        "referrals",
        at("referrals", referral_id, action),
        BODIES[action](visit),
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
    attached = [one["reading"] for one in referral["attachments"] if one["reading"]]
    return visit.page(
        "referral.html",
        problem=problem,
        referral=referral,
        can=can,
        # Whoever decides reads the letter first.
        to_decide="return" in can,
        triage=beside,
        refused=[(t(f"act.name.{name}"), why) for name, why in can.why_not if t.has(f"act.name.{name}")],
        scores=scores.readings(_latest([*referral["readings"], *attached]), t),
        documents=[one for one in referral["attachments"] if one["text"]],
        first_time=bool(record and record["new_to_mental_health"] and referral["status"] not in _AFTER_THE_START),
        known=record is not None,
        episode=episode,
        pathway=_pathway(visit, referral["pathway"]),
        place=visit.clinic.place(referral["place_id"]) if referral["place_id"] else None,
        ended=courses.outcome(referral["summary"], t),
        change_words=lambda change: courses.change(change, t),
        measure_title=lambda name: scores.title(name, visit.language),
        measures=_measures(visit, referral["pathway"]),
        documents_to_add=options.options(t, "document", options.DOCUMENTS),
        contacts=options.contacts(t),
    )


async def _measure(visit: Visit, referral_id: str, number: int, problem: Problem | None) -> Response:
    referral, name = await _to_add(visit, referral_id, number)
    return visit.page(
        "measure.html",
        problem=problem,
        referral=referral,
        number=number,
        form=scores.blank(name, visit.language),
    )


async def _to_add(visit: Visit, referral_id: str, number: int) -> tuple[Json, str]:
    """The referral, and the questionnaire of that number among those of its pathway. Raises `Refused` without one."""
    referral: Json = await visit.get("referrals", at("referrals", referral_id), language=visit.language)
    names = _names(visit, referral["pathway"])
    if not 1 <= number <= len(names):
        raise Refused(404, {"code": "not-found"})
    return referral, names[number - 1]


def _measures(visit: Visit, pathway: str) -> options.Options:
    names = _names(visit, pathway)
    return [(str(number), scores.title(name, visit.language)) for number, name in enumerate(names, start=1)]


def _names(visit: Visit, pathway: str) -> tuple[str, ...]:
    return (*answers.asked(visit.clinic, pathway), *answers.welcome(visit.clinic, pathway))


def _pathway(visit: Visit, id: str) -> str:
    """What a pathway is called; nothing where the clinic has one only."""
    found = visit.clinic.pathway(id)
    several = len({pathway.id for pathway in visit.clinic.pathways}) > 1
    return getattr(found.name, visit.language) if found and several else ""


def _latest(readings: list[Json]) -> list[Json]:
    """Of each measure the last reading."""
    newest = {one["measure"]: one for one in sorted(readings, key=lambda one: str(one["taken_at"]))}
    return list(newest.values())


async def _episode(visit: Visit, referral_id: str) -> str | None:
    """The treatment that came of it, for psychology."""
    if visit.user.role != "psychology":
        return None
    rows = await visit.maybe("interventions", at("referrals", referral_id, "episodes")) or []
    treatments = [row["id"] for row in rows if row["status"] != "cancelled"]
    return treatments[-1] if treatments else None
