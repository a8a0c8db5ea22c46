"""Pages of groups, for psychology: form one from the waiting list, lead it, say who was there."""

from collections.abc import Iterable, Sequence
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.groups import OPEN, attendance, time_of_day
from services.portal.people import names_of
from services.portal.visit import Psychology, Visit

router = APIRouter()

MODES = ("in_person", "video")
ENDS = ("too_few", "no_facilitator", "no_room", "other")
REASONS = ("forgot", "ill", "cancelled_too_late", "not_specified")


@router.get("/groups")
async def groups(visit: Psychology) -> Response:
    """Those that take place or are to, and those that are over."""
    rows = await visit.get("interventions", "/groups", language=visit.language)
    past = await visit.get("interventions", "/groups", list="past", language=visit.language)
    return visit.page("groups.html", groups=rows, past=past)


@router.get("/groups/new")
async def new(visit: Psychology) -> Response:
    """Form a group."""
    return await _new(visit, None)


@router.post("/groups")
async def plan(visit: Psychology) -> Response:
    """Form it."""
    form = visit.form
    place = visit.clinic.place(form.text("place_id"))
    body = {
        "place_id": form.optional("place_id"),
        "programme_id": place.programme_id if place else form.text("programme_id"),
        "language": form.text("language"),
        "mode": form.text("mode"),
        "where": form.text("where"),
        "facilitators": [form.text("first"), form.text("second")],
        "first_at": visit.dates.at(form.text("first_at")),
        "minutes": form.number("minutes") or 0,
        "every_days": form.number("every_days") or 0,
    }
    try:
        made = await visit.post("interventions", "/groups", body)
    except Refused as refused:
        return await _new(visit, Problem.of("plan-group", refused, form))
    return visit.go(f"/groups/{made['id']}", "group-planned")


@router.get("/groups/{group_id}")
async def group(group_id: str, visit: Psychology) -> Response:
    """One group: its people, its meetings, and who may be invited."""
    return await _group(visit, group_id, None)


@router.post("/groups/{group_id}/invite")
async def invite(group_id: str, visit: Psychology) -> Response:
    """Ask those who were ticked. Whom it cannot ask it names; the others are asked all the same."""
    found = await visit.get("interventions", at("groups", group_id), language=visit.language)
    refusal: Refused | None = None
    for referral_id in visit.form.all("referrals"):
        try:
            await _invite(visit, found, referral_id)
        except Refused as refused:
            refusal = refused
    if refusal is not None or not visit.form.all("referrals"):
        refusal = refusal or Refused(422, {"code": "nobody-chosen"})
        return await _group(visit, group_id, Problem.of("invite", refusal, visit.form))
    return visit.go(f"/groups/{group_id}", "group-invited")


@router.post("/groups/{group_id}/confirm")
async def confirm(group_id: str, visit: Psychology) -> Response:
    """Begin with however many there are."""
    return await _change(visit, group_id, "confirm", {})


@router.post("/groups/{group_id}/postpone")
async def postpone(group_id: str, visit: Psychology) -> Response:
    """Everything later by some days."""
    return await _change(visit, group_id, "postpone", {"days": visit.form.number("days") or 0})


@router.post("/groups/{group_id}/cancel")
async def cancel(group_id: str, visit: Psychology) -> Response:
    """It does not take place."""
    return await _change(visit, group_id, "cancel", {"reason_code": visit.form.text("reason_code")})


@router.post("/groups/{group_id}/facilitators")
async def replace(group_id: str, visit: Psychology) -> Response:
    """Somebody else leads."""
    form = visit.form
    body = {"leaves": form.text("leaves"), "comes": form.text("comes"), "number": form.number("number")}
    return await _change(visit, group_id, "facilitators", body)


@router.post("/groups/{group_id}/move")
async def move(group_id: str, visit: Psychology) -> Response:
    """One meeting at another time, or elsewhere."""
    form = visit.form
    body = {"at": visit.dates.at(form.text("at")) or None, "where": form.optional("where")}
    number = str(form.number("number") or 0)
    return await visit.submit(
        "move",
        "interventions",
        at("groups", group_id, "sessions", number, "move"),
        body,
        then=f"/groups/{group_id}",
        done="group-move",
        again=partial(_group, visit, group_id),
    )


@router.get("/groups/{group_id}/meetings/{number}")
async def meeting(group_id: str, number: int, visit: Psychology) -> Response:
    """Who was there."""
    return await _meeting(visit, group_id, number, None)


@router.post("/groups/{group_id}/meetings/{number}")
async def take_attendance(group_id: str, number: int, visit: Psychology) -> Response:
    """Say it once for everybody."""
    found = await visit.get("interventions", at("groups", group_id), language=visit.language)
    return await visit.submit(
        "attendance",
        "interventions",
        at("groups", group_id, "sessions", str(number), "attendance"),
        attendance(visit.form, _expected(found, number), number),
        then=f"/groups/{group_id}",
        done="group-attendance",
        again=partial(_meeting, visit, group_id, number),
    )


