"""Pages of psychology: who may be unsafe, who waits for a decision, who is in treatment."""

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import carers, courses, options
from services.portal.calls import Away, Json, Refused, at
from services.portal.forms import Problem
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
    alerts, taken, assessed, reviews, ready, active, calls, meeting, *rest = await asyncio.gather(
        visit.maybe("interventions", "/risk-alerts", list="open"),
        visit.maybe("interventions", "/risk-alerts", list="acknowledged"),
        visit.maybe("interventions", "/risk-alerts", list="assessed"),
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
    taken = [*(taken or []), *(assessed or [])]
    for rows in (alerts, taken, reviews, ready, calls):
        await _name(visit, rows or [], names)
    return visit.page(
        "work.html",
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
    if group not in _GROUPS:
        raise Refused(404, {"code": "not-found"})
    listed, active = await asyncio.gather(
        visit.get("referrals", "/referrals", list=_GROUPS[group], language=visit.language, **visit.place),
        visit.maybe("interventions", "/episodes", list="active", language=visit.language),
    )
    return visit.page("waiting.html", group=group, listed=listed, progress=_progress(active))


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


async def _episode(visit: Visit, episode_id: str, problem: Problem | None) -> Response:
    path, language = at("episodes", episode_id), visit.language
    found, modules, actions, measures = await asyncio.gather(
        visit.get("interventions", path, language=language),
        visit.get("interventions", f"{path}/modules", language=language),
        visit.get("interventions", f"{path}/actions"),
        visit.get("interventions", f"{path}/measures", language=language),
    )
    person, engagement, series, feedback = await asyncio.gather(
        visit.found("referrals", at("patients", found["patient_id"])),
        visit.found("interventions", f"{path}/engagement"),
        visit.found("interventions", at("series", found["series_id"]), language=language),
        visit.get("interventions", f"{path}/feedback"),
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


def _waiting(listed: list[Json]) -> list[tuple[str, Json]]:
    groups = zip(_GROUPS, listed, strict=True)
    return [(name, page) for name, page in groups if page["rows"] or name in _ALWAYS]


def _progress(active: list[Json] | None) -> dict[str, Json]:
    """How far each treatment is, by its referral; empty while nobody knows."""
    return {row["referral_id"]: row for row in active or []}


async def _name(visit: Visit, rows: list[Json], names: dict[str, str | None]) -> None:
    """Give each row the name of its person; those whom no open referral names are looked up."""
    unknown = sorted({row["patient_id"] for row in rows} - names.keys())
    for id, record in zip(unknown, await asyncio.gather(*(_record(visit, id) for id in unknown)), strict=True):
        names[id] = record["name"] if record else None
    for row in rows:
        row["name"] = names[row["patient_id"]]


async def _record(visit: Visit, id: str) -> Any:
    try:
        return await visit.found("referrals", at("patients", id))
    except Away:
        return None
