"""The words that the referrals service's events are made of: priorities, consents, reasons, readings, outcomes."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract
from shared.contracts.personal import Personal

Language = Literal["en", "es"]
Relationship = Literal["partner", "parent", "child", "sibling", "friend", "other"]
DeclineReason = Literal[
    "no_capacity",
    "not_suitable",
    "better_served_elsewhere",
    "already_in_treatment",
]
UndecidedReason = Literal["needs_time", "pain_is_physical", "worried_what_others_think", "practical", "other"]
Concern = Literal["bad_experience_before", "fear_of_being_judged", "does_not_see_how_it_helps"]
"""Reasons to hesitate that came later: readers of older versions know them as `other`."""
Hesitation = Literal[UndecidedReason, Concern]
NotNowReason = Literal["life_is_full", "other_treatment_first", "travel_or_health", "other"]
NoReason = Literal["does_not_want_psychology", "has_help_elsewhere", "pain_is_better", "other"]
ContactWay = Literal["call", "message", "at_next_visit", "no_contact_until_date"]
PauseReason = Literal["patient_unavailable", "medical_reason", "patient_request", "other"]
OfferReason = Literal["time_does_not_fit", "format_does_not_fit", "too_soon", "other"]
MissedReason = Literal["forgot", "ill", "cancelled_too_late", "not_specified"]
AppointmentEnd = Literal["patient_asked", "clinician_unavailable", "clinic_closed", "other"]
CancelReason = Literal["no_longer_needed", "made_in_error", "person_died", "moved_away", "other"]
Requester = Literal["referrer", "patient", "caregiver"]
ReferralKind = Literal["treatment", "assessment"]
AttachmentKind = Literal["letter", "medication_summary", "pain_history", "measure", "note"]
ProgressOccasion = Literal["middle", "step_change", "note"]
TriageOutcome = Literal["accepted", "returned", "declined", "redirected"]
OverdueStep = Literal[
    "draft", "documents", "patient_answer", "booking", "attendance", "cancellation", "findings", "warm_handoff"
]
OwedBy = Literal["referrer", "psychology"]
TimeOfDay = Literal["morning", "afternoon", "evening"]
Format = Literal["individual", "group"]
Mode = Literal["online", "in_person", "video"]
EntryStatus = Literal["waiting", "held", "seated"]
ReturnReason = Literal["declined", "lapsed"]
CapacityStatus = Literal["capacity", "no-capacity", "waitlist", "additional-assessment-required"]
"""The codes of SDOHCC ValueSet Capacity Status (HL7 Gravity SDOH Clinical Care)."""
EndReason = Literal["completed", "stopped_by_patient", "stepped_up", "referred_on", "not_suitable"]
EndDetail = Literal["dropped_out", "declined", "stepped_down"]
"""More exactly than an end reason: not heard from any more; did not want to go on although it was advised; goes on with
lighter support. A local list; NHS Talking Therapies has codes of its own. Somebody who has died is cancelled for that.
"""
END_REASON_OF: Mapping[EndDetail, EndReason] = MappingProxyType(
    {"dropped_out": "stopped_by_patient", "declined": "stopped_by_patient", "stepped_down": "referred_on"}
)
"""The end reason that each of them is a part of."""
ChangeVerdict = Literal["improved", "deteriorated", "no_change", "undetermined", "not_established"]
RecoveryAnswer = Literal["yes", "no", "not_applicable", "undetermined"]
TriageFlag = Literal[
    "self_harm_concern",
    "recent_loss",
    "trauma",
    "opioid_use",
    "no_work_now",
    "several_treatments_tried",
    "cognitive_difficulty",
    "substance_use",
]
"""What a referrer can mark about a person that no questionnaire tells. A code, never a text."""


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


class Recommendation(Contract):
    """What a clinic's triage rules say of one referral. It recommends; a person decides.

    `step` is 1 (lightest) to 4 (most intensive). With `consult` a person must look and no step is recommended; an
    `urgency` is then there only if a rule asks for one. `reasons` are the ids of all rules that hold, in alphabetical
    order, with `missing:<measure>` for each measure that triage cannot do without.
    """

    rules_version: int = Field(ge=1)
    step: int | None = Field(default=None, ge=1, le=4)
    urgency: Priority | None = None
    consult: bool = False
    reasons: tuple[str, ...] = ()


class MeasureChange(Contract):
    """First and last reading of one measure over an episode; `None` where no complete reading exists.

    `verdict` is what `rule` says of the change, and `rule` names one of `shared/clinical/rules.py`: "important" where a
    figure for what matters to people is known, else "reliable". Both are `None` in what was written before they were
    kept; `rule` is `None` where no figure was found.
    """

    measure: str
    first: float | None
    last: float | None
    verdict: ChangeVerdict | None = None
    rule: Literal["important", "reliable"] | None = None


class MoodOutcome(Contract):
    """PHQ-9 and GAD-7 taken together, the first against the last, by the rules of NHS Talking Therapies.

    Caseness is PHQ-9 from 10 or GAD-7 from 8. Recovery is from caseness to below both. Reliable is a change from 6 of
    PHQ-9 or 4 of GAD-7 while the other is not reliably the opposite; `mixed` says that it is, and a person should look.
    `None` and "undetermined": a missing reading would decide. `carried` names the measures whose last reading is
    missing, so that the one before it counts. Sources: `shared/clinical/talking_therapies.py`.
    """

    caseness_first: bool | None = None
    caseness_last: bool | None = None
    recovery: RecoveryAnswer = "undetermined"
    reliable_improvement: bool | None = None
    reliable_recovery: RecoveryAnswer = "undetermined"
    reliable_deterioration: bool | None = None
    mixed: bool | None = None
    carried: tuple[str, ...] = ()


class OutcomeSummary(Contract):
    """What goes back to the pain team. It carries progress and plan, never a session note (see docs/pathway.md).

    `mood` is there where PHQ-9 or GAD-7 was asked. `contacts` counts the modules that were completed since treatment
    began: the treatment contacts that are known here, without meetings. A course is finished with two of them. All
    three are `None` in what was written before they were kept.
    """

    end_reason: EndReason
    programme: str
    modules_done: int = Field(ge=0)
    modules_total: int = Field(ge=1)
    changes: tuple[MeasureChange, ...]
    recommendation: Personal[str] = None
    mood: MoodOutcome | None = None
    contacts: int | None = Field(default=None, ge=0)
    finished_course: bool | None = None
    end_detail: EndDetail | None = None


class Preferences(Contract):
    """How the patient would like to be helped; `None` and empty mean that they do not mind."""

    format: Format | None = None
    mode: Mode | None = None
    language: Language | None = None
    times: tuple[TimeOfDay, ...] = ()


class Attachment(Contract):
    """Something that goes with a referral: a text, or a scored measure."""

    attachment_id: str
    kind: AttachmentKind
    text: Personal[str] = None
    reading: Reading | None = None


class Pause(Contract):
    """A stretch in which the waiting clock stood still; `until` is `None` while it still does."""

    since: AwareDatetime
    until: AwareDatetime | None = None
    reason_code: str


class Appointment(Contract):
    """When and with whom a first meeting is. `minutes` is its planned length."""

    at: AwareDatetime
    minutes: int = Field(default=50, ge=5, le=480)
    mode: Mode
    clinician_id: str


class Continuation(Contract):
    """All that a redirected referral takes along: what was asked, and the waiting clock with its pauses."""

    pathway: str
    kind: ReferralKind
    requester: Requester
    reason: Personal[str] = None
    goal: Personal[str] = None
    priority: Priority
    readings: tuple[Reading, ...]
    flags: tuple[TriageFlag, ...]
    preferences: Preferences
    attachments: tuple[Attachment, ...]
    clock_started_at: AwareDatetime
    pauses: tuple[Pause, ...]
    breached_weeks: int = Field(default=0, ge=0)
    requester_id: str | None = None
    author_id: str | None = None
    placer: str | None = None
    clinician_linked: bool = False
