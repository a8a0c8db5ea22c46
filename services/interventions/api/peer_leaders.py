"""Routes of peer leaders: training, supervision, and standing down."""

import datetime as dt

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from services.interventions import circle_access as access
from services.interventions.api.serving import Body, Served
from services.interventions.circle_reactions import peer_leader_of
from services.interventions.domain.engagement.commands import LONGEST_CONTACT
from services.interventions.domain.peer_leader import commands as c
from services.interventions.views import circles as view
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Identifier
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["circles"])


class Training(Body):
    """Who was trained, on which day, and who supervises them."""

    patient_id: Identifier
    trained_on: dt.date
    supervisor_id: Identifier


class Supervising(Body):
    """How long the talk took. `note` only psychology reads."""

    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)


@router.get("/peer-leaders")
async def list_peer_leaders(content: Served, caller: Caller = allow("psychology")) -> list[view.PeerLeaderRow]:
    """All who lead, or led; whoever is due for a talk first."""
    found = [one for one in await caller.find("peer_leader", all="yes") if access.runs(caller.user, one.state)]
    rows = [view.peer_leader_row(content, one, caller.now) for one in found]
    return sorted(rows, key=lambda row: (row.status != "trained", not row.due, str(row.due_at), row.id))


@router.post("/peer-leaders")
async def train_peer_leader(body: Training, content: Served, caller: Caller = allow("psychology")) -> Response:
    """Somebody who was in treatment here may lead circles; `If-Match: "0"` begins it."""
    team = {member.id for member in content.clinic.staff if member.role == "psychology"}
    if body.supervisor_id not in team:
        raise Rejected("supervisor-unknown")
    if not await caller.find("episode", patient_id=body.patient_id):
        raise Rejected("patient-unknown")
    leader_id = peer_leader_of(body.patient_id)

    def train(_: str) -> c.TrainPeerLeader:
        return c.TrainPeerLeader(now=caller.now, actor=caller.actor, leader_id=leader_id, **body.model_dump())

    return await caller.begin_or_change("peer_leader", leader_id, train)


@router.post("/peer-leaders/{leader_id}/supervision")
async def hold_supervision(leader_id: str, body: Supervising, caller: Caller = allow("psychology")) -> Response:
    """Write down a talk about how it goes."""
    command = c.HoldSupervision(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("peer_leader", leader_id, command, may=access.runs)


@router.post("/peer-leaders/{leader_id}/stand-down")
async def stand_down(leader_id: str, caller: Caller = allow("psychology", "patient")) -> Response:
    """They lead no circle any more."""
    command = c.StandDown(now=caller.now, actor=caller.actor)
    return await caller.change("peer_leader", leader_id, command, may=access.ends_part)
