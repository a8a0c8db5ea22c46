"""Who is asking: a token with a subject and one role, signed by whoever may say so. See docs/operating.md.

People are vouched for by the portal, a service by itself alone: what another signs for them is worth nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from shared.runtime.keys import ALGORITHM, PORTAL, Trusted, key_of, public_key, signing_key

ROLES = ("referrer", "psychology", "operator", "patient", "caregiver", "service")
_AUDIENCE = "carepath"


class NotSignedIn(Exception):
    """There is no valid token. 401."""


@dataclass(frozen=True)
class User:
    """`id` is a staff member's, or the patient's or caregiver's own id in the system, or a service's name.

    `teams` are those of the clinic's teams that a staff member belongs to.
    """

    id: str
    role: str
    teams: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        return f"{self.role}:{self.id}"


def issue(secret: str, user: User, now: datetime, lasts: timedelta) -> str:
    """A token for `user`, signed with the secret of the portal, or of the service that `user` is."""
    if user.role not in ROLES:
        raise ValueError(f"{user.role} is not a role")
    claims = {
        "sub": user.id,
        "role": user.role,
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + lasts).timestamp()),
        **({"teams": list(user.teams)} if user.teams else {}),
    }
    header = {"alg": ALGORITHM, "kid": _voucher(user)}
    return jwt.encode(header, claims, signing_key(secret), algorithms=[ALGORITHM])


def read(trusted: Trusted, token: str, now: datetime) -> User:
    """The user whom `token` names, if the one who may vouch for them signed it. Raises `NotSignedIn`."""
    try:
        said = jwt.decode(token, key_of(trusted), algorithms=[ALGORITHM])
        checks = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=60,
            aud={"essential": True, "value": _AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            role={"essential": True, "values": list(ROLES)},
        )
        checks.validate(said.claims)
        user = _user(said.claims)
        if said.header["kid"] != _voucher(user):
            raise ValueError("somebody else has to vouch for them")
        return user
    except (JoseError, ValueError) as fault:
        raise NotSignedIn from fault


def own(secret: str) -> Trusted:
    """What the portal reads its own tokens by."""
    return {PORTAL: public_key(secret)}


def service_token(secret: str, name: str, now: Callable[[], datetime]) -> Callable[[], str]:
    """Fresh short tokens by which the service `name` shows itself to the others."""
    return lambda: issue(secret, User(name, "service"), now(), timedelta(minutes=5))


def _voucher(user: User) -> str:
    return user.id if user.role == "service" else PORTAL


def _user(claims: dict[str, Any]) -> User:
    subject, role, teams = claims["sub"], claims["role"], claims.get("teams", [])
    if not isinstance(subject, str) or role not in ROLES:
        raise ValueError("one subject in one role, by their names")
    if not isinstance(teams, list) or not all(isinstance(team, str) for team in teams):
        raise ValueError("teams by their names")
    return User(subject, role, tuple(teams))
