"""Pages of psychology: who may be unsafe, who waits for a decision, who is in treatment."""

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import carers, courses, options, refresh, worklists
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.people import name_rows
from services.portal.routes import care_plan, circles, groups
from services.portal.routes.advice import questions
from services.portal.routes.feedback import said
from services.portal.routes.inbox import unread
from services.portal.visit import Psychology, Visit
from shared.contracts.referrals import END_REASON_OF

router = APIRouter()


_GROUPS = {
    "triage": "awaiting_triage",
    "cancellations": "cancellations",
    "asked": "waiting_on_referrer",
    "undecided": "undecided",
    "invited": "accepted",
    "to_book": "to_book",
    "missed": "missed",
    "scheduled": "scheduled",
    "treatment": "in_treatment",
}
"""What waits, by the list that it is on. What asks something of psychology comes first."""
_ALWAYS = ("triage", "treatment")
"""Shown also while nobody is there, so that "nobody" is said."""


async def home(visit: Visit) -> Response:
    """Risk first, then by what waits for a decision."""
    (alerts, taken), reviews, ready, active, calls, meeting, *rest = await asyncio.gather(
        _alerts(visit),
        visit.maybe("interventions", "/episodes", list="to_review", language=visit.language),
        visit.maybe("interventions", "/episodes", list="ready_to_finish", language=visit.language),
        visit.maybe("interventions", "/episodes", list="active", language=visit.language),
        visit.maybe("interventions", "/engagements", list="to_call"),
        groups.waiting(visit),
        questions(visit),
        care_plan.waiting(visit),
        unread(visit),
        circles.waiting(visit),
        carers.waiting(visit),
        *(visit.maybe("referrals", "/referrals", list=name, language=visit.language) for name in _GROUPS.values()),
    )
    asked, discussions, waiting, circling, caring, *listed = rest
    names = {row["patient_id"]: row["patient_name"] for page in listed if page for row in page["rows"]}
    for rows in (alerts, taken, reviews, ready, calls):
        await name_rows(visit, rows or [], names)
    return refresh.page(
        visit,
        "work.html",
        [taken, listed, reviews, ready, calls, meeting, asked, discussions, _counted(circling, caring)],
        at_once=("_alarms.html", [alerts, caring and caring["urgent"]]),
        alerts=alerts,
        taken=taken,
        groups=None if None in listed else _waiting(listed),
        reviews=reviews,
        ready=ready,
        calls=calls,
        meeting=meeting,
        circling=circling,
        caring=caring,
        contacts=caring["contacts"] if caring else {},
        progress=_progress(active),
        questions=asked,
        unread=waiting,
        discussions=discussions,
    )


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
    person, engagement, series, feedback, notes = await asyncio.gather(
        visit.found("referrals", at("patients", found["patient_id"])),
        visit.found("interventions", f"{path}/engagement"),
        visit.found("interventions", at("series", found["series_id"]), language=language),
        visit.get("interventions", f"{path}/feedback"),
        visit.found("interventions", f"{path}/notes"),
    )
    return visit.page(
        "episode.html",
        problem=problem,
        episode=found,
        name=person["name"] if person else None,
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
    if group not in _GROUPS:
        raise Refused(404, {"code": "not-found"})
    return group


async def _waiting_for(visit: Visit, group: str, problem: Problem | None) -> Response:
    listed, active = await asyncio.gather(
        worklists.read(visit, _GROUPS[group]),
        visit.maybe("interventions", "/episodes", list="active", language=visit.language),
    )
    path, progress = at("waiting", group), _progress(active)
    return worklists.page(visit, "waiting.html", path, listed, problem, group=group, progress=progress)


async def _alerts(visit: Visit) -> tuple[list[Json] | None, list[Json]]:
    """Those that nobody has taken on, and those that somebody looks after."""
    stages = ("open", "acknowledged", "assessed")
    alerts, *taken = await asyncio.gather(*(visit.maybe("interventions", "/risk-alerts", list=one) for one in stages))
    return alerts, [row for rows in taken for row in rows or []]


def _counted(circling: Json | None, caring: Json | None) -> list[Json | None]:
    """What the page says of circles and caregivers, of whom some are only counted, in rows that can be followed."""
    if circling is None or caring is None:
        return [None]
    counts = {"to_check": circling["to_check"], **{name: caring[name] for name in ("requests", "overdue", "words")}}
    return [*circling["rows"], *({"name": name, "level": number} for name, number in counts.items())]


def _waiting(listed: list[Json]) -> list[tuple[str, Json]]:
    groups = zip(_GROUPS, listed, strict=True)
    return [(name, page) for name, page in groups if page["rows"] or name in _ALWAYS]


def _progress(active: list[Json] | None) -> dict[str, Json]:
    """How far each treatment is, by its referral; empty while nobody knows."""
    return {row["referral_id"]: row for row in active or []}
