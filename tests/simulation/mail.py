"""Who carries e-mails, text messages and notifications, and what may be seen in what they take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeGuard
from zoneinfo import ZoneInfo

from services.notifications.channels.port import (
    Email,
    M,
    MayStill,
    OutcomeUnknown,
    PermanentFailure,
    ShortMessage,
    TemporaryFailure,
)
from services.notifications.domain.state import CONFIRM
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import (
    Channel,
    MessageClaimed,
    MessagePlanned,
    MessageSent,
    PermissionChanged,
)
from shared.contracts.reach import MessageRerouted
from shared.contracts.referrals import ConsentGiven, ConsentWithdrawn, ScopeClosed, ScopeOpened
from shared.runtime.store.port import Json
from tests.simulation.broker import now
from tests.simulation.peeking import Peek
from tests.simulation.process import Crash, running
from tests.simulation.record import Record, said
from tests.simulation.troubles import Troubles
from tests.simulation.wishes import Wishes, wishes
from tests.simulation.words import Words

_CODE = re.compile(r"\b\d{8}\b")
_HANGS = 90.0
_FORGOTTEN_AFTER = 200.0
"""An erased person's key may be remembered for 30 s; what was claimed then may be under way for 90 s more."""
_WITHDRAWN_AFTER = 60.0
_ANSWERED_WITHIN = 10.0
"""The record is asked right before the hand-over; its answer may be on its way for some seconds."""


class Provider(Generic[M]):
    """A `Carrier` by one way. It takes a message, refuses it for now or for good, or leaves its sender in the dark."""

    def __init__(self, way: Channel, troubles: Troubles, rules: "MailRules") -> None:
        self._way = way
        self._troubles = troubles
        self._rules = rules

    async def send(self, message: M, may_still: MayStill) -> None:
        process = running()
        assert process is not None
        await process.pause(process.rng.uniform(0.05, 2.0))
        trouble = self._troubles.take(process.service, f"{self._way}.send", _KINDS, now())
        kind = trouble.kind if trouble else ""
        if kind == "crash_before":
            process.die()
            raise Crash
        if kind == "mail_full":
            raise TemporaryFailure("452")
        if kind == "mail_refused":
            raise PermanentFailure("550")
        await may_still()
        if kind == "mail_dead":
            raise OutcomeUnknown("the line went dead")
        self._rules.took(self._way, message)
        if kind == "crash_after":
            process.die()
            raise Crash
        if kind == "mail_silent":
            raise OutcomeUnknown("no answer came")
        if kind == "mail_hangs":
            await process.pause(_HANGS)
        await process.pause(process.rng.uniform(0.05, 2.0))


_KINDS = ("crash_before", "crash_after", "mail_full", "mail_refused", "mail_dead", "mail_silent", "mail_hangs")


@dataclass(frozen=True)
class Taken:
    """A provider took the message `id` for `to`."""

    at: float
    way: Channel
    id: str
    to: str


