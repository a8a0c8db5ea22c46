"""Where somebody is signed in: each sign-in in one browser is a session, which ends by itself or is ended."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.notifications import AgendaEvent

Browser = Literal["firefox", "chrome", "safari", "edge", "other"]
Device = Literal["android", "iphone", "ipad", "windows", "mac", "linux", "other"]
Door = Literal["link", "provider", "development"]
"""How somebody came in: by the link in an e-mail, through the clinic's own sign-in, or as one of the demo's people."""
Why = Literal["signed_out", "elsewhere", "replaced"]
"""`signed_out` in that browser, or from `elsewhere`; `replaced` by a sign-in of somebody else in the same browser."""


class SessionBegun(AgendaEvent):
    """Somebody signed in as the recipient, from `begun_at` until `until`. Of the device only the kind is known."""

    TYPE: ClassVar[str] = "carepath.agenda.session_begun.v1"

    session_id: Identifier
    begun_at: AwareDatetime
    until: AwareDatetime
    browser: Browser
    device: Device
    door: Door


class SessionUsed(AgendaEvent):
    """It was used again; said only now and then."""

    TYPE: ClassVar[str] = "carepath.agenda.session_used.v1"

    session_id: Identifier


class SessionEnded(AgendaEvent):
    """Nobody can use it any more."""

    TYPE: ClassVar[str] = "carepath.agenda.session_ended.v1"

    session_id: Identifier
    why: Why


class SignedOutEverywhere(AgendaEvent):
    """All sessions of the recipient ended, also those of which nothing was known here yet."""

    TYPE: ClassVar[str] = "carepath.agenda.signed_out_everywhere.v1"


SESSION_EVENTS = (SessionBegun, SessionUsed, SessionEnded, SignedOutEverywhere)
EVENTS: tuple[type[Event], ...] = SESSION_EVENTS
