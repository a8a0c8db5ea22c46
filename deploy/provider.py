"""What a provider of text messages would say: that a number does not exist, that somebody answered STOP.

For the demo and the journeys, where messages stay in the folder and no provider is there. It goes through the portal
and is signed as any provider's call is (standardwebhooks.com).
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from deploy.people import Desk, Refused


def signed(secret: str, id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of the Standard Webhooks specification."""
    sent = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signature = b64encode(hmac.digest(key, b".".join((id.encode(), sent.encode(), body)), hashlib.sha256)).decode()
    return {"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": f"v1,{signature}"}


class Provider:
    """Calls the portal behind `desk`, and signs with `secret`."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self._desk = desk
        self._secret = secret

    async def answers(self, phone: str, text: str) -> int:
        """Somebody wrote back. How many people here that concerned. Raises `Refused`."""
        return await self._says({"kind": "reply", "sender": phone, "text": text})

    async def does_not_know(self, phone: str) -> int:
        """There is no such number: the last message to it came back. Raises `Refused`."""
        gone = {"outcome": "permanent", "address_is_wrong": True, "code": "30005"}
        return await self._says({"kind": "receipt", "to": phone, **gone})

    async def _says(self, news: dict[str, Any]) -> int:
        body = json.dumps({"news": [news]}).encode()
        now = self._desk.clock.now()
        id = hashlib.sha256(body + now.isoformat().encode()).hexdigest()[:20]
        headers = signed(self._secret, id, now, body)
        address = f"{self._desk.addresses['portal']}/webhooks/sms"
        answer = await self._desk.client.post(address, content=body, headers=headers)
        if answer.is_error:
            raise Refused(answer.status_code, answer.json())
        return int(answer.json()["heard"])
