"""What really happened, as an outsider saw it who sees every write: the truth that every rule is checked against."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Cause
from shared.runtime.service import Parts
from shared.runtime.store.port import Json
from tests.simulation.disk import Disk
from tests.simulation.loop import START


class Violation(Exception):
    """A rule was broken. Its text says which, and by what."""


@dataclass
class Record:
    """`disks` and `parts` by service, `agenda_of` by message. Whoever sees a rule broken says so with `blame`."""

    disks: dict[str, Disk]
    parts: dict[str, Parts]
    events: dict[str, list[Json]] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    agenda_of: dict[str, str] = field(default_factory=dict)
    stored_at: dict[str, float] = field(default_factory=dict)
    by_id: dict[str, Json] = field(default_factory=dict)
    acknowledged: set[tuple[str, int]] = field(default_factory=set)
    discarded: set[tuple[str, int]] = field(default_factory=set)
    erasing: set[str] = field(default_factory=set)
    erased_at: dict[str, float] = field(default_factory=dict)
    markers: dict[str, str] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _by_type: dict[str, list[Json]] = field(default_factory=dict)
    _targets: dict[tuple[str, str], tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def blame(self, text: str) -> None:
        """Say that a rule was broken. The run ends at the next look."""
        self.violations.append(text)

    def tell(self, text: str) -> None:
        """A line of the story that is printed if this run ends badly."""
        self.told.append(f"{clock()} {text}")

    def store(self, service: str, entry: Json) -> None:
        """An event is part of history from now on."""
        self.events.setdefault(entry["subject"], []).append(entry)
        self._by_type.setdefault(entry["type"], []).append(entry)
        self.tell(f"    {entry['subject']} {entry['sequence']}: {entry['type']} by {entry['actor']}")
        self.owner[entry["subject"]] = service
        self.by_id[entry["id"]] = entry
        if message := entry["data"].get("message_id"):
            self.agenda_of[message] = entry["subject"]
        self.stored_at[entry["id"]] = asyncio.get_running_loop().time()

    def holds(self, entry: Json) -> bool:
        """Whether exactly this event is part of history."""
        history = self.events.get(entry["subject"], [])
        return entry in history[entry["sequence"] - 1 : entry["sequence"]]

    def of_type(self, kind: type[Event]) -> Iterator[tuple[Json, Any]]:
        """Every event of one kind, with its envelope, as they came; personal fields are empty."""
        for entry in self._by_type.get(kind.TYPE, ()):
            yield entry, said(entry)

    def targets(self, service: str, entry: Json) -> tuple[tuple[str, str], ...]:
        """Kind and id of each aggregate of `service` that the event does something to."""
        key = service, entry["id"]
        if key not in self._targets:
            kind = EVENT_TYPES[entry["type"]]
            reaction = self.parts[service].reactions.get(kind)
            cause = Cause(START, f"system:{service}", Envelope.model_validate(entry))
            found = reaction(said(entry), cause) if reaction else ()
            self._targets[key] = tuple((target.aggregate, target.id) for target in found)
        return self._targets[key]

    def listeners(self, service: str) -> list[str]:
        """The services that consume what `service` publishes."""
        return [name for name, parts in self.parts.items() if service in parts.listens_to]


def clock() -> str:
    """The time of the run, for people."""
    return (START + timedelta(seconds=asyncio.get_running_loop().time())).strftime("%d %b %H:%M:%S")


def said(entry: Json) -> Event:
    """The event in an envelope, without what is personal. Every check asks for it anew, so it is read once."""
    known = _read.get(entry["id"])
    if known is None or known[0] is not entry:
        if len(_read) > _MOST_READ:
            _read.clear()
        known = _read[entry["id"]] = entry, EVENT_TYPES[entry["type"]].model_validate(unsealed(entry["data"]))
    return known[1]


_MOST_READ = 20_000
_read: dict[str, tuple[Json, Event]] = {}


def unsealed(value: Any) -> Any:
    """Without what is personal."""
    if isinstance(value, dict):
        return None if value.keys() == {"sealed"} else {key: unsealed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [unsealed(one) for one in value]
    return value
