"""How staff come in by the clinic's own sign-in, and how they stay: what it says of them is asked anew all the time.

What is needed in between lies sealed in the browser's own cookies, so that any process of the portal can go on with it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import structlog
from fastapi import Response

from services.portal import session as cookies
from services.portal.late_cookies import later
from services.portal.provider import Provider, ProviderAway, ProviderRefused, Told, value_at
from services.portal.sealed import seal, unseal
from services.portal.session import RENEWAL, Session
from services.portal.settings import PortalSettings, ProviderSettings
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_sign_in import StaffSignIn
from shared.runtime.auth import User
from shared.runtime.clock import Clock

if TYPE_CHECKING:
    from services.portal.visit import Visit

log = structlog.get_logger()

ASKED_EVERY = timedelta(seconds=40)
"""So somebody who was locked out there, or lost their role, is out here within a minute."""
HOLDS_ON = timedelta(minutes=15)
"""While the provider is away, whoever is in stays in for so long, since people in danger may need them."""
_LONGEST = 3800
"""Browsers keep no cookie of more than 4,096 bytes, its name and all else included."""
_MOST_KNOWN = 5_000


@dataclass(frozen=True)
class Stay:
    """What is known of a stay: when the provider last said yes, to whom, and what renews it."""

    asked_at: datetime
    subject: str
    refresh: str
    teams: tuple[str, ...]


class StaffDoor:
    """One for each process of the portal. `stays` is what it heard lately; the rest is in the cookies."""

    def __init__(self, settings: PortalSettings, own: ProviderSettings, clock: Clock) -> None:
        self._settings = settings
        self._own = own
        self.provider = Provider(own, clock)
        self._stays: dict[str, Stay] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def close(self) -> None:
        """Let go of the connections to the provider."""
        await self.provider.close()

    def member(self, told: Told) -> User | None:
        """Who of the clinic's staff that is; nobody, unless its file and the provider agree about their role."""
        return staff_of(self._settings.clinic, self._own.staff, told.claims)

    def begin(self, visit: "Visit", answer: Response, session: Session, told: Told) -> None:
        """They are in. Raises `ProviderRefused` where the browser could not keep what renews it."""
        stay = Stay(visit.now, str(told.claims["sub"]), told.refresh, session.user.teams)
        self._keep(visit, answer, session, stay)

    async def still(self, visit: "Visit", session: Session) -> User | None:
        """The same person, with what the provider says of them now; nobody where it lets them in no more."""
        stay = self._stay(visit, session)
        if stay is None:
            return None
        if visit.now - stay.asked_at >= ASKED_EVERY:
            async with self._locks.setdefault(session.id, asyncio.Lock()):
                stay = self._stay(visit, session)
                if stay is not None and visit.now - stay.asked_at >= ASKED_EVERY:
                    stay = await self._renewed(visit, session, stay)
        return replace(session.user, teams=stay.teams) if stay else None

    async def farewell(self, visit: "Visit", session: Session) -> str | None:
        """Where the browser goes to sign out there too, if it can be asked."""
        stay = self._stay(visit, session)
        self._stays.pop(session.id, None)
        if stay is None:
            return None
        try:
            told = await self.provider.renew(stay.refresh, stay.subject)
            return await self.provider.address_to_sign_out(told.id_token, f"{visit.clinic.portal_url}/sign-in")
        except (ProviderAway, ProviderRefused):
            return None

    async def _renewed(self, visit: "Visit", session: Session, stay: Stay) -> Stay | None:
        try:
            told = await self.provider.renew(stay.refresh, stay.subject)
        except ProviderAway as away:
            log.warning("portal.provider_away", issuer=self._own.issuer, why=str(away))
            return stay if visit.now - stay.asked_at < HOLDS_ON else None
        except ProviderRefused as refused:
            log.info("portal.staff_let_go", why=str(refused))
            await self._over(visit, session)
            return None
        user = self.member(told)
        if user is None or (user.id, user.role) != (session.user.id, session.user.role):
            log.info("portal.staff_let_go", why="role")
            await self._over(visit, session)
            return None
        renewed = Stay(visit.now, stay.subject, told.refresh, user.teams)
        carrier = Response()
        self._keep(visit, carrier, session, renewed)
        later(visit.request, carrier)
        return renewed

    async def _over(self, visit: "Visit", session: Session) -> None:
        """Here at once, and everywhere."""
        self._stays.pop(session.id, None)
        await visit.portal.sessions.end(visit, session, "elsewhere")

    def _stay(self, visit: "Visit", session: Session) -> Stay | None:
        found = self._stays.get(session.id)
        value = visit.request.cookies.get(cookies.cookie_name(self._settings, RENEWAL), "")
        kept = unseal(self._settings.token_secret, RENEWAL, value, visit.now) if value and not found else None
        if kept is None or kept.get("session") != session.id:
            return found
        asked_at = datetime.fromisoformat(kept["asked_at"])
        return Stay(asked_at, kept["subject"], kept["refresh"], tuple(kept["teams"]))

    def _keep(self, visit: "Visit", answer: Response, session: Session, stay: Stay) -> None:
        what: dict[str, Any] = {
            "session": session.id,
            "asked_at": stay.asked_at.isoformat(),
            "subject": stay.subject,
            "refresh": stay.refresh,
            "teams": list(stay.teams),
        }
        value = seal(self._settings.token_secret, RENEWAL, what, session.until)
        if len(value) > _LONGEST:
            log.error("portal.refresh_token_too_long", length=len(value))
            raise ProviderRefused("its refresh token does not fit into a cookie; let it give shorter ones")
        seconds = int((session.until - visit.now).total_seconds())
        cookies.set_cookie(self._settings, answer, cookies.cookie_name(self._settings, RENEWAL), value, seconds)
        if len(self._stays) >= _MOST_KNOWN:
            self._stays = {id: one for id, one in self._stays.items() if visit.now - one.asked_at < ASKED_EVERY}
        self._stays[session.id] = stay


def staff_of(clinic: Clinic, means: StaffSignIn, claims: Mapping[str, Any]) -> User | None:
    """The member of staff whom these claims name, in the role that the clinic's file and the provider both say."""
    id = value_at(claims, means.staff_id)
    member = next((one for one in clinic.staff if one.id == id), None)
    roles = {means.roles.means.get(value) for value in _values(value_at(claims, means.roles.claim))}
    if member is None or member.role not in roles:
        return None
    said = _values(value_at(claims, means.teams.claim)) if means.teams else []
    teams = {means.teams.means[value] for value in said if value in means.teams.means} if means.teams else set()
    return User(member.id, member.role, tuple(sorted(teams)))


def _values(claim: Any) -> list[str]:
    """A claim may be one value or a list of them."""
    found = claim if isinstance(claim, list) else [claim]
    return [one for one in found if isinstance(one, str)]
