"""The outermost layer of every service: the correlation of a request, its bounds, an answer after a bug."""

import re
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.bounds import LARGEST_BODY, TOO_LARGE, breach
from shared.runtime.problems import problem

_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,64}")

log = structlog.get_logger()

_BROKEN = "Something went wrong on our side. Nothing may have been changed; look before you try again."
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]


class Edge:
    """ASGI middleware. A correlation that the caller sends is kept, so that one click can be followed through all."""

    def __init__(self, app: ASGIApp, service: str, hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = hosts
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get(b"x-correlation-id", "")
        correlation = given if _CORRELATION.fullmatch(given) else token_hex(16)
        scope.setdefault("state", {})["correlation"] = correlation
        received = 0
        started = False

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                raise HTTPException(TOO_LARGE.status, TOO_LARGE.title)
            return message

        async def answered(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _completed(message["headers"], correlation)
                log.info("answered", service=self._service, method=scope["method"], status=message["status"])
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation=correlation):
            if broken := breach(scope, self._hosts):
                await problem(broken.status, broken.code, broken.title)(scope, receive, answered)
                return
            try:
                await self._app(scope, bounded, answered)
            except Exception:
                # A bug. Answered here, so that also this answer names the correlation under which it is logged.
                log.exception("request_failed", service=self._service, method=scope["method"])
                if started:
                    raise
                await problem(500, "internal", _BROKEN)(scope, receive, answered)


def _completed(headers: Sequence[tuple[bytes, bytes]], correlation: str) -> list[tuple[bytes, bytes]]:
    """With what every answer says, where it does not say so itself."""
    said = {name.lower() for name, _ in headers}
    return [*headers, (b"x-correlation-id", correlation.encode()), *(one for one in _ALWAYS if one[0] not in said)]
