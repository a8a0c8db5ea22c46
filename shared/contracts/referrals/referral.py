"""What is said about a referral, from draft to closed loop."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals.values import (
    DeclineReason,
    OutcomeSummary,
    Priority,
    Reading,
    UndecidedReason,
)


class ReferralEvent(Event):
    """What every event of a referral carries, so that its readers need not keep copies."""

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier


class ReferralDrafted(ReferralEvent):
    """A pain clinician began a referral; nobody else is told."""

    TYPE: ClassVar[str] = "carepath.referral.drafted.v1"

    pathway: str


class ReferralSubmitted(ReferralEvent):
    """Psychology now owes a triage decision by `triage_due`."""

    TYPE: ClassVar[str] = "carepath.referral.submitted.v1"

    pathway: str
    reason: Personal[str]
    goal: Personal[str]
    priority: Priority
    readings: tuple[Reading, ...]
    triage_due: AwareDatetime


class TriageOverdue(ReferralEvent):
    """No decision at the due time; said again daily until there is one. `reminder` counts from 1."""

    TYPE: ClassVar[str] = "carepath.referral.triage_overdue.v1"

    reminder: int = Field(ge=1)


class InformationRequested(ReferralEvent):
    """Triage needs more from the referrer before it can decide."""

    TYPE: ClassVar[str] = "carepath.referral.information_requested.v1"

    question: Personal[str]


class InformationProvided(ReferralEvent):
    """The referrer answered; triage goes on, due by `triage_due`."""

    TYPE: ClassVar[str] = "carepath.referral.information_provided.v1"

    answer: Personal[str]
    triage_due: AwareDatetime


class ReferralAccepted(ReferralEvent):
    """Triage said yes. Interventions opens an episode; the patient is asked whether they wish to start."""

    TYPE: ClassVar[str] = "carepath.referral.accepted.v1"

    rationale: Personal[str]
    programme_id: str
    step: int = Field(ge=1, le=4)


class ReferralReturned(ReferralEvent):
    """Sent back to the referrer with advice instead of treatment here."""

    TYPE: ClassVar[str] = "carepath.referral.returned.v1"

    rationale: Personal[str]


class ReferralDeclined(ReferralEvent):
    """Triage said no, with a coded reason so that shortages can be counted."""

    TYPE: ClassVar[str] = "carepath.referral.declined.v1"

    reason_code: DeclineReason
    rationale: Personal[str]


class ReferralAgreed(ReferralEvent):
    """The patient wants to start."""

    TYPE: ClassVar[str] = "carepath.referral.agreed.v1"


class PatientUndecided(ReferralEvent):
    """The patient needs time. A hold with a date to ask again; never a decline."""

    TYPE: ClassVar[str] = "carepath.referral.patient_undecided.v1"

    reason_code: UndecidedReason
    note: Personal[str] = None
    ask_again_at: AwareDatetime


class PatientAskedAgain(ReferralEvent):
    """The date of the hold has come; the patient is asked once more. `times` counts the askings."""

    TYPE: ClassVar[str] = "carepath.referral.patient_asked_again.v1"

    times: int = Field(ge=1)


class ReferralWithdrawn(ReferralEvent):
    """The patient does not want this referral any more, at any point before an outcome."""

    TYPE: ClassVar[str] = "carepath.referral.withdrawn.v1"


class OutcomeReceived(ReferralEvent):
    """The episode's outcome reached the referral; the referrer is asked to read and acknowledge it."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_received.v1"

    summary: OutcomeSummary
    acknowledge_by: AwareDatetime


class OutcomeChased(ReferralEvent):
    """Still unacknowledged. `times` counts the reminders."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_chased.v1"

    times: int = Field(ge=1)


class OutcomeAcknowledged(ReferralEvent):
    """The referrer has read the outcome: the loop is closed."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_acknowledged.v1"
