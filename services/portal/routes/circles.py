"""Pages of circles, for psychology: start one, invite people, appoint who leads it, see to it, close it."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import circles as c
from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.people import names_of
from services.portal.visit import Psychology, Visit

router = APIRouter()

MODES = ("in_person", "video")
ENDS = ("wish_of_members", "too_few", "no_leader", "other")


@router.get("/circles")
async def circles(visit: Psychology) -> Response:
    """What needs somebody first, then how the others go."""
    rows, posts, leaders = await asyncio.gather(
        visit.get("interventions", "/circles"),
        visit.get("interventions", "/circle-posts", list="to_check"),
        visit.get("interventions", "/peer-leaders"),
    )
    return visit.page(
        "circles.html",
        circles=[row for row in rows if row["status"] == "open"],
        past=[row for row in rows if row["status"] != "open"],
        to_check=len(posts),
        leaders_due=len([row for row in leaders if row["due"] and row["status"] == "trained"]),
    )


@router.get("/circles/new")
async def new(visit: Psychology) -> Response:
    """Start a circle, also from a group that has finished."""
    return await _new(visit, None)


@router.post("/circles")
async def start(visit: Psychology) -> Response:
    """Start it."""
    form = visit.form
    names = ("name", "language", "mode", "where", "agenda_id", "coordinator_id")
    body: Json = {name: form.text(name) for name in names} | {"from_group_id": form.optional("from_group_id")}
    try:
        made = await visit.post("interventions", "/circles", body)
    except Refused as refused:
        return await _new(visit, Problem.of("start-circle", refused, form))
    return visit.go(f"/circles/{made['id']}", "circle-started")


@router.get("/circles/{circle_id}")
async def circle(circle_id: str, visit: Psychology) -> Response:
    """One circle: its people, its meetings, and what waits."""
    return await _circle(visit, circle_id, None)


@router.post("/circles/{circle_id}/invite")
async def invite(circle_id: str, visit: Psychology) -> Response:
    """Ask those who were ticked. Whom it cannot ask it names; the others are asked all the same."""
    path, refusal = at("circles", circle_id, "invitations"), None
    for episode_id in visit.form.all("people"):
        try:
            await visit.post("interventions", path, {"episode_id": episode_id}, part=episode_id)
        except Refused as refused:
            refusal = refused
    if refusal is not None or not visit.form.all("people"):
        refusal = refusal or Refused(422, {"code": "nobody-chosen"})
        return await _circle(visit, circle_id, Problem.of("invite-circle", refusal, visit.form))
    return visit.go(f"/circles/{circle_id}", "circle-invited")


@router.post("/circles/{circle_id}/leader")
async def appoint(circle_id: str, visit: Psychology) -> Response:
    """Who leads from now on."""
    return await _change(visit, circle_id, "leader", "appoint", {"member_id": visit.form.text("member_id")})


@router.post("/circles/{circle_id}/meetings")
async def plan(circle_id: str, visit: Psychology) -> Response:
    """Plan a meeting."""
    return await _change(visit, circle_id, "meetings", "plan-meeting", c.meeting(visit))


@router.post("/circles/{circle_id}/meetings/{number}/move")
async def move(circle_id: str, number: int, visit: Psychology) -> Response:
    """Another time or place."""
    body = {name: value for name, value in c.meeting(visit).items() if name != "topic"}
    return await _change(visit, circle_id, f"meetings/{number}/move", f"move-{number}", body, "move")


@router.post("/circles/{circle_id}/meetings/{number}/cancel")
async def cancel(circle_id: str, number: int, visit: Psychology) -> Response:
    """It does not take place."""
    return await _change(visit, circle_id, f"meetings/{number}/cancel", f"cancel-{number}", {}, "cancel")


@router.post("/circles/{circle_id}/meetings/{number}/held")
async def held(circle_id: str, number: int, visit: Psychology) -> Response:
    """Who was there."""
    body = {"present": visit.form.all("present")}
    return await _change(visit, circle_id, f"meetings/{number}/held", f"held-{number}", body, "held")


@router.post("/circles/{circle_id}/contacts/{member_id}")
async def log_contact(circle_id: str, member_id: str, visit: Psychology) -> Response:
    """A contact with somebody, or an attempt."""
    return await visit.submit(
        f"contact-{member_id}",
        "interventions",
        at("circle-members", member_id, "contacts"),
        c.contact(visit.form),
        then=f"/circles/{circle_id}",
        done="circle-contact",
        again=partial(_circle, visit, circle_id),
    )


@router.post("/circles/{circle_id}/remove/{member_id}")
async def remove(circle_id: str, member_id: str, visit: Psychology) -> Response:
    """Take somebody out, or back an invitation."""
    return await visit.submit(
        "remove-member",
        "interventions",
        at("circle-members", member_id, "leave"),
        {},
        then=f"/circles/{circle_id}",
        done="circle-removed",
        again=partial(_circle, visit, circle_id),
    )


@router.post("/circles/{circle_id}/close")
async def close(circle_id: str, visit: Psychology) -> Response:
    """Close it for good."""
    return await _change(visit, circle_id, "close", "close-circle", {"reason_code": visit.form.text("reason_code")})


def waiting(rows: Iterable[Json], posts: Sequence[Json]) -> Json:
    """What psychology's first page says: circles that need somebody, and how many messages are to check."""
    return {"rows": [row for row in rows if row["needs"]], "to_check": len(posts)}


