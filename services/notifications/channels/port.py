"""What every way of sending promises, and how it says no.

A failure's text is a code or a kind of fault. It is stored and published, so it never holds an address.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar


@dataclass(frozen=True)
class CalendarFile:
    """Meetings to be put into the reader's calendar, or taken out of it, as programmes read them (RFC 5545)."""

    method: Literal["PUBLISH", "CANCEL"]
    content: bytes


@dataclass(frozen=True)
class Email:
    """One e-mail, ready to go. `id` is the message's: a repeat has the same, so that mailboxes can fold it.

    `unsubscribe` is where its recipient wants no more such e-mails.
    """

    id: str
    to: str
    sender_name: str
    sender_email: str
    subject: str
    text: str
    language: str
    date: datetime
    agenda_id: str = ""
    unsubscribe: str | None = None
    calendars: tuple[CalendarFile, ...] = ()


@dataclass(frozen=True)
class ShortMessage:
    """A text message or a notification, ready to go. `id` is the message's."""

    id: str
    to: str
    text: str


class TemporaryFailure(Exception):
    """It was certainly not taken, and another try may work."""


class PermanentFailure(Exception):
    """It was certainly not taken, and never will be."""


class OutcomeUnknown(Exception):
    """The line went dead after the text was handed over and before an answer came: perhaps it was taken."""


class Withheld(Exception):
    """It may not be handed over any more, and was not."""


MayStill = Callable[[], Awaitable[None]]
"""Asks whether an e-mail may still be handed over; raises what forbids it."""


M = TypeVar("M", Email, ShortMessage, contravariant=True)


class Carrier(Protocol[M]):
    """One way of sending. Returning means that it was taken.

    `may_still` is asked once all else is done, right before the text is handed over: connecting may take seconds, in
    which a permission may end. What it raises goes through, and nothing is handed over.
    """

    async def send(self, message: M, may_still: MayStill) -> None: ...


EmailChannel = Carrier[Email]
ShortChannel = Carrier[ShortMessage]
