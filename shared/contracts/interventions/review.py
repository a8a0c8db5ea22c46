"""What is said of the step of care: when it is looked at again, what a person decides, and that it has changed."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.envelope import Contract, Identifier
from shared.contracts.interventions.episode import EpisodeEvent
from shared.contracts.personal import Personal

ReviewMoment = Literal["early", "middle", "end"]
"""When the step is looked at again: after the module that the programme names, with the middle questionnaires, and with
the last ones.
"""
StepDecision = Literal["step_up", "stay", "step_down", "discharge", "consult"]
StepAdvice = Literal["safety_first", "consult", "step_up", "stay", "step_down", "discharge"]
ReasonCode = Literal[
    "risk_open",
    "no_first_reading",
    "readings_missing",
    "reading_carried",
    "one_reading_so_far",
    "pain_not_better",
    "pain_better",
    "pain_at_target",
    "pain_between",
    "self_efficacy_better",
    "self_efficacy_not_asked",
    "mood_high",
    "mood_worse",
    "mood_low",
    "mood_between",
    "anxiety_worse",
    "anxiety_low",
    "anxiety_between",
    "highest_step",
]


class StepReason(Contract):
    """One thing that the advice rests on. `first` is the reading that treatment began with, `before` and `last` the two
    latest, as published for the measure; `None` where there is none.
    """

    code: ReasonCode
    measure: str | None = None
    first: float | None = None
    before: float | None = None
    last: float | None = None


class ReviewDue(EpisodeEvent):
    """A clinician now looks at the step: the readings of this moment are in, or their time is over."""

    TYPE: ClassVar[str] = "carepath.episode.review_due.v1"

    moment: ReviewMoment
    rules_version: int = Field(ge=1)
    advice: StepAdvice
    reasons: tuple[StepReason, ...] = ()


class StepDecided(EpisodeEvent):
    """A clinician decided. `advice` and `reasons` are what the rules said at that moment; where the decision departs
    from them, `departure_reason` says why.
    """

    TYPE: ClassVar[str] = "carepath.episode.step_decided.v1"

    moment: ReviewMoment
    rules_version: int = Field(ge=1)
    advice: StepAdvice
    reasons: tuple[StepReason, ...] = ()
    decision: StepDecision
    decided_by: str
    departs: bool = False
    departure_reason: Personal[str] = None


class EpisodeStepped(EpisodeEvent):
    """The treatment goes on in another programme, on a higher or lower step. Its version is pinned from here on."""

    TYPE: ClassVar[str] = "carepath.episode.stepped.v1"

    referral_id: Identifier
    from_programme_id: str
    from_step: int = Field(ge=1, le=4)
    programme_id: str
    programme_version: int = Field(ge=1)
    step: int = Field(ge=1, le=4)


class RiskFlagged(EpisodeEvent):
    """A risk alert of this person is open: until it is closed, no step is recommended."""

    TYPE: ClassVar[str] = "carepath.episode.risk_flagged.v1"

    alert_id: Identifier


class RiskCleared(EpisodeEvent):
    """The alert is closed, with a plan."""

    TYPE: ClassVar[str] = "carepath.episode.risk_cleared.v1"

    alert_id: Identifier
