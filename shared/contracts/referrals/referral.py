"""What is said about a referral, from draft to closed loop."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals.values import (
    Attachment,
    Concern,
    ContactWay,
    Continuation,
    DeclineReason,
    NoReason,
    NotNowReason,
    Preferences,
    Priority,
    Reading,
    Recommendation,
    ReferralKind,
    Requester,
    TriageFlag,
    UndecidedReason,
)


class ReferralEvent(Event):
    """What every event of a referral carries, so that its readers need not keep copies.

    `place_id` is the treatment place where it waits, is offered a seat or has one.
    """

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    place_id: Identifier | None = None


class ReferralDrafted(ReferralEvent):
    """A referral was begun; nobody else is told.

    `requester` is who asks for it, `author_id` who wrote it down, for the clinician `referrer_id`. `placer` is the
    number that the referring side gave it, `number` ours. `advice_id` is the advice request that it grew from.
    """

    TYPE: ClassVar[str] = "carepath.referral.drafted.v1"

    pathway: str
    template_version: int = Field(default=1, ge=1)
    kind: ReferralKind = "treatment"
    requester: Requester = "referrer"
    requester_id: Identifier | None = None
    author_id: Identifier | None = None
    placer: str | None = None
    number: str | None = None
    advice_id: Identifier | None = None


class DraftDiscarded(ReferralEvent):
    """A draft will not be sent. Nobody else ever heard of it."""

    TYPE: ClassVar[str] = "carepath.referral.discarded.v1"


class ReferralSubmitted(ReferralEvent):
    """Psychology now owes a triage decision by `triage_due`."""

    TYPE: ClassVar[str] = "carepath.referral.submitted.v1"

    pathway: str
    reason: Personal[str]
    goal: Personal[str]
    priority: Priority
    readings: tuple[Reading, ...]
    triage_due: AwareDatetime
    flags: tuple[TriageFlag, ...] = ()
    preferences: Preferences = Preferences()


class ReferralContinued(ReferralEvent):
    """The referral `based_on` was redirected, and goes on here with its history and its waiting clock."""

    TYPE: ClassVar[str] = "carepath.referral.continued.v1"

    based_on: Identifier
    request: Continuation
    rationale: Personal[str]
    triage_due: AwareDatetime
    number: str | None = None
    template_version: int = Field(default=1, ge=1)


class RiskAnswerReported(ReferralEvent):
    """A questionnaire sent with a referral has an answer that says somebody may be unsafe."""

    TYPE: ClassVar[str] = "carepath.referral.risk_answer_reported.v1"

    measure: str
    item: int = Field(ge=1)
    value: int


class AttachmentAdded(ReferralEvent):
    """A scored measure or a note now goes with the referral."""

    TYPE: ClassVar[str] = "carepath.referral.attachment_added.v1"

    attachment: Attachment
    added_by: Identifier


class ClinicianLinked(ReferralEvent):
    """The pain clinician stands by a referral that the patient or a caregiver asked for."""

    TYPE: ClassVar[str] = "carepath.referral.clinician_linked.v1"


class TriageTaken(ReferralEvent):
    """Somebody in psychology looks at it now."""

    TYPE: ClassVar[str] = "carepath.referral.triage_taken.v1"

    taken_by: Identifier


class PriorityChanged(ReferralEvent):
    """Psychology sees it as more, or less, urgent than it was. `triage_due` is `None` once triage has decided."""

    TYPE: ClassVar[str] = "carepath.referral.priority_changed.v1"

    priority: Priority
    rationale: Personal[str]
    triage_due: AwareDatetime | None = None


class TriageOverdue(ReferralEvent):
    """No decision at the due time; said again daily until there is one. `reminder` counts from 1."""

    TYPE: ClassVar[str] = "carepath.referral.triage_overdue.v1"

    reminder: int = Field(ge=1)


class InformationRequested(ReferralEvent):
    """Triage needs more from the referrer before it can decide."""

    TYPE: ClassVar[str] = "carepath.referral.information_requested.v1"

    question: Personal[str]
    answer_due: AwareDatetime | None = None


class InformationOverdue(ReferralEvent):
    """The referrer has not answered in time; triage must decide without. `reminder` counts from 1."""

    TYPE: ClassVar[str] = "carepath.referral.information_overdue.v1"

    reminder: int = Field(ge=1)


class InformationProvided(ReferralEvent):
    """The referrer answered; triage goes on, due by `triage_due`."""

    TYPE: ClassVar[str] = "carepath.referral.information_provided.v1"

    answer: Personal[str]
    triage_due: AwareDatetime


class ReferralAccepted(ReferralEvent):
    """Triage said yes. Interventions opens an episode; the patient is asked whether they wish to start, unless they
    have said so before.

    `departure` says why triage did not follow the `recommendation`. With `warm_handoff` somebody meets the patient
    first, since they are new to mental-health care.
    """

    TYPE: ClassVar[str] = "carepath.referral.accepted.v1"

    rationale: Personal[str]
    programme_id: str
    step: int = Field(ge=1, le=4)
    kind: ReferralKind = "treatment"
    priority: Priority | None = None
    departure: Personal[str] = None
    asks_patient: bool = True
    warm_handoff: bool = False
    recommendation: Recommendation | None = None
    decided_by: Identifier | None = None


class ReferralReturned(ReferralEvent):
    """Sent back to the referrer with advice instead of treatment here."""

    TYPE: ClassVar[str] = "carepath.referral.returned.v1"

    rationale: Personal[str]
    recommendation: Recommendation | None = None
    decided_by: Identifier | None = None


class ReferralRedirected(ReferralEvent):
    """Another service can help better. `continued_as` is the new referral where that is a pathway of ours."""

    TYPE: ClassVar[str] = "carepath.referral.redirected.v1"

    to: str
    rationale: Personal[str]
    continued_as: Identifier | None = None
    request: Continuation | None = None
    recommendation: Recommendation | None = None
    decided_by: Identifier | None = None


class ReferralDeclined(ReferralEvent):
    """Triage said no, with a coded reason so that shortages can be counted."""

    TYPE: ClassVar[str] = "carepath.referral.declined.v1"

    reason_code: DeclineReason
    rationale: Personal[str]
    recommendation: Recommendation | None = None
    decided_by: Identifier | None = None


class ReferralLapsed(ReferralEvent):
    """A question to the referrer was not answered in time, and the pathway's rule is to decline then."""

    TYPE: ClassVar[str] = "carepath.referral.lapsed.v1"


