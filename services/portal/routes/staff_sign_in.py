"""Staff sign in at the clinic's own sign-in service: there, and back with an answer that only this browser can use."""

import secrets
from datetime import timedelta
from hmac import compare_digest

import structlog
from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from services.portal import session
from services.portal.calls import Refused
from services.portal.pages import is_ours
from services.portal.provider import ProviderAway, ProviderRefused, Told
from services.portal.sealed import seal, unseal
from services.portal.staff_door import StaffDoor
from services.portal.visit import AtTheDoor, Visit

log = structlog.get_logger()

router = APIRouter()

_WAY = "way-to-sign-in"
_LASTS = timedelta(minutes=10)
_SEE_OTHER = 303
_STATUS = {"away": 503, "refused": 403, "again": 400}


@router.get("/sign-in/staff")
async def there(visit: AtTheDoor, back: str = "/") -> Response:
    """On to the clinic's sign-in service. What its answer must hold stays with this browser alone."""
    door = _door(visit)
    way = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    try:
        address = await door.provider.address_to_sign_in(_here(visit), **way)
    except ProviderAway:
        return _page(visit, "away")
    settings = visit.portal.settings
    answer = RedirectResponse(address, _SEE_OTHER)
    sealed = seal(settings.token_secret, _WAY, {**way, "back": back if is_ours(back) else "/"}, visit.now + _LASTS)
    name = session.cookie_name(settings, _WAY)
    session.set_cookie(settings, answer, name, sealed, int(_LASTS.total_seconds()))
    return answer


@router.get("/sign-in/staff/back")
async def back_again(visit: AtTheDoor, state: str = "", code: str = "", error: str = "", iss: str = "") -> Response:
    """The answer. It counts once, in the browser that asked, and from the one whom we asked."""
    door, settings = _door(visit), visit.portal.settings
    name = session.cookie_name(settings, _WAY)
    way = unseal(settings.token_secret, _WAY, visit.request.cookies.get(name, ""), visit.now)
    if way is None or not compare_digest(str(way["state"]).encode(), state.encode()):
        log.warning("portal.sign_in_answer_refused", why="state")
        return _page(visit, "again")
    try:
        if error or (iss and settings.provider and iss != settings.provider.issuer):
            raise ProviderRefused(f"it answered {error[:40]!r}")
        told = await door.provider.exchange(code, _here(visit), str(way["nonce"]), str(way["verifier"]))
        answer = await _let_in(visit, door, told, str(way["back"]))
    except ProviderAway:
        answer = _page(visit, "away")
    except ProviderRefused as refused:
        log.warning("portal.sign_in_answer_refused", why=str(refused))
        answer = _page(visit, "again")
    session.set_cookie(settings, answer, name, "", 0)
    return answer


async def _let_in(visit: Visit, door: StaffDoor, told: Told, back: str) -> Response:
    user = door.member(told)
    if user is None:
        log.warning("portal.staff_not_known")
        return _page(visit, "refused")
    answer = visit.go(back)
    begun = await visit.portal.sessions.begin(visit, answer, user, "provider")
    door.begin(visit, answer, begun, told)
    member = visit.portal.staff(user.id)
    if member and session.LANGUAGE not in visit.request.cookies:
        session.remember_language(visit.portal.settings, answer, member.language)
    return answer


def _door(visit: Visit) -> StaffDoor:
    if visit.portal.staff_door is None:
        raise Refused(404, {"code": "not-found"})
    return visit.portal.staff_door


def _here(visit: Visit) -> str:
    """As the clinic says, whatever host a request names."""
    return f"{visit.clinic.portal_url.rstrip('/')}/sign-in/staff/back"


def _page(visit: Visit, state: str) -> Response:
    return visit.page("sign_in_staff.html", state=state, status=_STATUS[state])
