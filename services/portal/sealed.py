"""What the portal leaves with a browser that nobody may read or change: sealed, for one purpose, until a moment."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_HOW = {"alg": "dir", "enc": "A256GCM"}


def seal(secret: str, purpose: str, what: Mapping[str, Any], until: datetime) -> str:
    """A text for a cookie. `what` is of JSON."""
    content = json.dumps({**what, "until": until.timestamp()}).encode()
    return jwe.encrypt_compact(dict(_HOW), content, _key(secret, purpose))


def unseal(secret: str, purpose: str, value: str, now: datetime) -> Mapping[str, Any] | None:
    """What was sealed; nothing where it is not ours, of another purpose, or its time is over."""
    try:
        content = jwe.decrypt_compact(value, _key(secret, purpose), algorithms=list(_HOW.values())).plaintext
        found = json.loads(content or b"")
    except (JoseError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("until", 0) > now.timestamp() else None


def _key(secret: str, purpose: str) -> OctKey:
    """A key of its own for each purpose."""
    return OctKey.import_key(hmac.digest(secret.encode(), f"sealed: {purpose}".encode(), hashlib.sha256))
