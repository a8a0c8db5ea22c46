"""Routes of circles: psychology runs them; whoever leads one plans its meetings and says who was there."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from services.interventions import access as treatment_access
from services.interventions import circle_access as access
from services.interventions.api.circle_serving import led_circle, standing_of
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.circle_reactions import member_of
from services.interventions.content import Content
from services.interventions.domain.circle import commands as c
from services.interventions.domain.circle.state import CircleState
from services.interventions.views import circle_parts as parts
from services.interventions.views import circles as view
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.circle import CircleEnd, CircleMode
from shared.contracts.referrals import Language
from shared.runtime.core import Found
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["circles"])

Number = Annotated[int, Path(ge=1, le=10_000)]


class Starting(Body):
    """A new circle. `where` is a room or a link; `from_group_id` the group that it goes on from."""

    name: c.ShortWords
    language: Language
    mode: CircleMode
    where: c.Where
    agenda_id: str = Field(max_length=64)
    coordinator_id: Identifier
    from_group_id: Identifier | None = None


class Inviting(Body):
    """The treatment of whoever is invited."""

    episode_id: Identifier


class Leading(Body):
    """Who is to lead."""

    member_id: Identifier


class Meeting(Body):
    """When it is. `where` only if it is elsewhere than always."""

    at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: c.Where | None = None


class NewMeeting(Meeting):
    """A meeting about a topic of the agenda."""

    topic: str = Field(max_length=64)


class Held(Body):
    """Which members were there."""

    present: tuple[Identifier, ...] = Field(max_length=100)


class Closing(Body):
    """Why it is closed."""

    reason_code: CircleEnd


@router.get("/circles")
async def list_circles(content: Served, caller: Caller = allow("psychology", "service")) -> list[view.CircleRow]:
    """All circles: those that run first, what needs somebody before the rest."""
    found = [one for one in await caller.find("circle", all="yes") if access.sees_circles(caller.user, one.state)]
    rows = [view.circle_row(content, one, *await _around(caller, one), caller.now) for one in found]
    return sorted(rows, key=lambda row: (row.status != "open", not row.needs, row.name, row.id))


@router.get("/circle-agendas")
async def list_agendas(
    content: Served, language: ReadIn = "en", _: Caller = allow("psychology")
) -> list[parts.AgendaRow]:
    """The lists of topics that a circle can follow: those of the catalogue."""
    return parts.agendas(content, language)


@router.post("/circles")
async def start_circle(body: Starting, content: Served, caller: Caller = allow("psychology")) -> Response:
    """Start a circle; people are invited next."""
    if body.coordinator_id not in content.clinic.coordinators:
        raise Rejected("coordinator-unknown")
    agenda = content.catalogue.agenda(body.agenda_id)
    if agenda is None:
        raise Rejected("agenda-unknown")

    def start(circle_id: str) -> c.StartCircle:
        return c.StartCircle(
            now=caller.now,
            actor=caller.actor,
            circle_id=circle_id,
            agenda_version=agenda.version,
            title=body.name,
            **body.model_dump(exclude={"name"}),
        )

    return await caller.create("circle", "circle", start)


@router.get("/circles/{circle_id}")
async def read_circle(
    circle_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology")
) -> view.CirclePage:
    """One circle in full."""
    found = await caller.load("circle", circle_id, may=access.runs)
    return view.circle_page(content, found, *await _around(caller, found), caller.now, language)


@router.post("/circles/{circle_id}/invitations")
async def invite_to_circle(circle_id: str, body: Inviting, caller: Caller = allow("psychology")) -> Response:
    """Invite somebody; a seat is held for them until they answered."""
    episode = await caller.load("episode", body.episode_id, may=treatment_access.treats)
    patient_id = episode.state.patient_id
    command = c.HoldCircleSeat(
        now=caller.now,
        actor=caller.actor,
        member_id=member_of(circle_id, patient_id),
        patient_id=patient_id,
        episode_id=body.episode_id,
    )
    return await caller.change("circle", circle_id, command, may=access.runs)


@router.post("/circles/{circle_id}/leader")
async def appoint_leader(circle_id: str, body: Leading, caller: Caller = allow("psychology")) -> Response:
    """A trained member leads from now on."""
    circle: CircleState = (await caller.load("circle", circle_id, may=access.runs)).state
    seat = circle.seat(body.member_id)
    standing = await standing_of(caller, seat.patient_id if seat else None)
    trained = standing is not None and standing.status == "trained"
    command = c.AppointLeader(now=caller.now, actor=caller.actor, member_id=body.member_id, trained=trained)
    return await caller.change("circle", circle_id, command, may=access.runs)


@router.post("/circles/{circle_id}/meetings")
async def plan_meeting(
    circle_id: str, body: NewMeeting, content: Served, caller: Caller = allow("psychology", "patient")
) -> Response:
    """Plan the next meeting."""
    found = await led_circle(caller, circle_id)
    _require_topic(content, found.state, body.topic)
    what = body.model_dump(exclude={"at"}) | {"meet_at": body.at}
    command = c.PlanCircleMeeting(now=caller.now, actor=caller.actor, **what)
    return await caller.change("circle", circle_id, command, may=access.runs_or_leads)


@router.post("/circles/{circle_id}/meetings/{number}/move")
async def move_meeting(
    circle_id: str, number: Number, body: Meeting, caller: Caller = allow("psychology", "patient")
) -> Response:
    """Move a meeting to another time or place."""
    await led_circle(caller, circle_id)
    what = body.model_dump(exclude={"at"}) | {"meet_at": body.at, "number": number}
    command = c.MoveCircleMeeting(now=caller.now, actor=caller.actor, **what)
    return await caller.change("circle", circle_id, command, may=access.runs_or_leads)


@router.post("/circles/{circle_id}/meetings/{number}/cancel")
async def cancel_meeting(circle_id: str, number: Number, caller: Caller = allow("psychology", "patient")) -> Response:
    """Say that a meeting does not take place; whoever is in the circle is told."""
    await led_circle(caller, circle_id)
    command = c.CancelCircleMeeting(now=caller.now, actor=caller.actor, number=number)
    return await caller.change("circle", circle_id, command, may=access.runs_or_leads)


@router.post("/circles/{circle_id}/meetings/{number}/held")
async def hold_meeting(
    circle_id: str, number: Number, body: Held, caller: Caller = allow("psychology", "patient")
) -> Response:
    """Say that a meeting took place, and who was there."""
    await led_circle(caller, circle_id)
    command = c.HoldCircleMeeting(now=caller.now, actor=caller.actor, number=number, present=body.present)
    return await caller.change("circle", circle_id, command, may=access.runs_or_leads)


@router.post("/circles/{circle_id}/close")
async def close_circle(circle_id: str, body: Closing, caller: Caller = allow("psychology")) -> Response:
    """Close a circle for good, with word to all."""
    command = c.CloseCircle(now=caller.now, actor=caller.actor, reason_code=body.reason_code)
    return await caller.change("circle", circle_id, command, may=access.runs)


def _require_topic(content: Content, circle: CircleState, topic: str) -> None:
    agenda = content.catalogue.agenda(circle.agenda_id, circle.agenda_version)
    if agenda is None or agenda.topic(topic) is None:
        raise Rejected("topic-unknown")


async def _around(caller: Caller, circle: Found) -> tuple[list[Found], list[Found], list[Found]]:
    """Its members, what is kept of them as peer leaders, and its posts."""
    members = await caller.find("circle_member", circle_id=circle.id)
    leaders = [one for row in members for one in await caller.find("peer_leader", patient_id=row.state.patient_id)]
    return members, leaders, await caller.find("circle_post", circle_id=circle.id)
