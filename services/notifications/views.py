"""What screens read: a person's inbox, and for staff what was planned for whom, why, and what became of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from services.notifications import words
from services.notifications.domain.kinds import about
from services.notifications.domain.reaching import is_awaited
from services.notifications.domain.state import (
    INVITATION,
    OWN,
    SIGN_IN,
    AgendaState,
    Message,
    Status,
    is_shared,
    shared_as,
)
from services.notifications.domain.ways import way_of
from services.notifications.sender import reader_of
from services.notifications.texts import Reader, Texts
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import Channel, RecipientKind
from shared.contracts.preferences import Category
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED
from shared.runtime.core import Found
from shared.runtime.permissions import Opened

Trouble = Literal["failed", "possibly_sent"]


class InboxMessage(BaseModel):
    """One message in the recipient's words. `email` tells of the e-mail, and `send_at` when it goes while it waits;
    `about` is the patient concerned. Of one that is `awaited` the portal says once it was on the screen (`.../seen`).
    """

    id: str
    template: str
    heading: str
    body: str
    because: str
    email: str
    at: datetime
    read: bool
    critical: bool
    about: str | None
    send_at: datetime | None
    can_stop: bool
    awaited: bool


class Inbox(BaseModel):
    """Newest first. `version` is 0 while nothing was ever planned for this person. `to_come` are reminders whose e-mail
    waits, and which stand among the messages once they are due.
    """

    recipient_id: str
    version: int
    language: Language
    unread: int
    messages: list[InboxMessage]
    to_come: list[InboxMessage]


class PlanRow(BaseModel):
    """One message as staff see it, without its words; `category` says what it is about, `None` what nobody may switch
    off, and the work of staff.
    """

    id: str
    template: str
    topic: str
    about: str | None
    critical: bool
    planned_at: datetime
    send_at: datetime
    status: Status
    explanation: str
    attempts: int
    possibly_sent: bool
    read_at: datetime | None
    delivered_at: datetime | None
    channel: Channel
    category: Category | None


class Plan(BaseModel):
    """One recipient's agenda. `permissions` are consents that stand, as `<scope>:<patient>`."""

    recipient_id: str
    version: int
    kind: RecipientKind | None
    has_address: bool
    language: Language
    time_zone: str | None
    permissions: list[str]
    messages: list[PlanRow]


class Address(BaseModel):
    """Where a caregiver may be written to, and in which language. `email` is None once they are erased."""

    email: str | None
    language: Language


class TroubleRow(PlanRow):
    """A message whose e-mail did not arrive, or may not have."""

    recipient_id: str


def inbox(
    clinic: Clinic,
    texts: Texts,
    state: AgendaState,
    version: int,
    language: Language | None,
    now: datetime,
    opened: Mapping[str, Opened] = MappingProxyType({}),
    most: int | None = None,
) -> Inbox:
    """What the recipient may read today: what a caregiver may know ends with the patient's consent. `opened` says, for
    each patient whom their messages are about, what is open to them at this moment. A link to sign in is no news. With
    `most`, so many of the newest are put into words; `unread` counts all.
    """
    reader = reader_of(clinic, state)
    if language is not None:
        reader = Reader(reader.name, language, reader.zone)
    news = {id: message for id, message in _newest_first(state) if message.template != SIGN_IN}
    readable = {id: message for id, message in news.items() if _may_be_read(state, message, opened)}
    shown = {id: message for id, message in readable.items() if _is_shown(state, message, now)}
    waiting = {id: one for id, one in readable.items() if id not in shown and one.status == "queued"}
    return Inbox(
        recipient_id=state.recipient_id,
        version=version,
        language=reader.language,
        unread=sum(message.read_at is None for message in shown.values()),
        messages=_in_words(clinic, texts, reader, state, dict(islice(shown.items(), most))),
        to_come=_in_words(clinic, texts, reader, state, dict(islice(waiting.items(), most))),
    )


def shared_about(state: AgendaState) -> list[str]:
    """The patients whose openness decides what of this inbox may be read."""
    asks = [one for one in state.messages.values() if is_shared(one.needs) or one.template == INVITATION]
    concerned = {one.about for one in asks if one.about}
    if any(one.needs == OWN for one in state.messages.values()):
        concerned |= set(state.trusted_by)
    return sorted(concerned)


