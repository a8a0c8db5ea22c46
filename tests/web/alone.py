"""A portal whose services do not answer, as the real ASGI app: for what it does before it asks any of them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi.routing import iter_route_contexts

from services.portal.app import portal
from services.portal.routes import routers
from services.portal.session import cookie_name, form_token
from services.portal.settings import SERVICES, PortalSettings
from shared.runtime.auth import User, issue
from shared.runtime.settings import load_clinic

SECRET = "a secret for the tests that is long enough"
CLINIC = load_clinic(Path("deploy/clinic.yaml")).model_copy(update={"portal_url": "https://care.example.org"})
HERE = "https://care.example.org"


class HandClock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def passes(self, **time: float) -> None:
        self.time += timedelta(**time)


class Alone:
    """`at` gives a browser at an address of its own; `session` a cookie and the token of its forms."""

    def __init__(self, services: Mapping[str, str] | None = None, **more: Any) -> None:
        nowhere = dict.fromkeys(SERVICES, "http://127.0.0.1:9")
        self.settings = PortalSettings(services or nowhere, SECRET, CLINIC, **more)
        self.clock = HandClock()
        self.app = portal(self.settings, self.clock)

    def at(self, address: str = "203.0.113.7", **more: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 50_000))
        return httpx.AsyncClient(transport=transport, base_url=HERE, **more)

    def session(self, user: User) -> tuple[dict[str, str], str]:
        token = issue(SECRET, user, self.clock.now(), timedelta(hours=1))
        return {"Cookie": f"{cookie_name(self.settings)}={token}"}, form_token(self.settings, token)


def routes(method: str) -> Iterator[tuple[str, str]]:
    """Every route of the portal's table that answers to this method: as it stands there, and as an address."""
    for router in routers:
        for route in iter_route_contexts(router.routes):
            if method in (getattr(route, "methods", None) or ()):
                yield str(route.path), filled(str(route.path))


def filled(path: str) -> str:
    """An address of that form; numbers fit where a number or a name is asked for."""
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))
