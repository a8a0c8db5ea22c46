"""The shared plan: one page for both disciplines, one for the patient; and discussions that wait, for home pages."""

import asyncio
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.options import Options
from services.portal.standing import is_open
from services.portal.visit import Again, Clinician, Patient, Visit

router = APIRouter()

Groups = list[tuple[str, list[Json]]]

_DISCUSSION_ACTIONS = ("schedule", "answer", "close")


@router.get("/patients/{patient_id}/plan")
async def show(patient_id: str, visit: Clinician) -> Response:
    """One person's plan, for those who care for them."""
    return await _page(visit, patient_id, None)


@router.get("/plan")
async def my_plan(visit: Patient) -> Response:
    """The patient's own plan."""
    return await _my_page(visit, None)


@router.post("/patients/{patient_id}/plan/goals")
async def set_goal(patient_id: str, visit: Clinician) -> Response:
    """Add a goal, in whose words it is said."""
    return await _set_goal(visit, patient_id)


@router.post("/plan/goals")
async def set_own_goal(visit: Patient) -> Response:
    """Add a goal in one's own words."""
    return await _set_goal(visit, visit.user.id)


@router.post("/patients/{patient_id}/plan/goals/change")
async def change_goal(patient_id: str, visit: Clinician) -> Response:
    """Let a goal rest or go on, or end it."""
    return await _change_goal(visit, patient_id)


@router.post("/plan/goals/change")
async def change_own_goal(visit: Patient) -> Response:
    """Say how it goes with one's own goal."""
    return await _change_goal(visit, visit.user.id)


@router.post("/patients/{patient_id}/plan/activities")
async def plan_activity(patient_id: str, visit: Clinician) -> Response:
    """Add something that somebody is to do."""
    form = visit.form
    performer, _, performer_id = form.text("performer").partition(":")
    body = {
        "activity": form.text("activity"),
        "performer": performer,
        "performer_id": performer_id or None,
        "due": form.optional("due"),
    }
    return await _write(visit, patient_id, "plan-activity", "activities", body, "activity-planned")


@router.post("/patients/{patient_id}/plan/activities/end")
async def end_activity(patient_id: str, visit: Clinician) -> Response:
    """It was done, or is not needed any more."""
    return await _end_activity(visit, patient_id)


@router.post("/plan/activities/end")
async def end_own_activity(visit: Patient) -> Response:
    """The patient did it, or would rather not."""
    return await _end_activity(visit, visit.user.id)


@router.post("/patients/{patient_id}/plan/discussions")
async def ask_discussion(patient_id: str, visit: Clinician) -> Response:
    """Ask the other discipline."""
    form = visit.form
    body = {
        "question": form.text("question"),
        "wanted_by": form.text("wanted_by"),
        "referral_id": form.optional("referral_id"),
    }
    return await _write(visit, patient_id, "ask-discussion", "discussions", body, "discussion-asked")


@router.post("/patients/{patient_id}/plan/discussions/{action}")
async def go_on(patient_id: str, action: str, visit: Clinician) -> Response:
    """Set a moment to meet, answer, or close. The service knows who may."""
    form = visit.form
    bodies: dict[str, Json] = {
        "schedule": {"meet_at": _by_the_clinics_clock(visit, form.text("meet_at"))},
        "answer": {"answer": form.text("answer"), "decided": form.optional("decided")},
        "close": {},
    }
    if action not in _DISCUSSION_ACTIONS:
        raise Refused(404, {"code": "not-found"})
    id = form.text("discussion")
    path = ("discussions", id, action)
    return await _write(visit, patient_id, f"{action}-{id}", path, bodies[action], f"discussion-{action}")


def waiting(to_answer: list[Json], asked: list[Json]) -> Groups:
    """Discussions for a clinician's home page: what to answer, answers to read, what was asked."""
    groups = [
        ("to_answer", to_answer),
        ("answered", [row for row in asked if row["status"] == "answered"]),
        ("asked", [row for row in asked if row["status"] != "answered"]),
    ]
    return [group for group in groups if group[1]]


async def _set_goal(visit: Visit, patient_id: str) -> Response:
    form = visit.form
    body = {"goal": form.text("goal"), "expressed_by": form.text("expressed_by") or "patient"}
    return await _write(visit, patient_id, "set-goal", "goals", body, "goal-set")


