"""The rules of publishing and consuming, checked at every message that comes in and every offset that is committed."""

import orjson

from shared.contracts.envelope import Envelope
from shared.runtime.store.port import Json
from tests.simulation.broker import Stored
from tests.simulation.group import Reader
from tests.simulation.process import Process
from tests.simulation.record import Record


class RoadRules:
    """Watches the broker."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._newest: dict[str, int] = {}

    def sent(self, process: Process, topic: str, key: bytes, value: bytes) -> None:
        entry = orjson.loads(value)
        subject, sequence = entry["subject"], entry["sequence"]
        what = f"event {sequence} of {subject}"
        if not self._record.holds(entry):
            self._record.blame(f"{what} was published, but never stored")
        if entry["id"] not in self._record.disks[process.service].ledger:
            self._record.blame(f"{what} was published before it was filed")
        if sequence > 1 and (subject, sequence - 1) not in self._record.acknowledged:
            self._record.blame(f"{what} was published before the one before it was acknowledged")
        if sequence <= self._newest.get(subject, 0):
            self._record.happened["published again"] += 1
        self._newest[subject] = max(sequence, self._newest.get(subject, 0))

    def acknowledged(self, process: Process, value: bytes) -> None:
        entry = orjson.loads(value)
        self._record.acknowledged.add((entry["subject"], entry["sequence"]))

    def committed(self, reader: Reader, batch: list[Stored]) -> None:
        """Nothing may be said to be done with that is neither applied, nor held, nor set aside as no event of ours."""
        disk = self._record.disks[reader.process.service]
        for stored in batch:
            if stored.value.startswith(b"garbage"):
                if not any(_notes(orjson.loads(body), stored) for body in disk.rejected.values()):
                    place = f"{stored.topic}:{stored.partition}:{stored.offset}"
                    self._record.blame(f"what is no event was passed over without a note at {place}")
                continue
            envelope = Envelope.model_validate_json(stored.value)
            cursor = disk.cursors.get(envelope.subject)
            if cursor is None or (cursor.n < envelope.sequence and cursor.held is None):
                event = f"event {envelope.sequence} of {envelope.subject}"
                applied = cursor.n if cursor else 0
                self._record.blame(f"{reader.process.service} committed the offset of {event}, but applied {applied}")


def _notes(note: Json, stored: Stored) -> bool:
    """Whether a note of what is no event is about this message, and no other one that stood in its place before."""
    place = note.get("topic"), note.get("partition"), note.get("offset")
    same = place == (stored.topic, stored.partition, stored.offset)
    return same and note["bytes"] == stored.value.hex()
