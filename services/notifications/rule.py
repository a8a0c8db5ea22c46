"""One message of the policy: to whom, about what, and when it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

from shared.contracts.envelope import Event
from shared.contracts.referrals import CaregiverScope

Audience = Literal[
    "patient",
    "caregivers",
    "referrer",
    "triage_team",
    "risk_ladder",
    "operators",
    "asked",
    "asker",
    "patient_performer",
    "clinician_performer",
    "members",
    "reserves",
    "coordinators",
    "supervisor",
    "facilitators",
    "organisers",
    "caregiver",
    "told",
    "safety_leads",
]
"""Of a discussion, those who were asked (a referrer, or the triage team) and the one who asked. Of an activity, the
patient if it is theirs, and the clinician who is named for it by somebody else. "members" are all patients whom the
event names but for the "reserves", who wait for a seat, "told" the staff whom it names, "organisers" who coordinates
and who leads, each once. A "supervisor" who coordinates too is not told of a leader whose circles they hear of anyway.
"""
Field = tuple[str, object]

NEEDS: dict[Audience, str] = {
    "patient": "email",
    "patient_performer": "email",
    "members": "email",
    "reserves": "email",
    "caregivers": "caregiver",
}
"""The consent without which no e-mail goes out. Staff need none. A patient's inbox holds the message in any case."""

A_LITTLE = timedelta(minutes=10)
"""For how long an e-mail waits that is often overtaken: after a yes, a free place is found within seconds."""


_E = TypeVar("_E")


def joined(*tables: Mapping[type[Event], tuple[_E, ...]]) -> dict[type[Event], tuple[_E, ...]]:
    """The tables as one. Of an event that stands in more than one of them, all rows count."""
    every = dict.fromkeys(event for table in tables for event in table)
    return {event: tuple(row for table in tables for row in table.get(event, ())) for event in every}


@dataclass(frozen=True)
class Rule:
    """One message. `shows` are the event's fields that its text may use. A critical one goes out in quiet hours too.

    With `only` the event's field must have that value, with `unless` any other. The e-mail of a rule that `waits` goes
    out `A_LITTLE` later, unless it was settled by then. One that `replaces` takes the place of an unsent e-mail about
    the same topic, which it would contradict. One to caregivers names the `scope` that must be open to them. One that
    tells a caregiver something of themselves `needs` no scope: that they take part (`OWN`), or not even that (`REPLY`).

    One with `remind` is the reminder of a meeting, which begins at the moment in that field.
    """

    to: Audience
    template: str
    topic: str
    shows: tuple[str, ...] = ()
    critical: bool = False
    only: Field | None = None
    unless: Field | None = None
    waits: bool = False
    replaces: bool = False
    scope: CaregiverScope | None = None
    needs: str | None = None
    remind: str | None = None

    def holds(self, event: Event) -> bool:
        """Whether this event is one that the rule is for."""
        wanted = self.only is None or getattr(event, self.only[0]) == self.only[1]
        return wanted and (self.unless is None or getattr(event, self.unless[0]) != self.unless[1])