class MailRules:
    """Looks at each message that was taken: once only, by a way that was chosen, agreed to, at an allowed hour, in the
    right words, and about nobody else. `links` are where people may unsubscribe, by recipient.
    """

    def __init__(self, record: Record, clinic: Clinic, troubles: Troubles, peek: Peek) -> None:
        self.taken: dict[str, list[Taken]] = {}
        self.links: dict[str, str] = {}
        self.codes: dict[tuple[str, Channel], str] = {}
        self._calls: set[str] = set()
        self.peek = peek
        self.words = Words(record, clinic)
        self._record = record
        self._clinic = clinic
        self._troubles = troubles

    def took(self, way: Channel, message: Email | ShortMessage) -> None:
        """The provider of that way did."""
        taken = self.taken.setdefault(message.id, [])
        taken.append(Taken(now(), way, message.id, message.to))
        history = self._record.events.get(self._record.agenda_of.get(message.id, ""))
        if history is None:
            self._record.blame(f"a message went out that was never planned: {message.id}")
            return
        story = _story(self._record, history, message.id)
        planned, name = story.planned, f"{story.planned.template} to {story.planned.recipient_id}"
        claims = [claim for claim in story.every if claim["data"].get("channel", "email") == way]
        times = sum(one.at >= story.since and one.way != story.before for one in taken)
        if len(story.claims) < times or not claims:
            self._record.blame(f"{name} went out {times} times for {len(story.claims)} claims, {way} at last")
            return
        if times > 1 and (story.is_recorded or not planned.critical):
            self._record.blame(f"{name} went out twice")
        claimed = claims[-1]
        together = set(claimed["data"].get("together", ()))
        carried = [planned, *(each for each in map(said, history) if _is_one_of(each, together))]
        before = history[: claimed["sequence"] - 1]
        wished = wishes(before, self.peek)
        self._check_hours(name, planned, said(claimed).at, wished)
        self._check_way(name, message, way, carried, wished)
        for one in carried:
            self._check_consent(name, one, claimed, history, way)
        self._check_open(name, planned)
        self._check_person(name, planned, message)
        self.words.check(name, message, carried, before, wished.language)
        self._note(planned, message, way)

    def is_call(self, id: str) -> bool:
        """Whether it calls one of the clinic's own to somebody in danger."""
        return id in self._calls

    def _note(self, planned: MessagePlanned, message: Email | ShortMessage, way: Channel) -> None:
        self._record.happened[f"taken by {way}"] += 1
        if planned.template == CONFIRM and (code := _CODE.search(message.text)):
            self.codes[planned.recipient_id, way] = code[0]
        if planned.critical and planned.needs is None:
            self._calls.add(message.id)
        if isinstance(message, Email) and message.unsubscribe:
            self.links[planned.recipient_id] = message.unsubscribe

    def _check_way(
        self, name: str, message: Email | ShortMessage, way: Channel, carried: Sequence[MessagePlanned], wished: Wishes
    ) -> None:
        """By a way that its recipient chose and did not stop, to the number that they gave last."""
        member = next((one for one in self._clinic.staff if one.id == carried[0].recipient_id), None)
        if member is not None:
            address = {"email": member.email, "sms": member.phone, "push": member.push}[way]
            # In danger they are called as they wish; their other work comes by e-mail.
            expected = member.called_by if carried[0].critical else ("email",)
            if way not in expected or message.to != address:
                self._record.blame(f"{name} went by {way}, where nobody reaches them")
            return
        for one in carried:
            if why := wished.forbids(one, way):
                self._record.blame(f"{name} went out {why}")
        number = wished.numbers.get(way)
        # Of somebody erased no number can be read any more.
        if way != "email" and number is not None and message.to != number:
            self._record.blame(f"{name} went by {way} to a number that is not theirs")

    def _check_hours(self, name: str, planned: MessagePlanned, at: datetime, wished: Wishes) -> None:
        clock = at.astimezone(ZoneInfo(wished.zone or self._clinic.time_zone)).time()
        quiet_from, quiet_to = wished.hours or (self._clinic.hours.quiet_from, self._clinic.hours.quiet_to)
        # A code comes at once, since the person waits for it.
        if not planned.critical and planned.by is None and (clock >= quiet_from or clock < quiet_to):
            self._record.blame(f"{name} went out at {clock:%H:%M}, in quiet hours")

    def _check_consent(
        self, name: str, planned: MessagePlanned, claimed: Json, history: list[Json], way: Channel
    ) -> None:
        # Choosing text messages or notifications is the consent to them.
        if planned.needs is None or (way != "email" and planned.needs in ("email", "caregiver-reply")):
            return
        if not _permitted(planned, history[: claimed["sequence"]], way):
            self._record.blame(f"{name} went out without the consent that it needs ({planned.needs})")
        withdrawn = self._withdrawn_at(planned.about, planned.needs)
        claimed_at = self._record.stored_at[claimed["id"]]
        if (
            withdrawn is not None
            and claimed_at > withdrawn + _WITHDRAWN_AFTER
            and self._troubles.calm(withdrawn, claimed_at)
        ):
            self._record.blame(f"{name} went out {claimed_at - withdrawn:.0f} s after {planned.needs} was withdrawn")

    def _check_open(self, name: str, planned: MessagePlanned) -> None:
        closed: float | None = None
        for entry in self._record.events.get(planned.about or "", []):
            event = said(entry)
            if not isinstance(event, ScopeOpened | ScopeClosed) or event.caregiver_id != planned.recipient_id:
                continue
            if planned.needs == f"caregiver:{event.scope}":
                closed = self._record.stored_at[entry["id"]] if isinstance(event, ScopeClosed) else None
        if closed is not None and now() > closed + _ANSWERED_WITHIN and self._troubles.calm(closed, now()):
            self._record.blame(f"{name} went out {now() - closed:.0f} s after it was closed")

    def _withdrawn_at(self, patient: str | None, scope: str) -> float | None:
        """When the consent was taken back, if it does not stand now."""
        at: float | None = None
        for entry in self._record.events.get(patient or "", []):
            event = said(entry)
            if isinstance(event, ConsentGiven | ConsentWithdrawn) and event.scope.value == scope:
                at = self._record.stored_at[entry["id"]] if isinstance(event, ConsentWithdrawn) else None
        return at

    def _check_person(self, name: str, planned: MessagePlanned, message: Email | ShortMessage) -> None:
        erased = self._record.erased_at.get(planned.recipient_id)
        if erased is not None and now() > erased + _FORGOTTEN_AFTER:
            self._record.blame(f"{name} went out to a person who was erased")
        subject = message.subject if isinstance(message, Email) else ""
        text = f"{message.to} {subject} {message.text}".lower()
        markers = self._record.markers
        # Two clinicians may register one person at the same moment: both records name the same person.
        theirs = {markers.get(planned.recipient_id), markers.get(planned.about or "")}
        if any(marker.lower() in text for marker in markers.values() if marker not in theirs):
            self._record.blame(f"{name} names somebody else")


