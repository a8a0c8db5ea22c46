"""Links that let whoever holds them do one thing without signing in: signed, for one purpose, until a fixed moment.

They open nothing else: such a link is no token of a user, a user's token is no such link, and each has one purpose.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey


class LinkInvalid(Exception):
    """It is none of ours, or was changed."""


class LinkExpired(Exception):
    """Its time is over."""


def issue(secret: str, purpose: str, who: str, until: datetime, more: Mapping[str, Any]) -> str:
    """The part of an address that stands for `who`, until `until`; `more` is what it is about."""
    claims = {**more, "sub": who, "aud": f"carepath-{purpose}", "exp": int(until.timestamp())}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def read(secret: str, purpose: str, token: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    """For whom it stands, and what it is about. Raises `LinkInvalid` and `LinkExpired`."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        aud={"essential": True, "value": f"carepath-{purpose}"},
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
    if not isinstance(claims["sub"], str):
        raise LinkInvalid
    return claims["sub"], claims
