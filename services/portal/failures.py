"""What a person reads when something is not there, not allowed, or not working: plain words, and what to do next."""

from collections.abc import Callable
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.portal import session
from services.portal.calls import Away, Refused
from services.portal.forms import Form, TooLarge
from services.portal.visit import NotFromHere, SignInFirst, Visit

log = structlog.get_logger()

_SEE_OTHER = 303


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


async def _sign_in(request: Request, _: Exception) -> Response:
    return RedirectResponse("/sign-in", _SEE_OTHER)


async def _refused(request: Request, refused: Refused) -> Response:
    if refused.status == 401:
        answer = RedirectResponse("/sign-in", _SEE_OTHER)
        session.sign_out(request.app.state.portal.settings, answer)
        return answer
    if refused.status in (403, 404):
        return _fault(request, "not-found", 404)
    return _fault(request, "refused", refused.status, code=refused.code, title=refused.title)


async def _away(request: Request, away: Away) -> Response:
    log.warning("portal.service_away", service=str(away))
    visit = _visit(request)
    # The same key goes with it: pressing again does it once, however far the first time came.
    again = visit.form.fields if request.method == "POST" else {}
    answer = visit.page("away.html", status=503, again=again, again_at=request.url.path)
    answer.headers["Retry-After"] = "10"
    return answer


async def _http(request: Request, fault: HTTPException) -> Response:
    return _fault(request, "not-found", fault.status_code)


def _page(name: str, status: int) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, _: Exception) -> Response:
        return _fault(request, name, status)

    return answer


def _fault(request: Request, name: str, status: int, code: str = "", title: str = "") -> Response:
    return _visit(request).page("fault.html", status=status, fault=name, code=code, sentence=title)


def _visit(request: Request) -> Visit:
    found = getattr(request.state, "visit", None)
    return found if isinstance(found, Visit) else Visit(request, Form())
