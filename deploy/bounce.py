"""`python -m deploy.bounce --portal https://...`: hands a returned e-mail on to Carepath, as a mail server's last step.

The mail comes in on standard input, as a mail server pipes it. It is signed with CAREPATH_WEBHOOK_SECRET.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx

from deploy.provider import signed

_TEMPORARY = 75
"""What a mail server takes for "try again later" (sysexits.h)."""
_SECONDS = 30.0


def hand_on(portal: str, secret: str, mail: bytes, id: str, now: datetime) -> int:
    """How many messages it was about. Raises `httpx.HTTPError` where the portal does not take it."""
    answer = httpx.post(
        f"{portal.rstrip('/')}/webhooks/email", content=mail, headers=signed(secret, id, now, mail), timeout=_SECONDS
    )
    answer.raise_for_status()
    return int(answer.json()["heard"])


def _secret() -> str:
    if path := os.environ.get("CAREPATH_WEBHOOK_SECRET_FILE"):
        return Path(path).read_text(encoding="utf-8").split()[0]
    return os.environ.get("CAREPATH_WEBHOOK_SECRET", "").partition(" ")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portal", required=True, help="where the portal is reached, such as https://care.example.org")
    portal = parser.parse_args().portal
    if not (secret := _secret()):
        sys.exit("CAREPATH_WEBHOOK_SECRET is not set; it is the one that the notifications service has")
    try:
        hand_on(portal, secret, sys.stdin.buffer.read(), uuid4().hex, datetime.now(UTC))
    except httpx.HTTPError as fault:
        print(f"{portal} did not take the report ({type(fault).__name__}); it is tried again", file=sys.stderr)
        sys.exit(_TEMPORARY)


if __name__ == "__main__":
    main()
