"""Pages for psychology of what circles need of it: messages to look at, and the people who lead."""

import asyncio
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import circles as c
from services.portal import options
from services.portal.calls import Json, at
from services.portal.forms import Problem
from services.portal.people import names_of
from services.portal.visit import Psychology, Visit

router = APIRouter()


@router.get("/circles/to-check")
async def to_check(visit: Psychology) -> Response:
    """Messages that wait, what worries first."""
    return await _to_check(visit, None)


@router.post("/circles/to-check/{post_id}")
async def check(post_id: str, visit: Psychology) -> Response:
    """Show it, or not."""
    body = c.checked(visit.form)
    return await visit.submit(
        f"{'show' if body['show'] else 'remove'}-{post_id}",
        "interventions",
        at("circle-posts", post_id, "check"),
        body,
        then="/circles/to-check",
        done="circle-shown" if body["show"] else "circle-not-shown",
        again=partial(_to_check, visit),
    )


@router.get("/peer-leaders")
async def leaders(visit: Psychology) -> Response:
    """Who leads circles, and who is due for a talk."""
    return await _leaders(visit, None)


@router.post("/peer-leaders")
async def train(visit: Psychology) -> Response:
    """Somebody was trained."""
    body = {name: visit.form.text(name) for name in ("patient_id", "trained_on", "supervisor_id")}
    return await _change(visit, "train-leader", at("peer-leaders"), body, "leader-trained")


@router.post("/peer-leaders/{leader_id}/supervision")
async def supervise(leader_id: str, visit: Psychology) -> Response:
    """They spoke with their supervisor."""
    body = {"minutes": visit.form.number("minutes"), "note": visit.form.optional("note")}
    path = at("peer-leaders", leader_id, "supervision")
    return await _change(visit, f"supervise-{leader_id}", path, body, "leader-supervised")


@router.post("/peer-leaders/{leader_id}/stand-down")
async def stand_down(leader_id: str, visit: Psychology) -> Response:
    """They lead no more."""
    path = at("peer-leaders", leader_id, "stand-down")
    return await _change(visit, "stand-down", path, {}, "leader-stood-down")


async def _to_check(visit: Visit, problem: Problem | None) -> Response:
    posts, *alerts = await asyncio.gather(
        visit.get("interventions", "/circle-posts", list="to_check"),
        *(visit.maybe("interventions", "/risk-alerts", list=name) for name in ("open", "acknowledged", "assessed")),
    )
    return visit.page(
        "circle_to_check.html",
        problem=problem,
        posts=posts,
        names=await names_of(visit, [one["patient_id"] for post in posts for one in (post, *post["reports"])]),
        alerts={one["post_id"]: one["id"] for rows in alerts for one in rows or [] if one["post_id"]},
        removals=options.options(visit.t, "circle_staff.removal", c.REMOVALS),
    )


async def _leaders(visit: Visit, problem: Problem | None) -> Response:
    rows, people = await asyncio.gather(visit.get("interventions", "/peer-leaders"), c.treated(visit))
    names = await names_of(visit, [one["patient_id"] for one in (*rows, *people)])
    leads = {row["patient_id"] for row in rows if row["status"] == "trained"}
    return visit.page(
        "peer_leaders.html",
        problem=problem,
        leaders=rows,
        names=names,
        people=[
            (one["patient_id"], names.get(one["patient_id"]) or visit.nameless)
            for one in people
            if one["patient_id"] not in leads
        ],
        team=c.team(visit),
        more_to_ask=len(people) == c.MOST_OFFERED,
    )


async def _change(visit: Visit, form: str, path: str, body: Json, done: str) -> Response:
    return await visit.submit(
        form, "interventions", path, body, then="/peer-leaders", done=done, again=partial(_leaders, visit)
    )
