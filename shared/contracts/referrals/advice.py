"""What is said about a question that a pain clinician puts to psychology without referring the patient."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal

AdviceTopic = Literal["is_referral_right", "how_to_talk", "mood_or_worry", "medicines_and_mood", "other"]
AdviceCloseReason = Literal["answered_enough", "no_longer_needed", "entered_in_error"]
ConversionAuthority = Literal["referrer", "authorised"]
"""On whose word a question became a referral: the referrer did it, or psychology did and was authorised beforehand."""


class AdviceEvent(Event):
    """What every event of a question carries, so that its readers need not keep copies."""

    advice_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier


class AdviceAsked(AdviceEvent):
    """Psychology owes an answer by `answer_due`. `may_convert`: the referrer lets psychology make a referral of it."""

    TYPE: ClassVar[str] = "carepath.advice.asked.v1"

    question: Personal[str]
    topic: AdviceTopic
    may_convert: bool
    answer_due: AwareDatetime


class AdviceAskedBack(AdviceEvent):
    """Psychology needs more from the referrer before it answers. The due date stays as it is."""

    TYPE: ClassVar[str] = "carepath.advice.asked_back.v1"

    question: Personal[str]
    asked_by: Identifier


class AdviceExplained(AdviceEvent):
    """The referrer told psychology more; the answer is due by `answer_due`."""

    TYPE: ClassVar[str] = "carepath.advice.explained.v1"

    explanation: Personal[str]
    answer_due: AwareDatetime


class AdviceAnswered(AdviceEvent):
    """Psychology answered. `suggests_referral`: it thinks that a referral would help this patient."""

    TYPE: ClassVar[str] = "carepath.advice.answered.v1"

    answer: Personal[str]
    answered_by: Identifier
    suggests_referral: bool


class AdviceOverdue(AdviceEvent):
    """No answer at the due time; said again at a clinic's interval until there is one. `reminder` counts from 1."""

    TYPE: ClassVar[str] = "carepath.advice.overdue.v1"

    reminder: int = Field(ge=1)


class AdviceConverted(AdviceEvent):
    """The question becomes the referral `referral_id`, which begins as a draft; by whose word is on record."""

    TYPE: ClassVar[str] = "carepath.advice.converted.v1"

    referral_id: Identifier
    authority: ConversionAuthority
    converted_by: Identifier


class AdviceClosed(AdviceEvent):
    """Nothing more is to be done about this question."""

    TYPE: ClassVar[str] = "carepath.advice.closed.v1"

    reason_code: AdviceCloseReason
    closed_by: Identifier
