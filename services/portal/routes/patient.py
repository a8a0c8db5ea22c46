"""Pages of a patient: one next step, the programme, how it goes. No codes and no ids."""

import asyncio
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import courses, options, scores
from services.portal.calls import Json, Refused, at
from services.portal.circles import current
from services.portal.forms import Problem
from services.portal.groups import on_home
from services.portal.next_step import next_step
from services.portal.routes import my_circle, my_group
from services.portal.routes.inbox import unread
from services.portal.standing import series, treatment
from services.portal.visit import Patient, Visit

router = APIRouter()


async def home(visit: Visit, problem: Problem | None = None) -> Response:
    """The one thing to do next."""
    step, waiting, groups, circles = await asyncio.gather(
        next_step(visit), unread(visit), my_group.own(visit), my_circle.own(visit)
    )
    weeks = options.break_weeks(visit.t)
    return visit.page(
        "next.html",
        problem=problem,
        unread=waiting,
        step=step,
        break_weeks=weeks,
        group=on_home(groups),
        circle=current(circles),
    )


@router.post("/break")
async def take_break(visit: Patient) -> Response:
    """A break of some weeks."""
    episode = await treatment(visit)
    if episode is None:
        raise Refused(404, {"code": "not-found"})
    today = visit.now.astimezone(ZoneInfo(visit.clinic.time_zone)).date()
    until = today + timedelta(weeks=visit.form.number("weeks") or 0)
    return await visit.submit(
        "take-break",
        "interventions",
        at("episodes", episode["id"], "break"),
        {"until": until.isoformat()},
        then="/",
        done="break-taken",
        again=partial(home, visit),
    )


@router.get("/programme")
async def programme(visit: Patient) -> Response:
    """All parts: done, open, or later."""
    return await _programme(visit)


async def _programme(visit: Visit, problem: Problem | None = None) -> Response:
    episode = await treatment(visit)
    if episode is None:
        return _no_programme(visit)
    path = at("episodes", episode["id"], "modules")
    modules, answered, detail = await asyncio.gather(
        visit.get("interventions", path, language=visit.language),
        series(visit, episode),
        visit.get("interventions", at("episodes", episode["id"])),
    )
    # While the person waits for a place, a part may be open ahead of the rest.
    if episode["status"] == "planned" and all(row["state"] == "locked" for row in modules):
        return _no_programme(visit)
    forms = [
        {**form, "number": number}
        for number, form in enumerate(answered["forms"] if answered else [], start=1)
        if not form["complete"]
    ]
    return visit.page("programme.html", problem=problem, episode=detail, modules=modules, forms=forms)


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


@router.post("/programme/{number}/set-aside")
async def set_aside(number: int, visit: Patient) -> Response:
    """This part is left out."""
    episode, module = await _module(visit, number)
    return await visit.submit(
        "set-aside",
        "interventions",
        at("episodes", episode["id"], "modules", module["id"], "set-aside"),
        {"reason_code": visit.form.text("reason_code")},
        then="/",
        done="part-aside",
        again=partial(_part, visit, number),
    )


@router.post("/programme/newer")
async def migrate(visit: Patient) -> Response:
    """On in the newer version of the programme."""
    episode = await treatment(visit)
    if episode is None:
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        "newer",
        "interventions",
        at("episodes", episode["id"], "migrate"),
        {"version": visit.form.number("newer")},
        then="/programme",
        done="newer",
        again=partial(_programme, visit),
    )


@router.get("/progress")
async def progress(visit: Patient) -> Response:
    """How it goes, in sentences first."""
    episode = await treatment(visit)
    if episode is None:
        return visit.page("progress.html", episode=None, readings=[], sentences=[], lower=True, at_the_end="")
    path = at("episodes", episode["id"])
    detail, measures = await asyncio.gather(
        visit.get("interventions", path, language=visit.language),
        visit.get("interventions", f"{path}/measures", language=visit.language),
    )
    return visit.page(
        "progress.html",
        episode=episode,
        readings=scores.over_time(detail["recorded"], visit.t, visit.clinic),
        sentences=courses.sentences(measures, visit.t),
        lower=courses.lower_is_better(measures),
        at_the_end=courses.at_the_end(measures, visit.t) if episode["status"] == "finished" else "",
    )


def _no_programme(visit: Visit) -> Response:
    return visit.page("programme.html", episode=None, modules=[], forms=[])


async def _module(visit: Visit, number: int) -> tuple[Json, Json]:
    """The treatment, and its part of that number. Raises `Refused` where there is none."""
    episode = await treatment(visit)
    if episode:
        rows = await visit.get("interventions", at("episodes", episode["id"], "modules"))
        if 1 <= number <= len(rows):
            return episode, rows[number - 1]
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
    tasks = await visit.get("interventions", at("episodes", episode["id"], "tasks"))
    may_complete = episode["status"] in ("active", "planned") and module["state"] in ("open", "set_aside")
    return visit.page(
        "part.html",
        problem=problem,
        module=module,
        back="/programme",
        may_complete=may_complete,
        may_leave=episode["status"] == "active" and module["state"] == "open",
        activities_at="",
        states={one["id"]: one["state"] for one in tasks if one["kind"] == "activity"},
        reasons=options.options(visit.t, "aside.why", options.ASIDE),
    )
