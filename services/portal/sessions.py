"""Whether a session still stands: asked of the notifications service, which keeps where each person is signed in.

What it said holds for half a minute in this process, so a session that was ended elsewhere is over on every page within
that time. While the service is away what it last said goes on, and where it said nothing, the signature and the time in
the cookie: nobody loses the way to help by that, and nobody can end a session meanwhile either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from fastapi import Response

from services.portal import session as cookies
from services.portal.calls import Away, Refused, at
from services.portal.devices import browser_of, device_of
from services.portal.session import Session
from shared.contracts.sessions import Door, Why
from shared.runtime.auth import User

if TYPE_CHECKING:
    from services.portal.visit import Visit

log = structlog.get_logger()

ASKED_EVERY = timedelta(seconds=30)
_USED_EVERY = timedelta(minutes=30)
_PATIENCE_SECONDS = 2.0
_MOST_KNOWN = 20_000
_US = User("portal", "service")
_OVER = "session-ended"


@dataclass(frozen=True)
class Known:
    """What was said of a session, and when."""

    asked_at: datetime
    stands: bool


class Sessions:
    """What this process was told. Nothing is lost when it ends."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    async def begin(self, visit: "Visit", answer: Response, user: User, door: Door, id: str = "") -> Session:
        """Sign in with a new session; one that was there in this browser ends. Raises `Refused` where the session `id`
        is over already.
        """
        fresh = cookies.opened(visit.portal.settings, id or cookies.fresh_session(), user, visit.now, door)
        if visit.session is not None and visit.session.id != fresh.id:
            await self.end(visit, visit.session, "replaced")
        try:
            await self._use(visit, fresh, is_new=True)
        except (Away, Refused) as fault:
            if isinstance(fault, Refused) and fault.code == _OVER:
                raise
            # They are let in; it becomes known once the service is back.
            log.warning("portal.session_not_noted", fault=str(fault))
        cookies.remember(visit.portal.settings, answer, fresh, visit.now)
        cookies.forget_renewal(visit.portal.settings, answer)
        return fresh

    async def stands(self, visit: "Visit", session: Session) -> bool:
        """Whether it can still be used."""
        known = self._known.get(session.id)
        if known is not None and visit.now - known.asked_at < ASKED_EVERY:
            return known.stands
        try:
            stands = await self._ask(visit, session)
        except Refused as refused:
            if refused.code != _OVER:
                return self._unanswered(known, refused)
            stands = False
        except Away as away:
            return self._unanswered(known, away)
        self._know(session.id, visit.now, stands)
        return stands

    def _unanswered(self, known: Known | None, fault: Exception) -> bool:
        """Also where that service does not believe us, so that operators can read that it does not."""
        log.warning("portal.session_unchecked", fault=str(fault))
        return known is None or known.stands

    async def end(self, visit: "Visit", session: Session, why: Why) -> None:
        """It is over, here at once. While the service is away only this browser forgets it."""
        self._know(session.id, visit.now, False)
        try:
            await self._post(
                visit, session.user, at("agendas", session.user.id, "sessions", session.id, "end"), {"why": why}
            )
        except (Away, Refused):
            log.warning("portal.session_end_not_noted")

    def forget(self) -> None:
        """Ask anew of each that stood: somebody has ended some."""
        self._known = {id: known for id, known in self._known.items() if not known.stands}

    async def _ask(self, visit: "Visit", session: Session) -> bool:
        path = at("agendas", session.user.id, "sessions", session.id)
        query = {"begun_at": session.begun_at.isoformat()}
        said = await visit.portal.calls.aside(
            _US, visit.correlation, "GET", "notifications", path, _PATIENCE_SECONDS, params=query
        )
        if said["standing"] == "ended":
            return False
        used_at = datetime.fromisoformat(said["used_at"]) if said["used_at"] else None
        if used_at is None or visit.now - used_at >= _USED_EVERY:
            await self._use(visit, session)
        return True

    async def _use(self, visit: "Visit", session: Session, is_new: bool = False) -> None:
        browser = visit.request.headers.get("user-agent", "")
        body = {
            "begun_at": session.begun_at.isoformat(),
            "until": session.until.isoformat(),
            "browser": browser_of(browser),
            "device": device_of(browser),
            "door": session.door,
            "is_new": is_new,
        }
        await self._post(visit, _US, at("agendas", session.user.id, "sessions", session.id, "use"), body)
        self._know(session.id, visit.now, True)

    async def _post(self, visit: "Visit", user: User, path: str, body: Mapping[str, Any]) -> None:
        headers = {"Idempotency-Key": uuid4().hex, "If-Match": "*"}
        await visit.portal.calls.aside(
            user, visit.correlation, "POST", "notifications", path, _PATIENCE_SECONDS, json=dict(body), headers=headers
        )

    def _know(self, id: str, now: datetime, stands: bool) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known = {one: known for one, known in self._known.items() if now - known.asked_at < ASKED_EVERY}
        self._known[id] = Known(now, stands)
