"""What requests may carry. A field that is not known here is a fault, not ignored."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.referrals.domain.referral.commands import PATHWAY, Answers
from shared.contracts.clinic import MOST_SEATS, TimeZone
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import ConsentScope, DeclineReason, Language, Priority, Relationship, UndecidedReason

# Names and addresses end up in the headers of e-mails, where a line break would begin another header.
Name = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$")]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+()./ -]+$")]
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
    """One consent, given or taken back."""

    scope: ConsentScope
    granted: bool


class CaregiverBody(Body):
    """Somebody whom the patient trusts."""

    name: Name
    email: Email
    relationship: Relationship
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class DraftBody(Body):
    """Whom the referral is for."""

    patient_id: Identifier
    pathway: Literal["pain-psychology"] = PATHWAY


class SubmitBody(Body):
    """The request itself. `answers` by measure and item: `{"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {...}}`."""

    reason: Text = ""
    goal: Text = ""
    priority: Priority
    answers: Answers = Field(default_factory=dict)


class AskBody(Body):
    """A question to the referrer."""

    question: Text = ""


class AnswerBody(Body):
    """The referrer's answer."""

    answer: Text = ""


class AcceptBody(Body):
    """Why, and into what. Without a programme the clinic's default one is meant."""

    rationale: Text = ""
    programme_id: Identifier | None = None
    step: int = Field(default=1, ge=1, le=4)


class ReturnBody(Body):
    """The advice."""

    rationale: Text = ""


class DeclineBody(Body):
    """Why not."""

    reason_code: DeclineReason
    rationale: Text = ""


class UndecidedBody(Body):
    """What makes the patient hesitate, and when to ask again."""

    reason_code: UndecidedReason
    note: Text | None = None
    ask_again_at: AwareDatetime | None = None


class SeatsBody(Body):
    """How many seats there are from now on."""

    seats: int = Field(ge=0, le=MOST_SEATS, strict=True)
