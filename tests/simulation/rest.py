"""Whether the system is at rest, what it still waits for, and when it will be busy again by itself."""

from datetime import datetime

from services.notifications.domain.evolve import QUEUES
from tests.simulation.broker import now
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START

_SOON = 2.0


def unrest(clinic: Clinic) -> str:
    """What is still under way, in words; empty when nothing is."""
    return _processes(clinic) or _road(clinic) or _documents(clinic) or _cursors(clinic)


def outage_left(clinic: Clinic) -> float:
    """How long a store will still be away, in seconds."""
    return max(outage.away_until for outage in clinic.outages.values()) - now()


def next_due(clinic: Clinic) -> float:
    """When the next timer of an aggregate, or message, is due, in seconds."""
    origin = START.timestamp()
    queued = [
        datetime.fromisoformat(document.keys[queue.key].partition("/")[0]).timestamp() - origin
        for document in clinic.disks["notifications"].of("agenda").values()
        for queue in QUEUES
        if queue.key in document.keys
    ]
    found = [
        document.due_at / 1000 - origin
        for disk in clinic.disks.values()
        for documents in disk.documents.values()
        for document in documents.values()
        if document.due_at is not None
    ]
    return min([*found, *queued], default=float("inf"))


def _processes(clinic: Clinic) -> str:
    for slot in clinic.slots:
        if slot.running is None or slot.process is None or slot.process.stands:
            return f"{slot.service} is not running"
        if not slot.running.idle:
            return f"{slot.process.name} works"
    for name, outage in clinic.outages.items():
        if outage.ends > now():
            return f"the store of {name} is away"
    return ""


def _road(clinic: Clinic) -> str:
    if clinic.broker.away or clinic.broker.late:
        return "messages are on their way"
    for name, group in clinic.groups.items():
        if group.busy or not group.drained:
            return f"{name} has messages to read"
    return ""


def _documents(clinic: Clinic) -> str:
    for name, disk in clinic.disks.items():
        for documents in disk.documents.values():
            for document in documents.values():
                if document.relayed < document.version:
                    return f"{name} has unpublished events of {document.id}"
                if document.relay_at is not None:
                    return f"{name} looks for unpublished events of {document.id}"
    due = next_due(clinic)
    return f"a timer is due ({datetime.fromtimestamp(due + START.timestamp())})" if due < now() - _SOON else ""  # noqa: DTZ006


def _cursors(clinic: Clinic) -> str:
    for subject, history in clinic.record.events.items():
        for name in clinic.record.listeners(clinic.record.owner[subject]):
            cursor = clinic.disks[name].cursors.get(subject)
            if cursor is not None and cursor.held is not None and cursor.held.reason != "unreachable":
                continue
            if cursor is None or cursor.n < len(history):
                return f"{name} has applied {cursor.n if cursor else 0} of {len(history)} events of {subject}"
            if cursor.held is not None:
                return f"{name} holds {subject}, where nothing is missing"
    return ""
