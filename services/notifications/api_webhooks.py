"""HTTP in: what providers tell us later. The portal hands it on; who said it is known by its signature alone."""

import binascii
from base64 import b64decode

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.notifications import access
from services.notifications.agendas import agenda_id
from services.notifications.channels.bounces import Bounce, read_bounce
from services.notifications.channels.webhooks import WebhookRefused, verified
from services.notifications.domain.commands import HeedWord, RecordReceipt
from services.notifications.domain.state import AgendaState
from services.notifications.inbound import InboundFault, Receipt, Reply, newest, read_news
from services.notifications.reached import reached_at
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.notifications import Channel
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, Forbidden, allow
from shared.runtime.writing import Origin

log = structlog.get_logger()

_NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1")
"""Enhanced status codes that say that the address itself is of no use (RFC 3463, RFC 7505)."""


class Handed(BaseModel):
    """A call of a provider, as it came: its three headers, and its body in base64."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=200)
    timestamp: str = Field(max_length=40)
    signature: str = Field(max_length=2000)
    body: str


class Heard(BaseModel):
    """How much of it concerned somebody here. A repeat changes nothing."""

    heard: int


def router(clinic: Clinic, secrets: tuple[str, ...]) -> APIRouter:
    """The route; without `secrets` nobody is believed."""
    routes = APIRouter(tags=["notifications"])

    @routes.post("/webhooks/{channel}")
    async def hear(channel: Channel, handed: Handed, caller: Caller = allow("service")) -> Heard:
        """A report of a mail server, receipts, words such as STOP."""
        if not access.hands_on_reports(caller.user):
            raise Forbidden
        body = _believed(handed, secrets, caller)
        if channel == "email":
            return Heard(heard=await _bounced(read_bounce(body), caller))
        try:
            news = read_news(body)
        except InboundFault as fault:
            log.warning("notifications.webhook_unreadable", channel=channel, fault=str(fault))
            raise Rejected("webhook-invalid") from fault
        return Heard(heard=sum([await _hear(clinic, channel, one, caller) for one in news]))

    return routes


def _believed(handed: Handed, secrets: tuple[str, ...], caller: Caller) -> bytes:
    headers = {"webhook-id": handed.id, "webhook-timestamp": handed.timestamp, "webhook-signature": handed.signature}
    try:
        body = b64decode(handed.body, validate=True)
        verified(headers, body, secrets, caller.now)
    except (WebhookRefused, binascii.Error) as fault:
        log.warning("notifications.webhook_refused", fault=getattr(fault, "code", "body-malformed"))
        raise Rejected("webhook-not-believed") from fault
    return body


async def _bounced(bounce: Bounce | None, caller: Caller) -> int:
    if bounce is None or bounce.agenda_id is None or (bounce.outcome != "delivered" and not bounce.gave_up):
        return 0
    command = RecordReceipt(
        now=caller.now,
        actor=caller.actor,
        message_id=bounce.message_id,
        channel="email",
        outcome=bounce.outcome,
        address_is_wrong=bounce.status in _NO_SUCH_ADDRESS,
        detail=bounce.status or "",
    )
    return await _told(caller, bounce.agenda_id, command)


async def _hear(clinic: Clinic, channel: Channel, news: Receipt | Reply, caller: Caller) -> int:
    heard = 0
    address = news.to if isinstance(news, Receipt) else news.sender
    for recipient_id, state in await reached_at(clinic, channel, address, caller):
        if isinstance(news, Reply):
            # What people write otherwise is read by nobody here; the number that they answer must say so.
            command: Command | None = (
                HeedWord(now=caller.now, actor=caller.actor, channel=channel, word=news.word) if news.word else None
            )
        else:
            command = _receipt(channel, news, state, caller)
        if command is not None:
            heard += await _told(caller, agenda_id(recipient_id), command)
    return heard


def _receipt(channel: Channel, news: Receipt, state: AgendaState, caller: Caller) -> Command | None:
    id = newest(state, channel)
    if id is None:
        return None
    return RecordReceipt(
        now=caller.now,
        actor=caller.actor,
        message_id=id,
        channel=channel,
        outcome=news.outcome,
        address_is_wrong=news.address_is_wrong,
        detail=news.code,
    )


async def _told(caller: Caller, id: str, command: Command) -> int:
    try:
        await caller.core.execute("agenda", id, command, Origin(correlation=id, causation="webhook"))
    except (NotFound, Rejected):
        # It is long gone, or never was ours.
        return 0
    return 1
