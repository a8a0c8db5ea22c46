"""What a person reads when something is not there, not allowed, too late, or not working: plain words, and a way on."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.portal import session
from services.portal.calls import Away, Refused
from services.portal.forms import Form, TooLarge
from services.portal.pages import is_ours
from services.portal.visit import NotFromHere, SignInFirst, Visit, looks_again

log = structlog.get_logger()

_SEE_OTHER = 303
_NO_FORM_HERE = 405
_A_MINUTE = 60
_LATE = ("-closed", "-ended", "-lapsed")
_DONE = ("already-", "measure-complete", "feedback-given")


def handlers() -> dict[Any, Any]:
    """Exception handlers of the app."""
    return {
        SignInFirst: _sign_in,
        NotFromHere: _page("not-from-here", 403),
        TooLarge: _page("too-large", 413),
        Refused: _refused,
        Away: _away,
        RequestValidationError: _page("not-found", 404),
        HTTPException: _http,
    }


def broken(request: Request) -> Response:
    """What is shown when the portal itself fails."""
    return _fault(request, "broken", 500)


def too_many(request: Request, seconds: int) -> Response:
    """What is shown to whoever asked too often."""
    answer = _fault(request, "too-many", 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


async def _sign_in(request: Request, _: Exception) -> Response:
    """Whoever was signed out by the clock reads so, and what became of what they sent."""
    if looks_again(request):
        return Response(status_code=401)
    settings = request.app.state.portal.settings
    over = bool(request.cookies.get(session.cookie_name(settings)))
    why = "not-saved" if request.method == "POST" else "session-over" if over else ""
    answer = _visit(request).go("/sign-in", why)
    if over:
        session.sign_out(settings, answer)
    return answer


async def _refused(request: Request, refused: Refused) -> Response:
    if refused.status == 401:
        answer = await _sign_in(request, refused)
        session.sign_out(request.app.state.portal.settings, answer)
        return answer
    if refused.status in (403, 404):
        return _fault(request, "not-found", 404)
    if refused.status == 429:
        return too_many(request, _A_MINUTE)
    name = "late" if refused.code.endswith(_LATE) else "done" if refused.code.startswith(_DONE) else "refused"
    return _fault(request, name, refused.status, code=refused.code, title=refused.title)


async def _away(request: Request, away: Away) -> Response:
    log.warning("portal.service_away", service=str(away))
    visit = _visit(request)
    visit.missing.add(str(away))
    # The same key goes with it: pressing again does it once, however far the first time came.
    again = visit.form.fields if request.method == "POST" else {}
    answer = visit.page("away.html", status=503, again=again, again_at=request.url.path)
    answer.headers["Retry-After"] = "10"
    return answer


async def _http(request: Request, fault: HTTPException) -> Response:
    name = "no-page" if fault.status_code == _NO_FORM_HERE else "not-found"
    return _fault(request, name, fault.status_code)


def _page(name: str, status: int) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, _: Exception) -> Response:
        return _fault(request, name, status)

    return answer


def _fault(request: Request, name: str, status: int, code: str = "", title: str = "") -> Response:
    before = _before(request) if request.method == "POST" else ""
    return _visit(request).page("fault.html", status=status, fault=name, code=code, sentence=title, before=before)


def _before(request: Request) -> str:
    """The page of ours from which the form was sent, as the browser says."""
    came = urlsplit(request.headers.get("referer", ""))
    is_here = came.netloc == request.headers.get("host") and is_ours(came.path)
    return came.path if is_here else ""


def _visit(request: Request) -> Visit:
    found = getattr(request.state, "visit", None)
    return found if isinstance(found, Visit) else Visit(request, Form())
