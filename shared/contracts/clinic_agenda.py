"""What a clinic decides about when people are told things, and how much at once."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def whole_minute(clock: time) -> time:
    """Raises `ValueError` unless it is hours and minutes of a wall clock."""
    if clock.second or clock.microsecond or clock.tzinfo:
        raise ValueError(f"{clock} is not a time in hours and minutes; write one such as 20:00")
    return clock


WallClock = Annotated[time, AfterValidator(whole_minute)]


class Hours(BaseModel):
    """No e-mail is sent between `quiet_from` and `quiet_to` in the recipient's own time zone, except in a crisis.
    Equal times mean that no hour is quiet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quiet_from: WallClock
    quiet_to: WallClock


def leaves_an_hour(hours: tuple[Hours, ...]) -> bool:
    """Whether some minute of the day is quiet by none of `hours`."""
    return any(not any(is_within(time(m // 60, m % 60), one) for one in hours) for m in range(24 * 60))


def is_within(clock: time, hours: Hours) -> bool:
    """From `quiet_from` on, until just before `quiet_to`."""
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= clock < hours.quiet_to
    return clock >= hours.quiet_from or clock < hours.quiet_to


class Unread(BaseModel):
    """How long a message may stay unread. No published figure was found for either."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    next_way_hours: int = Field(ge=1)
    """Until it goes out by the next way that the person chose."""
    person_hours: int = Field(ge=1)
    """Until, where no way is left, psychology is asked to speak with the person."""


class AgendaSettings(BaseModel):
    """How messages that can wait are brought together, and when people are reminded of a meeting. No published figure
    was found for any of these. Without `day_parts` each message goes out by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_parts: tuple[WallClock, ...] = ()
    """When what can wait goes out together, by the recipient's own clock."""
    weekly_emails: int | None = Field(default=None, ge=1)
    """How many e-mails in seven days hold back what can wait. A person may choose fewer, or more."""
    never: Hours | None = None
    """A local rule that no choice of a person goes beyond."""
    unread: Unread | None = None
    """What follows when something that needs an answer, or has a date, is not opened."""
    sender_names: tuple[str, ...] = ()
    """More names to send under, of which a person may choose one. The first line that others may see has it."""
    unsubscribe_days: int = Field(default=365, ge=1)
    """For how long the link in an e-mail works by which somebody wants no more of its kind."""
    remind_hours: int | None = Field(default=None, ge=1)
    """How many hours before a meeting a patient is reminded of it; without it nobody is. Of the meeting of a group at
    the earliest once it is said to be near (`together.groups.rules_ask_days`).
    """
    folds_hours: int = Field(default=0, ge=0)
    """Where the message that tells the date goes out at most this long before the reminder would, it is its own
    reminder, and there is no other.
    """
