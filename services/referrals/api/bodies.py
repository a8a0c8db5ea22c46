"""What requests may carry. A field that is not known here is a fault, not ignored."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.referrals.domain.referral.commands import PATHWAY, Answers
from shared.contracts.clinic import MOST_SEATS, TimeZone
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import (
    AppointmentEnd,
    AttachmentKind,
    CancelReason,
    ConsentScope,
    ContactWay,
    DeclineReason,
    Hesitation,
    Language,
    MissedReason,
    Mode,
    NoReason,
    NotNowReason,
    OfferReason,
    PauseReason,
    Preferences,
    Priority,
    ProgressOccasion,
    ReferralKind,
    Relationship,
    TriageFlag,
)

# Names and addresses end up in the headers of e-mails, where a line break would begin another header.
Name = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$")]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+()./ -]+$")]
# It is looked up by, and so stored for everybody to read: a number, never a name.
Placer = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._/-]*[0-9][A-Za-z0-9._/-]*$")]
Text = Annotated[str, Field(max_length=4000)]


class Body(BaseModel):
    """What every body has in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class RegisterBody(Body):
    """A new patient."""

    name: Name
    email: Email
    birth_date: date
    phone: Phone | None = None
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    new_to_mental_health: bool = False
    consents: tuple[ConsentScope, ...] = Field(default=(), max_length=len(ConsentScope))


class ConsentBody(Body):
    """One consent, given or taken back. `until`: the last day on which it counts, if there is one."""

    scope: ConsentScope
    granted: bool
    until: date | None = None


class CaregiverBody(Body):
    """Somebody whom the patient trusts."""

    name: Name
    email: Email
    relationship: Relationship
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    young: bool = False


class DraftBody(Body):
    """Whom the referral is for. `on_behalf_of` is the clinician for whom it is written; `placer` your own number."""

    patient_id: Identifier
    pathway: Identifier = PATHWAY
    kind: ReferralKind = "treatment"
    on_behalf_of: Identifier | None = None
    placer: Placer | None = None


class NothingBody(Body):
    """Nothing but the wish itself."""


class SubmitBody(Body):
    """The request itself. `answers` by measure and item: `{"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {...}}`."""

    reason: Text = ""
    goal: Text = ""
    priority: Priority = Priority.ROUTINE
    answers: Answers = Field(default_factory=dict)
    flags: tuple[TriageFlag, ...] = ()
    preferences: Preferences = Preferences()


class AttachBody(Body):
    """A text, or the answers of one measure."""

    kind: AttachmentKind
    text: Text = ""
    answers: Answers = Field(default_factory=dict)


class AskBody(Body):
    """A question to the referrer."""

    question: Text = ""


class AnswerBody(Body):
    """The referrer's answer."""

    answer: Text = ""


class RationaleBody(Body):
    """Why; or the advice."""

    rationale: Text = ""


class PriorityBody(RationaleBody):
    """How urgent, and why."""

    priority: Priority


class AcceptBody(RationaleBody):
    """Why, and into what. Without a programme the clinic's default one is meant. `departure` says why not as the rules
    recommend.
    """

    programme_id: Identifier | None = None
    step: int = Field(default=1, ge=1, le=4)
    priority: Priority | None = None
    departure: Text | None = None


class DeclineBody(RationaleBody):
    """Why not."""

    reason_code: DeclineReason


class RedirectBody(RationaleBody):
    """On to another pathway of this clinic, or to a service outside that the clinic names."""

    to: Identifier


class AgreeBody(Body):
    """How the patient would like to be helped, where that is not what is known."""

    preferences: Preferences | None = None
    place_id: Identifier | None = None


class UndecidedBody(Body):
    """What makes the patient hesitate, how to be in touch, and when to ask again."""

    reason_code: Hesitation
    note: Text | None = None
    ask_again_at: AwareDatetime | None = None
    contact: ContactWay = "message"


class NotNowBody(Body):
    """Why later, and when to offer it again."""

    reason_code: NotNowReason
    reoffer_at: AwareDatetime
    note: Text | None = None


class NoteBody(Body):
    """A few words, if there are any."""

    note: Text | None = None


class ErrorBody(Body):
    """What went wrong."""

    note: Text = ""


class WithdrawBody(Body):
    """Why not, if the patient wishes to say so."""

    reason_code: NoReason | None = None


class DeclineOfferBody(Body):
    """Why not this seat."""

    reason_code: OfferReason


class PauseBody(Body):
    """Why the wait does not count."""

    reason_code: PauseReason


class RescreenBody(Body):
    """How the patient is: answers by measure and item."""

    answers: Answers = Field(default_factory=dict)


class ScheduleBody(Body):
    """When and with whom."""

    at: AwareDatetime
    minutes: int = Field(default=50, ge=5, le=480)
    mode: Mode
    clinician_id: Identifier


class CancelAppointmentBody(Body):
    """Why it will not take place."""

    reason_code: AppointmentEnd


class MissedBody(Body):
    """Why the patient did not come, as far as it is known."""

    reason_code: MissedReason = "not_specified"


class ProgressBody(NoteBody):
    """A note to the referrer."""

    occasion: ProgressOccasion = "note"


class CancellationBody(NoteBody):
    """Why the referrer asks to cancel."""

    reason_code: CancelReason


class FindingsBody(Body):
    """What an assessment found, and what is advised."""

    findings: Text = ""
    recommendation: Text | None = None


class SeatsBody(Body):
    """How many seats there are from now on."""

    seats: int = Field(ge=0, le=MOST_SEATS, strict=True)
