"""Who is asking: a signed token with a subject and one role. A development issuer signs it; see docs/operating.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

ROLES = ("referrer", "psychology", "operator", "patient", "caregiver", "service")
_AUDIENCE = "carepath"


class NotSignedIn(Exception):
    """There is no valid token. 401."""


@dataclass(frozen=True)
class User:
    """`id` is a staff member's, or the patient's or caregiver's own id in the system, or a service's name. `teams` are
    those of a staff member, as the clinic's own sign-in names them.
    """

    id: str
    role: str
    teams: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        return f"{self.role}:{self.id}"


def issue(secret: str, user: User, now: datetime, lasts: timedelta) -> str:
    """A token for `user`."""
    if user.role not in ROLES:
        raise ValueError(f"{user.role} is not a role")
    claims: dict[str, Any] = {
        "sub": user.id,
        "role": user.role,
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + lasts).timestamp()),
    }
    if user.teams:
        claims["teams"] = list(user.teams)
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def read(secret: str, token: str, now: datetime) -> User:
    """The user whom `token` names. Raises `NotSignedIn`."""
    try:
        claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
        checks = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=60,
            aud={"essential": True, "value": _AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
            role={"essential": True, "values": list(ROLES)},
        )
        checks.validate(claims)
        subject, role = claims["sub"], claims["role"]
        if not isinstance(subject, str) or role not in ROLES:
            raise ValueError("one subject in one role, by their names")
        return User(subject, role, teams_of(claims))
    except (JoseError, ValueError) as fault:
        raise NotSignedIn from fault


def teams_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The teams that claims of ours name. Raises `ValueError`."""
    teams = claims.get("teams", [])
    if not isinstance(teams, list) or not all(isinstance(one, str) for one in teams):
        raise ValueError("teams are a list of names")
    return tuple(teams)


def service_token(secret: str, name: str, now: Callable[[], datetime]) -> Callable[[], str]:
    """Fresh short tokens by which the service `name` shows itself to the others."""
    return lambda: issue(secret, User(name, "service"), now(), timedelta(minutes=5))
