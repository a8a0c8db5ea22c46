"""What a clinic decides about treatment: how long questions wait, what advises a step, when quiet is noticed."""

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, field_validator


class SteppingRules(BaseModel):
    """From which readings a higher or a lower step is advised. A person decides in any case.

    The shape (two readings in a row, a person decides, missing readings lead to a talk) follows ThinkFeelDo's rule for
    PHQ-9; no clinical lead has approved these figures. Where each comes from:

    - PEG 1.0 point: the lower bound of the minimal important difference by patients' own judgement (PMC10859144);
      30 %: a convention in pain research.
    - PSEQ 7 points: ePPOC, quoted by others.
    - PHQ-9 and GAD-7 worse by 6 and 4, and low below 10 and 8: reliable change and caseness of NHS Talking Therapies,
      quoted by others. PHQ-9 15: the published band "moderately severe".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=1, ge=1)
    pain_points: float = Field(default=1.0, gt=0)
    """PEG, 0 to 10: less improvement than this, and less than `pain_percent`, is none."""
    pain_percent: float = Field(default=30.0, gt=0, le=100)
    pain_target: float | None = Field(default=None, ge=0, le=10)
    """PEG at or below which pain is as low as was aimed for; no figure was found, so none is set."""
    self_efficacy_points: float = Field(default=7, gt=0)
    mood_high: int = Field(default=15, ge=1, le=27)
    mood_worse: int = Field(default=6, ge=1, le=27)
    mood_low: int = Field(default=10, ge=1, le=27)
    """PHQ-9 below this is low."""
    anxiety_worse: int = Field(default=4, ge=1, le=21)
    anxiety_low: int = Field(default=8, ge=1, le=21)
    """GAD-7 below this is low."""


class Treatment(BaseModel):
    """The days have no published source: the clinical lead must set them. A key that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check_in_days: int = Field(default=10, ge=1)
    """How long the questions after a module can be answered."""
    follow_up_days: int = Field(default=28, ge=1)
    """How long the questions some months after the end can be answered."""
    review_days: int = Field(default=7, ge=1)
    """How long a review of the step waits for its questionnaires, and then takes place without them."""
    stepping: SteppingRules = SteppingRules()
    quiet_days: tuple[PositiveInt, PositiveInt, PositiveInt] = (7, 14, 21)
    """After how many whole days without hearing from somebody in treatment they are sent a kind word, psychology is
    asked to call, and the referrer is told; each more than the one before. No published figure was found.
    """
    call_again_days: int = Field(default=14, ge=1)
    """How long after that psychology is asked to call again, again and again. No published figure was found."""
    longest_break_days: int = Field(default=28, ge=1)
    """How long a break can be that somebody takes in one go. No published figure was found."""
    feedback_after_days: int = Field(default=7, ge=1)
    """How long after the end the person is asked how it was: not on the day on which they hear that it has ended."""
    feedback_days: int = Field(default=28, ge=1)
    """How long they can answer that."""

    @field_validator("quiet_days")
    @classmethod
    def _rising(cls, days: tuple[int, int, int]) -> tuple[int, int, int]:
        if not days[0] < days[1] < days[2]:
            raise ValueError("each of “quiet_days” is more than the one before")
        return days
