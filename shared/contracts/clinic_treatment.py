"""What a clinic decides about treatment: how long questions stay open, who is called when, and when to step."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.envelope import Identifier


class Part(BaseModel):
    """A part of the clinic's configuration: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuietLadder(Part):
    """What happens when somebody in treatment has not been seen for so many days: a kind word, then a call by a coach,
    then a note to whoever referred them; after that the team is reminded every `repeat_days`. No published figures: the
    clinical lead must set them.
    """

    nudge_days: int = Field(default=10, ge=1)
    call_days: int = Field(default=17, ge=1)
    referrer_days: int = Field(default=31, ge=1)
    repeat_days: int = Field(default=14, ge=1)

    @model_validator(mode="after")
    def _rises(self) -> "QuietLadder":
        if not self.nudge_days < self.call_days < self.referrer_days:
            raise ValueError("the days rise: nudge_days, then call_days, then referrer_days")
        return self


class SteppingRules(Part):
    """When a lighter or a more intensive step is recommended. A person decides.

    The numbers are change scores that are used for these measures: PHQ-9 6 and GAD-7 4, caseness 10 and 8 (NHS Talking
    Therapies, read in secondary sources); PEG 1 point (PMC10859144) and the 30 % convention; PSEQ 7 (ePPOC). The shape,
    readings in a row and a human decision, is that of ThinkFeelDo's stepping. How they are put together is ours, and no
    clinical lead has approved it (`approved_by`).
    """

    version: int = Field(default=1, ge=1)
    approved_by: Identifier | None = None
    readings: int = Field(default=2, ge=1, le=4)
    """How many readings in a row must say the same."""
    peg_points: float = Field(default=1.0, gt=0, le=10)
    peg_percent: int = Field(default=30, ge=1, le=100)
    peg_target: float | None = Field(default=None, ge=0, le=10)
    """A PEG at or below this counts as good, whatever it was before; `None`: only the change counts."""
    pseq_points: int = Field(default=7, ge=1, le=60)
    phq9_high: int = Field(default=15, ge=1, le=27)
    phq9_worse: int = Field(default=6, ge=1, le=27)
    phq9_well: int = Field(default=10, ge=1, le=27)
    """Below this, mood counts as well."""
    gad7_worse: int = Field(default=4, ge=1, le=21)
    gad7_well: int = Field(default=8, ge=1, le=21)


class Treatment(Part):
    """All of it. The days have no published source: the clinical lead must set them."""

    check_in_days: int = Field(default=10, ge=1)
    """How long the questions after a module can be answered."""
    follow_up_days: int = Field(default=28, ge=1)
    """How long the questions some months after the end can be answered."""
    review_after: int = Field(default=3, ge=1)
    """After how many modules it is first looked at whether the step fits. ThinkFeelDo: nothing before week 4."""
    review_days: int = Field(default=7, ge=1)
    """How long a review waits for answers, and then how often psychology is reminded of it."""
    quiet: QuietLadder = QuietLadder()
    stepping: SteppingRules = SteppingRules()
