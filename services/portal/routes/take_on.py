"""Taking an alert on from the message that calls somebody: a link opens a page, a button takes it on.

The page says nothing of the person who may be unsafe. Opening it changes nothing, since mail scanners follow links.
"""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, Refused, at
from services.portal.visit import Anybody, Visit
from shared.runtime.auth import User
from shared.runtime.signed_links import LinkExpired, LinkInvalid
from shared.runtime.take_on import TakeOn, read_link

router = APIRouter()

_GONE = 410


@dataclass(frozen=True)
class _Usable:
    """A link that can be used: by whom, for which alert, as it is now."""

    clinician: User
    alert: Json


@router.get("/take-on/{token}")
async def ask(token: str, visit: Anybody) -> Response:
    """Would you like to take this on?"""
    usable = await _usable(visit, token)
    if usable is None:
        return visit.page("take_on.html", state="expired", status=_GONE)
    return _page(visit, token, usable)


@router.post("/take-on/{token}")
async def take_on(token: str, visit: Anybody) -> Response:
    """Take it on, as the person whom the link names."""
    usable = await _usable(visit, token)
    if usable is None:
        return visit.page("take_on.html", state="expired", status=_GONE)
    path = at("risk-alerts", usable.alert["id"], "acknowledge")
    correlation = str(visit.request.state.correlation)
    try:
        calls = visit.portal.calls
        await calls.post(usable.clinician, correlation, "interventions", path, {"by_link": True}, visit.form.intention)
    except Refused as refused:
        if refused.status in (401, 404):
            raise
        # A colleague was quicker: the page says who has it.
    return visit.go(f"/take-on/{token}")


async def _usable(visit: Visit, token: str) -> _Usable | None:
    """`None` once its time is over. Raises `Refused`, as for a page that does not exist, where it is no such link or
    names somebody who does not work in psychology any more.
    """
    settings = visit.portal.settings
    try:
        who = read_link(settings.trusted, token, visit.now)
    except LinkExpired:
        return None
    except LinkInvalid as fault:
        raise Refused(404, {"code": "not-found"}) from fault
    clinician = _clinician(visit, who)
    path = at("risk-alerts", who.alert_id)
    correlation = str(visit.request.state.correlation)
    alert: Json = await visit.portal.calls.get(clinician, correlation, "interventions", path)
    return _Usable(clinician, alert)


def _clinician(visit: Visit, who: TakeOn) -> User:
    member = visit.portal.staff(who.staff_id)
    if member is None or member.role != "psychology":
        raise Refused(404, {"code": "not-found"})
    return User(member.id, "psychology")


def _page(visit: Visit, token: str, usable: _Usable) -> Response:
    alert, me = usable.alert, usable.clinician.id
    holder = alert["acknowledged_by"]
    if alert["status"] == "closed":
        state = "closed"
    else:
        state = "open" if holder is None else "mine" if holder == me else "taken"
    return visit.page(
        "take_on.html",
        state=state,
        token=token,
        version=alert["version"],
        alert_id=alert["id"],
        holder=visit.staff_name(holder) if holder else "",
        reader=visit.staff_name(me),
        due=alert["acknowledge_by"],
    )
