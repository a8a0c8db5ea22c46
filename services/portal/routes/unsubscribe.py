"""No more e-mails of a kind, by the link in one of them: it opens a page, and a button, or the mail program, does it.

Opening it changes nothing, since mail scanners follow links. The mail program posts by itself (RFC 8058): without a
session, and with a body that says only that it does.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import session
from services.portal.calls import Intention, at
from services.portal.visit import ByLink, Visit
from shared.runtime.auth import User
from shared.runtime.signed_links import LinkExpired, LinkInvalid
from shared.runtime.unsubscribe import Unsubscriber, read_link

router = APIRouter()

_GONE = 410
_NO_SUCH_PAGE = 404


@router.get("/unsubscribe/{token}")
async def ask(token: str, visit: ByLink) -> Response:
    """Would you like no more e-mails about this?"""
    try:
        who = _who(visit, token)
    except (LinkExpired, LinkInvalid) as fault:
        return _useless(visit, fault)
    return _page(visit, "ask", who, token)


@router.post("/unsubscribe/{token}")
async def unsubscribe(token: str, visit: ByLink) -> Response:
    """Do it. The answer is a page and leads nowhere else, which mail programs would not follow."""
    try:
        who = _who(visit, token)
    except (LinkExpired, LinkInvalid) as fault:
        return _useless(visit, fault)
    reader, correlation = User(who.recipient_id, who.role), str(visit.request.state.correlation)
    path, body = at("agendas", who.recipient_id, "unsubscribe"), {"categories": list(who.categories)}
    # A key of its own each time: whoever chose these e-mails again may use the same link again.
    await visit.portal.calls.post(reader, correlation, "notifications", path, body, Intention(session.fresh_key()))
    return _page(visit, "done", who, token)


def _who(visit: Visit, token: str) -> Unsubscriber:
    """Raises `LinkExpired` and `LinkInvalid`. From here on the page is in their language, unless they chose another."""
    who = read_link(visit.portal.settings.trusted, token, visit.now)
    if session.LANGUAGE not in visit.request.cookies:
        visit.speak(who.language)
    return who


def _page(visit: Visit, state: str, who: Unsubscriber, token: str) -> Response:
    kinds = [visit.t(f"unsubscribe.kind.{one}") for one in who.categories]
    return visit.page("unsubscribe.html", state=state, kinds=kinds, token=token)


def _useless(visit: Visit, fault: Exception) -> Response:
    if isinstance(fault, LinkExpired):
        return visit.page("unsubscribe.html", state="expired", status=_GONE)
    return visit.page("unsubscribe.html", state="invalid", status=_NO_SUCH_PAGE)
