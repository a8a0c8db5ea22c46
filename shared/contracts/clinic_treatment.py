"""What a clinic decides about treatment: how long the questions in between stay open, and when quiet is noticed."""

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, field_validator


class Treatment(BaseModel):
    """The days have no published source: the clinical lead must set them. A key that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check_in_days: int = Field(default=10, ge=1)
    """How long the questions after a module can be answered."""
    follow_up_days: int = Field(default=28, ge=1)
    """How long the questions some months after the end can be answered."""
    quiet_days: tuple[PositiveInt, PositiveInt, PositiveInt] = (7, 14, 21)
    """After how many whole days without hearing from somebody in treatment they are sent a kind word, psychology is
    asked to call, and the referrer is told; each more than the one before. No published figure was found.
    """
    call_again_days: int = Field(default=14, ge=1)
    """How long after that psychology is asked to call again, again and again. No published figure was found."""
    longest_break_days: int = Field(default=28, ge=1)
    """How long a break can be that somebody takes in one go. No published figure was found."""

    @field_validator("quiet_days")
    @classmethod
    def _rising(cls, days: tuple[int, int, int]) -> tuple[int, int, int]:
        if not days[0] < days[1] < days[2]:
            raise ValueError("each of “quiet_days” is more than the one before")
        return days
