"""Clear answers over HTTP (RFC 9457) to all that a service refuses, cannot do now, or does not understand."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from shared.contracts.commands import Command, Rejected
from shared.runtime.auth import NotSignedIn
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.rates import TooMany

log = structlog.get_logger()

_STATUS = {
    "if-match-missing": 428,
    "if-match-malformed": 400,
    "idempotency-key-missing": 400,
    "idempotency-key-reused": 422,
    "not-delegated": 403,
    "too-large": 413,
}
_ABOUT_THE_REQUEST = ("-missing", "-incomplete", "-refused", "-unknown", "-invalid")


class Forbidden(Exception):
    """The caller's role may not do this at all. 403."""


def problem(status: int, code: str, title: str, **more: Any) -> JSONResponse:
    """An RFC 9457 answer. `type` is stable and made from `code`."""
    body = {"type": f"urn:carepath:problem:{code}", "title": title, "status": status, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def problems(sentences: dict[str, str]) -> dict[Any, Any]:
    """Exception handlers for an app; `sentences` says each refusal's code in words for people."""

    async def rejected(_: Request, refused: Rejected) -> Response:
        title = sentences.get(refused.code, "This is not possible right now.")
        return problem(_status(refused.code), refused.code, title, detail=refused.detail)

    async def conflict(_: Request, lost: Conflict) -> Response:
        more = {} if lost.version is None else {"version": lost.version}
        return problem(412, "changed-meanwhile", "Somebody changed this meanwhile. Look at it again first.", **more)

    async def unavailable(_: Request, away: Unavailable) -> Response:
        log.warning("answer_unavailable", error=str(away))
        answer = problem(503, "unavailable", "A part of the system does not answer. Nothing was lost; try again soon.")
        answer.headers["Retry-After"] = "5"
        return answer

    async def too_many(_: Request, often: TooMany) -> Response:
        answer = problem(429, "too-many", "This was asked too often. Please wait a little.")
        answer.headers["Retry-After"] = str(often.seconds)
        return answer

    return {
        TooMany: too_many,
        Rejected: rejected,
        Conflict: conflict,
        Unavailable: unavailable,
        NotFound: _fixed(404, "not-found", "There is nothing here, or it is not yours to see."),
        Forbidden: _fixed(403, "forbidden", "Your role does not allow this."),
        NotSignedIn: _not_signed_in,
        RequestValidationError: _malformed,
        ValidationError: _no_command,
        HTTPException: _http,
    }


def _status(code: str) -> int:
    """409 when the state says no, 422 when what was sent is not enough."""
    return _STATUS.get(code) or (422 if code.endswith(_ABOUT_THE_REQUEST) else 409)


def _fixed(status: int, code: str, title: str) -> Callable[[Request, Exception], Any]:
    async def answer(_: Request, __: Exception) -> Response:
        return problem(status, code, title)

    return answer


async def _malformed(_: Request, fault: RequestValidationError) -> Response:
    errors = fault.errors()
    if any(error["type"] == "json_invalid" for error in errors):
        return problem(400, "malformed-json", "The body is not JSON.")
    return _invalid(errors)


async def _no_command(_: Request, fault: ValidationError) -> Response:
    """A part of the address that no command takes. Anything else of ours that is not valid is a bug."""
    if fault.title not in _names(Command):
        raise fault
    return _invalid(fault.errors(include_input=False))


def _names(kind: type[Command]) -> set[str]:
    return {kind.__name__}.union(*(_names(more) for more in kind.__subclasses__()))


def _invalid(errors: Sequence[Any]) -> Response:
    places = [{"where": ".".join(map(str, e["loc"])), "what": e["type"]} for e in errors]
    return problem(422, "invalid", "Some of what was sent is missing or not valid.", errors=places)


async def _http(_: Request, fault: HTTPException) -> Response:
    code = "too-large" if fault.status_code == 413 else f"http-{fault.status_code}"
    answer = problem(fault.status_code, code, str(fault.detail))
    answer.headers.update(fault.headers or {})
    return answer


async def _not_signed_in(_: Request, __: Exception) -> Response:
    answer = problem(401, "not-signed-in", "Please sign in.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
