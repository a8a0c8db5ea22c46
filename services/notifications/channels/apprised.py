"""Text messages and notifications through one of the many providers that Apprise knows, named by an address.

An answer that says no is told apart from a line that broke: Apprise itself answers only yes or no, but its record of
the call names the status, and whether there was a connection at all.
"""

import logging
import re
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, AppriseResult, AppriseResultStatus, NotifyBase

from services.notifications.channels.port import (
    MayStill,
    OutcomeUnknown,
    PermanentFailure,
    ShortMessage,
    TemporaryFailure,
)

PLACE = "{to}"
_SECONDS = 20.0
_STATUS = re.compile(r"error=(\d{3})")
_NEVER_CONNECTED = ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "Failed to establish")
_BROKEN = "onnection error"
_FOR_NOW = (408, 425, 429)
_NOT_LET_IN = (401, 402, 403, 407)

# Its own lines name whom a message went to, so they end here; its record of a call holds them all.
_LINES = logging.getLogger("apprise")
_LINES.propagate = False
_LINES.addHandler(logging.NullHandler())
_LINES.setLevel(logging.DEBUG)


class AppriseChannel:
    """One provider. Its address has `{to}` where the number or name of the recipient stands."""

    def __init__(self, address: str) -> None:
        """Raises `ValueError` for an address that Apprise does not know."""
        self._address = address
        if PLACE not in address or self._service("+447700900123") is None:
            raise ValueError(
                f"{address.partition('://')[0]}://... is no address that Apprise knows with {PLACE} where the number "
                "or name of the recipient belongs; write one such as ntfys://push.example.org/{to}"
            )

    async def send(self, message: ShortMessage, may_still: MayStill) -> None:
        """Raises `TemporaryFailure`, `PermanentFailure`, `OutcomeUnknown`, and what `may_still` raises."""
        service = self._service(message.to)
        if service is None:
            raise PermanentFailure("address-malformed")
        apprise = Apprise(asset=_asset())
        apprise.add(service)
        await may_still()
        result = await apprise.async_notify(body=message.text, timeout=_SECONDS, log_level=logging.DEBUG)
        with result:
            _judge(result)

    def _service(self, to: str) -> NotifyBase | None:
        found = Apprise.instantiate(self._address.replace(PLACE, quote(to, safe="")), asset=_asset())
        return found if isinstance(found, NotifyBase) else None


def _asset() -> AppriseAsset:
    # Nothing is kept on disk: it would be a second copy of whom we wrote to.
    return AppriseAsset(app_id="Carepath", app_desc="Carepath", storage_mode="memory")


def _judge(result: AppriseResult) -> None:
    if result:
        return
    if result.status == AppriseResultStatus.TIMEOUT:
        raise OutcomeUnknown("too-slow")
    said = " ".join(entry.message for entry in result.logs())
    status = _STATUS.search(said)
    if status is None:
        if any(sign in said for sign in _NEVER_CONNECTED):
            raise TemporaryFailure("no-connection")
        # Without a broken line it was refused: before anything was sent, such as for what is no number, or in words.
        raise OutcomeUnknown("line-broke") if _BROKEN in said else PermanentFailure("provider-refused")
    code = int(status[1])
    # Not being let in is the clinic's setting, no fault of this message.
    for_now = code in (*_FOR_NOW, *_NOT_LET_IN) or code >= 500
    raise (TemporaryFailure if for_now else PermanentFailure)(f"provider-{code}")
