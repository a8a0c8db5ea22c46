"""Pages to read: the aid for the talk about a referral, and what pain, body and mind have to do with each other."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.conversation_aid import conversation_aid
from services.portal.visit import Anybody, Referrer

router = APIRouter()


@router.get("/conversation-aid")
async def aid(visit: Referrer) -> Response:
    """How to offer psychological support, with words to say."""
    return visit.page("conversation_aid.html", aid=conversation_aid(visit.language))


@router.get("/conversation-aid/leaflet")
async def leaflet(visit: Referrer) -> Response:
    """The same in short: only what to say, to be printed."""
    return visit.page("conversation_leaflet.html", aid=conversation_aid(visit.language))


@router.get("/about-pain-and-mind")
async def about(visit: Anybody) -> Response:
    """For whoever decides, and for those whom they ask. It says nothing of anybody, so nobody needs to sign in."""
    return visit.page("about.html")
