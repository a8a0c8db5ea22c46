"""The words that the referrals service's events are made of: priorities, consents, reasons, readings, outcomes."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract
from shared.contracts.personal import Personal

Language = Literal["en", "es"]
Relationship = Literal["partner", "parent", "child", "sibling", "friend", "other"]
DeclineReason = Literal["no_capacity", "not_suitable", "better_served_elsewhere", "already_in_treatment"]
UndecidedReason = Literal["needs_time", "pain_is_physical", "worried_what_others_think", "practical", "other"]
EntryStatus = Literal["waiting", "held", "seated"]
ReturnReason = Literal["declined", "lapsed"]
CapacityStatus = Literal["capacity", "no-capacity", "waitlist", "additional-assessment-required"]
"""The codes of SDOHCC ValueSet Capacity Status (HL7 Gravity SDOH Clinical Care)."""
EndReason = Literal["completed", "stopped_by_patient", "stepped_up", "referred_on", "not_suitable"]


class Priority(StrEnum):
    """How soon triage must decide. Days for each are a clinic's setting (40, 5 and 2 by default)."""

    ROUTINE = "routine"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"


class ConsentScope(StrEnum):
    """What a patient may agree to, each on its own."""

    REFER = "refer"
    SHARE_BACK = "share_back"
    CAREGIVER = "caregiver"
    EMAIL = "email"


class Reading(Contract):
    """One complete measure. `total` is the integer sum of its items; `value` the score as published (PEG: a mean)."""

    measure: str
    answers: tuple[int, ...]
    total: int
    value: float
    band: str | None = None
    taken_at: AwareDatetime


class MeasureChange(Contract):
    """First and last reading of one measure over an episode; `None` where no complete reading exists."""

    measure: str
    first: float | None
    last: float | None


class OutcomeSummary(Contract):
    """What goes back to the pain team. It carries progress and plan, never a session note (see docs/pathway.md)."""

    end_reason: EndReason
    programme: str
    modules_done: int = Field(ge=0)
    modules_total: int = Field(ge=1)
    changes: tuple[MeasureChange, ...]
    recommendation: Personal[str] = None
