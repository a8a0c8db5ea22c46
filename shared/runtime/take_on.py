"""The link in a call for help by which one named clinician may take one alert on without signing in first.

It opens nothing else: it is no token of a user, and a user's token is no such link. It can be used until a fixed
moment, and once somebody has the alert it only says who.
"""

from dataclasses import dataclass
from datetime import datetime

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

_AUDIENCE = "carepath-take-on"


class LinkInvalid(Exception):
    """It is none of ours, or was changed."""


class LinkExpired(Exception):
    """Its time is over."""


@dataclass(frozen=True)
class TakeOn:
    """Who may take which alert on."""

    alert_id: str
    staff_id: str


def issue_link(secret: str, who: TakeOn, until: datetime) -> str:
    """The part of an address that says so, until `until`."""
    claims = {"sub": who.staff_id, "alert": who.alert_id, "aud": _AUDIENCE, "exp": int(until.timestamp())}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def read_link(secret: str, token: str, now: datetime) -> TakeOn:
    """Raises `LinkInvalid` and `LinkExpired`."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        aud={"essential": True, "value": _AUDIENCE},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
        registry.validate(claims)
    except ExpiredTokenError as fault:
        raise LinkExpired from fault
    except (JoseError, ValueError) as fault:
        raise LinkInvalid from fault
    if not isinstance(claims["sub"], str) or not isinstance(claims.get("alert"), str):
        raise LinkInvalid
    return TakeOn(claims["alert"], claims["sub"])
