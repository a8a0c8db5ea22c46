"""Whether a request that says that it comes from a provider does: its signature, as the Standard Webhooks specification
has it (standardwebhooks.com).
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["header-missing", "timestamp-malformed", "timestamp-outside", "signature-wrong", "secret-malformed"]

TOLERANCE = timedelta(minutes=5)
"""How far the clocks may be apart, and how long a request that was overheard can be sent again: as the specification's
own libraries have it.
"""

_PREFIX = "whsec_"
_SECONDS = re.compile(r"[0-9]{1,11}")


class WebhookRefused(Exception):
    """It is not to be believed. `code` says why, and holds nothing of the request."""

    def __init__(self, code: Why) -> None:
        super().__init__(code)
        self.code = code


def verified(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> str:
    """The id of a request that was signed with one of `secrets`; a repeat has the same. `body` is as it arrived.
    While a secret is exchanged both count. Raises `WebhookRefused`.
    """
    keys = [_key(secret) for secret in secrets]
    found = {name.lower(): value for name, value in headers.items()}
    id, sent, signatures = (found.get(f"webhook-{name}", "").strip() for name in ("id", "timestamp", "signature"))
    if not (id and sent and signatures):
        raise WebhookRefused("header-missing")
    if not _SECONDS.fullmatch(sent):
        raise WebhookRefused("timestamp-malformed")
    if abs(now.timestamp() - int(sent)) > tolerance.total_seconds():
        raise WebhookRefused("timestamp-outside")
    content = b".".join((id.encode("utf-8", "surrogatepass"), sent.encode(), body))
    given = [one.partition(",")[2].encode("utf-8", "replace") for one in signatures.split(" ") if one.startswith("v1,")]
    right = [b64encode(hmac.digest(key, content, hashlib.sha256)) for key in keys]
    if not any(hmac.compare_digest(one, mine) for one in given for mine in right):
        raise WebhookRefused("signature-wrong")
    return id


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError as fault:
        raise WebhookRefused("secret-malformed") from fault
    if not secret.startswith(_PREFIX) or not key:
        raise WebhookRefused("secret-malformed")
    return key
