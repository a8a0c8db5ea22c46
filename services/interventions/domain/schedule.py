"""When something is to be done: on a date, on days of the week, or so many days after something else.

All days are those of the clinic's calendar.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.interventions.domain.local import day_begins, days_after
from services.interventions.domain.sheet import DAYS

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Anchor = Literal["treatment_started", "module_opened", "module_ended"]
TaskState = Literal["not_yet_open", "due", "in_progress", "done", "expired"]


class Schedule(BaseModel):
    """One of three: `on` a date; `weekly` on those days, for so many `weeks`; `days_after` the event `of`.

    Dates and days of the week begin at midnight; so many days after something is at the same time of day. It stays open
    for `open_days`, or for good where nothing is said; a weekly one until it comes again at the latest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: dt.date | None = None
    weekly: tuple[Day, ...] = ()
    weeks: int = Field(default=1, ge=1, le=52)
    days_after: int | None = Field(default=None, ge=0, le=365)
    of: Anchor = "module_opened"
    open_days: int | None = Field(default=None, ge=1, le=365)

    @model_validator(mode="after")
    def _one_of_three(self) -> "Schedule":
        if sum((self.on is not None, bool(self.weekly), self.days_after is not None)) != 1:
            raise ValueError("a schedule has one of “on”, “weekly” and “days_after”")
        return self


class Window(BaseModel):
    """From `opens_at` until just before `closes_at`; for good where that is `None`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_at: dt.datetime
    closes_at: dt.datetime | None = None

    def state(self, now: dt.datetime, *, begun: bool, done: bool) -> TaskState:
        """What is done stays done, also when it was late; what has closed is not begun any more."""
        if done:
            return "done"
        if now < self.opens_at:
            return "not_yet_open"
        if self.closes_at is not None and now >= self.closes_at:
            return "expired"
        return "in_progress" if begun else "due"


def windows(schedule: Schedule, anchors: Mapping[Anchor, dt.datetime], zone: ZoneInfo) -> tuple[Window, ...]:
    """When it is to be done, in order; nothing while what it counts from has not happened."""
    if schedule.on is not None:
        opens_at = day_begins(schedule.on, zone)
        return (_window(schedule, opens_at, zone),)
    since = anchors.get(schedule.of)
    if since is None:
        return ()
    if schedule.days_after is not None:
        return (_window(schedule, days_after(since, schedule.days_after, zone), zone),)
    return _weekly(schedule, since, zone)


def _weekly(schedule: Schedule, since: dt.datetime, zone: ZoneInfo) -> tuple[Window, ...]:
    """From the day of `since` on, that day included."""
    first = since.astimezone(zone).date()
    ahead = (first + dt.timedelta(days=days) for days in range(7 * schedule.weeks))
    opens = [day_begins(day, zone) for day in ahead if DAYS[day.weekday()] in schedule.weekly]
    found = []
    for place, opens_at in enumerate(opens):
        one = _window(schedule, opens_at, zone)
        following = opens[place + 1] if place + 1 < len(opens) else days_after(opens_at, 7, zone)
        closes_at = min(one.closes_at, following) if one.closes_at else following
        found.append(Window(opens_at=opens_at, closes_at=closes_at))
    return tuple(found)


def _window(schedule: Schedule, opens_at: dt.datetime, zone: ZoneInfo) -> Window:
    closes_at = days_after(opens_at, schedule.open_days, zone) if schedule.open_days else None
    return Window(opens_at=opens_at, closes_at=closes_at)
