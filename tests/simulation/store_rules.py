"""The rules of writing, checked at every write that reaches a store."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from shared.contracts import referrals as r
from shared.contracts.catalogue import EVENT_TYPES
from shared.runtime import writing
from shared.runtime.store.port import Cursor, Document, Json, Mark
from tests.simulation.process import Process
from tests.simulation.record import Record
from tests.simulation.troubles import Troubles

_FILED_WITHIN = 60.0
_CRASHES = {"crash_before", "crash_after", "stop", "kill"}
_STOPS_FILING = {*_CRASHES, "error", "lost_reply", "stall", "clock", "store_away", "store_full"}
OPENS = (r.ReferralSubmitted, r.ReferralContinued, r.ReferralReopened)
CLOSES = (
    *(r.ReferralReturned, r.ReferralDeclined, r.ReferralLapsed, r.ReferralRedirected, r.ReferralWithdrawn),
    *(r.ReferralCancelled, r.EnteredInError, r.OutcomeReceived, r.FindingsSent),
)
_REMEMBERED = 31.0
"""Seconds for which an erased person's key may still be in a process's memory."""


class StoreRules:
    """Watches the store of one service."""

    def __init__(self, service: str, record: Record, troubles: Troubles) -> None:
        self._troubles = troubles
        self._service = service
        self._record = record
        self._disk = record.disks[service]
        self._requests: dict[str, tuple[str, int]] = {}
        self._effects: dict[tuple[str, str], int] = {}
        self._applied: set[tuple[str, str, int]] = set()
        self._open: dict[tuple[str, str], set[str]] = {}
        self._pathways: dict[str, str] = {}
        self._last_read: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()

    def before(self, process: Process, name: str, about: Any) -> object:
        if name == "documents.save":
            return self._disk.of(about.kind).get(about.id)
        if name == "cursors.advance":
            return self._disk.cursors.get(about.source)
        if name == "ledger.file":
            return about["id"] in self._disk.ledger
        return None

    def after(self, process: Process, name: str, about: Any, before: Any) -> None:
        if name == "documents.save":
            self._saved(about, before)
        elif name == "documents.mark_relayed":
            self._marked(about)
        elif name == "documents.claim_unrelayed":
            self._claimed(*about)
        elif name == "documents.load":
            self._read(about[1], "document")
        elif name == "ledger.with_key":
            self._read(about, "ledger")
        elif name == "ledger.file":
            self._filed(about, bool(before))
        elif name == "cursors.advance":
            self._advanced(about.source, about.n, about.last_id, before)

    def has_applied(self, target: str, source: str, n: int) -> bool:
        """Whether event `n` of `source` has done to `target` what it does."""
        return (target, source, n) in self._applied

    def open_of(self, patient: str) -> set[str]:
        """Ids of the patient's open referrals."""
        return {id for (person, _), ids in self._open.items() if person == patient for id in ids}

    def _saved(self, document: Document, before: Document | None) -> None:
        blame = self._record.blame
        version, rev = (before.version, before.rev) if before else (0, 0)
        if document.rev != rev + 1:
            blame(f"{document.id} was saved over: rev {rev} became {document.rev}")
        waiting = [entry["sequence"] for entry in document.outbox]
        new = [entry for entry in document.outbox if entry["sequence"] > version]
        if [entry["sequence"] for entry in new] != list(range(version + 1, document.version + 1)):
            blame(f"{document.id}: version {version} became {document.version} with events {waiting}")
        unsent = [entry["sequence"] for entry in before.outbox if entry["sequence"] > before.relayed] if before else []
        if any(sequence <= document.relayed for sequence in waiting):
            blame(f"{document.id} keeps events {waiting}, of which {document.relayed} are known to be published")
        if lost := set(unsent) - set(waiting):
            blame(f"{document.id}: events {sorted(lost)} left the outbox before they were published")
        asked = document.requests[-1]["key"] if document.requests != (before.requests if before else []) else None
        for entry in new:
            if entry["idempotencykey"] != asked:
                blame(f"{_label(entry)} does not name the request that it answers")
            self._check_new(document, entry)
        self._check_marks(document, before)
        self._check_pruned(document, before)
        if before is not None and _says_nothing_new(document, before):
            blame(f"{document.id} was saved, though nothing came of it: was it asked the same again?")
        self._check_waiting(document.kind, document.id)
        self._check_reads(document, before)
        if document.kind == "referral":
            self._check_open(new)

    def _check_new(self, document: Document, entry: Json) -> None:
        history = self._record.events.get(document.id, [])
        if entry["previous"] != (history[-1]["id"] if history else None):
            self._record.blame(f"{_label(entry)} does not follow the event before it")
        self._record.store(self._service, entry)
        self._check_erased(entry)
        key = entry["idempotencykey"]
        if key is not None and self._requests.setdefault(key, (document.id, document.rev)) != (
            document.id,
            document.rev,
        ):
            self._record.blame(f"one request took effect twice: {_label(entry)}")
        cause = self._record.by_id.get(entry["causation"])
        if cause is not None and cause["correlation"] != entry["correlation"]:
            self._record.blame(f"{_label(entry)} cannot be traced to where {_label(cause)} came from")
        if entry["actor"] == f"system:{self._service}":
            effect = document.id, entry["causation"]
            if self._effects.setdefault(effect, document.rev) != document.rev:
                self._record.blame(f"one event took effect twice on {document.id}: {_label(entry)}")

    def _check_erased(self, entry: Json) -> None:
        now, said = asyncio.get_running_loop().time(), str(entry["data"])
        for person, erased in self._record.erased_at.items():
            if now > erased + _REMEMBERED and f"'1:{person}:" in said:
                self._record.blame(
                    f"{_label(entry)} was sealed for {person}, who had been erased for {now - erased:.0f} s"
                )

    def _check_marks(self, document: Document, before: Document | None) -> None:
        earlier = before.seen if before else {}
        for source, n in document.seen.items():
            if source not in self._record.events or earlier.get(source) == n:
                continue
            if n < earlier.get(source, 0) or self.has_applied(document.id, source, n):
                self._record.blame(f"event {n} of {source} was applied to {document.id} again")
            self._applied.add((document.id, source, n))
            for entry in self._record.events[source][: n - 1]:
                if self._misses(document, entry):
                    self._record.blame(f"event {n} of {source} passed {_label(entry)} on {document.id}")

    def _check_pruned(self, document: Document, before: Document | None) -> None:
        for source, n in (before.seen if before else {}).items():
            if source in document.seen or source == writing.PRUNED:
                continue
            cursor = self._disk.cursors.get(source)
            if cursor is None or cursor.n < n:
                self._record.blame(f"{document.id} forgot event {n} of {source} before the cursor had passed it")

    def _misses(self, document: Document, entry: Json) -> bool:
        if (entry["subject"], entry["sequence"]) in self._record.discarded:
            return False
        concerned = (document.kind, document.id) in self._record.targets(self._service, entry)
        return concerned and not self.has_applied(document.id, entry["subject"], entry["sequence"])

    def _read(self, id: str, what: str) -> None:
        self._last_read.setdefault(asyncio.current_task(), {})[id] = what

    def _check_reads(self, document: Document, before: Document | None) -> None:
        """A key that is not in a full list may be in the ledger, which then has to be read after the document."""
        if before is None or len(before.requests) < writing.REQUESTS_KEPT or document.requests == before.requests:
            return
        if self._last_read.get(asyncio.current_task(), {}).get(document.id) != "ledger":
            self._record.blame(f"a request was accepted on {document.id} without a look in the ledger")

    def _claimed(self, kind: str, now: int) -> None:
        for document in self._disk.of(kind).values():
            if document.relay_at is not None and not now < document.relay_at <= now + 60_000:
                self._record.blame(f"{document.id} was claimed, and is the first to be claimed again")

    def _filed(self, entry: Json, again: bool) -> None:
        if not self._record.holds(entry):
            self._record.blame(f"filed, but never stored: {_label(entry)}")
            return
        stored, now = self._record.stored_at[entry["id"]], asyncio.get_running_loop().time()
        if not again and now - stored > _FILED_WITHIN and self._troubles.calm(stored, now, of=_STOPS_FILING):
            self._record.blame(f"{_label(entry)} was filed {now - stored:.0f} s after it was stored")

    def _check_open(self, new: list[Json]) -> None:
        for entry in new:
            kind = EVENT_TYPES[entry["type"]]
            if kind is r.ReferralDrafted:
                self._pathways[entry["subject"]] = entry["data"]["pathway"]
            elif kind is r.ReferralContinued:
                self._pathways[entry["subject"]] = entry["data"]["request"]["pathway"]
            if kind in OPENS or kind in CLOSES:
                mine = self._open.setdefault((entry["patient"], self._pathways[entry["subject"]]), set())
                (mine.add if kind in OPENS else mine.discard)(entry["subject"])
                if len(mine) > 1:
                    self._record.blame(f"{entry['patient']} has two open referrals: {sorted(mine)}")

    def _marked(self, mark: Mark) -> None:
        for sequence in range(1, mark.n + 1):
            if (mark.id, sequence) not in self._record.acknowledged:
                self._record.blame(f"{mark.id}: event {sequence} is marked as published, but no broker has it")
        self._check_waiting(mark.kind, mark.id)

    def _check_waiting(self, kind: str, id: str) -> None:
        document = self._disk.of(kind).get(id)
        if document and document.relayed < document.version and document.relay_at is None:
            self._record.blame(f"{id} has unpublished events that nobody will look at")

    def _advanced(self, source: str, n: int, last_id: str, before: Cursor | None) -> None:
        history = self._record.events.get(source, [])
        start = before.n if before else 0
        if self._disk.cursors[source].n < start:
            self._record.blame(f"the cursor of {source} in {self._service} went back from {start}")
        if n > len(history) or (n > start and history[n - 1]["id"] != last_id):
            self._record.blame(f"the cursor of {source} in {self._service} moved to {n}, where no such event is")
            return
        for entry in history[start:n]:
            if (source, entry["sequence"]) in self._record.discarded:
                continue
            for _, target in self._record.targets(self._service, entry):
                if not self.has_applied(target, source, entry["sequence"]):
                    self._record.blame(f"the cursor in {self._service} passed {_label(entry)}, not applied to {target}")


def _label(entry: Json) -> str:
    kind = entry["type"].removeprefix("carepath.").removesuffix(".v1")
    return f"event {entry['sequence']} of {entry['subject']} ({kind})"


def _says_nothing_new(after: Document, before: Document) -> bool:
    """Whether a save kept neither an event, nor a mark, nor a request, nor when a timer is to be tried again."""
    kept = ("version", "seen", "requests", "held", "due_at")
    return all(getattr(after, name) == getattr(before, name) for name in kept)


class Unwatched:
    """The vault's store has no rules of its own here."""

    def before(self, process: Process, name: str, about: object) -> None:
        return None

    def after(self, process: Process, name: str, about: object, before: object) -> None:
        return None
