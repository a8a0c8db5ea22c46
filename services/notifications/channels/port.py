"""What every way of sending an e-mail promises, and how it says no.

A failure's text is a code or a kind of fault. It is stored and published, so it never holds an address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Email:
    """One e-mail, ready to go. `id` is the message's: a repeat has the same, so that mailboxes can fold it."""

    id: str
    to: str
    sender_name: str
    sender_email: str
    subject: str
    text: str
    language: str
    date: datetime


class TemporaryFailure(Exception):
    """It was certainly not taken, and another try may work."""


class PermanentFailure(Exception):
    """It was certainly not taken, and never will be."""


class OutcomeUnknown(Exception):
    """The line went dead after the text was handed over and before an answer came: perhaps it was taken."""


class EmailChannel(Protocol):
    """A way of sending. Returning means that it was taken."""

    async def send(self, email: Email) -> None: ...
