"""Where somebody is signed in, and to sign out there."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import session
from services.portal.calls import at
from services.portal.visit import SignedIn, Visit

router = APIRouter()


@router.get("/devices")
async def devices(visit: SignedIn) -> Response:
    """This browser, and every other in which they are signed in."""
    rows = await visit.get("notifications", at("agendas", visit.user.id, "sessions"))
    return visit.page("devices.html", rows=rows, own=visit.session.id if visit.session else "")


@router.post("/devices/sign-out")
async def sign_out_there(visit: SignedIn) -> Response:
    """From here, in another browser."""
    path = at("agendas", visit.user.id, "sessions", visit.form.text("session"), "end")
    await visit.post("notifications", path, {"why": "elsewhere"})
    visit.portal.sessions.forget()
    return visit.go("/devices", "signed-out-there")


@router.post("/devices/sign-out-everywhere")
async def sign_out_everywhere(visit: SignedIn) -> Response:
    """In every browser, this one too."""
    await visit.post("notifications", at("agendas", visit.user.id, "sign-out"), {})
    visit.portal.sessions.forget()
    return await signed_out(visit, "signed-out-everywhere")


async def signed_out(visit: Visit, done: str) -> Response:
    """What somebody sees who has signed out here; staff who came by the clinic's own sign-in leave that as well.

    No redirect leads there: our own policy would stop a form from leading elsewhere.
    """
    door, own = visit.portal.staff_door, visit.session
    away = await door.farewell(visit, own) if door and own and own.door == "provider" else None
    if own is not None:
        await visit.portal.sessions.end(visit, own, "signed_out")
        visit.session = None
    if away:
        answer = visit.page("signed_out.html", to=away)
        answer.headers["Refresh"] = f"0; url={away}"
    else:
        answer = visit.go("/sign-in", done)
    session.sign_out(visit.portal.settings, answer)
    return answer