async def _change_goal(visit: Visit, patient_id: str) -> Response:
    form, id = visit.form, visit.form.text("goal")
    body = {"status": form.text("status"), "note": form.optional("note")}
    return await _write(visit, patient_id, f"change-goal-{id}", ("goals", id), body, "goal-changed")


async def _end_activity(visit: Visit, patient_id: str) -> Response:
    form, id = visit.form, visit.form.text("activity")
    body = {"status": form.text("status"), "note": form.optional("note")}
    return await _write(visit, patient_id, f"end-activity-{id}", ("activities", id, "end"), body, "activity-ended")


async def _write(
    visit: Visit, patient_id: str, form: str, where: str | tuple[str, ...], body: Json, done: str
) -> Response:
    """Do it on the plan, and go back to the page that this reader has of it."""
    parts = (where,) if isinstance(where, str) else where
    is_own = visit.user.role == "patient"
    again: Again = partial(_my_page, visit) if is_own else partial(_page, visit, patient_id)
    return await visit.submit(
        form,
        "referrals",
        at("patients", patient_id, "care-plan", *parts),
        body,
        then="/plan" if is_own else f"/patients/{patient_id}/plan",
        done=done,
        again=again,
    )


async def _page(visit: Visit, patient_id: str, problem: Problem | None) -> Response:
    plan, record, about = await asyncio.gather(
        visit.get("referrals", at("patients", patient_id, "care-plan"), language=visit.language),
        visit.found("referrals", at("patients", patient_id)),
        _open_referrals(visit, patient_id),
    )
    t, caregivers = visit.t, record["caregivers"] if record else []
    return visit.page(
        "care_plan.html",
        problem=problem,
        plan=plan,
        record=record,
        caregivers={one["caregiver_id"]: one["name"] for one in caregivers},
        performers=_performers(visit, caregivers),
        about=about,
        goal_statuses=options.options(t, "care_plan.goal_status", options.GOAL_STATUSES),
        activity_ends=options.options(t, "care_plan.activity_end", options.ACTIVITY_ENDS),
        speakers=options.options(t, "care_plan.expressed_by", options.SPEAKERS),
        other="psychology" if visit.user.role == "referrer" else "pain",
    )


async def _my_page(visit: Visit, problem: Problem | None) -> Response:
    plan = await visit.get("referrals", at("patients", visit.user.id, "care-plan"), language=visit.language)
    goals, activities = plan["goals"], plan["activities"]
    return visit.page(
        "my_plan.html",
        problem=problem,
        plan=plan,
        goals=[one for one in goals if one["status"] in ("active", "on_hold")],
        mine=[one for one in activities if one["status"] == "planned" and one["performer"] == "patient"],
        others=[one for one in activities if one["status"] == "planned" and one["performer"] != "patient"],
        ended=[one for one in (*goals, *activities) if one["status"] in ("achieved", "completed")],
    )


async def _open_referrals(visit: Visit, patient_id: str) -> Options:
    """What a discussion can be about: the care as a whole, or a referral that is still open."""
    rows: list[Json] = await visit.found("referrals", at("patients", patient_id, "referrals")) or []
    found = [row for row in rows if is_open(row)]
    named = [(row["id"], visit.t("referral.of_day", day=visit.dates.day(row["submitted_at"]))) for row in found]
    return [("", visit.t("care_plan.about_all")), *named]


def _performers(visit: Visit, caregivers: list[Json]) -> Options:
    """Who can do something: the person, a discipline or one of its people, somebody whom the person trusts."""
    t = visit.t
    found = [("patient", t("care_plan.performer.patient"))]
    for discipline, role in (("pain", "referrer"), ("psychology", "psychology")):
        found.append((discipline, t(f"care_plan.performer.{discipline}")))
        found += [(f"{discipline}:{one.id}", one.name) for one in visit.clinic.staff if one.role == role]
    named = [(f"caregiver:{one['caregiver_id']}", one["name"] or t("common.erased")) for one in caregivers]
    return [*found, *named]


def _by_the_clinics_clock(visit: Visit, text: str) -> str:
    """A moment as it was typed, which says nothing of a zone; what is no moment is left for the service to refuse."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(visit.clinic.time_zone))).isoformat()
