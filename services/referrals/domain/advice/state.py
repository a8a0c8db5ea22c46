"""What a decision needs to know, and what screens ask for. Personal fields read as `None` once the person is erased."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic, ConversionAuthority

TurnKind = Literal["asked", "asked_back", "explained", "answered"]


class Status(StrEnum):
    """Where a question stands. What may follow is in `machine.py`."""

    ASKED = "asked"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    CONVERTED = "converted"
    CLOSED = "closed"


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(Part):
    """One thing that was said, and by whom."""

    kind: TurnKind
    by: str
    at: AwareDatetime
    text: Personal[str] = None


class AdviceState(Part):
    """A question to psychology with all that was said about it, oldest first."""

    advice_id: str = ""
    patient_id: str = ""
    referrer_id: str = ""
    status: Status | None = None

    topic: AdviceTopic | None = None
    may_convert: bool = False
    asked_at: AwareDatetime | None = None
    thread: tuple[Turn, ...] = ()
    suggests_referral: bool | None = None

    answer_due: AwareDatetime | None = None
    reminders: int = 0
    reminded_at: AwareDatetime | None = None

    referral_id: str | None = None
    authority: ConversionAuthority | None = None
    converted_by: str | None = None
    close_reason: AdviceCloseReason | None = None
    closed_by: str | None = None
    closed_at: AwareDatetime | None = None
