"""The link in an e-mail by which the person who got it wants no more of its kinds, without signing in (RFC 8058)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from shared.contracts.preferences import Category
from shared.contracts.referrals import Language
from shared.runtime import signed_links
from shared.runtime.keys import Trusted
from shared.runtime.signed_links import LinkInvalid

Role = Literal["patient", "caregiver"]

_PURPOSE = "unsubscribe"


@dataclass(frozen=True)
class Unsubscriber:
    """Who may be spared which kinds of e-mails, and in what language they read."""

    recipient_id: str
    role: Role
    language: Language
    categories: tuple[Category, ...]


def issue_link(secret: str, who: Unsubscriber, until: datetime) -> str:
    """The part of an address that says so, until `until`."""
    more = {"role": who.role, "language": who.language, "categories": list(who.categories)}
    return signed_links.issue(secret, _PURPOSE, who.recipient_id, until, more)


def read_link(trusted: Trusted, token: str, now: datetime) -> Unsubscriber:
    """A kind that there was when the e-mail went out, and is no more, is left out. Raises `LinkInvalid` and
    `LinkExpired`.
    """
    recipient_id, more = signed_links.read(trusted, _PURPOSE, token, now)
    role: Role | None = next((one for one in get_args(Role) if one == more.get("role")), None)
    language: Language | None = next((one for one in get_args(Language) if one == more.get("language")), None)
    named = more.get("categories")
    categories: tuple[Category, ...] = tuple(
        one for one in get_args(Category) if isinstance(named, list) and one in named
    )
    if role is None or language is None or not categories:
        raise LinkInvalid
    return Unsubscriber(recipient_id, role, language, categories)
