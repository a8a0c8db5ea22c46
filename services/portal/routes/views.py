"""Views of lists that somebody kept."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import worklists
from services.portal.pages import is_ours
from services.portal.visit import Clinician

router = APIRouter()


@router.post("/views/remove")
async def remove(visit: Clinician) -> Response:
    """Forget one, and go back to the list."""
    back = visit.form.text("back")
    return worklists.remove(visit, back if is_ours(back) else "/")
