"""The outermost layer: headers that tell browsers what these pages never do, and a name for each request."""

from collections.abc import Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.portal.assets import caching
from services.portal.session import fresh_correlation

log = structlog.get_logger()

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "media-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_OVER_HTTPS = {"strict-transport-security": "max-age=31536000"}


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, secure: bool, broken: Callable[[Request], Response]) -> None:
        self._app = app
        self._broken = broken
        self._headers = [(k.encode(), v.encode()) for k, v in {**_ALWAYS, **(_OVER_HTTPS if secure else {})}.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation = fresh_correlation()
        scope.setdefault("state", {})["correlation"] = correlation
        cached = caching(scope["path"], scope["query_string"].decode("latin-1")).encode()

        begun = False

        async def answered(message: Any) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                more = [(b"cache-control", cached), (b"x-correlation-id", correlation.encode())]
                message["headers"] = [*message["headers"], *self._headers, *more]
                log.info("portal.answered", method=scope["method"], status=message["status"])
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation=correlation):
            try:
                await self._app(scope, receive, answered)
            except Exception:
                log.exception("portal.broken", method=scope["method"])
                if begun:
                    raise
                # Here and not in the framework, whose own answer would go out without these headers.
                await self._broken(Request(scope))(scope, receive, answered)
