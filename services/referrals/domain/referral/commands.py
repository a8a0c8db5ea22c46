"""What somebody may want to happen to a referral."""

from typing import Final

from pydantic import AwareDatetime, Field, StrictInt

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import (
    DeclineReason,
    OutcomeSummary,
    Priority,
    UndecidedReason,
)

PATHWAY: Final = "pain-psychology"

Answers = dict[str, dict[int, StrictInt]]


class DraftReferral(Command):
    """A pain clinician begins a referral."""

    referral_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    pathway: Identifier = PATHWAY


class SubmitReferral(Command):
    """The referrer sends it to psychology. `answers` are by measure and item, items counting from 1.

    `refer_consented` says whether the patient's consent to be referred stands now.
    """

    reason: str
    goal: str
    priority: Priority
    answers: Answers
    refer_consented: bool


class AskForInformation(Command):
    """Triage needs more from the referrer."""

    question: str


class ProvideInformation(Command):
    """The referrer answers triage."""

    answer: str


class AcceptReferral(Command):
    """Triage says yes. Without a programme, the clinic's default one is meant."""

    rationale: str
    programme_id: str | None = None
    step: int = Field(default=1, ge=1, le=4)


class ReturnReferral(Command):
    """Triage sends it back with advice."""

    rationale: str


class DeclineReferral(Command):
    """Triage says no, for a coded reason."""

    reason_code: DeclineReason
    rationale: str


class AgreeReferral(Command):
    """The patient wants to start; a clinician may take it down for them."""


class RecordUndecided(Command):
    """The patient needs time. Without a date, the clinic's usual wait applies."""

    reason_code: UndecidedReason
    note: str | None = None
    ask_again_at: AwareDatetime | None = None


class WithdrawReferral(Command):
    """The patient does not want the referral any more; a clinician may take it down for them."""


class ReceiveOutcome(Command):
    """The episode has ended."""

    summary: OutcomeSummary


class AcknowledgeOutcome(Command):
    """The referrer has read the outcome."""
