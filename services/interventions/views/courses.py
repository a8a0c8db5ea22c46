"""How each measure went over a treatment: every form that was asked, in order, and what its change amounts to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel

from services.interventions.catalogue import served_language
from services.interventions.domain.check_in.state import CheckInForm, CheckInState
from services.interventions.domain.series.state import Form, SeriesState
from shared.clinical import Measure, score
from shared.clinical import measure as definition
from shared.clinical.change import Direction, Verdict, direction, ends, gain, reliable
from shared.clinical.course import Taken, Trend, trend
from shared.clinical.definition import Better
from shared.clinical.rules import Ruled, change_that_counts, rules
from shared.clinical.t_scores import t_score
from shared.clinical.talking_therapies import MoodChange, mood_between
from shared.contracts.clinic import Clinic

Kind = Literal["fixed", "check_in", "follow_up"]


class Change(BaseModel):
    """From the first form to this one, in published points, positive for the better. Unknown while one of the two is
    not complete. `counts` is the one word for plain language.
    """

    points: float | None
    direction: Direction
    reliable: Verdict | Literal["not_established"]
    counts: Verdict | Literal["not_established"]
    rules: tuple[Ruled, ...]


class Point(BaseModel):
    """One form. `at` is when it was completed, or asked where it is not; `moment` is start, middle or end, the module
    it came after, or `follow-up-3`. A form that is not complete has no value and no band. The first has no
    `change`. `t_score` is there for a complete form of a measure that is published so, where the clinic supplies its
    table.
    """

    kind: Kind
    moment: str
    at: datetime | None
    answered: int
    items: int
    complete: bool
    value: float | None
    band: str | None
    t_score: float | None
    change: Change | None


class BandRange(BaseModel):
    """A band of the measure's first published scheme, in published points."""

    name: str
    lowest: float
    highest: float


class MeasureCourse(BaseModel):
    """One measure. `change` is from the first form to the newest that was completed, None before there are two forms;
    `changed_at` says when that one was. `trend` needs three readings.
    """

    measure: str
    title: str
    better: Better
    lowest: float
    highest: float
    scheme: str | None
    scheme_source: str | None
    bands: tuple[BandRange, ...]
    points: tuple[Point, ...]
    change: Change | None
    changed_at: datetime | None
    trend: Trend


class EpisodeMeasures(BaseModel):
    """Every measure in the order in which it first came. `mood` takes PHQ-9 and GAD-7 together, from the first to the
    last of each while treatment ran; None where neither was asked.
    """

    episode_id: str
    measures: tuple[MeasureCourse, ...]
    mood: MoodChange | None


class _Asked(NamedTuple):
    kind: Kind
    moment: str
    at: datetime | None
    form: Form | CheckInForm

    @property
    def total(self) -> int | None:
        return self.form.reading.total if self.form.reading else None


def courses(
    clinic: Clinic, episode_id: str, series: Sequence[SeriesState], check_ins: Sequence[CheckInState], language: str
) -> EpisodeMeasures:
    """All that was asked in one treatment, in each of its programmes, and after it."""
    asked = _in_order([*(one for each in series for one in _fixed(each)), *_between(check_ins)])
    names = tuple(dict.fromkeys(one.form.measure for one in asked))
    found = {name: [one for one in asked if one.form.measure == name] for name in names}
    during = {name: [one.total for one in forms if one.kind != "follow_up"] for name, forms in found.items()}
    mood = [ends(during.get(name, ())) for name in ("PHQ-9", "GAD-7")]
    return EpisodeMeasures(
        episode_id=episode_id,
        measures=tuple(_course(clinic, definition(name), forms, language) for name, forms in found.items()),
        mood=mood_between(*mood) if {"PHQ-9", "GAD-7"} & found.keys() else None,
    )


def _fixed(series: SeriesState) -> Iterable[_Asked]:
    for form in series.forms:
        yield _Asked("fixed", form.occasion, form.reading.taken_at if form.reading else form.asked_at, form)


def _between(check_ins: Sequence[CheckInState]) -> Iterable[_Asked]:
    for one in check_ins:
        kind: Kind = "follow_up" if one.moment.startswith("follow-up-") else "check_in"
        for form in one.forms:
            yield _Asked(kind, one.moment, form.reading.taken_at if form.reading else one.opened_at, form)


def _in_order(asked: Sequence[_Asked]) -> list[_Asked]:
    """By time. Of what has none the order is that in which it was asked, before all the rest."""
    with_time = sorted((one for one in asked if one.at), key=lambda one: (one.at, one.moment))
    return [one for one in asked if one.at is None] + with_time


def _course(clinic: Clinic, form: Measure, asked: Sequence[_Asked], language: str) -> MeasureCourse:
    totals = [one.total for one in asked]
    last = next((place for place in range(len(totals) - 1, 0, -1) if totals[place] is not None), None)
    banding = form.bandings[0] if form.bandings else None
    taken = [Taken(at=one.at, total=one.total) for one in asked if one.at]
    return MeasureCourse(
        measure=form.id,
        title=clinic.measures.wording(form.id, served_language(language)).title,
        better=form.better,
        lowest=form.lowest_total / _scale(form),
        highest=form.highest_total / _scale(form),
        scheme=banding.scheme if banding else None,
        scheme_source=banding.source if banding else None,
        bands=_bands(form),
        points=tuple(_point(clinic, form, one, asked[0] if place else None) for place, one in enumerate(asked)),
        change=_change(form, totals[0], None if last is None else totals[last]) if len(asked) > 1 else None,
        changed_at=None if last is None else asked[last].at,
        trend=trend(form, taken, clinic.measures.least_slope.get(form.id)),
    )


def _point(clinic: Clinic, form: Measure, one: _Asked, first: _Asked | None) -> Point:
    reading = one.form.reading
    return Point(
        kind=one.kind,
        moment=one.moment,
        at=one.at,
        answered=len(one.form.answers),
        items=form.item_count,
        complete=reading is not None,
        value=reading.value if reading else None,
        band=reading.band if reading else None,
        t_score=_t_score(clinic, form, one),
        change=_change(form, first.total, one.total) if first else None,
    )


def _t_score(clinic: Clinic, form: Measure, one: _Asked) -> float | None:
    if not form.t_scored:
        return None
    return t_score(score(form.id, dict(one.form.answers)), clinic.measures.conversion(form.id)).value


def _change(form: Measure, first: int | None, last: int | None) -> Change:
    change, told = gain(form.id, first, last), rules(form.id, first, last)
    return Change(
        points=None if change is None else change / _scale(form),
        direction=direction(change),
        reliable=reliable(form.id, first, last),
        counts=change_that_counts(told),
        rules=told,
    )


def _bands(form: Measure) -> tuple[BandRange, ...]:
    """Each reaches up to where the next one begins."""
    if not form.bandings:
        return ()
    bands = form.bandings[0].bands
    starts = [form.lowest_total, *(band.starts_at for band in bands[1:]), form.highest_total]
    return tuple(
        BandRange(name=band.name, lowest=starts[place] / _scale(form), highest=starts[place + 1] / _scale(form))
        for place, band in enumerate(bands)
    )


def _scale(form: Measure) -> int:
    """How many points of the total make one published point."""
    return form.item_count if form.rule == "mean" else 1
