"""The portal as an application: pages for people, over the three services. It owns nothing and keeps nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from services.portal import conversation_aid, words
from services.portal.assets import STATIC
from services.portal.calls import Calls
from services.portal.failures import broken, handlers, too_many
from services.portal.guard import Guard
from services.portal.pages import environment
from services.portal.routes import routers
from services.portal.settings import PortalSettings
from services.portal.visit import Portal
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.rates import Rates

_SERVICE_SECONDS = 5.0


def portal(settings: PortalSettings, clock: Clock | None = None) -> FastAPI:
    """The application; its lifespan closes the connections to the services."""
    words.check()
    conversation_aid.check()
    # Each service with connections of its own: a pool looks at all that it has whenever one is taken or given back.
    apart = {address: httpx.AsyncHTTPTransport(trust_env=False) for address in settings.services.values()}
    client = httpx.AsyncClient(timeout=_SERVICE_SECONDS, follow_redirects=False, trust_env=False, mounts=apart)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    app = FastAPI(
        title="Carepath portal",
        openapi_url=None,
        lifespan=lifespan,
        exception_handlers=handlers(),
    )
    now = clock or SystemClock()
    app.state.portal = Portal(settings, now, Calls(settings, now, client), environment())
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, settings=settings, rates=Rates(now, settings.rates), broken=broken, often=too_many)
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))
    return app
