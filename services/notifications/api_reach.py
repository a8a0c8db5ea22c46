"""HTTP in: by which ways a person is reached, and how the providers of this process do."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications import access
from services.notifications.agendas import agenda_id
from services.notifications.channels.providers import Health
from services.notifications.domain.commands import ChooseReach, ConfirmReach, NewCode, SeeMessages
from services.notifications.domain.state import AgendaState
from services.notifications.domain.ways import address_of, chosen
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Identifier
from shared.contracts.notifications import Channel
from shared.contracts.preferences import Category
from shared.contracts.reach import PhoneNumber, PushName
from shared.runtime.aggregate import derived_id
from shared.runtime.http import Caller, allow

Providers = Callable[[], Mapping[Channel, tuple[Health, ...]]]


class Reach(BaseModel):
    """What is wished from now on, all of it. The first of `channels` that works comes first."""

    model_config = ConfigDict(extra="forbid")

    channels: tuple[Channel, ...]
    phone: PhoneNumber | None = None
    push: PushName | None = None
    sender_name: str | None = None
    says_more: bool = False
    without: dict[Category, tuple[Channel, ...]] = Field(default_factory=dict)


class Code(BaseModel):
    """What somebody read in a text message or notification."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    channel: Channel
    code: str = Field(max_length=20)


class Seen(BaseModel):
    """What stood on the screen."""

    model_config = ConfigDict(extra="forbid")

    message_ids: tuple[Identifier, ...] = Field(max_length=500)


class ReachView(Reach):
    """What stands. Nothing goes by a channel that is `stopped`, and only a code by one that is `unconfirmed`; `senders`
    are the names that may be chosen.
    """

    recipient_id: str
    version: int
    email: str | None
    stopped: tuple[Channel, ...]
    unconfirmed: tuple[Channel, ...]
    senders: tuple[str, ...]
    clinic_sender: str


class ProviderRow(BaseModel):
    """One provider, as this process sees it."""

    channel: Channel
    name: str
    failures: int
    resting_until: datetime | None
    last_failure: str


def router(clinic: Clinic, providers: Providers) -> APIRouter:
    """The routes, with what this clinic set."""
    routes = APIRouter(tags=["notifications"])

    @routes.get("/agendas/{recipient_id}/reach")
    async def reach(recipient_id: str, caller: Caller = allow(*access.CHOOSERS)) -> ReachView:
        """By which ways this person is reached, as they chose."""
        found = await caller.load("agenda", agenda_id(recipient_id), may=access.reads)
        return _view(clinic, found.state, found.version)

    @routes.post("/agendas/{recipient_id}/reach")
    async def choose(recipient_id: str, body: Reach, caller: Caller = allow(*access.CHOOSERS)) -> Response:
        """Choose all of it anew; what waits follows at once."""
        codes = {channel: _new_code(recipient_id, channel, caller.now) for channel in ("sms", "push")}
        command = ChooseReach(now=caller.now, actor=caller.actor, **dict(body), codes=codes)
        return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)

    @routes.post("/agendas/{recipient_id}/reach/confirm")
    async def confirm(recipient_id: str, body: Code, caller: Caller = allow(*access.CHOOSERS)) -> Response:
        """What comes there is theirs to read."""
        caller.counted("codes")
        command = ConfirmReach(now=caller.now, actor=caller.actor, channel=body.channel, code=body.code)
        return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)

    @routes.post("/agendas/{recipient_id}/seen")
    async def seen(recipient_id: str, body: Seen, caller: Caller = allow(*access.CHOOSERS)) -> Response:
        """The owner looked at their inbox: nothing of it needs to be said by another way."""
        command = SeeMessages(now=caller.now, actor=caller.actor, message_ids=body.message_ids)
        return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)

    @routes.get("/providers")
    async def health(_caller: Caller = allow("operator")) -> list[ProviderRow]:
        """How the providers of each channel do."""
        return [ProviderRow(channel=channel, **vars(one)) for channel, all in providers().items() for one in all]

    return routes


def _new_code(recipient_id: str, channel: str, now: datetime) -> NewCode:
    id = derived_id("message", recipient_id, channel, now.isoformat())
    return NewCode(message_id=id, code=f"{secrets.randbelow(10**8):08d}")


def _view(clinic: Clinic, state: AgendaState, version: int) -> ReachView:
    return ReachView(
        recipient_id=state.recipient_id,
        version=version,
        channels=chosen(clinic, state),
        email=address_of(clinic, state),
        phone=state.phone,
        push=state.push,
        sender_name=state.sender_name,
        says_more=state.says_more,
        without=state.without,
        stopped=state.stopped,
        unconfirmed=state.unconfirmed,
        senders=clinic.agenda.sender_names,
        clinic_sender=clinic.sender_name,
    )
