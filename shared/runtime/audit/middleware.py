"""Between the edge of a service and its routes: an answer leaves only once it is on record whose data it shows."""

from typing import Any

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.runtime.audit import trail as trails
from shared.runtime.audit.records import records_of
from shared.runtime.audit.trail import Trail
from shared.runtime.audit.writer import AuditLog
from shared.runtime.clock import Clock
from shared.runtime.errors import Unavailable
from shared.runtime.problems import problem

log = structlog.get_logger()

_NOT_ON_RECORD = "We cannot write down who asks, so we show and change nothing now. Nothing was lost; try again soon."
_PUBLIC = ("/health/live", "/health/ready", "/asyncapi.json", "/openapi.json", "/docs", "/redoc")


class Audited:
    """ASGI middleware. Without a durable record there is no answer but 503."""

    def __init__(self, app: ASGIApp, audit: AuditLog, clock: Clock) -> None:
        self._app = app
        self._audit = audit
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _PUBLIC:
            await self._app(scope, receive, send)
            return
        refused = False

        async def on_record(message: Any) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                try:
                    await self._keep(scope, trail, message["status"])
                except Unavailable as away:
                    refused = True
                    await _refuse(away, scope, receive, send)
            if not refused:
                await send(message)

        with trails.of_request() as trail:
            try:
                await self._audit.ready()
            except Unavailable as away:
                await _refuse(away, scope, receive, send)
                return
            try:
                await self._app(scope, receive, on_record)
            except Exception:
                # A bug. Nothing was shown, but something may have been changed.
                await self._keep(scope, trail, 500)
                raise

    async def _keep(self, scope: Scope, trail: Trail, status: int) -> None:
        route = scope.get("route")
        if route is None:
            return
        name = f"{scope['method']} {route.path}"
        request = str(scope.get("state", {}).get("correlation", ""))
        path = scope.get("path_params", {})
        await self._audit.record(records_of(trail, self._clock.now(), name, status, path, request))


async def _refuse(away: Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
    log.error("audit_away", error=str(away))
    answer = problem(503, "unavailable", _NOT_ON_RECORD)
    answer.headers["Retry-After"] = "5"
    await answer(scope, receive, send)
