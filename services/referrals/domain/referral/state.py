"""What a decision needs to know, and what screens ask for. Personal fields read as `None` once the person is erased."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import OutcomeSummary, Priority, Reading, Recommendation, TriageFlag


class Status(StrEnum):
    """Where a referral stands. What may follow is in `machine.py`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFORMATION_REQUESTED = "information_requested"
    ACCEPTED = "accepted"
    UNDECIDED = "undecided"
    IN_TREATMENT = "in_treatment"
    RETURNED = "returned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OUTCOME_SENT = "outcome_sent"
    LOOP_CLOSED = "loop_closed"


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferralState(Part):
    """A referral. Of a question, an answer and a hold only the latest is here; the ledger has them all."""

    referral_id: str = ""
    patient_id: str = ""
    referrer_id: str = ""
    pathway: str = ""
    status: Status | None = None

    reason: Personal[str] = None
    goal: Personal[str] = None
    priority: Priority | None = None
    readings: tuple[Reading, ...] = ()
    flags: tuple[TriageFlag, ...] = ()
    recommendation: Recommendation | None = None
    submitted_at: AwareDatetime | None = None

    triage_due: AwareDatetime | None = None
    triage_reminders: int = 0
    triage_reminded_at: AwareDatetime | None = None
    question: Personal[str] = None
    answer: Personal[str] = None
    rationale: Personal[str] = None
    decline_reason: str | None = None
    programme_id: str | None = None
    step: int | None = None
    decided_at: AwareDatetime | None = None

    undecided_reason: str | None = None
    undecided_note: Personal[str] = None
    ask_again_at: AwareDatetime | None = None
    asked_again: int = 0
    asked_again_at: AwareDatetime | None = None
    agreed_at: AwareDatetime | None = None

    summary: OutcomeSummary | None = None
    outcome_at: AwareDatetime | None = None
    acknowledge_by: AwareDatetime | None = None
    chases: int = 0
    chased_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
