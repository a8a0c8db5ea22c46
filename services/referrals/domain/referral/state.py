"""What a decision needs to know, and what screens ask for. Personal fields read as `None` once the person is erased."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import (
    Appointment,
    Attachment,
    MissedReason,
    OutcomeSummary,
    Pause,
    Preferences,
    Priority,
    ProgressOccasion,
    Reading,
    Recommendation,
    ReferralKind,
    Requester,
    TriageFlag,
    TriageOutcome,
)


class Status(StrEnum):
    """Where a referral stands. What may follow is in `table.py`, what each means elsewhere in `standings.py`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFORMATION_REQUESTED = "information_requested"
    IN_TRIAGE = "in_triage"
    ACCEPTED = "accepted"
    UNDECIDED = "undecided"
    NOT_NOW = "not_now"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    AWAITING_BOOKING = "awaiting_booking"
    SCHEDULED = "scheduled"
    DID_NOT_ATTEND = "did_not_attend"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    IN_TREATMENT = "in_treatment"
    CANCELLATION_REQUESTED = "cancellation_requested"
    RETURNED = "returned"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    OUTCOME_SENT = "outcome_sent"
    LOOP_CLOSED = "loop_closed"
    ENTERED_IN_ERROR = "entered_in_error"


class ProgressNote(BaseModel):
    """What psychology told the referrer on the way. `quiet_days`: for so long the person was not heard from;
    `missed_reason`: why they did not come to a meeting of the group `group_id`, before they have begun.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    occasion: ProgressOccasion
    note: Personal[str] = None
    quiet_days: int | None = None
    missed_reason: MissedReason | None = None
    group_id: str | None = None


class Decision(BaseModel):
    """What triage decided last, and all that it went by then. What is learned later does not change it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: TriageOutcome
    at: AwareDatetime
    step: int | None = None
    readings: tuple[Reading, ...]
    priority: Priority
    flags: tuple[TriageFlag, ...]
    recommendation: Recommendation | None = None


class ReferralState(BaseModel):
    """A referral. Of a question, an answer, a hold or an offer only the latest is here; the ledger has them all.

    `status_since` is when the status last changed; `reminders` and `reminded_at` are of the step owed in that status.
        Of the notes on the way, the last few are here. `wait` counts how often it has waited for a seat.
    The waiting clock runs from `clock_started_at` to `clock_stopped_at`, but for `pauses`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    referral_id: str = ""
    patient_id: str = ""
    referrer_id: str = ""
    pathway: str = ""
    template_version: int = 1
    kind: ReferralKind = "treatment"
    requester: Requester = "referrer"
    requester_id: str | None = None
    author_id: str | None = None
    placer: str | None = None
    number: str | None = None
    advice_id: str | None = None
    based_on: str | None = None
    status: Status | None = None
    status_since: AwareDatetime | None = None
    reminders: int = 0
    reminded_at: AwareDatetime | None = None

    reason: Personal[str] = None
    goal: Personal[str] = None
    priority: Priority | None = None
    readings: tuple[Reading, ...] = ()
    flags: tuple[TriageFlag, ...] = ()
    preferences: Preferences = Preferences()
    attachments: tuple[Attachment, ...] = ()
    clinician_linked: bool = False
    submitted_at: AwareDatetime | None = None

    triage_due: AwareDatetime | None = None
    triage_reminders: int = 0
    triage_reminded_at: AwareDatetime | None = None
    triage_by: str | None = None
    question: Personal[str] = None
    answer: Personal[str] = None
    answer_due: AwareDatetime | None = None
    answer_reminders: int = 0
    answer_reminded_at: AwareDatetime | None = None
    rationale: Personal[str] = None
    departure: Personal[str] = None
    recommendation: Recommendation | None = None
    decision: Decision | None = None
    decline_reason: str | None = None
    redirected_to: str | None = None
    continued_as: str | None = None
    programme_id: str | None = None
    step: int | None = None
    decided_at: AwareDatetime | None = None
    decided_by: str | None = None

    warm_handoff: bool = False
    warm_handoff_at: AwareDatetime | None = None
    warm_handoff_reminded_at: AwareDatetime | None = None
    warm_handoff_reminders: int = 0
    undecided_reason: str | None = None
    undecided_note: Personal[str] = None
    contact: str | None = None
    not_now_reason: str | None = None
    ask_again_at: AwareDatetime | None = None
    asked_again: int = 0
    asked_again_at: AwareDatetime | None = None
    agreed_at: AwareDatetime | None = None
    withdrawn_reason: str | None = None

    clock_started_at: AwareDatetime | None = None
    clock_stopped_at: AwareDatetime | None = None
    pauses: tuple[Pause, ...] = ()
    breached_weeks: int = 0
    place_id: str | None = None
    wait: int = 0
    offer_until: AwareDatetime | None = None
    lapsed_offers: int = 0
    screened_at: AwareDatetime | None = None
    rescreens: int = 0
    rescreen_open: bool = False
    worse_reasons: tuple[str, ...] = ()

    appointment: Appointment | None = None
    appointment_reason: str | None = None
    missed: int = 0
    treatment_started_at: AwareDatetime | None = None
    progress: tuple[ProgressNote, ...] = ()

    cancel_from: Status | None = None
    cancel_place_id: str | None = None
    cancel_reason: str | None = None
    cancel_note: Personal[str] = None
    summary: OutcomeSummary | None = None
    findings: Personal[str] = None
    findings_recommendation: Personal[str] = None
    outcome_at: AwareDatetime | None = None
    acknowledge_by: AwareDatetime | None = None
    chases: int = 0
    chased_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
