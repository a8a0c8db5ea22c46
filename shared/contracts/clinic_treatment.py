"""What a clinic decides about treatment: how long questions stay open, and when people are asked how it was."""

from pydantic import BaseModel, ConfigDict, Field


class Treatment(BaseModel):
    """The days have no published source: the clinical lead must set them. A key that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check_in_days: int = Field(default=10, ge=1)
    """How long the questions after a module can be answered."""
    follow_up_days: int = Field(default=28, ge=1)
    """How long the questions some months after the end can be answered."""
    feedback_after_days: int = Field(default=7, ge=1)
    """How long after the end the person is asked how it was: not on the day on which they hear that it has ended."""
    feedback_days: int = Field(default=28, ge=1)
    """How long they can answer that."""
