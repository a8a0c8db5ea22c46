"""Practice against its dose, week by week from the day on which it was given."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from services.interventions.domain.part import Part
from services.interventions.domain.practice.state import PracticeDay

WEEK = timedelta(days=7)


class Dose(Part):
    """`times` per `per`, as the programme says."""

    times: int
    per: Literal["day", "week"]

    @property
    def a_week(self) -> int:
        """The same for a whole week."""
        return self.times * 7 if self.per == "day" else self.times


class Week(Part):
    """One week of a practice. `share` is what was done of the dose, at most 1: more on one day does not make up for
    days without, where the dose is a daily one. `over` says that the week has passed.
    """

    begins: date
    done: int
    wanted: int
    days: int
    share: float
    over: bool


def weeks(dose: Dose, practice_id: str, since: date, today: date, days: Sequence[PracticeDay]) -> tuple[Week, ...]:
    """Every week from `since` to the one that `today` is in. A week that is not over counts as far as it has come."""
    mine = {one.day: one.times for one in days if one.practice_id == practice_id and one.times}
    found, begins = [], since
    while begins <= today:
        found.append(_week(dose, begins, today, mine))
        begins += WEEK
    return tuple(found)


def adherence(found: Sequence[Week]) -> float | None:
    """The mean share over all weeks that have passed; `None` before the first has."""
    past = [week.share for week in found if week.over]
    return sum(past) / len(past) if past else None


def _week(dose: Dose, begins: date, today: date, mine: dict[date, int]) -> Week:
    inside = [begins + timedelta(days=ahead) for ahead in range(7)]
    done = [mine.get(day, 0) for day in inside]
    counted = sum(min(times, dose.times) for times in done) if dose.per == "day" else sum(done)
    return Week(
        begins=begins,
        done=sum(done),
        wanted=dose.a_week,
        days=sum(1 for times in done if times),
        share=min(1.0, counted / dose.a_week),
        over=begins + WEEK <= today,
    )
