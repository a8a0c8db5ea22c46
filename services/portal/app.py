"""The portal as an application: pages for people, over the three services. It owns nothing and keeps nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from services.portal import conversation_aid, words
from services.portal.assets import STATIC
from services.portal.calls import Calls
from services.portal.failures import broken, handlers
from services.portal.guard import Guard
from services.portal.late_cookies import LateCookies
from services.portal.pages import environment
from services.portal.routes import routers
from services.portal.sessions import Sessions
from services.portal.settings import PortalSettings
from services.portal.staff_door import StaffDoor
from services.portal.visit import Portal
from shared.runtime.clock import Clock, SystemClock

_SERVICE_SECONDS = 5.0


def portal(settings: PortalSettings, clock: Clock | None = None) -> FastAPI:
    """The application; its lifespan closes the connections to the services."""
    words.check()
    conversation_aid.check()
    client = httpx.AsyncClient(timeout=_SERVICE_SECONDS, follow_redirects=False, trust_env=False)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield
            if app.state.portal.staff_door:
                await app.state.portal.staff_door.close()

    app = FastAPI(
        title="Carepath portal",
        openapi_url=None,
        lifespan=lifespan,
        exception_handlers=handlers(),
    )
    now = clock or SystemClock()
    door = StaffDoor(settings, settings.provider, now) if settings.provider else None
    app.state.portal = Portal(settings, now, Calls(settings, now, client), environment(), Sessions(), door)
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(LateCookies)
    app.add_middleware(Guard, secure=settings.secure_cookies, broken=broken)
    return app
