"""What must be true whenever the system is at rest, whatever it went through."""

import re
from datetime import timedelta
from functools import reduce
from typing import Any

import orjson

from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.contracts.interventions import Written
from shared.runtime import writing
from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import milliseconds
from shared.runtime.store.port import Document, Json
from shared.runtime.vault import Vault
from tests.simulation.care_checks import check_care
from tests.simulation.carer_checks import check_carers
from tests.simulation.circle_checks import check_circles
from tests.simulation.clinic import Clinic
from tests.simulation.disk import DirectLine
from tests.simulation.group_checks import check_groups
from tests.simulation.loop import START
from tests.simulation.message_checks import check_messages
from tests.simulation.pathway_checks import check_pathway
from tests.simulation.peeking import run_at_once
from tests.simulation.record import said, unsealed
from tests.simulation.records import SimulatedKeys
from tests.simulation.town import NUMBERS, Town

_BY_ADDRESS = re.compile(r"queued_|.*_drawer$")


def check(clinic: Clinic, town: Town) -> None:
    """Blame everything that is not as it must be."""
    for name in clinic.disks:
        _check_ledger(clinic, name)
        _check_documents(clinic, name)
    _check_cursors(clinic)
    _check_promises(clinic, town)
    _check_secrecy(clinic)
    check_care(clinic)
    check_pathway(clinic)
    check_messages(clinic)
    now = START + timedelta(seconds=clinic.loop.time())
    check_groups(clinic, now)
    check_circles(clinic, now)
    check_carers(clinic, now)


def _check_ledger(clinic: Clinic, name: str) -> None:
    """The ledger holds exactly what was decided."""
    record, disk = clinic.record, clinic.disks[name]
    for subject, history in record.events.items():
        if record.owner[subject] != name:
            continue
        filed = disk.entries(subject)
        if filed != history:
            record.blame(f"the ledger of {subject} has {len(filed)} of {len(history)} events, or others")
    for subject in disk.by_subject:
        if subject not in record.events:
            record.blame(f"the ledger has a history of {subject}, which nobody decided")


def _check_documents(clinic: Clinic, name: str) -> None:
    """Each document is what its events make of it, waits for what its timers say, and owes nobody anything."""
    aggregates = {aggregate.name: aggregate for aggregate in clinic.parts[name].aggregates}
    vault = Vault(SimulatedKeys(clinic.vault, DirectLine()), clinic.settings.master_key, clinic.store_clock)
    for kind, documents in clinic.disks[name].documents.items():
        aggregate = aggregates[kind]
        for document in documents.values():
            history = clinic.record.events.get(document.id, [])
            if document.version != len(history):
                clinic.record.blame(f"{document.id} has version {document.version} and {len(history)} events")
            if not document.version:
                continue
            # Erased data may be part of another's record too, whose key stands: then only the rest is compared.
            blank = bool(clinic.record.erased_at)
            events = [said(entry) for entry in history] if blank else run_at_once(_opened(vault, history))
            kept = _blank(document.state) if blank else run_at_once(vault.open(document.state, _place(document)))
            folded = reduce(aggregate.evolve, events, aggregate.state())
            _compare(clinic, aggregate, document, folded, aggregate.state.model_validate(kept))


def _blank(state: Json) -> Json:
    """Without what is personal. A field of a worksheet whose words are taken out reads as one that was cleared."""
    kept: Json = unsealed(state)
    if "written" in kept:
        kept["written"] = [one for one in kept["written"] if Written(**one) != Written(field=one["field"])]
    return kept


def _place(document: Document) -> str:
    return f"{document.id}@{document.rev}"


def _compare(clinic: Clinic, aggregate: Aggregate, document: Document, folded: Any, stored: Any) -> None:
    blame = clinic.record.blame
    if folded != stored:
        differing = [name for name in type(stored).model_fields if getattr(stored, name) != getattr(folded, name)]
        blame(f"{document.id} is not what its events make of it: {differing}")
    timers = aggregate.timers(stored)
    waits = [max(milliseconds(due), document.held.get(timer, 0)) for timer, due in aggregate.swept(stored).items()]
    if document.due_at != min(waits, default=None):
        blame(f"{document.id} waits for {sorted(timers)}, and is looked at another time")
    for timer, due in timers.items():
        seconds = (due - START).total_seconds()
        if clinic.loop.time() - seconds > 700:
            blame(f"the timer {timer} of {document.id} is {clinic.loop.time() - seconds:.0f} s late")
    keys = {key: value for key, value in aggregate.keys(stored).items() if value is not None}
    found = document.keys
    if clinic.record.erased_at:
        # What was compared is blank: by which way somebody is reached cannot be told from it.
        keys, found = ({key: one for key, one in each.items() if not _BY_ADDRESS.match(key)} for each in (keys, found))
    if keys != found:
        blame(f"{document.id} is found by {found}, but is {keys}")


def _check_cursors(clinic: Clinic) -> None:
    """No key is held where there is nothing to wait for."""
    for name, disk in clinic.disks.items():
        for cursor in disk.cursors.values():
            if cursor.held is not None and cursor.n >= len(clinic.record.events.get(cursor.source, [])):
                clinic.record.blame(f"{cursor.source} is held in {name}, where no event is")


def _check_promises(clinic: Clinic, town: Town) -> None:
    """What people were told to be done is done, and remembered, so that a repeat finds it."""
    keys = {entry["idempotencykey"] for history in clinic.record.events.values() for entry in history}
    documents = {d.id: d for disk in clinic.disks.values() for kept in disk.documents.values() for d in kept.values()}
    for promise in town.promises:
        document = documents.get(promise.id)
        if document is None or document.version < promise.version:
            clinic.record.blame(f"version {promise.version} of {promise.id} was promised, and is not there")
            continue
        requests = {request["key"] for request in document.requests}
        if promise.key not in keys | requests and len(requests) < writing.REQUESTS_KEPT:
            clinic.record.blame(f"nobody remembers a request that was accepted on {promise.id}")


def _check_secrecy(clinic: Clinic) -> None:
    """No name stands anywhere in plain bytes; after an erasure nothing of the person can be opened."""
    kept = [body for disk in clinic.disks.values() for _, body in disk.ledger.values()]
    kept += [stored.value for log in clinic.broker.partitions.values() for stored in log]
    for disk in clinic.disks.values():
        for documents in disk.documents.values():
            kept += [orjson.dumps([document.state, document.outbox]) for document in documents.values()]
    everything = b"\n".join(kept)
    for person, marker in clinic.record.markers.items():
        if marker.encode() in everything or marker.lower().encode() in everything:
            clinic.record.blame(f"the name of {person} can be read in what is stored or sent")
    if NUMBERS.encode() in everything:
        clinic.record.blame("a telephone number can be read in what is stored or sent")
    for person in clinic.record.erased_at:
        if b'"key"' in clinic.vault.keys.get(person, b""):
            clinic.record.blame(f"{person} was erased, and has a key again")


async def _opened(vault: Vault, history: list[Json]) -> list[Event]:
    events = []
    for entry in history:
        opened = await vault.open(entry["data"], f"{entry['subject']}:{entry['sequence']}")
        events.append(EVENT_TYPES[entry["type"]].model_validate(opened))
    return events
