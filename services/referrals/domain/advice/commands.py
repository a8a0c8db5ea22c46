"""What somebody may want to happen to a question."""

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic


class AskAdvice(Command):
    """A pain clinician asks psychology about a patient. `may_convert` lets psychology make a referral draft of it."""

    advice_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    question: str
    topic: AdviceTopic
    may_convert: bool = False


class AskBack(Command):
    """Psychology needs more from the referrer."""

    question: str


class ExplainAdvice(Command):
    """The referrer tells psychology more."""

    explanation: str


class AnswerAdvice(Command):
    """Psychology answers. `suggests_referral`: a referral would help this patient."""

    answer: str
    suggests_referral: bool = False


class ConvertAdvice(Command):
    """Make a referral of it, which begins as the draft `referral_id`.

    `refer_consented` says whether the patient's consent to be referred stands now. Advice alone needs none.
    """

    referral_id: Identifier
    refer_consented: bool


class CloseAdvice(Command):
    """Nothing more is to be done about it."""

    reason_code: AdviceCloseReason
