"""Pages of psychology: who waits for what, and one treatment."""

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import courses, options, worklists
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.people import person
from services.portal.routes.feedback import said
from services.portal.routes.work import GROUPS, progress_of
from services.portal.visit import Psychology, Visit
from shared.contracts.referrals import END_REASON_OF

router = APIRouter()


@router.get("/waiting/{group}")
async def waiting_for(group: str, visit: Psychology) -> Response:
    """All who wait for one thing, page after page."""
    return await _waiting_for(visit, _known(group), None)


@router.post("/waiting/{group}/views")
async def keep_view(group: str, visit: Psychology) -> Response:
    """Keep the list as it is chosen and sorted."""
    return await worklists.keep(visit, at("waiting", group), partial(_waiting_for, visit, _known(group)))


@router.get("/episodes/{episode_id}")
async def episode(episode_id: str, visit: Psychology) -> Response:
    """One treatment: its parts, its scores, and its end."""
    return await _episode(visit, episode_id, None)


@router.get("/episodes/{episode_id}/parts/{number}")
async def part(episode_id: str, number: int, visit: Psychology) -> Response:
    """What the patient reads, ahead of them too."""
    path = at("episodes", episode_id, "modules")
    rows = await visit.get("interventions", path, language=visit.language)
    if not 1 <= number <= len(rows):
        raise Refused(404, {"code": "not-found"})
    module = await visit.get("interventions", path + at(rows[number - 1]["id"]), language=visit.language)
    return visit.page(
        "part.html",
        module=module,
        back=f"/episodes/{episode_id}",
        may_complete=False,
        may_leave=False,
        states={},
        activities_at="",
        reasons=(),
    )


@router.post("/episodes/{episode_id}/unlock")
async def unlock(episode_id: str, visit: Psychology) -> Response:
    """Open a part early, with a reason."""
    return await visit.submit(
        "unlock-module",
        "interventions",
        at("episodes", episode_id, "modules", visit.form.text("module_id"), "unlock"),
        {"reason": visit.form.text("reason")},
        then=f"/episodes/{episode_id}",
        done="unlocked",
        again=partial(_episode, visit, episode_id),
    )


@router.post("/episodes/{episode_id}/finish")
async def finish(episode_id: str, visit: Psychology) -> Response:
    """End the treatment; the pain team reads how it went."""
    form = visit.form
    return await visit.submit(
        "finish-episode",
        "interventions",
        at("episodes", episode_id, "finish"),
        {**_end(form.text("end_reason")), "recommendation": form.optional("recommendation")},
        then=f"/episodes/{episode_id}",
        done="finished",
        again=partial(_episode, visit, episode_id),
    )


@router.post("/episodes/{episode_id}/contacts")
async def log_contact(episode_id: str, visit: Psychology) -> Response:
    """Write down that somebody was in touch with the person, or tried to be."""
    form = visit.form
    return await visit.submit(
        "log-contact",
        "interventions",
        at("episodes", episode_id, "contacts"),
        {
            "kind": form.text("kind"),
            "reached": {"yes": True, "no": False}.get(form.text("reached")),
            "minutes": form.number("minutes"),
            "note": form.optional("note"),
        },
        then=f"/episodes/{episode_id}",
        done="contact-logged",
        again=partial(_episode, visit, episode_id),
    )


@router.post("/episodes/{episode_id}/notes")
async def write_note(episode_id: str, visit: Psychology) -> Response:
    """Write a note on a session, for oneself alone."""
    return await visit.submit(
        "write-note",
        "interventions",
        at("episodes", episode_id, "notes"),
        {"text": visit.form.text("text")},
        then=f"/episodes/{episode_id}",
        done="note-written",
        again=partial(_episode, visit, episode_id),
    )


async def _episode(visit: Visit, episode_id: str, problem: Problem | None) -> Response:
    path, language = at("episodes", episode_id), visit.language
    found, modules, actions, measures = await asyncio.gather(
        visit.get("interventions", path, language=language),
        visit.get("interventions", f"{path}/modules", language=language),
        visit.get("interventions", f"{path}/actions"),
        visit.get("interventions", f"{path}/measures", language=language),
    )
    record, engagement, series, feedback, notes = await asyncio.gather(
        person(visit, found["patient_id"]),
        visit.found("interventions", f"{path}/engagement"),
        visit.found("interventions", at("series", found["series_id"]), language=language),
        visit.get("interventions", f"{path}/feedback"),
        visit.found("interventions", f"{path}/notes"),
    )
    return visit.page(
        "episode.html",
        problem=problem,
        episode=found,
        name=record["name"] if record else None,
        modules=modules,
        earlier=", ".join(visit.t("review.had", **one) for one in found["earlier"]),
        locked=[(row["id"], row["title"]) for row in modules if row["state"] == "locked"],
        engagement=engagement,
        contact_kinds=options.options(visit.t, "contacts.kind", options.CONTACT_KINDS),
        reached=options.options(visit.t, "contacts.reached", ("yes", "no")),
        courses=courses.tables(measures, {one["id"]: one["number"] for one in modules}, visit.t, visit.dates),
        feedback=feedback,
        notes=notes,
        said=said(feedback, visit.t),
        mood=courses.mood(measures["mood"], visit.t),
        forms=[form for form in series["forms"] if not form["complete"]] if series else [],
        **_ending(visit, {one["action"]: one for one in actions}),
    )


def _end(chosen: str) -> dict[str, str]:
    """The end reason, with what is more exact where that was chosen."""
    coarse = next((reason for detail, reason in END_REASON_OF.items() if detail == chosen), None)
    return {"end_reason": coarse, "end_detail": chosen} if coarse else {"end_reason": chosen}


def _ending(visit: Visit, actions: dict[str, Json]) -> dict[str, Any]:
    """How the treatment can end now, and why it cannot be called completed yet."""
    completed, early = (actions.get(name, {"allowed": False}) for name in ("finish_completed", "finish_early"))
    reasons = [reason for reason in options.END_REASONS if (completed if reason == "completed" else early)["allowed"]]
    why_not = None
    if reasons and not completed["allowed"]:
        why_not = visit.t.first(f"problem.{completed['code']}") or completed["why_not"]
    return {
        "reasons": options.options(visit.t, "outcome.choice", reasons),
        "usual_reason": "completed" if completed["allowed"] else "",
        "not_complete": why_not,
    }


def _known(group: str) -> str:
    if group not in GROUPS:
        raise Refused(404, {"code": "not-found"})
    return group


async def _waiting_for(visit: Visit, group: str, problem: Problem | None) -> Response:
    listed = await worklists.read(visit, GROUPS[group])
    path, progress = at("waiting", group), await progress_of(visit, listed["rows"])
    return worklists.page(visit, "waiting.html", path, listed, problem, group=group, progress=progress)
