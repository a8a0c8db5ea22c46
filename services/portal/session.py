"""Who is signed in: a signed cookie. And whether a form was really sent from our own page.

The cookie is no token of a service: whoever takes it can do nothing with it elsewhere. Whether its session still stands
is asked in `sessions.py`.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

from fastapi import Request, Response

from services.portal.settings import PortalSettings
from shared.contracts.sessions import Door
from shared.runtime import signed_links
from shared.runtime.auth import ROLES, User, teams_of
from shared.runtime.signed_links import LinkExpired, LinkInvalid

_STAFF = ("referrer", "psychology", "operator")
_STAFF_LASTS = timedelta(hours=8)
_OTHERS_LAST = timedelta(hours=20)
"""WCAG 2.2.1: somebody who answers slowly, or rests in between, must not lose their place within a day."""
_PURPOSE = "session"

LANGUAGE = "carepath-language"
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Session:
    """One sign-in in one browser. `token` is what the cookie holds."""

    id: str
    user: User
    begun_at: datetime
    until: datetime
    door: Door
    token: str = ""


def fresh_key() -> str:
    """The one place where chance comes in: names an intention at the moment when its form is shown."""
    return secrets.token_urlsafe(18)


def fresh_correlation() -> str:
    """Names one request, in all that it leads to."""
    return secrets.token_hex(16)


def fresh_session() -> str:
    """Names a session. It says nothing of whose it is, and nobody can choose it."""
    return f"session-{secrets.token_hex(12)}"


def session_of(message_id: str) -> str:
    """Names the one session that the link in that message makes."""
    return f"session-{hashlib.sha256(message_id.encode()).hexdigest()[:24]}"


def cookie_name(settings: PortalSettings, what: str = "") -> str:
    """Browsers accept a `__Host-` cookie from this host only, and over HTTPS only."""
    name = f"carepath-{what}" if what else "carepath"
    return f"__Host-{name}" if settings.secure_cookies else name


def opened(settings: PortalSettings, id: str, user: User, now: datetime, door: Door) -> Session:
    """A session that begins now, and lasts until they sign out or the day is over."""
    until = (now + (_STAFF_LASTS if user.role in _STAFF else _OTHERS_LAST)).replace(microsecond=0)
    begun = int(now.timestamp() * 1000)
    more = {"role": user.role, "teams": list(user.teams), "session": id, "begun": begun, "door": door}
    token = signed_links.issue(settings.token_secret, _PURPOSE, user.id, until, more)
    return Session(id, user, _moment(begun), until, door, token)


def remember(settings: PortalSettings, response: Response, session: Session, now: datetime) -> None:
    """Remember the session in the browser."""
    set_cookie(settings, response, cookie_name(settings), session.token, int((session.until - now).total_seconds()))


def sign_out(settings: PortalSettings, response: Response) -> None:
    """Forget the user, and by what their stay is renewed."""
    set_cookie(settings, response, cookie_name(settings), "", 0)
    forget_renewal(settings, response)


def forget_renewal(settings: PortalSettings, response: Response) -> None:
    """Of whoever was here before."""
    set_cookie(settings, response, cookie_name(settings, RENEWAL), "", 0)


RENEWAL = "renewal"
"""The cookie by which the stay of a member of staff is renewed at the clinic's own sign-in."""


def remember_language(settings: PortalSettings, response: Response, language: str) -> None:
    """Remember in which language this browser reads."""
    response.set_cookie(
        LANGUAGE, language, max_age=_YEAR_SECONDS, httponly=True, samesite="lax", secure=settings.secure_cookies
    )


def signed_in(settings: PortalSettings, request: Request, now: datetime) -> Session | None:
    """The session that the cookie names, if it is ours and its time is not over."""
    token = request.cookies.get(cookie_name(settings))
    if not token:
        return None
    try:
        id, claims = signed_links.read(settings.token_secret, _PURPOSE, token, now)
        role, session, begun, door = (claims.get(name) for name in ("role", "session", "begun", "door"))
        known_door: Door | None = next((one for one in get_args(Door) if one == door), None)
        # A service shows itself to services; it has no pages.
        if role not in ROLES or role == "service" or known_door is None:
            return None
        if not isinstance(session, str) or not isinstance(begun, int):
            return None
        user = User(id, str(role), teams_of(claims))
        return Session(session, user, _moment(begun), _moment(int(claims["exp"]) * 1000), known_door, token)
    except (LinkExpired, LinkInvalid, ValueError):
        return None


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
    elif origin is not None and urlsplit(origin).netloc not in _own_hosts(settings, request):
        return False
    return session is None or hmac.compare_digest(form_token(settings, session).encode(), token.encode())


def set_cookie(settings: PortalSettings, response: Response, name: str, value: str, seconds: int) -> None:
    """One that scripts cannot read, and that no form of another site takes along."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=settings.secure_cookies
    )


def _own_hosts(settings: PortalSettings, request: Request) -> tuple[str, ...]:
    """As the browser was told, and as the clinic says: a proxy may have changed the first."""
    return request.headers.get("host", ""), urlsplit(settings.clinic.portal_url).netloc


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
