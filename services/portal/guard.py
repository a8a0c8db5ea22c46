"""The outermost layer: what is refused before anybody reads it, and headers that say what these pages never do."""

from collections.abc import Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.portal.assets import caching
from services.portal.session import fresh_correlation
from services.portal.settings import PortalSettings
from shared.runtime.bounds import Breach, breach
from shared.runtime.rates import Rates, TooMany, client_of

log = structlog.get_logger()

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_NEVER_USED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
_ALWAYS = {
    "content-security-policy": _POLICY,
    "permissions-policy": ", ".join(f"{one}=()" for one in _NEVER_USED),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_OVER_HTTPS = {"strict-transport-security": "max-age=31536000"}
_NEVER_TOO_OFTEN = ("/help", "/leave", "/sign-out")
"""Whoever needs help, or must be gone quickly, is served however often they ask."""


class Guard:
    """ASGI middleware. `broken` makes the page for a bug, `often` that for whoever asks too often."""

    def __init__(
        self,
        app: ASGIApp,
        settings: PortalSettings,
        rates: Rates,
        broken: Callable[[Request], Response],
        often: Callable[[Request, int], Response],
    ) -> None:
        self._app = app
        self._hosts = settings.hosts
        self._rates = rates
        self._broken = broken
        self._often = often
        always = {**_ALWAYS, **(_OVER_HTTPS if settings.secure_cookies else {})}
        self._headers = [(name.encode(), value.encode()) for name, value in always.items()]

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
                if refused := self._refused(scope):
                    await refused(scope, receive, answered)
                else:
                    await self._app(scope, receive, answered)
            except Exception:
                log.exception("portal.broken", method=scope["method"])
                if begun:
                    raise
                # Here and not in the framework, whose own answer would go out without these headers.
                await self._broken(Request(scope))(scope, receive, answered)

    def _refused(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further. A person never sees the first kind, so it is no page."""
        if found := breach(scope, self._hosts):
            log.warning("portal.request_refused", code=found.code)
            return _plain(found)
        try:
            self._count(scope)
        except TooMany as many:
            log.warning("portal.asked_too_often", seconds=many.seconds)
            return self._often(Request(scope), many.seconds)
        return None

    def _count(self, scope: Scope) -> None:
        path, client = scope["path"], client_of(scope)
        if path in _NEVER_TOO_OFTEN or path.startswith("/static/"):
            return
        self._rates.count("requests", client)
        if scope["method"] == "POST" and path.startswith("/sign-in"):
            self._rates.count("sign-in", client)


def _plain(found: Breach) -> Response:
    return PlainTextResponse(found.title, found.status)
