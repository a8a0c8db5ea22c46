"""By which ways somebody is reached: e-mail, text message, notification; which first, and what others may see of it."""

import re
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import at
from services.portal.forms import Form, Problem
from services.portal.visit import Chooser, Visit

router = APIRouter()

WAYS = ("email", "sms", "push")


@router.get("/inbox/ways")
async def ways(visit: Chooser) -> Response:
    """What I chose."""
    return await _ways(visit, None)


@router.post("/inbox/ways")
async def choose(visit: Chooser) -> Response:
    """All of it anew."""
    form = visit.form
    wanted = form.all("ways")
    first = form.text("first")
    body: dict[str, Any] = {
        "channels": sorted((one for one in WAYS if one in wanted), key=lambda one: one != first),
        "phone": _plain_number(form.optional("phone")),
        "push": form.optional("push"),
        "sender_name": form.optional("sender_name"),
        "says_more": "yes" in form.all("says_more"),
        "without": _without(form, form.all("category")),
    }
    path = at("agendas", visit.user.id, "reach")
    again = partial(_ways, visit)
    return await visit.submit("ways", "notifications", path, body, then="/inbox/ways", done="ways-chosen", again=again)


@router.post("/inbox/ways/confirm")
async def confirm(visit: Chooser) -> Response:
    """The code that came to my phone."""
    body = {"channel": visit.form.text("channel"), "code": re.sub(r"\s", "", visit.form.text("code"))}
    path = at("agendas", visit.user.id, "reach", "confirm")
    again = partial(_ways, visit)
    return await visit.submit(
        "confirm-way", "notifications", path, body, then="/inbox/ways", done="way-confirmed", again=again
    )


async def _ways(visit: Visit, problem: Problem | None) -> Response:
    path = at("agendas", visit.user.id)
    standing = await visit.get("notifications", f"{path}/reach")
    preferences = await visit.get("notifications", f"{path}/preferences")
    named = [(one, visit.t(f"ways.way.{one}")) for one in WAYS]
    kinds = [
        (one, visit.t(f"emails.category.{one}"), [way for way in WAYS if way not in standing["without"].get(one, ())])
        for one in preferences["categories"]
        if one not in preferences["inbox_only"]
    ]
    senders = [("", standing["clinic_sender"]), *((one, one) for one in standing["senders"])]
    return visit.page("ways.html", problem=problem, standing=standing, ways=named, kinds=kinds, senders=senders)


def _without(form: Form, categories: list[str]) -> dict[str, list[str]]:
    """By category, the ways that were not ticked for it."""
    used = {one: form.all(f"for_{one}") for one in categories}
    return {one: [way for way in WAYS if way not in ways] for one, ways in used.items() if ways}


def _plain_number(written: str | None) -> str | None:
    """As people write a number, without what stands between the digits."""
    if written is None:
        return None
    return re.sub(r"^00", "+", re.sub(r"[\s().\-/]", "", written))
