"""Who is signed in: a signed cookie. And whether a form was really sent from our own page."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from services.portal.settings import PortalSettings
from shared.runtime.auth import NotSignedIn, User, issue, read

_STAFF = ("referrer", "psychology", "operator")
_STAFF_LASTS = timedelta(hours=8)
_OTHERS_LAST = timedelta(hours=20)
"""WCAG 2.2.1: somebody who answers slowly, or rests in between, must not lose their place within a day."""

LANGUAGE = "carepath-language"
_YEAR_SECONDS = 365 * 24 * 3600


def fresh_key() -> str:
    """The one place where chance comes in: names an intention at the moment when its form is shown."""
    return secrets.token_urlsafe(18)


def fresh_correlation() -> str:
    """Names one request, in all that it leads to."""
    return secrets.token_hex(16)


def cookie_name(settings: PortalSettings) -> str:
    """Browsers accept a `__Host-` cookie from this host only, and over HTTPS only."""
    return "__Host-carepath" if settings.secure_cookies else "carepath"


def sign_in(settings: PortalSettings, response: Response, user: User, now: datetime) -> None:
    """Remember the user in the browser, until they sign out or the day is over."""
    lasts = _STAFF_LASTS if user.role in _STAFF else _OTHERS_LAST
    _set(settings, response, issue(settings.token_secret, user, now, lasts), int(lasts.total_seconds()))


def sign_out(settings: PortalSettings, response: Response) -> None:
    """Forget the user."""
    _set(settings, response, "", 0)


def remember_language(settings: PortalSettings, response: Response, language: str) -> None:
    """Remember in which language this browser reads."""
    response.set_cookie(
        LANGUAGE, language, max_age=_YEAR_SECONDS, httponly=True, samesite="lax", secure=settings.secure_cookies
    )


def signed_in(settings: PortalSettings, request: Request, now: datetime) -> tuple[User, str] | None:
    """The user and their session, if there is one that still holds."""
    token = request.cookies.get(cookie_name(settings))
    if not token:
        return None
    try:
        user = read(settings.token_secret, token, now)
    except NotSignedIn:
        return None
    # A service shows itself to services; it has no pages.
    return None if user.role == "service" else (user, token)


def form_token(settings: PortalSettings, session: str) -> str:
    """Stands in every form of a session; another site cannot know it."""
    what = f"form of {session}".encode()
    return hmac.new(settings.token_secret.encode(), what, hashlib.sha256).hexdigest()


def is_from_here(settings: PortalSettings, request: Request, session: str | None, token: str) -> bool:
    """Whether a POST was sent by a page of ours. Browsers say where it comes from; the token stands beside that."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            return False
    elif origin is not None and origin not in _own_origins(settings, request):
        return False
    return session is None or hmac.compare_digest(form_token(settings, session).encode(), token.encode())


def _own_origins(settings: PortalSettings, request: Request) -> set[str]:
    """As the browser was told, and as the clinic says: a proxy may have changed the first."""
    host, clinic = request.headers.get("host", ""), urlsplit(settings.clinic.portal_url)
    told = {f"https://{host}"} if settings.secure_cookies else {f"https://{host}", f"http://{host}"}
    return {*told, f"{clinic.scheme}://{clinic.netloc}"}


def _set(settings: PortalSettings, response: Response, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(settings),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