async def _new(visit: Visit, problem: Problem | None) -> Response:
    past, agendas = await asyncio.gather(
        visit.maybe("interventions", "/groups", list="past", language=visit.language),
        visit.get("interventions", "/circle-agendas", language=visit.language),
    )
    finished = [row for row in past or [] if row["status"] == "finished"]
    told = [(row["id"], f"{row['programme_title']}, {visit.dates.day(row['starts_at'])}") for row in finished]
    coordinators = visit.clinic.coordinators
    return visit.page(
        "circle_new.html",
        problem=problem,
        languages=options.languages(visit.t),
        modes=options.options(visit.t, "circle_staff.mode", MODES),
        agendas=[(one["id"], one["title"]) for one in agendas],
        groups=[("", visit.t("circle_staff.no_group")), *told],
        coordinators=[(id, visit.staff_name(id)) for id in coordinators],
        mine=visit.user.id if visit.user.id in coordinators else "",
    )


async def _circle(visit: Visit, circle_id: str, problem: Problem | None) -> Response:
    found = await visit.get("interventions", at("circles", circle_id), language=visit.language)
    people = await c.treated(visit, found["from_group_id"])
    names = await names_of(visit, [one["patient_id"] for one in (*found["members"], *people)])
    order = sorted(found["members"], key=lambda one: (not one["leads"], one["status"] != "joined"))
    here = [one for one in order if one["status"] in c.HERE]
    there = {one["patient_id"] for one in here}
    joined = [one for one in here if one["status"] == "joined"]
    return visit.page(
        "circle.html",
        problem=problem,
        circle=found,
        names=names,
        members=here,
        joined=joined,
        gone=[one for one in found["members"] if one["status"] not in c.HERE],
        may_lead=[
            (one["id"], names.get(one["patient_id"]) or visit.nameless)
            for one in joined
            if one["trained"] and not one["leads"]
        ],
        may_be_asked=[row for row in people if row["patient_id"] not in there],
        more_to_ask=len(people) == c.MOST_OFFERED,
        topics=c.topics(found["agenda"], found["meetings"]),
        ends=options.options(visit.t, "circle_staff.end", ENDS),
        contacts=c.contact_choices(visit.t),
    )


async def _change(visit: Visit, circle_id: str, what: str, form: str, body: Json, done: str = "") -> Response:
    return await visit.submit(
        form,
        "interventions",
        at("circles", circle_id, *what.split("/")),
        body,
        then=f"/circles/{circle_id}",
        done=f"circle-{done or what}",
        again=partial(_circle, visit, circle_id),
    )
