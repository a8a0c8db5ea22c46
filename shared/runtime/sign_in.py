"""The link in an e-mail by which the person who asked for it signs in, once and until a fixed moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from shared.contracts.referrals import Language
from shared.runtime import signed_links
from shared.runtime.keys import Trusted
from shared.runtime.signed_links import LinkInvalid
from shared.runtime.unsubscribe import Role

_PURPOSE = "sign-in"


@dataclass(frozen=True)
class SignIn:
    """Who is let in, in what language they read, and by which message: the service that sent it knows whether it was
    used.
    """

    recipient_id: str
    role: Role
    language: Language
    message_id: str


def issue_link(secret: str, who: SignIn, until: datetime) -> str:
    """The part of an address that says so, until `until`."""
    more = {"role": who.role, "language": who.language, "message": who.message_id}
    return signed_links.issue(secret, _PURPOSE, who.recipient_id, until, more)


def read_link(trusted: Trusted, token: str, now: datetime) -> SignIn:
    """Raises `LinkInvalid` and `LinkExpired`."""
    recipient_id, more = signed_links.read(trusted, _PURPOSE, token, now)
    role: Role | None = next((one for one in get_args(Role) if one == more.get("role")), None)
    language: Language | None = next((one for one in get_args(Language) if one == more.get("language")), None)
    message_id = more.get("message")
    if role is None or language is None or not isinstance(message_id, str):
        raise LinkInvalid
    return SignIn(recipient_id, role, language, message_id)
