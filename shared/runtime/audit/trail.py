"""What one request shows and changes, noted where data passes (`Core`), so that no route can forget it.

Outside of a request, for reactions and timers, nothing is noted: what they do is in the ledger.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

Purpose = Literal["self", "trusted", "treatment", "operations", "system", "break-glass"]
"""Why somebody asks; in the words of HL7's PurposeOfUse: PATRQT, FAMRQT, TREAT, HOPERAT, HSYSADMIN, ETREAT."""

_PERSON = re.compile(r"^(patient|caregiver)-[0-9a-f]{20}$")
_USUAL: dict[str, Purpose] = {
    "patient": "self",
    "caregiver": "trusted",
    "referrer": "treatment",
    "psychology": "treatment",
    "operator": "operations",
}


@dataclass
class Trail:
    """`seen` and `changed` say of each person which kinds of data."""

    actor: str | None = None
    role: str | None = None
    on_behalf_of: str | None = None
    purpose: Purpose | None = None
    seen: dict[str, set[str]] = field(default_factory=dict)
    changed: dict[str, set[str]] = field(default_factory=dict)

    @property
    def reason(self) -> Purpose | None:
        """The purpose that was given, or the usual one of the role."""
        return self.purpose or (_USUAL.get(self.role, "system") if self.role else None)


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def of_request() -> Iterator[Trail]:
    """The trail of all that happens within."""
    trail = Trail()
    token = _current.set(trail)
    try:
        yield trail
    finally:
        _current.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """What is loaded within is neither shown nor changed for whoever asks: counted, compared, or left out."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def by(actor: str, role: str) -> None:
    """Who asks, by id and role."""
    if trail := _current.get():
        trail.actor, trail.role = actor, role


def on_behalf_of(actor: str | None) -> None:
    """For whom they act."""
    if trail := _current.get():
        trail.on_behalf_of = actor


def because(purpose: Purpose) -> None:
    """Why they ask, where it is not what their role asks for."""
    if trail := _current.get():
        trail.purpose = purpose


def saw(person: str | None, kind: str) -> None:
    """Data of `person` of that kind is on its way to whoever asks."""
    if person and (trail := _current.get()):
        trail.seen.setdefault(person, set()).add(kind)


def is_person(id: object) -> bool:
    """Whether it has the form of a patient's or caregiver's id. What stands in an address may be anything else."""
    return isinstance(id, str) and _PERSON.match(id) is not None


def asked_for(id: str, kind: str) -> None:
    """As `saw`, of whom an address names."""
    if is_person(id):
        saw(id, kind)


def changed(person: str | None, kind: str) -> None:
    """A command of whoever asks is decided on data of `person`."""
    if person and (trail := _current.get()):
        trail.changed.setdefault(person, set()).add(kind)
