"""What somebody may want to happen to a referral before the patient has agreed. What comes later: `later.py`."""

from typing import Final

from pydantic import AwareDatetime, Field, StrictInt

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import (
    AttachmentKind,
    ContactWay,
    Continuation,
    DeclineReason,
    Hesitation,
    NoReason,
    NotNowReason,
    Preferences,
    Priority,
    ReferralKind,
    Requester,
    TriageFlag,
)

PATHWAY: Final = "pain-psychology"

Answers = dict[str, dict[int, StrictInt]]


class DraftReferral(Command):
    """Somebody begins a referral. `referrer_id` is the clinician whom it belongs to, the actor who writes it down."""

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    pathway: Identifier = PATHWAY
    kind: ReferralKind = "treatment"
    requester: Requester = "referrer"
    placer: str | None = None
    advice_id: Identifier | None = None


class SubmitReferral(Command):
    """It goes to psychology. `answers` are by measure and item, items counting from 1.

    `refer_consented` says whether the patient's consent to be referred stands now.
    """

    reason: str
    goal: str
    priority: Priority
    answers: Answers
    refer_consented: bool
    flags: tuple[TriageFlag, ...] = ()
    preferences: Preferences = Preferences()


class DiscardDraft(Command):
    """The patient does not send what they, or somebody who trusts them, began."""


class ContinueReferral(Command):
    """A redirected referral goes on as this one."""

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    based_on: Identifier
    request: Continuation
    rationale: str


class AttachToReferral(Command):
    """A note, or a scored measure, goes with the referral."""

    attachment_id: Identifier
    kind: AttachmentKind
    text: str = ""
    answers: Answers = Field(default_factory=dict)


class LinkClinician(Command):
    """The pain clinician stands by a referral that the patient or a caregiver asked for."""


class TakeOnTriage(Command):
    """Somebody in psychology looks at it now."""


class AskForInformation(Command):
    """Triage needs more from the referrer."""

    question: str


class ProvideInformation(Command):
    """The referrer answers triage."""

    answer: str


class ChangePriority(Command):
    """Psychology sees it as more, or less, urgent."""

    priority: Priority
    rationale: str


class AcceptReferral(Command):
    """Triage says yes. Without a programme, the clinic's default one is meant; without a priority, it stays.

    `departure` is asked for where the decision is not what the rules recommend. `new_to_mental_health` comes from the
    patient's record.
    """

    rationale: str
    programme_id: str | None = None
    step: int = Field(default=1, ge=1, le=4)
    priority: Priority | None = None
    departure: str | None = None
    new_to_mental_health: bool = False


class ReturnReferral(Command):
    """Triage sends it back with advice."""

    rationale: str


class DeclineReferral(Command):
    """Triage says no, for a coded reason. After acceptance too, as long as treatment has not begun."""

    reason_code: DeclineReason
    rationale: str


class RedirectReferral(Command):
    """Triage sends it on: to another pathway of this clinic, where it goes on as `continued_as`, or outside.

    `taken` are the pathways for which the patient has an open referral: on none of them a second one can go on.
    """

    to: Identifier
    rationale: str
    continued_as: Identifier
    taken: tuple[str, ...] = ()


class AgreeReferral(Command):
    """The patient wants to start; a clinician may take it down for them. Without preferences, those known count."""

    preferences: Preferences | None = None
    place_id: Identifier | None = None


class RecordUndecided(Command):
    """The patient needs time. Without a date, the clinic's usual wait applies."""

    reason_code: Hesitation
    note: str | None = None
    ask_again_at: AwareDatetime | None = None
    contact: ContactWay = "message"


class RecordNotNow(Command):
    """The patient wants it later; it is offered again at `reoffer_at`."""

    reason_code: NotNowReason
    reoffer_at: AwareDatetime
    note: str | None = None


class HoldWarmHandoff(Command):
    """Somebody of psychology has met the patient."""

    note: str | None = None


class WithdrawReferral(Command):
    """The patient does not want the referral any more; a clinician may take it down for them."""

    reason_code: NoReason | None = None
