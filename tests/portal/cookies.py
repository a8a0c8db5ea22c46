"""Cookies as the portal signs them, for tests that come to it without a browser."""

from datetime import datetime, timedelta

from services.portal.session import Session, cookie_name, fresh_session, opened
from services.portal.settings import PortalSettings
from shared.contracts.sessions import Door
from shared.runtime.auth import User
from tests.portal.running import Running


def session_of(
    system: Running, user: User, now: datetime | None = None, door: Door = "development", secret: str = ""
) -> Session:
    """Somebody who signed in a moment ago."""
    settings = PortalSettings({}, secret or system.secret, system.clinic)
    return opened(settings, fresh_session(), user, now or system.clock.now() - timedelta(seconds=1), door)


def cookie_of(system: Running, user: User, secure: bool = False, secret: str = "") -> dict[str, str]:
    """The header that their browser sends."""
    settings = PortalSettings({}, system.secret, system.clinic, secure_cookies=secure)
    return {"Cookie": f"{cookie_name(settings)}={session_of(system, user, secret=secret).token}"}
