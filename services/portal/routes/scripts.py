"""htmx, as its package ships it; all else under `/static/` lies in the folder of that name."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.assets import HTMX

router = APIRouter()


@router.get("/static/htmx.js")
async def htmx() -> Response:
    """For pages that look again by themselves."""
    return Response(HTMX, media_type="text/javascript")
