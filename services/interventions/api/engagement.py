"""Routes of how a treatment is kept up: who has to be called, the log of contacts, and a break."""

import datetime as dt
from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from services.interventions import access
from services.interventions.api.serving import Body, Served
from services.interventions.domain.engagement.commands import LONGEST_CONTACT, LogContact, TakeBreak
from services.interventions.engagement_reactions import engagement_of
from services.interventions.views import engagement as view
from shared.contracts.interventions import ContactKind
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["engagement"])


class Contacted(Body):
    """How somebody was in touch, or tried to be. `minutes` is the time that it took; `note` only psychology reads."""

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)


class Break(Body):
    """The last day of the break."""

    until: dt.date


@router.get("/engagements")
async def list_engagements(
    content: Served, _: Literal["to_call"] = Query(alias="list"), caller: Caller = allow("psychology", "service")
) -> list[view.CallRow]:
    """Who has to be called, since nothing was heard from them."""
    found = await caller.find("engagement", call="open")
    return view.call_list(content, [one for one in found if access.sees_engagement(caller.user, one.state)], caller.now)


@router.get("/episodes/{episode_id}/engagement")
async def read_engagement(
    episode_id: str, content: Served, caller: Caller = allow("psychology", "service")
) -> view.EngagementPage:
    """How one treatment is kept up, with all contacts and the minutes that they took."""
    found = await caller.load("engagement", engagement_of(episode_id), may=access.sees_engagement)
    return view.engagement_page(content, found, caller.now)


@router.post("/episodes/{episode_id}/contacts")
async def log_contact(episode_id: str, body: Contacted, caller: Caller = allow("psychology")) -> Response:
    """Write down a contact; one that reached the person ends the call that was asked for."""
    command = LogContact(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("engagement", engagement_of(episode_id), command, may=access.treats)


@router.post("/episodes/{episode_id}/break")
async def take_break(episode_id: str, body: Break, caller: Caller = allow("psychology", "patient")) -> Response:
    """The patient takes a break, or a clinician writes that down for them."""
    command = TakeBreak(now=caller.now, actor=caller.actor, until=body.until)
    return await caller.change("engagement", engagement_of(episode_id), command, may=access.takes_part)
