"""Routes of groups, for psychology: form one, invite people, move meetings, and say who was there."""

from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.group import commands as c
from services.interventions.domain.group.calendar import answer_by, starts_at
from services.interventions.domain.group.commands import LONGEST_MINUTES, Where
from services.interventions.domain.membership.commands import InviteToGroup
from services.interventions.group_reactions import membership_of
from services.interventions.views import groups as view
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import Absence, GroupEnd, GroupMode
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["groups"])


class Plan(Body):
    """A group to be formed. Its sessions are the programme's modules, `every_days` apart."""

    programme_id: Identifier
    language: Language
    mode: GroupMode
    where: Where
    facilitators: tuple[Identifier, Identifier]
    first_at: AwareDatetime
    minutes: int = Field(default=120, ge=15, le=LONGEST_MINUTES)
    every_days: int = Field(default=7, ge=1, le=60)
    maximum: int | None = Field(default=None, ge=2)
    place_id: Identifier | None = None


class Invited(Body):
    """Whose treatment the group is to be a part of."""

    episode_id: Identifier


class Days(Body):
    """By how many days everything moves."""

    days: int = Field(ge=1, le=180)


class Moved(Body):
    """When and where a session takes place; what is not given stays."""

    at: AwareDatetime | None = None
    minutes: int | None = Field(default=None, ge=15, le=LONGEST_MINUTES)
    where: Where | None = None


class Replaced(Body):
    """Who leaves and who comes: for one session, or for all to come."""

    leaves: Identifier
    comes: Identifier
    number: int | None = Field(default=None, ge=1)


class Attendance(Body):
    """Everybody with a seat, in one of the two."""

    present: tuple[Identifier, ...] = ()
    absent: tuple[Absence, ...] = ()


class WhyNot(Body):
    """Why it does not, or did not, take place."""

    reason_code: GroupEnd


@router.get("/groups")
async def list_groups(
    content: Served,
    chosen: Literal["open", "past"] = Query(default="open", alias="list"),
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "service"),
) -> list[view.GroupRow]:
    """Groups that take place or are to, what needs somebody first; or those that are over."""
    found = await caller.find("group", open="yes" if chosen == "open" else "no")
    seen = [one for one in found if access.sees_group(caller.user, one.state)]
    return view.in_order([view.group_row(content, one, caller.now, language) for one in seen])


@router.post("/groups", status_code=201)
async def plan_group(body: Plan, caller: Caller = allow("psychology")) -> Response:
    """Form a group."""
    fields = dict(body)
    return await caller.create(
        "group", "group", lambda id: c.PlanGroup(now=caller.now, actor=caller.actor, group_id=id, **fields)
    )


@router.get("/groups/{group_id}")
async def read_group(
    group_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology", "service")
) -> view.GroupPage:
    """One group with its people and its meetings."""
    found = await caller.load("group", group_id, may=access.sees_group)
    members = await caller.find("membership", group_id=group_id)
    seen = [one.state for one in members if access.sees_membership(caller.user, one.state)]
    return view.group_page(content, found, seen, caller.now, language)


@router.post("/groups/{group_id}/invitations")
async def invite(group_id: str, body: Invited, content: Served, caller: Caller = allow("psychology")) -> Response:
    """Ask somebody whether they would like to take part, as long as one can still begin."""
    settings, zone = content.clinic.together.groups, content.plans.zone
    group = (await caller.load("group", group_id, may=access.sees_group)).state
    found = await caller.load("episode", body.episode_id, may=access.sees)
    episode = found.state
    if not group.open:
        raise Rejected("group-closed")
    if episode.status not in ("planned", "active") or episode.programme_id != group.programme_id:
        raise Rejected("programme-does-not-fit")
    asked = InviteToGroup(
        now=caller.now,
        actor=caller.actor,
        membership_id=membership_of(body.episode_id),
        group_id=group_id,
        episode_id=body.episode_id,
        patient_id=episode.patient_id,
        referral_id=episode.referral_id,
        episode_version=found.version,
        starts_at=starts_at(group),
        answer_by=answer_by(group, settings, zone, caller.now),
    )
    return await caller.begin_or_change("membership", asked.membership_id, lambda _: asked)


@router.post("/groups/{group_id}/confirm")
async def confirm(group_id: str, caller: Caller = allow("psychology")) -> Response:
    """Begin as planned, with however many there are."""
    return await caller.change("group", group_id, c.ConfirmGroup(now=caller.now, actor=caller.actor), may=access.leads)


@router.post("/groups/{group_id}/postpone")
async def postpone(group_id: str, body: Days, caller: Caller = allow("psychology")) -> Response:
    """Everything takes place so many days later."""
    command = c.PostponeGroup(now=caller.now, actor=caller.actor, days=body.days)
    return await caller.change("group", group_id, command, may=access.leads)


@router.post("/groups/{group_id}/cancel")
async def cancel(group_id: str, body: WhyNot, caller: Caller = allow("psychology")) -> Response:
    """It does not take place."""
    command = c.CancelGroup(now=caller.now, actor=caller.actor, reason_code=body.reason_code)
    return await caller.change("group", group_id, command, may=access.leads)


@router.post("/groups/{group_id}/sessions/{number}/move")
async def move_session(group_id: str, number: int, body: Moved, caller: Caller = allow("psychology")) -> Response:
    """One session takes place at another time, or elsewhere."""
    command = c.MoveSession(now=caller.now, actor=caller.actor, number=number, **dict(body))
    return await caller.change("group", group_id, command, may=access.leads)


@router.post("/groups/{group_id}/sessions/{number}/attendance")
async def take_attendance(
    group_id: str, number: int, body: Attendance, caller: Caller = allow("psychology")
) -> Response:
    """Who was there, once for all; said again, it corrects."""
    command = c.TakeAttendance(now=caller.now, actor=caller.actor, number=number, **dict(body))
    return await caller.change("group", group_id, command, may=access.leads)


@router.post("/groups/{group_id}/sessions/{number}/not-held")
async def mark_not_held(group_id: str, number: int, body: WhyNot, caller: Caller = allow("psychology")) -> Response:
    """A session whose time has passed did not take place. Said once."""
    command = c.MarkNotHeld(now=caller.now, actor=caller.actor, number=number, reason_code=body.reason_code)
    return await caller.change("group", group_id, command, may=access.leads)


@router.post("/groups/{group_id}/facilitators")
async def replace_facilitator(group_id: str, body: Replaced, caller: Caller = allow("psychology")) -> Response:
    """Somebody else leads one session, or all to come."""
    command = c.ReplaceFacilitator(now=caller.now, actor=caller.actor, **dict(body))
    return await caller.change("group", group_id, command, may=access.leads)