def _is_one_of(event: Any, ids: set[str]) -> TypeGuard[MessagePlanned]:
    return isinstance(event, MessagePlanned) and event.message_id in ids


def _permitted(planned: MessagePlanned, before: list[Json], way: Channel) -> bool:
    """Whether the agenda knew of the consents that the message needs. To a caregiver no e-mail goes without their own
    wish for it; of themselves they are told while somebody who wishes them to take part names them.
    """
    changes = [event for event in map(said, before) if isinstance(event, PermissionChanged)]
    granted = {(event.about, event.scope): event.granted for event in changes}
    stands = {permission for permission, is_granted in granted.items() if is_granted}
    by_email = {about for about, scope in stands if scope == "caregiver-email"}
    wished = by_email if way == "email" else {about for about, _ in stands}
    match planned.needs:
        case "caregiver-reply":
            return bool(wished)
        case "caregiver-own":
            return any((about, "caregiver") in stands for about in wished)
        case str(needs) if needs.startswith("caregiver:"):
            return (planned.about, needs) in stands and planned.about in wished
        case needs:
            return (planned.about, needs) in stands


@dataclass(frozen=True)
class _Story:
    """The plan of a message and its claims; by the way that it goes now, which `before` came before, since when, how
    often it was claimed, and whether it was on record as sent before the last claim.

    Two claims may be under way at once where one clock is more than a claim's time ahead of another.
    """

    planned: MessagePlanned
    every: list[Json]
    claims: list[Json]
    before: str | None
    since: float
    is_recorded: bool


def _story(record: Record, history: list[Json], id: str) -> _Story:
    mine = [entry for entry in history if entry["data"].get("message_id") == id]
    planned: Any = next(said(entry) for entry in mine if entry["type"] == MessagePlanned.TYPE)
    every = [entry for entry in mine if entry["type"] == MessageClaimed.TYPE]
    rerouted = next((entry for entry in reversed(mine) if entry["type"] == MessageRerouted.TYPE), None)
    first = rerouted["sequence"] if rerouted else 0
    claims = [entry for entry in every if entry["sequence"] > first]
    last = claims[-1]["sequence"] if claims else 0
    is_recorded = any(entry["type"] == MessageSent.TYPE and first < entry["sequence"] < last for entry in mine)
    before = rerouted["data"]["before"] if rerouted else None
    since = record.stored_at[rerouted["id"]] if rerouted else 0.0
    return _Story(planned, every, claims, before, since, is_recorded)
