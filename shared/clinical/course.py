"""The course of one measure: where it began, where it is, whether that is more than noise, and where it heads."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StrictInt

from shared.clinical.change import Direction, Verdict, direction, ends, gain, known_total, reliable
from shared.clinical.definition import Measure
from shared.clinical.measures import measure

LEAST_READINGS = 3
"""Two points always lie on a line, so they show a change but no trend. A choice of this project."""

FOUR_WEEKS = timedelta(weeks=4)

Heading = Literal["improving", "worsening", "steady", "not_enough_readings", "no_minimum_set"]


class Taken(BaseModel):
    """One occasion: the total of the form, or None where it was asked and not completed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    total: StrictInt | None


class Reading(BaseModel):
    """A completed form: `value` as published, and its `band` in the measure's first scheme, if it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    total: int
    value: float
    band: str | None


class Trend(BaseModel):
    """`per_four_weeks` is the slope of the least squares line through all readings, in published points, positive for
    the better. It counts as improving or worsening from `minimum` on. `readings` is how many it rests on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: Heading
    per_four_weeks: float | None
    minimum: float | None
    readings: int


class Course(BaseModel):
    """A series in short. `change` is in published points, positive for the better, from `first` to `last`.

    `last_carried` says that the newest form is missing and `last` is the one before it. Where `first` or `last` is
    missing, `direction` and `reliable` are "undetermined", never "same". `reliable` is "not_established" for a measure
    without a published figure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    asked: int
    completed: int
    first: Reading | None
    last: Reading | None
    last_carried: bool
    change: float | None
    direction: Direction
    reliable: Verdict | Literal["not_established"]
    trend: Trend


def course(measure_id: str, taken: Sequence[Taken], *, least_slope: float | None) -> Course:
    """The course of `measure_id`; `taken` may come in any order.

    `least_slope` is how many published points in four weeks count as a trend. No published figure was found, so a
    clinic sets it; None gives the slope without a name for it. Raises `UnknownMeasure`, `TotalRefused`, and
    `ValueError` for a minimum that is not above 0.
    """
    form = measure(measure_id)
    in_order = sorted(taken, key=lambda one: one.at)
    found = ends([known_total(form, one.total) for one in in_order])
    change = gain(measure_id, found.first, found.last)
    newest = in_order[-2 if found.carried else -1] if len(in_order) > 1 else None
    return Course(
        measure=form.id,
        asked=len(in_order),
        completed=sum(one.total is not None for one in in_order),
        first=_reading(form, in_order[0] if in_order else None),
        last=_reading(form, newest),
        last_carried=found.carried,
        change=None if change is None else change / _scale(form),
        direction=direction(change),
        reliable=reliable(measure_id, found.first, found.last),
        trend=trend(form, in_order, least_slope),
    )


def trend(form: Measure, taken: Sequence[Taken], least_slope: float | None) -> Trend:
    """The line through all completed readings, if there are at least three, at different times."""
    if least_slope is not None and not least_slope > 0:
        raise ValueError(f"the least slope is above 0, not {least_slope}")
    points = [(one.at, one.total) for one in taken if one.total is not None]
    if len({at for at, _ in points}) < LEAST_READINGS:
        return Trend(heading="not_enough_readings", per_four_weeks=None, minimum=least_slope, readings=len(points))
    days = [Fraction((at - points[0][0]) // timedelta(microseconds=1)) for at, _ in points]
    slope = _slope(days, [Fraction(total, _scale(form)) for _, total in points])
    per_four_weeks = float(slope * (FOUR_WEEKS // timedelta(microseconds=1)))
    better = per_four_weeks if form.better == "higher" else -per_four_weeks
    return Trend(
        heading=_heading(better, least_slope), per_four_weeks=better, minimum=least_slope, readings=len(points)
    )


def _slope(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> Fraction:
    """sum((x - mean x)(y - mean y)) / sum((x - mean x)^2), in fractions: a line that is flat comes out as exactly 0."""
    x_mean, y_mean = sum(xs, Fraction()) / len(xs), sum(ys, Fraction()) / len(ys)
    shared = sum(((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)), Fraction())
    return shared / sum(((x - x_mean) ** 2 for x in xs), Fraction())


def _heading(better: float, minimum: float | None) -> Heading:
    if minimum is None:
        return "no_minimum_set"
    if abs(better) < minimum:
        return "steady"
    return "improving" if better > 0 else "worsening"


def _reading(form: Measure, taken: Taken | None) -> Reading | None:
    if taken is None or taken.total is None:
        return None
    band = form.bandings[0].band_of(taken.total) if form.bandings else None
    return Reading(at=taken.at, total=taken.total, value=taken.total / _scale(form), band=band)


def _scale(form: Measure) -> int:
    """How many points of the total make one published point."""
    return form.item_count if form.rule == "mean" else 1
