"""The call between claim and record: renders the e-mail, hands it to the channel, tells the agenda what came of it.

It runs after `MessageClaimed` was saved. Whatever it cannot tell, the agenda's own timer settles 90 s after the claim.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

import structlog
from jinja2 import TemplateError

from services.notifications.agendas import agenda_id
from services.notifications.channels.port import (
    Email,
    EmailChannel,
    MayStill,
    OutcomeUnknown,
    PermanentFailure,
    ShortChannel,
    ShortMessage,
    TemporaryFailure,
    Withheld,
)
from services.notifications.domain.commands import UNASKED, RecordClosed, RecordFailed, RecordSent
from services.notifications.domain.schedule import zone_of
from services.notifications.domain.sending import carried_by
from services.notifications.domain.state import INVITATION, OWN, AgendaState, Message, is_shared, shared_as
from services.notifications.domain.ways import address_of, staff_member
from services.notifications.links import (
    Links,
    Unsubscribes,
    message_links,
    no_links,
    no_unsubscribe,
    unsubscribe_links,
)
from services.notifications.meetings import calendars_of
from services.notifications.published import learn
from services.notifications.pump import Pump
from services.notifications.texts import Reader, Texts, Told, greeting_name
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope
from shared.contracts.notifications import Channel, MessageClaimed
from shared.contracts.wordings import SHIPPED
from shared.runtime.aggregate import Reads
from shared.runtime.core import Core
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.permissions import Asks, Opened
from shared.runtime.service import Effects, Outside
from shared.runtime.settings import Settings
from shared.runtime.writing import Origin

log = structlog.get_logger()

ACTOR = "system:sender"
_SEND_SECONDS = 60.0
_RECORD_AGAIN_SECONDS = (1.0, 5.0, 20.0, 60.0)


class Tells(Protocol):
    """The time, for what is recorded."""

    def now(self) -> datetime: ...


class Runs(Reads, Protocol):
    """What runs a command on an agenda."""

    @property
    def clock(self) -> Tells: ...

    @property
    def permissions(self) -> Asks | None: ...

    async def execute(self, name: str, id: str, command: Command, origin: Origin | None = None) -> Any: ...


class Sender:
    """Sends what was claimed, by the channel that it was claimed for."""

    def __init__(
        self,
        clinic: Clinic,
        texts: Texts,
        channel: EmailChannel,
        core: Runs,
        record_again: tuple[float, ...] = _RECORD_AGAIN_SECONDS,
        links: Links = no_links,
        short: Mapping[Channel, ShortChannel] = MappingProxyType({}),
        unsubscribe: Unsubscribes = no_unsubscribe,
    ) -> None:
        self._clinic = clinic
        self._texts = texts
        self._channel = channel
        self._short = short
        self._core = core
        self._record_again = record_again
        self._links = links
        self._unsubscribe = unsubscribe

    async def offer(self, envelope: Envelope, event: MessageClaimed, state: AgendaState) -> None:
        """Send the claimed e-mail and record the outcome, if there is one."""
        # A process that slept through its own claim must not send what another may have settled.
        if self._core.clock.now() >= event.settle_by:
            return
        outcome = await self._attempt(event, state)
        if outcome is not None:
            await self._record(envelope, outcome)

    async def _attempt(self, event: MessageClaimed, state: AgendaState) -> Command | None:
        handing_over = False

        async def may_still() -> None:
            nonlocal handing_over
            await self._require_open(event, state)
            handing_over = True

        try:
            # Well inside the claim: a send that is still under way when its claim ends could be repeated beside itself.
            async with asyncio.timeout(_SEND_SECONDS):
                # Asked twice: first so that no mail server hears of somebody who is to be told nothing.
                await self._require_open(event, state)
                await self._learn_words(event, state)
                await self._hand_over(event, state, may_still)
        except Withheld:
            return RecordClosed(**self._said(event), attempt=event.attempt)
        except Unavailable as away:
            log.warning("notifications.permission_unknown", message=event.message_id, error=str(away))
            return self._failed(event, "temporary", UNASKED)
        except TemporaryFailure as fault:
            return self._failed(event, "temporary", str(fault))
        except PermanentFailure as fault:
            return self._failed(event, "permanent", str(fault))
        except (TemplateError, KeyError) as fault:
            log.exception("notifications.text_faulty", message=event.message_id)
            return self._failed(event, "technical", type(fault).__name__)
        except (OutcomeUnknown, TimeoutError) as fault:
            if isinstance(fault, TimeoutError) and not handing_over:
                return self._failed(event, "temporary", "too-slow")
            log.warning("notifications.outcome_unknown", message=event.message_id, fault=type(fault).__name__)
            return None
        return RecordSent(**self._said(event))

    async def _hand_over(self, event: MessageClaimed, state: AgendaState, may_still: MayStill) -> None:
        if event.channel == "email":
            await self._channel.send(self._email(event.message_id, state), may_still)
        elif event.channel in self._short:
            await self._short[event.channel].send(self._short_message(event, state), may_still)
        else:
            # Another process, of a newer build, claimed it for a channel that this one does not have.
            raise TemporaryFailure("no-such-channel")

    async def _require_open(self, event: MessageClaimed, state: AgendaState) -> None:
        """The patient must have what this tells open to the recipient, by the one record that decides, right now. What
        tells a caregiver something of themselves needs only that they take part still; an invitation must still be one.

        Raises `Withheld` if not, `Unavailable` where there is no answer, `TemporaryFailure` once the claim is over.
        """
        if self._core.clock.now() >= event.settle_by:
            raise TemporaryFailure("claim-over")
        if not await self._is_open(state.messages[event.message_id], state, event.channel):
            raise Withheld

    async def _is_open(self, message: Message, state: AgendaState, channel: Channel) -> bool:
        if message.needs == OWN:
            asked = [await self._opened(one, state) for one in state.trusted_by]
            return any(opened.named and (opened.email or channel != "email") for opened in asked)
        invites = message.template == INVITATION
        if message.about is None or not (invites or is_shared(message.needs)):
            return True
        opened = await self._opened(message.about, state)
        if invites:
            return opened.invited
        is_wished = opened.email or channel != "email"
        return is_wished and message.needs in {shared_as(scope) for scope in opened.scopes}

    async def _opened(self, patient_id: str, state: AgendaState) -> Opened:
        if self._core.permissions is None:
            raise Unavailable("there is nobody to ask what is open")
        return await self._core.permissions.opened(patient_id, state.recipient_id)

    async def _learn_words(self, event: MessageClaimed, state: AgendaState) -> None:
        """Another process may have published them. Raises `Unavailable`."""
        carried = carried_by(state, event.message_id).values()
        await learn(self._texts, self._core, carried, reader_of(self._clinic, state).language)

    def _parts(self, carried: Mapping[str, Message], state: AgendaState, reader: Reader) -> list[Told]:
        return [
            (one.template, {**one.parameters, **self._links(id, one, state)}, one.wording.get(reader.language, SHIPPED))
            for id, one in carried.items()
        ]

    def _email(self, id: str, state: AgendaState) -> Email:
        reader = reader_of(self._clinic, state)
        now = self._core.clock.now()
        carried = carried_by(state, id)
        unsubscribe = self._unsubscribe(carried.values(), state, now)
        text = self._texts.together(self._parts(carried, state, reader), reader, unsubscribe)
        return Email(
            id=id,
            to=address_of(self._clinic, state) or "",
            sender_name=sender_of(self._clinic, state),
            sender_email=self._clinic.sender_email,
            subject=text.subject,
            text=text.body,
            language=reader.language,
            date=now,
            agenda_id=agenda_id(state.recipient_id),
            unsubscribe=unsubscribe,
            calendars=calendars_of(self._clinic, state, carried.values(), reader.language, now),
        )

    def _short_message(self, event: MessageClaimed, state: AgendaState) -> ShortMessage:
        reader = reader_of(self._clinic, state)
        carried = carried_by(state, event.message_id)
        return ShortMessage(
            id=event.message_id,
            to=address_of(self._clinic, state, event.channel) or "",
            text=self._texts.short(self._parts(carried, state, reader), reader),
        )

    def _failed(self, event: MessageClaimed, failure: Any, detail: str) -> RecordFailed:
        return RecordFailed(**self._said(event), attempt=event.attempt, failure=failure, detail=detail)

    def _said(self, event: MessageClaimed) -> dict[str, Any]:
        return {"now": self._core.clock.now(), "actor": ACTOR, "message_id": event.message_id}

    async def _record(self, envelope: Envelope, outcome: Command) -> None:
        origin = Origin(correlation=envelope.correlation, causation=envelope.id)
        for wait in (*self._record_again, None):
            try:
                await self._core.execute("agenda", envelope.subject, outcome, origin)
                return
            except (Unavailable, Conflict):
                if wait is None:
                    raise
                await asyncio.sleep(wait)


def sends(
    clinic: Clinic,
    texts: Texts,
    channel: EmailChannel,
    short: Mapping[Channel, ShortChannel] = MappingProxyType({}),
) -> Effects:
    """The outside call of this service: what is due is claimed as there is room, and what was claimed is sent."""

    def outside(core: Core, settings: Settings) -> Outside:
        links = message_links(clinic, settings.token_secret)
        unsubscribe = unsubscribe_links(clinic, settings.token_secret)
        sender = Sender(clinic, texts, channel, core, links=links, short=short, unsubscribe=unsubscribe)
        pump = Pump(core, sender.offer)
        return Outside({MessageClaimed: pump.offer}, pump.look, pump.stop)

    return outside


def sender_of(clinic: Clinic, state: AgendaState) -> str:
    """Under which name it comes: the one that the person chose, while the clinic has it."""
    name = state.sender_name
    return name if name is not None and name in clinic.agenda.sender_names else clinic.sender_name


def reader_of(clinic: Clinic, state: AgendaState) -> Reader:
    """How the recipient is addressed: staff by the name in the configuration, others by their first name."""
    member = staff_member(clinic, state.recipient_id) if state.kind == "staff" else None
    if member:
        return Reader(member.name, member.language, zone_of(clinic, state))
    return Reader(
        greeting_name(state.name), state.language, zone_of(clinic, state), sender_of(clinic, state), state.says_more
    )