def may_be_read(state: AgendaState, id: str, opened: Mapping[str, Opened]) -> bool:
    """Whether the recipient may read this message today."""
    return id in state.messages and _may_be_read(state, state.messages[id], opened)


def _is_shown(state: AgendaState, message: Message, now: datetime) -> bool:
    """A reminder only once it is due; one that was settled before its e-mail went names a date that may not be true."""
    if message.shown_from is None or message.status in ("sending", "sent", "failed"):
        return True
    return _since(message) <= now and not state.is_settled(message.topic, message.fact_at)


def _since(message: Message) -> datetime:
    """From when it stands in the inbox. The e-mail of a reminder may go a little before it is due."""
    due = min(message.shown_from, message.send_at) if message.shown_from else message.planned_at
    return max(due, message.planned_at)


def _may_be_read(state: AgendaState, message: Message, opened: Mapping[str, Opened]) -> bool:
    if message.needs == OWN:
        return any(opened[one].named for one in state.trusted_by if one in opened)
    if message.template == INVITATION:
        stands = opened.get(message.about or "", Opened())
        return stands.invited or stands.named
    if not is_shared(message.needs):
        return True
    now_open = opened.get(message.about or "", Opened())
    is_open = message.needs in {shared_as(scope) for scope in now_open.scopes}
    return is_open and state.permits(message.about, message.needs, message.fact_at)


def plan(clinic: Clinic, found: Found, language: Language = "en") -> Plan:
    """What staff see of one recipient."""
    state: AgendaState = found.state
    is_staff = state.kind == "staff"
    return Plan(
        recipient_id=state.recipient_id,
        version=found.version,
        kind=state.kind,
        has_address=any(m.id == state.recipient_id for m in clinic.staff) if is_staff else bool(state.email),
        language=state.language,
        time_zone=state.time_zone,
        permissions=[f"{permission.scope}:{permission.about}" for permission in state.permissions],
        messages=[_plan_row(id, message, language) for id, message in _newest_first(state)],
    )


def troubles(agendas: Iterable[AgendaState], kind: Trouble) -> list[TroubleRow]:
    """E-mails that failed, or of which nobody knows, newest first and those about safety before all others."""
    rows = [
        TroubleRow(recipient_id=state.recipient_id, **_plan_row(id, message).model_dump())
        for state in agendas
        for id, message in state.messages.items()
        if message.status == "failed" and message.possibly_sent == (kind == "possibly_sent")
    ]
    return sorted(rows, key=lambda row: (row.critical, row.planned_at), reverse=True)


def _newest_first(state: AgendaState) -> list[tuple[str, Message]]:
    return sorted(state.messages.items(), key=lambda item: _since(item[1]), reverse=True)


def _in_words(
    clinic: Clinic, texts: Texts, reader: Reader, state: AgendaState, messages: Mapping[str, Message]
) -> list[InboxMessage]:
    return [_inbox_message(texts, reader, id, one, way_of(clinic, state, one)) for id, one in messages.items()]


def _inbox_message(texts: Texts, reader: Reader, id: str, message: Message, way: Channel | None) -> InboxMessage:
    version = message.wording.get(reader.language, SHIPPED)
    text = texts.inbox(message.template, message.parameters, reader, version)
    return InboxMessage(
        id=id,
        template=message.template,
        heading=text.heading,
        body=text.body,
        because=text.because,
        email=words.for_recipient(message, reader.language, way or "email"),
        at=_since(message),
        read=message.read_at is not None,
        critical=message.critical,
        about=message.about,
        send_at=message.send_at if message.status == "queued" else None,
        awaited=is_awaited(message),
        can_stop=message.status == "queued" and not message.critical,
    )


def _plan_row(id: str, message: Message, language: Language = "en") -> PlanRow:
    fields = message.model_dump(include=set(PlanRow.model_fields))
    category = about(message.template).category
    return PlanRow(id=id, explanation=words.for_staff(message, language), category=category, **fields)
