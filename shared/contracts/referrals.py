"""What the referrals service says: about a patient, and about a referral from draft to closed loop."""

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.personal import Personal

Language = Literal["en", "es"]
Relationship = Literal["partner", "parent", "child", "sibling", "friend", "other"]
DeclineReason = Literal["no_capacity", "not_suitable", "better_served_elsewhere", "already_in_treatment"]
UndecidedReason = Literal["needs_time", "pain_is_physical", "worried_what_others_think", "practical", "other"]
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


# --- patient -------------------------------------------------------------------------------------------------------


class PatientRegistered(Event):
    """A person is known to the service. Notifications keeps the contact data for messages.

    `consents` are those given at registration; each is also said by a `ConsentGiven` of its own.
    """

    TYPE: ClassVar[str] = "carepath.patient.registered.v1"

    patient_id: Identifier
    name: Personal[str]
    email: Personal[str]
    birth_date: Personal[date]
    phone: Personal[str] = None
    language: Language = "en"
    time_zone: str = "UTC"
    new_to_mental_health: bool = False
    consents: tuple[ConsentScope, ...] = ()
    registered_by: Identifier | None = None


class ConsentGiven(Event):
    """The patient agreed to one scope; it holds until withdrawn."""

    TYPE: ClassVar[str] = "carepath.patient.consent_given.v1"

    patient_id: Identifier
    scope: ConsentScope
    caregiver_ids: tuple[Identifier, ...] = ()


class ConsentWithdrawn(Event):
    """The patient took one scope back; it bites at once. `caregiver_ids` are those whom it shuts out."""

    TYPE: ClassVar[str] = "carepath.patient.consent_withdrawn.v1"

    patient_id: Identifier
    scope: ConsentScope
    caregiver_ids: tuple[Identifier, ...] = ()


class CaregiverLinked(Event):
    """Somebody whom the patient trusts is named. They hear nothing unless the `caregiver` consent stands."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_linked.v1"
    PERSON: ClassVar[str] = "caregiver_id"

    patient_id: Identifier
    caregiver_id: Identifier
    name: Personal[str]
    email: Personal[str]
    relationship: Relationship
    language: Language = "en"
    time_zone: str = "UTC"
    consented: bool


class CaregiverUnlinked(Event):
    """The patient no longer names this person."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_unlinked.v1"

    patient_id: Identifier
    caregiver_id: Identifier


# --- referral ------------------------------------------------------------------------------------------------------


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


EVENTS: tuple[type[Event], ...] = (
    PatientRegistered,
    ConsentGiven,
    ConsentWithdrawn,
    CaregiverLinked,
    CaregiverUnlinked,
    ReferralDrafted,
    ReferralSubmitted,
    TriageOverdue,
    InformationRequested,
    InformationProvided,
    ReferralAccepted,
    ReferralReturned,
    ReferralDeclined,
    ReferralAgreed,
    PatientUndecided,
    PatientAskedAgain,
    ReferralWithdrawn,
    OutcomeReceived,
    OutcomeChased,
    OutcomeAcknowledged,
)
