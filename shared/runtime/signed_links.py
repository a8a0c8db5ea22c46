"""Links that let whoever holds them do one thing without signing in: signed, for one purpose, until a fixed moment.

They open nothing else: such a link is no token of a user, a user's token is no such link, and each has one purpose.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError

from shared.runtime.keys import ALGORITHM, Trusted, key_of, signing_key

SIGNER = "notifications"
"""It sends them out. The portal reads them, and can make none."""


class LinkInvalid(Exception):
    """It is none of ours, or was changed."""


class LinkExpired(Exception):
    """Its time is over."""


def issue(secret: str, purpose: str, who: str, until: datetime, more: Mapping[str, Any]) -> str:
    """The part of an address that stands for `who`, until `until`; `more` is what it is about."""
    claims = {**more, "sub": who, "aud": f"carepath-{purpose}", "exp": int(until.timestamp())}
    header = {"alg": ALGORITHM, "kid": SIGNER}
    return jwt.encode(header, claims, signing_key(secret), algorithms=[ALGORITHM])


def read(trusted: Trusted, purpose: str, token: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    """For whom it stands, and what it is about. Raises `LinkInvalid` and `LinkExpired`."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        aud={"essential": True, "value": f"carepath-{purpose}"},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        said = jwt.decode(token, key_of(trusted), algorithms=[ALGORITHM])
        claims = said.claims
        registry.validate(claims)
        if said.header["kid"] != SIGNER:
            raise LinkInvalid
    except ExpiredTokenError as fault:
        raise LinkExpired from fault
    except (JoseError, ValueError) as fault:
        raise LinkInvalid from fault
    if not isinstance(claims["sub"], str):
        raise LinkInvalid
    return claims["sub"], claims
