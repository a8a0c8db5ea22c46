"""The mail server, and what may be seen in what it takes."""

from datetime import datetime
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from services.notifications.channels.port import Email, MayStill, OutcomeUnknown, PermanentFailure, TemporaryFailure
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import (
    MessageClaimed,
    MessagePlanned,
    MessageSent,
    PermissionChanged,
    RecipientKnown,
)
from shared.contracts.referrals import ConsentGiven, ConsentWithdrawn, ScopeClosed, ScopeOpened
from shared.runtime.store.port import Json
from tests.simulation.broker import now
from tests.simulation.process import Crash, running
from tests.simulation.record import Record, said
from tests.simulation.troubles import Troubles

_HANGS = 90.0
_FORGOTTEN_AFTER = 200.0
"""An erased person's key may be remembered for 30 s; what was claimed then may be under way for 90 s more."""
_WITHDRAWN_AFTER = 60.0
_ANSWERED_WITHIN = 10.0
"""The record is asked right before the hand-over; its answer may be on its way for some seconds."""


class Mail:
    """An `EmailChannel`. It takes an e-mail, refuses it for now or for good, or leaves its sender in the dark."""

    def __init__(self, troubles: Troubles, rules: "MailRules") -> None:
        self._troubles = troubles
        self._rules = rules

    async def send(self, email: Email, may_still: MayStill) -> None:
        process = running()
        assert process is not None
        await process.pause(process.rng.uniform(0.05, 2.0))
        trouble = self._troubles.take(process.service, "mail.send", _KINDS, now())
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
        self._rules.taken(email)
        if kind == "crash_after":
            process.die()
            raise Crash
        if kind == "mail_silent":
            raise OutcomeUnknown("no answer came")
        if kind == "mail_hangs":
            await process.pause(_HANGS)
        await process.pause(process.rng.uniform(0.05, 2.0))


_KINDS = ("crash_before", "crash_after", "mail_full", "mail_refused", "mail_dead", "mail_silent", "mail_hangs")


class MailRules:
    """Looks at each e-mail that was taken: once only, agreed to, at an allowed hour, and about nobody else."""

    def __init__(self, record: Record, clinic: Clinic, troubles: Troubles) -> None:
        self.taken_at: dict[str, list[float]] = {}
        self._record = record
        self._clinic = clinic
        self._troubles = troubles

    def taken(self, email: Email) -> None:
        self.taken_at.setdefault(email.id, []).append(now())
        history = self._record.events.get(self._record.agenda_of.get(email.id, ""))
        if history is None:
            self._record.blame(f"an e-mail went out that was never planned: {email.id}")
            return
        planned, claims, is_recorded = _story(history, email.id)
        name = f"{planned.template} to {planned.recipient_id}"
        times = len(self.taken_at[email.id])
        if len(claims) < times:
            self._record.blame(f"{name} went out {times} times for {len(claims)} claims")
            return
        if times > 1 and (is_recorded or not planned.critical):
            self._record.blame(f"{name} went out twice")
        claimed = claims[-1]
        self._check_hours(name, planned, said(claimed).at, history)
        together = set(claimed["data"].get("together", ()))
        for one in [planned, *(each for each in map(said, history) if _is_one_of(each, together))]:
            self._check_consent(name, one, claimed, history)
        self._check_open(name, planned)
        self._check_person(name, planned, email)

    def _check_hours(self, name: str, planned: MessagePlanned, at: datetime, history: list[Json]) -> None:
        known = [said(entry) for entry in history if entry["type"] == RecipientKnown.TYPE]
        zone = ZoneInfo(getattr(known[-1], "time_zone", None) or self._clinic.time_zone)
        clock = at.astimezone(zone).time()
        hours = self._clinic.hours
        if not planned.critical and (clock >= hours.quiet_from or clock < hours.quiet_to):
            self._record.blame(f"{name} went out at {clock:%H:%M}, in quiet hours")

    def _check_consent(self, name: str, planned: MessagePlanned, claimed: Json, history: list[Json]) -> None:
        if planned.needs is None:
            return
        if not _permitted(planned, history[: claimed["sequence"]]):
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

    def _check_person(self, name: str, planned: MessagePlanned, email: Email) -> None:
        erased = self._record.erased_at.get(planned.recipient_id)
        if erased is not None and now() > erased + _FORGOTTEN_AFTER:
            self._record.blame(f"{name} went out to a person who was erased")
        text = f"{email.to} {email.subject} {email.text}".lower()
        markers = self._record.markers
        # Two clinicians may register one person at the same moment: both records name the same person.
        theirs = {markers.get(planned.recipient_id), markers.get(planned.about or "")}
        if any(marker.lower() in text for marker in markers.values() if marker not in theirs):
            self._record.blame(f"{name} names somebody else")


def _is_one_of(event: Any, ids: set[str]) -> TypeGuard[MessagePlanned]:
    return isinstance(event, MessagePlanned) and event.message_id in ids


def _permitted(planned: MessagePlanned, before: list[Json]) -> bool:
    """Whether the agenda knew of the consents that the message needs. To a caregiver nothing goes without their own
    wish for e-mail; of themselves they are told while somebody who wishes them to take part names them.
    """
    changes = [event for event in map(said, before) if isinstance(event, PermissionChanged)]
    granted = {(event.about, event.scope): event.granted for event in changes}
    stands = {permission for permission, is_granted in granted.items() if is_granted}
    by_email = {about for about, scope in stands if scope == "caregiver-email"}
    match planned.needs:
        case "caregiver-reply":
            return bool(by_email)
        case "caregiver-own":
            return any((about, "caregiver") in stands for about in by_email)
        case str(needs) if needs.startswith("caregiver:"):
            return (planned.about, needs) in stands and planned.about in by_email
        case needs:
            return (planned.about, needs) in stands


def _story(history: list[Json], id: str) -> tuple[MessagePlanned, list[Json], bool]:
    """The plan of a message, its claims, and whether it was on record as sent before the last of them.

    Two claims may be under way at once where one clock is more than a claim's time ahead of another.
    """
    mine = [entry for entry in history if entry["data"].get("message_id") == id]
    planned: Any = next(said(entry) for entry in mine if entry["type"] == MessagePlanned.TYPE)
    claims = [entry for entry in mine if entry["type"] == MessageClaimed.TYPE]
    last = claims[-1]["sequence"] if claims else 0
    return planned, claims, any(entry["type"] == MessageSent.TYPE and entry["sequence"] < last for entry in mine)
