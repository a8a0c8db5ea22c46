"""Pages of somebody whom a patient trusts: only what is shared, how to help, and to suggest support."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import carers, options
from services.portal.calls import Refused, at
from services.portal.routes.inbox import messages
from services.portal.visit import Caregiver, Visit

router = APIRouter()


async def home(visit: Visit) -> Response:
    """Who trusts them. Without anybody, neutral words: not why, and not whether there ever was. While nobody knows who
    that is, the rest is there.
    """
    people, inbox = await asyncio.gather(
        visit.maybe("referrals", at("caregivers", visit.user.id, "patients")), messages(visit)
    )
    return visit.page(
        "caregiver.html",
        people=[one for one in people or [] if one["status"] == "accepted"],
        asked=[one for one in people or [] if one["status"] == "invited"],
        known=people is not None,
        unread=inbox["unread"] if inbox else None,
        news=carers.news(inbox),
        inbox=inbox,
        languages=options.languages(visit.t),
    )


@router.post("/suggest")
async def suggest(visit: Caregiver) -> Response:
    """Begin a request that the person themselves sends, or not. Suggesting it twice is suggesting it once."""
    try:
        await visit.post("referrals", "/referrals", {"patient_id": visit.form.text("person")})
    except Refused as refused:
        if refused.code != "draft-exists":
            raise
    return visit.go("/", "suggested")
