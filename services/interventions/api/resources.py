"""Routes of the list of resources: everybody who is signed in reads it, psychology edits it."""

from datetime import date
from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.local import day_of
from services.interventions.domain.resource.commands import (
    AddResource,
    ChangeResource,
    Entry,
    RenewResource,
    RetireResource,
)
from services.interventions.views import resources as view
from shared.contracts.commands import Rejected
from shared.contracts.interventions.resource import ResourceTopic
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["resources"])


class Adding(Entry):
    """A new entry, and its last day."""

    ends_on: date


class Renewing(Body):
    """The new last day."""

    ends_on: date


@router.get("/resources")
async def list_resources(
    content: Served,
    language: ReadIn = "en",
    topic: ResourceTopic | None = None,
    readers: Literal["patients", "caregivers"] = Query(default="patients", alias="for"),
    chosen: Literal["all"] | None = Query(default=None, alias="list"),
    caller: Caller = allow("patient", "caregiver", "psychology", "referrer"),
) -> list[view.TopicRows] | list[view.EditorRow]:
    """What is shown at the moment, by topic. `list=all` is the editors' list, with owner, last day and status."""
    if chosen and caller.user.role != "psychology":
        raise Rejected("list-not-allowed")
    where = {"listed": "yes"} if chosen else {"status": "live"}
    found = await caller.find("resource", **where)
    some = [one for one in found if access.reads_resource(caller.user, one.state) and topic in (None, one.state.topic)]
    today = day_of(caller.now, content.plans.zone)
    if chosen:
        return view.for_editors(content.clinic, some, today)
    return view.for_readers(some, readers, language, today)


@router.get("/resources/{resource_id}")
async def read_resource(resource_id: str, content: Served, caller: Caller = allow("psychology")) -> view.EditorRow:
    """One entry, as its editors see it, also once it was taken off the list."""
    found = await caller.load("resource", resource_id, may=access.edits_resource)
    return view.for_editor(content.clinic, found, day_of(caller.now, content.plans.zone))


@router.post("/resources")
async def add_resource(body: Adding, caller: Caller = allow("psychology")) -> Response:
    """A new entry."""
    entry = Entry(**body.model_dump(exclude={"ends_on"}))
    return await caller.create(
        "resource",
        "resource",
        lambda id: AddResource(now=caller.now, actor=caller.actor, resource_id=id, entry=entry, ends_on=body.ends_on),
    )


@router.post("/resources/{resource_id}/change")
async def change_resource(resource_id: str, body: Entry, caller: Caller = allow("psychology")) -> Response:
    """The entry reads as sent from now on."""
    command = ChangeResource(now=caller.now, actor=caller.actor, entry=body)
    return await caller.change("resource", resource_id, command, may=access.edits_resource)


@router.post("/resources/{resource_id}/renew")
async def renew_resource(resource_id: str, body: Renewing, caller: Caller = allow("psychology")) -> Response:
    """It is still right, and is shown on."""
    command = RenewResource(now=caller.now, actor=caller.actor, ends_on=body.ends_on)
    return await caller.change("resource", resource_id, command, may=access.edits_resource)


@router.post("/resources/{resource_id}/retire")
async def retire_resource(resource_id: str, caller: Caller = allow("psychology")) -> Response:
    """It is taken off the list for good."""
    command = RetireResource(now=caller.now, actor=caller.actor)
    return await caller.change("resource", resource_id, command, may=access.edits_resource)