class ReferralAgreed(ReferralEvent):
    """The patient wants to start. What follows is said by its own event, but for those from before there were places:
    these start at once.
    """

    TYPE: ClassVar[str] = "carepath.referral.agreed.v1"

    starts_now: bool = True
    preferences: Preferences = Preferences()


class WarmHandoffHeld(ReferralEvent):
    """Somebody of psychology has met the patient, before or as they decide."""

    TYPE: ClassVar[str] = "carepath.referral.warm_handoff_held.v1"

    held_by: Identifier
    note: Personal[str] = None


class PatientUndecided(ReferralEvent):
    """The patient needs time. A hold with a date to ask again; never a decline."""

    TYPE: ClassVar[str] = "carepath.referral.patient_undecided.v1"

    reason_code: UndecidedReason
    note: Personal[str] = None
    ask_again_at: AwareDatetime
    contact: ContactWay = "message"
    concern: Concern | None = None


class PatientNotNow(ReferralEvent):
    """The patient wants it, but later: neither a yes nor a no. It is offered again at `reoffer_at`."""

    TYPE: ClassVar[str] = "carepath.referral.patient_not_now.v1"

    reason_code: NotNowReason
    note: Personal[str] = None
    reoffer_at: AwareDatetime


class ReferralReoffered(ReferralEvent):
    """The date of the patient's "not now" has come: they are asked whether they wish to start."""

    TYPE: ClassVar[str] = "carepath.referral.reoffered.v1"


class PatientAskedAgain(ReferralEvent):
    """The patient is asked once more, on the date of the hold or because they have not answered. `times` counts."""

    TYPE: ClassVar[str] = "carepath.referral.patient_asked_again.v1"

    times: int = Field(ge=1)


class ReferralWithdrawn(ReferralEvent):
    """The patient does not want this referral any more, at any point before an outcome. `booked` says that somebody in
    psychology has them in their diary: a meeting is planned, or treatment runs.
    """

    TYPE: ClassVar[str] = "carepath.referral.withdrawn.v1"

    reason_code: NoReason | None = None
    booked: bool = False
