"""Routes that every service has: its ledger for the other services, a person's timeline, held keys, health."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.catalogue import EVENT_TYPES
from shared.runtime.errors import NotFound, Unavailable
from shared.runtime.http import Caller, allow
from shared.runtime.operations import HeldKey, HeldKeys, Operations
from shared.runtime.store.port import Cursor

router = APIRouter()


class Reason(BaseModel):
    """Why an operator passes over an event. It stays on record, so it names no person."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=5, max_length=500)


@router.get("/ledger")
async def heads(since: int | None = None, caller: Caller = allow("service")) -> dict[str, Any]:
    """The newest event number of each aggregate that filed something since a moment of this store's clock."""
    listing = await caller.core.store.ledger.heads(since)
    return {"now": listing.now, "heads": listing.heads}


@router.get("/heads")
async def newest(
    subject: list[str] = Query(min_length=1, max_length=100), caller: Caller = allow("service")
) -> dict[str, Any]:
    """The newest event number of each of these aggregates, as far as they have one."""
    return {"heads": await caller.core.store.ledger.newest(subject)}


@router.get("/ledger/{subject}")
async def history(
    subject: str, above: int = 0, limit: int = Query(200, ge=1, le=500), caller: Caller = allow("service")
) -> dict[str, Any]:
    """The events of one aggregate above a number, in order, sealed as they are stored."""
    return {"events": await caller.core.store.ledger.history(subject, above, limit)}


@router.get("/timeline/{patient_id}")
async def timeline(
    request: Request, patient_id: str, caller: Caller = allow("referrer", "psychology", "patient")
) -> dict[str, Any]:
    """What happened to one patient here: when, what and by whom, without anything personal."""
    allowed = request.app.state.timeline
    if not await allowed(caller, patient_id):
        raise NotFound(patient_id)
    entries = await caller.core.store.ledger.of_patient(patient_id)
    return {"entries": [_entry(entry, patient_id) for entry in entries if _is_for(caller.user.role, entry)]}


def _is_for(role: str, entry: dict[str, Any]) -> bool:
    event = EVENT_TYPES.get(entry["type"])
    return event is not None and (role != "patient" or event.is_for_patient(entry["data"]))


_TOLD = (
    *("module_id", "done", "total", "occasion", "measure", "measures", "programme_id", "step", "priority", "scope"),
    *("reason_code", "times", "reminder", "level", "template", "failure", "reason", "ask_again_at", "critical"),
)
"""What a timeline tells beside the kind of event: codes and counts, never an answer, a score or free text."""


def _entry(entry: dict[str, Any], patient_id: str) -> dict[str, Any]:
    codes = {key: entry["data"][key] for key in _TOLD if isinstance(entry["data"].get(key), str | int | list)}
    return {
        "id": entry["id"],
        "time": entry["time"],
        "type": entry["type"],
        "subject": entry["subject"],
        "actor": _actor(entry["actor"], patient_id),
        "data": codes,
    }


def _actor(actor: str, patient_id: str) -> str:
    """Who did it. Which other patient it was, in a circle, is nobody's to learn from somebody's history."""
    return "patient:" if actor.startswith("patient:") and actor != f"patient:{patient_id}" else actor


@router.get("/operations")
async def overview(
    request: Request, limit: int = Query(8, ge=1, le=100), caller: Caller = allow("operator")
) -> dict[str, Any]:
    """All that an operator looks at first, in one answer; a part that cannot be told now is null.

    `lag`: how far this service is behind each of its sources, and what of its own it has not told yet. `late`: kinds of
    aggregates with timers that should have run. `configuration`: which version runs here, with which settings and which
    clinic, and when there was a backup. `held` and `rejected`: the first `limit` of each.
    """
    operations = _operations(request)
    sources, untold, late, configuration, held, rejected = await asyncio.gather(
        *map(
            _or_none,
            (
                operations.lags(),
                operations.untold(),
                operations.late(),
                operations.configuration(),
                operations.held("", limit),
                caller.core.store.cursors.rejected(limit),
            ),
        )
    )
    return {
        "lag": {"sources": sources, "untold": untold} if sources is not None and untold else None,
        "late": late,
        "configuration": configuration,
        "held": held and _held_keys(held),
        "rejected": rejected,
    }


async def _or_none(part: Awaitable[Any]) -> Any:
    try:
        return await part
    except Unavailable:
        return None


@router.get("/operations/held")
async def held(
    request: Request,
    after: str = "",
    limit: int = Query(100, ge=1, le=500),
    caller: Caller = allow("operator"),
) -> dict[str, Any]:
    """Keys that wait, each with its reason and what waits behind it; `next` is where to go on `after`."""
    return _held_keys(await _operations(request).held(after, limit))


@router.get("/operations/held/{source}")
async def held_key(request: Request, source: str, caller: Caller = allow("operator")) -> dict[str, Any]:
    """One of them."""
    return _held_key(await _operations(request).held_key(source))


def _operations(request: Request) -> Operations:
    operations: Operations = request.app.state.service.operations
    return operations


def _held_keys(found: HeldKeys) -> dict[str, Any]:
    return {"held": [_held_key(key) for key in found.held], "total": found.total, "next": found.next}


def _held_key(key: HeldKey) -> dict[str, Any]:
    return {**_held(key.cursor), "behind": key.behind, "type": key.type, "happened_at": key.happened_at}


def _held(cursor: Cursor) -> dict[str, Any]:
    hold = cursor.held
    assert hold is not None
    return {
        "source": cursor.source,
        "service": cursor.service,
        "sequence": hold.sequence,
        "reason": hold.reason,
        "event_id": hold.event_id,
        "error": hold.error,
        "build": hold.build,
        "since": hold.at,
    }


@router.post("/operations/held/{source}/retry")
async def retry(request: Request, source: str, caller: Caller = allow("operator")) -> dict[str, Any]:
    """Try the key again, after something was mended. The answer says whether it is still held."""
    cursor = (await caller.core.store.cursors.get([source])).get(source)
    if cursor is None:
        raise NotFound(source)
    await request.app.state.service.inbound.catch_up(cursor.service, source)
    after = (await caller.core.store.cursors.get([source]))[source]
    return {"source": source, "applied": after.n, "held": _held(after) if after.held else None}


@router.post("/operations/held/{source}/discard")
async def discard(request: Request, source: str, body: Reason, caller: Caller = allow("operator")) -> dict[str, Any]:
    """Pass over the one event that holds the key. The reason stays on record."""
    if not await request.app.state.service.inbound.discard(source, body.reason, caller.actor):
        raise NotFound(source)
    after = (await caller.core.store.cursors.get([source]))[source]
    return {"source": source, "applied": after.n, "held": _held(after) if after.held else None}


@router.get("/operations/rejected")
async def rejected(limit: int = Query(100, ge=1, le=500), caller: Caller = allow("operator")) -> dict[str, Any]:
    """Messages that were no events of ours, and events that an operator discarded; the newest first."""
    return {"rejected": await caller.core.store.cursors.rejected(limit)}


public = APIRouter()


@public.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@public.get("/health/ready")
async def ready(request: Request) -> Response:
    """Whether it can do its work, and what is missing if not."""
    missing = {}
    for name, check in request.app.state.service.checks().items():
        try:
            await check()
        except Unavailable as away:
            missing[name] = str(away)
    return JSONResponse({"status": "waiting" if missing else "ready", "missing": missing}, 503 if missing else 200)


@public.get("/asyncapi.json")
async def asyncapi(request: Request) -> Response:
    """The events that this service reads and publishes."""
    return JSONResponse(request.app.state.service.asyncapi())
