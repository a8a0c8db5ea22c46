"""What somebody was told: every message stands here, whether or not an e-mail went out."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import at
from services.portal.forms import Problem
from services.portal.visit import SignedIn, Visit

router = APIRouter()


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
    found = await visit.get("notifications", at("agendas", visit.user.id, "inbox"), language=visit.language)
    return visit.page("inbox.html", problem=problem, messages=found["messages"], version=found["version"])


async def messages(visit: Visit) -> Any:
    """All of somebody's messages; None while nobody knows."""
    return await visit.maybe("notifications", at("agendas", visit.user.id, "inbox"), language=visit.language)


async def unread(visit: Visit) -> int | None:
    """How many messages wait; None while nobody knows."""
    found = await messages(visit)
    return int(found["unread"]) if found else None
