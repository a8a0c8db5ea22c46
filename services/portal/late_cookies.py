"""Cookies that become known while a request is looked at, whatever page answers it."""

from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT = "late_cookies"


def later(request: Request, carrier: Response) -> None:
    """The answer to this request takes along the cookies that `carrier` sets."""
    kept = request.scope.setdefault("state", {}).setdefault(_KEPT, [])
    kept += [value for name, value in carrier.raw_headers if name == b"set-cookie"]


class LateCookies:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answered(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = scope.get("state", {}).get(_KEPT, [])
                # Before those that the page itself sets, which count.
                message["headers"] = [*((b"set-cookie", value) for value in kept), *message["headers"]]
            await send(message)

        await self._app(scope, receive, answered)
