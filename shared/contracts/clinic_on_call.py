"""Who is on duty when somebody may be unsafe: a rota by weeks, days and hours of the clinic, and its exceptions."""

from datetime import date, datetime, time, timedelta
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.clinic_agenda import WallClock
from shared.contracts.envelope import Identifier

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Duty(_Part):
    """From `starts` until just before `ends`, by the clinic's wall clock; into the next day unless it ends later on
    the same one. `ladder` is who is called, one after the other.
    """

    starts: WallClock = time(0)
    ends: WallClock = time(0)
    ladder: tuple[Identifier, ...] = Field(min_length=1)

    def _begins_on(self, moment: datetime) -> date | None:
        """The day on which the duty would have begun that covers what a wall clock shows; `None` outside its hours."""
        clock, day = moment.time(), moment.date()
        if self.starts < self.ends:
            return day if self.starts <= clock < self.ends else None
        if clock >= self.starts:
            return day
        return day - timedelta(days=1) if clock < self.ends else None


class Shift(_Duty):
    """Duty on these days; of a rota of several weeks, in that `week` alone, counted from 1."""

    days: tuple[Day, ...] = Field(default=DAYS, min_length=1)
    week: int | None = Field(default=None, ge=1)


class Swap(_Duty):
    """Who is on duty instead, on each day from `first` to `last`, such as over a holiday."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the exception from {self.first} ends before it begins; exchange first and last")
        return self


class OnCall(_Part):
    """The rota turns every `weeks` weeks from the Monday `from_monday` on, in both directions. Where more than one row
    covers a moment, the first of the file counts, and an exception before any row of the rota. The link in a call can
    be used until `link_hours` after the time by which the alert should be taken on; no published figure was found.
    """

    weeks: int = Field(default=1, ge=1)
    from_monday: date = date(2024, 1, 1)
    rota: tuple[Shift, ...] = ()
    exceptions: tuple[Swap, ...] = ()
    link_hours: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.from_monday.weekday() != 0:
            raise ValueError(f"from_monday is {self.from_monday}, which is no Monday; give the day a first week begins")
        beyond = sorted({row.week for row in self.rota if row.week is not None and row.week > self.weeks})
        if beyond:
            raise ValueError(f"rota has a week {beyond[0]}, but weeks is {self.weeks}; correct one of them")
        return self

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom the rota or an exception names, each once."""
        rows: tuple[_Duty, ...] = (*self.rota, *self.exceptions)
        return tuple(dict.fromkeys(person for row in rows for person in row.ladder))

    def ladder_at(self, shown: datetime) -> tuple[str, ...] | None:
        """Who is on duty when the clinic's wall clock shows `shown`; `None` if nobody is.

        It goes by what the clock shows, so an hour that is shown twice has the same people twice, and none is lost
        where the clock jumps.
        """
        for swap in self.exceptions:
            day = swap._begins_on(shown)
            if day is not None and swap.first <= day <= swap.last:
                return swap.ladder
        for row in self.rota:
            day = row._begins_on(shown)
            if day is not None and DAYS[day.weekday()] in row.days and row.week in (None, self._week_of(day)):
                return row.ladder
        return None

    def _week_of(self, day: date) -> int:
        return (day - self.from_monday).days // 7 % self.weeks + 1