@router.post("/groups/{group_id}/meetings/{number}/not-held")
async def not_held(group_id: str, number: int, visit: Psychology) -> Response:
    """It did not take place."""
    return await visit.submit(
        "not-held",
        "interventions",
        at("groups", group_id, "sessions", str(number), "not-held"),
        {"reason_code": visit.form.text("reason_code")},
        then=f"/groups/{group_id}",
        done="group-not-held",
        again=partial(_meeting, visit, group_id, number),
    )


def waiting(rows: Iterable[Json]) -> list[Json]:
    """Those that need somebody: too few people, or attendance that nobody took."""
    return [row for row in rows if row["under_minimum"] or row["attendance_due"]]


async def _new(visit: Visit, problem: Problem | None) -> Response:
    places = [one for one in visit.clinic.places if one.format == "group"]
    return visit.page(
        "group_new.html",
        problem=problem,
        places=[(one.id, getattr(one.name, visit.language)) for one in places],
        languages=options.languages(visit.t),
        modes=options.options(visit.t, "group_staff.mode", MODES),
        people=_people(visit),
    )


async def _group(visit: Visit, group_id: str, problem: Problem | None) -> Response:
    found = await visit.get("interventions", at("groups", group_id), language=visit.language)
    candidates = await _candidates(visit, found)
    return visit.page(
        "group.html",
        problem=problem,
        group=found,
        names=await _names(visit, found, candidates),
        candidates=candidates,
        people=_people(visit),
        leaders=[(id, visit.staff_name(id)) for id in found["facilitators"]],
        ends=options.options(visit.t, "group_staff.end", ENDS),
        to_come=[one for one in found["sessions"] if not one["held"] and not one["not_held"]],
    )


async def _meeting(visit: Visit, group_id: str, number: int, problem: Problem | None) -> Response:
    found = await visit.get("interventions", at("groups", group_id), language=visit.language)
    session = next((one for one in found["sessions"] if one["number"] == number), None)
    if session is None:
        raise Refused(404, {"code": "not-found"})
    marks = dict.fromkeys(session["present"], "present")
    marks |= {one["membership_id"]: one["reason_code"] for one in session["absent"]}
    people = _expected(found, number)
    told = {one["membership_id"]: "not_specified" for one in people if number in one["absent_told"]}
    return visit.page(
        "attendance.html",
        problem=problem,
        group=found,
        session=session,
        people=people,
        ends=options.options(visit.t, "group_staff.end", ENDS),
        names=await _names(visit, found),
        marks={**told, **marks},
        answers=[("present", visit.t("group_staff.present")), *options.options(visit.t, "group_staff.away", REASONS)],
    )


async def _change(visit: Visit, group_id: str, what: str, body: Json) -> Response:
    return await visit.submit(
        what,
        "interventions",
        at("groups", group_id, what),
        body,
        then=f"/groups/{group_id}",
        done=f"group-{what}",
        again=partial(_group, visit, group_id),
    )


async def _invite(visit: Visit, group: Json, referral_id: str) -> None:
    """The treatment of that referral which is the group's programme."""
    rows = await visit.get("interventions", at("referrals", referral_id, "episodes"), language=visit.language)
    if not rows:
        raise Refused(409, {"code": "programme-does-not-fit"})
    path = at("groups", group["id"], "invitations")
    await visit.post("interventions", path, {"episode_id": rows[0]["id"]}, part=referral_id)


async def _candidates(visit: Visit, group: Json) -> list[Json]:
    """Who waits where this group is formed from, but for those who have been asked already."""
    if group["place_id"] is None or group["status"] in ("finished", "cancelled"):
        return []
    rows = await visit.maybe(
        "referrals",
        at("places", group["place_id"], "candidates"),
        language=group["language"],
        mode=group["mode"],
        time=time_of_day(group["starts_at"], visit.clinic.time_zone),
    )
    asked = {one["referral_id"] for one in group["members"] if one["status"] in OPEN}
    return [row for row in rows or [] if row["referral_id"] not in asked]


async def _names(visit: Visit, group: Json, candidates: Sequence[Json] = ()) -> dict[str, str | None]:
    return await names_of(visit, (one["patient_id"] for one in [*group["members"], *candidates]))


def _expected(group: Json, number: int) -> list[Json]:
    """Those with a seat at that meeting, those too whose seat is younger left out."""
    return [one for one in group["members"] if one["status"] == "seat" and one["since"] <= number]


def _people(visit: Visit) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in visit.clinic.staff if one.role == "psychology"]
