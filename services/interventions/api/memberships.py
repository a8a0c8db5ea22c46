"""Routes of a person's part in a group: answer, see when it meets, say that one cannot come, leave."""

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.membership import commands as c
from services.interventions.views import memberships as view
from services.interventions.views.calendar import calendar_of
from shared.contracts.commands import Rejected
from shared.contracts.interventions import InvitationReason
from shared.runtime.core import Found
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["groups"])


class Answer(Body):
    """Yes with the rules that were read, and the name to be shown, or none; or rather not."""

    accept: bool
    rules_version: int | None = Field(default=None, ge=1)
    name: c.ShownName | None = None
    reason_code: InvitationReason | None = None


class Name(Body):
    """The name to be shown to the others; without one, none is."""

    name: c.ShownName | None = None


class Rules(Body):
    """The version of the rules that were read."""

    rules_version: int = Field(ge=1)


class Number(Body):
    """Which session, and when it was to be when they looked."""

    number: int = Field(ge=1)
    at: AwareDatetime | None = None


@router.get("/memberships")
async def list_memberships(
    content: Served,
    patient_id: str = Query(max_length=128),
    language: ReadIn = "en",
    caller: Caller = allow("patient", "psychology", "service"),
) -> list[view.MembershipRow]:
    """The groups that one person is or was asked to."""
    found = await caller.find("membership", patient_id=patient_id)
    seen = [one for one in found if access.sees_membership(caller.user, one.state)]
    groups = await caller.load_many("group", [one.state.group_id for one in seen], may=access.of_a_membership_seen)
    return [
        view.membership_row(content, one, groups[one.state.group_id].state, caller.now, language)
        for one in seen
        if one.state.group_id in groups
    ]


@router.get("/memberships/{membership_id}")
async def read_membership(
    membership_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("patient", "psychology", "service"),
) -> view.MembershipPage:
    """One person's part in a group. The others' names are as each of them chose."""
    found, group = await _load(caller, membership_id)
    ids = [seat.membership_id for seat in group.state.seats]
    others = await caller.load_many("membership", ids, may=access.of_a_membership_seen)
    theirs = [one.state for one in others.values()]
    return view.membership_page(content, found, group.state, theirs, caller.now, language)


@router.get("/memberships/{membership_id}/calendar")
async def read_calendar(membership_id: str, content: Served, caller: Caller = allow("patient", "service")) -> Response:
    """Their meetings as a calendar (RFC 5545) that follows every change."""
    found, group = await _load(caller, membership_id)
    text = calendar_of(content.clinic, found, group, caller.now)
    return Response(text, media_type="text/calendar")


@router.post("/memberships/{membership_id}/answer")
async def answer(membership_id: str, body: Answer, caller: Caller = allow("patient", "psychology")) -> Response:
    """Say yes or rather not."""
    command = c.AnswerInvitation(now=caller.now, actor=caller.actor, **dict(body))
    return await caller.change("membership", membership_id, command, may=access.takes_part_in_group)


@router.post("/memberships/{membership_id}/name")
async def change_name(membership_id: str, body: Name, caller: Caller = allow("patient", "psychology")) -> Response:
    """Be shown to the others otherwise."""
    command = c.ChangeName(now=caller.now, actor=caller.actor, name=body.name)
    return await caller.change("membership", membership_id, command, may=access.takes_part_in_group)


@router.post("/memberships/{membership_id}/rules")
async def agree(membership_id: str, body: Rules, caller: Caller = allow("patient", "psychology")) -> Response:
    """Agree to the rules as they are now."""
    command = c.AgreeToRules(now=caller.now, actor=caller.actor, rules_version=body.rules_version)
    return await caller.change("membership", membership_id, command, may=access.takes_part_in_group)


@router.post("/memberships/{membership_id}/absence")
async def tell_absence(membership_id: str, body: Number, caller: Caller = allow("patient", "psychology")) -> Response:
    """Say beforehand that one cannot come to a session."""
    _, group = await _load(caller, membership_id)
    session = group.state.session(body.number)
    if session is None:
        raise Rejected("session-unknown")
    if body.at is not None and body.at != session.at:
        raise Rejected("session-moved")
    command = c.TellAbsence(now=caller.now, actor=caller.actor, number=body.number, session_at=session.at)
    return await caller.change("membership", membership_id, command, may=access.takes_part_in_group)


@router.post("/memberships/{membership_id}/leave")
async def leave(membership_id: str, caller: Caller = allow("patient", "psychology")) -> Response:
    """Leave the group."""
    command = c.LeaveGroup(now=caller.now, actor=caller.actor)
    return await caller.change("membership", membership_id, command, may=access.takes_part_in_group)


async def _load(caller: Caller, membership_id: str) -> tuple[Found, Found]:
    found = await caller.load("membership", membership_id, may=access.sees_membership)
    groups = await caller.load_many("group", [found.state.group_id], may=access.of_a_membership_seen)
    if found.state.group_id not in groups:
        raise NotFound(found.state.group_id)
    return found, groups[found.state.group_id]
