"""For those who watch the process: does it answer, and can it do its work."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from services.portal.calls import Away
from services.portal.visit import Anybody, Visit

router = APIRouter()


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(visit: Anybody) -> Response:
    """The services behind the pages are ready, or which are not."""
    missing = {name: lack for name, lack in (await readiness(visit)).items() if lack is None or lack}
    words = {name: "does not answer" if lack is None else lack for name, lack in missing.items()}
    body = {"status": "waiting" if missing else "ready", "missing": words}
    return JSONResponse(body, 503 if missing else 200)


async def readiness(visit: Visit) -> dict[str, dict[str, str] | None]:
    """What each service lacks; None for one that does not answer."""
    names = list(visit.portal.settings.services)

    async def ask(name: str) -> dict[str, str] | None:
        try:
            return await visit.portal.calls.missing(name)
        except Away:
            return None

    return dict(zip(names, await asyncio.gather(*(ask(name) for name in names)), strict=True))
