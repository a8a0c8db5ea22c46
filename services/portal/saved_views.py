"""Lists as somebody likes to see them: each a name and an address, in a signed cookie of that person's browser.

The portal keeps nothing itself. A view is of one browser; what was searched for never stands in it.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from fastapi import Request, Response

from services.portal.settings import PortalSettings
from shared.runtime.auth import User

MOST = 10
LONGEST_NAME = 30
_LONGEST = 3800
"""Browsers keep no cookie of more than 4,096 bytes, its name and all else included."""
_YEAR_SECONDS = 365 * 24 * 3600


class View(NamedTuple):
    """`address` is a path of ours, with its filter."""

    name: str
    address: str


def read(settings: PortalSettings, request: Request, user: User) -> list[View]:
    """The person's views in this browser; none where somebody else wrote them."""
    value, _, signature = request.cookies.get(_cookie(settings, user), "").partition(".")
    if not value or not hmac.compare_digest(_signature(settings, user, value).encode(), signature.encode()):
        return []
    return [View(*one) for one in json.loads(urlsafe_b64decode(value + "=" * (-len(value) % 4)))]


def added(views: list[View], view: View) -> list[View] | None:
    """The views with this one, in place of one of that name; `None` where there is no room for it."""
    kept = [*(one for one in views if one.name != view.name), view]
    return kept if len(kept) <= MOST and len(_value(kept)) <= _LONGEST else None


def keep(settings: PortalSettings, response: Response, user: User, views: list[View]) -> None:
    """For a year from now on."""
    value = _value(views)
    response.set_cookie(
        _cookie(settings, user),
        f"{value}.{_signature(settings, user, value)}",
        max_age=_YEAR_SECONDS if views else 0,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )


def _value(views: list[View]) -> str:
    text = json.dumps(views, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _cookie(settings: PortalSettings, user: User) -> str:
    """Several people may use one browser. The name does not say who."""
    whose = hashlib.sha256(user.actor.encode()).hexdigest()[:8]
    return f"{'__Host-' if settings.secure_cookies else ''}carepath-views-{whose}"


def _signature(settings: PortalSettings, user: User, value: str) -> str:
    what = f"views of {user.actor}: {value}".encode()
    return hmac.new(settings.token_secret.encode(), what, hashlib.sha256).hexdigest()
