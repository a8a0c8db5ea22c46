"""What somebody was told: every message stands here, whether or not an e-mail went out."""

from typing import Any

import structlog
from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Away, Intention, Refused, at
from services.portal.forms import Problem
from services.portal.session import fresh_key
from services.portal.visit import SignedIn, Visit

log = structlog.get_logger()
router = APIRouter()

_ON_A_PAGE = 30


@router.get("/inbox")
async def inbox(visit: SignedIn) -> Response:
    """All messages, newest first."""
    return await _show(visit, None)


@router.post("/inbox/read")
async def read(visit: SignedIn) -> Response:
    """One message was read."""
    path = at("agendas", visit.user.id, "messages", visit.form.text("message"), "read")

    async def again(problem: Problem) -> Response:
        return await _show(visit, problem)

    return await visit.submit("read-message", "notifications", path, {}, then="/inbox", done="read", again=again)


async def _show(visit: Visit, problem: Problem | None) -> Response:
    begin = _place(visit)
    most = str(begin + _ON_A_PAGE + 1)
    found = await visit.get("notifications", _path(visit), language=visit.language, most=most)
    messages = found["messages"][begin : begin + _ON_A_PAGE]
    if awaited := [one["id"] for one in messages if one["awaited"]]:
        await _seen(visit, awaited)
    older = begin + _ON_A_PAGE if len(found["messages"]) > begin + _ON_A_PAGE else None
    return visit.page("inbox.html", problem=problem, messages=messages, version=found["version"], older=older)


def _place(visit: Visit) -> int:
    """How many newer messages the page passes over."""
    after = visit.place.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 6 else 0


async def _seen(visit: Visit, ids: list[str]) -> None:
    """It is on their screen, so it needs no other way. The page is shown also where that cannot be noted."""
    path, correlation = at("agendas", visit.user.id, "seen"), str(visit.request.state.correlation)
    intention = Intention(fresh_key())
    try:
        await visit.portal.calls.post(visit.user, correlation, "notifications", path, {"message_ids": ids}, intention)
    except (Away, Refused) as fault:
        log.warning("portal.seen_not_noted", fault=type(fault).__name__)


async def messages(visit: Visit) -> Any:
    """All of somebody's messages; None while nobody knows."""
    return await visit.maybe("notifications", _path(visit), language=visit.language)


async def unread(visit: Visit) -> int | None:
    """How many messages wait; None while nobody knows."""
    found = await visit.maybe("notifications", _path(visit), most="0")
    return int(found["unread"]) if found else None


def _path(visit: Visit) -> str:
    return at("agendas", visit.user.id, "inbox")
