"""Signing in by a link that comes by e-mail: for patients, and for those whom they trust.

Whoever asks for one reads the same page, whoever has the address. Opening the link changes nothing, since mail scanners
follow links: a button signs in, once.
"""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import session
from services.portal.calls import Refused, at
from services.portal.forms import Problem
from services.portal.visit import AtTheDoor, Visit
from shared.contracts.reach import SIGN_IN_MINUTES
from shared.runtime.auth import User
from shared.runtime.sign_in import SignIn, read_link
from shared.runtime.signed_links import LinkExpired, LinkInvalid

router = APIRouter()

_US = User("portal", "service")
_FORM = "sign-in-link"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_LONGEST = 254
_STATUS = {"used": 410, "expired": 410, "invalid": 404}
_REFUSED = {
    "sign-in-link-used": "used",
    "sign-in-link-expired": "expired",
    "message-unknown": "invalid",
    "not-found": "invalid",
    "session-ended": "used",
}


@router.get("/sign-in/link")
async def form(visit: AtTheDoor) -> Response:
    """Where shall we send the link?"""
    return _asks(visit)


@router.post("/sign-in/link")
async def ask(visit: AtTheDoor) -> Response:
    """Send one to whoever has this address."""
    email = visit.form.text("email")
    if len(email) > _LONGEST or not _ADDRESS.fullmatch(email):
        return _asks(visit, Problem(_FORM, "invalid", fields={"email": "invalid-email"}, kept=visit.form))
    calls, correlation = visit.portal.calls, str(visit.request.state.correlation)
    await calls.post(_US, correlation, "notifications", "/sign-in-links", {"email": email}, visit.form.intention)
    return visit.go("/sign-in/link/sent")


@router.get("/sign-in/link/sent")
async def sent(visit: AtTheDoor) -> Response:
    """What everybody reads who asked."""
    return visit.page("sign_in_sent.html", minutes=SIGN_IN_MINUTES)


@router.get("/sign-in/with/{token}")
async def look(token: str, visit: AtTheDoor) -> Response:
    """Would you like to sign in?"""
    calls, correlation = visit.portal.calls, str(visit.request.state.correlation)
    try:
        who = _who(visit, token)
        if visit.signed and visit.signed[0] == User(who.recipient_id, who.role):
            return visit.go("/")
        path = at("agendas", who.recipient_id, "sign-in")
        link = await calls.get(_US, correlation, "notifications", path, message_id=who.message_id)
    except (LinkExpired, LinkInvalid, Refused) as fault:
        return _useless(visit, _why(fault))
    if link["standing"] != "open":
        return _useless(visit, link["standing"])
    return visit.page("sign_in_with.html", state="open", name=link["name"], token=token)


@router.post("/sign-in/with/{token}")
async def sign_in(token: str, visit: AtTheDoor) -> Response:
    """Be the person to whom the link went. A double click does it once and is answered twice."""
    calls, correlation = visit.portal.calls, str(visit.request.state.correlation)
    try:
        who = _who(visit, token)
        path, body = at("agendas", who.recipient_id, "sign-in"), {"message_id": who.message_id}
        await calls.post(_US, correlation, "notifications", path, body, visit.form.intention)
        answer = visit.go("/")
        # Of the link's own name, since a link makes one session, however often its button is pressed.
        id, user = session.session_of(who.message_id), User(who.recipient_id, who.role)
        await visit.portal.sessions.begin(visit, answer, user, "link", id)
    except (LinkExpired, LinkInvalid, Refused) as fault:
        return _useless(visit, _why(fault))
    session.remember_language(visit.portal.settings, answer, visit.language)
    return answer


def _who(visit: Visit, token: str) -> SignIn:
    """Raises `LinkExpired` and `LinkInvalid`. From here on the page is in their language, unless they chose another."""
    who = read_link(visit.portal.settings.token_secret, token, visit.now)
    if session.LANGUAGE not in visit.request.cookies:
        visit.speak(who.language)
    return who


def _why(fault: Exception) -> str:
    """Raises the fault itself where it is none of the link's."""
    if isinstance(fault, Refused) and fault.code not in _REFUSED:
        raise fault
    if isinstance(fault, Refused):
        return _REFUSED[fault.code]
    return "expired" if isinstance(fault, LinkExpired) else "invalid"


def _asks(visit: Visit, problem: Problem | None = None) -> Response:
    return visit.page("sign_in_link.html", problem=problem, back="")


def _useless(visit: Visit, state: str) -> Response:
    return visit.page("sign_in_with.html", state=state, minutes=SIGN_IN_MINUTES, status=_STATUS[state])
