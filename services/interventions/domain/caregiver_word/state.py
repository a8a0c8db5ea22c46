"""What is remembered of a caregiver's word to the team."""

from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.personal import Personal

WordStatus = Literal["sent", "read", "replied"]


class CaregiverWordState(Part):
    """Sent, then read, and perhaps replied to. `level` is how far up the ladder one that worries has gone."""

    word_id: str = ""
    caregiver_id: str = ""
    about_id: str = ""
    text: Personal[str] = None
    phone: Personal[str] = None
    may_tell: bool = False
    worrying: bool = False
    sent_at: AwareDatetime | None = None
    read_by_then: AwareDatetime | None = None
    level: int = 0
    reader_id: str | None = None
    read_at: AwareDatetime | None = None
    reply: Personal[str] = None
    replied_by: str | None = None
    replied_at: AwareDatetime | None = None
    status: WordStatus | None = None
