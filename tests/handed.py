"""What the portal hands on of a provider's call."""

from base64 import b64encode
from datetime import datetime

from deploy.provider import signed


def handed(secret: str, id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers without their prefix, and the body in base64."""
    headers = {name.removeprefix("webhook-"): value for name, value in signed(secret, id, now, body).items()}
    return {**headers, "body": b64encode(body).decode()}
