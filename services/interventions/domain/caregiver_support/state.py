"""What is remembered of a caregiver's request for support."""

from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions.caregiver import SupportFrom, SupportKind
from shared.contracts.personal import Personal

SupportStatus = Literal["open", "taken", "answered", "closed"]


class CarerSupportState(Part):
    """Asked, then taken by somebody, answered, closed. `level` is how far up the ladder an urgent one has gone."""

    request_id: str = ""
    caregiver_id: str = ""
    kind: SupportKind = "phone"
    words: Personal[str] = None
    phone: Personal[str] = None
    source: SupportFrom = "asked"
    urgent: bool = False
    young: bool = False
    asked_at: AwareDatetime | None = None
    answer_by: AwareDatetime | None = None
    told_at: AwareDatetime | None = None
    level: int = 0
    taken_by: str | None = None
    taken_at: AwareDatetime | None = None
    answer_kind: SupportKind | None = None
    answer: Personal[str] = None
    answered_by: str | None = None
    answered_at: AwareDatetime | None = None
    closed_by: str | None = None
    closed_at: AwareDatetime | None = None
    status: SupportStatus | None = None
