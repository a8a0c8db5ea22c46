"""Pages of somebody whom a patient trusts: only what is shared, and how to help."""

import asyncio

from fastapi.responses import Response

from services.portal.calls import at
from services.portal.routes.inbox import unread
from services.portal.visit import Visit


async def home(visit: Visit) -> Response:
    """Who trusts them. Without anybody, neutral words: not why, and not whether there ever was."""
    people, waiting = await asyncio.gather(
        visit.get("referrals", at("caregivers", visit.user.id, "patients")), unread(visit)
    )
    return visit.page("caregiver.html", people=people, unread=waiting)
