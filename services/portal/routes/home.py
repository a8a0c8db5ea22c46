"""The first page, by role; help that is there for everybody; and the choice of language."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import session
from services.portal.pages import is_ours
from services.portal.routes import caregiver, operator, patient, referrer, work
from services.portal.visit import Anybody, SignedIn
from services.portal.words import read_in

router = APIRouter()

_HOMES = {
    "referrer": referrer.home,
    "psychology": work.home,
    "patient": patient.home,
    "caregiver": caregiver.home,
    "operator": operator.home,
}


@router.get("/")
async def home(visit: SignedIn) -> Response:
    """What this person can do next."""
    return await _HOMES[visit.user.role](visit)


@router.get("/help")
async def help_now(visit: Anybody) -> Response:
    """Whom to call. Without signing in, and whatever else is down."""
    return visit.page("help.html")


@router.post("/language")
async def language(visit: Anybody) -> Response:
    """Read on in another language."""
    back = visit.form.text("back")
    answer = visit.go(back if is_ours(back) else "/")
    session.remember_language(visit.portal.settings, answer, read_in(visit.form.text("language"), ""))
    return answer
