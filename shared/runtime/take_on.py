"""The link in a call for help by which one named clinician may take one alert on without signing in first.

It can be used until a fixed moment, and once somebody has the alert it only says who.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.runtime import signed_links
from shared.runtime.keys import Trusted
from shared.runtime.signed_links import LinkInvalid

_PURPOSE = "take-on"


@dataclass(frozen=True)
class TakeOn:
    """Who may take which alert on."""

    alert_id: str
    staff_id: str


def issue_link(secret: str, who: TakeOn, until: datetime) -> str:
    """The part of an address that says so, until `until`."""
    return signed_links.issue(secret, _PURPOSE, who.staff_id, until, {"alert": who.alert_id})


def read_link(trusted: Trusted, token: str, now: datetime) -> TakeOn:
    """Raises `LinkInvalid` and `LinkExpired`."""
    staff_id, more = signed_links.read(trusted, _PURPOSE, token, now)
    if not isinstance(more.get("alert"), str):
        raise LinkInvalid
    return TakeOn(more["alert"], staff_id)
