"""The readings of one measure over a course, with the gaps that people leave."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.clinical import measure
from shared.contracts.interventions import ReasonCode, StepReason


class Readings(NamedTuple):
    """`totals` has one entry for each time the measure was asked, in order; `None` where it was not answered.

    The first is the one that treatment began with. Totals, because a rounded mean hides a change.
    """

    measure: str
    totals: tuple[int | None, ...]

    @property
    def first(self) -> int | None:
        return self.totals[0] if self.totals else None


class Latest(NamedTuple):
    """The two latest readings. `carried` says that one of them was not answered and the one before it stands in.

    `since_start` says that both came after the first.
    """

    before: int
    last: int
    carried: bool
    since_start: bool


def latest(readings: Readings) -> Latest | None:
    """The two latest readings in a row, of two or more; `None` where a gap cannot be filled.

    At most one reading is carried forward: with two gaps in a row, nobody knows how the person is.
    """
    values = readings.totals
    if len(values) < 2:
        return None
    before, last = values[-2], values[-1]
    since_start = len(values) > 2
    if before is not None and last is not None:
        return Latest(before, last, False, since_start)
    if last is None:
        return None if before is None else Latest(before, before, True, since_start)
    filler = _filler(values[:-2])
    return None if filler is None else Latest(filler, last, True, since_start)


def _filler(earlier: Sequence[int | None]) -> int | None:
    return earlier[-1] if earlier else None


class Finding(NamedTuple):
    """The first reading and the two latest of one measure; or, in `gap`, why they are not known."""

    first: int
    latest: Latest | None
    gap: StepReason | None
    measure: str

    @property
    def notes(self) -> list[StepReason]:
        """What must be said about the readings themselves."""
        if self.gap:
            return [self.gap]
        return [self.reason("reading_carried")] if self.latest and self.latest.carried else []

    def reason(self, code: ReasonCode) -> StepReason:
        """`code`, with the readings that it rests on."""
        now = self.latest
        return StepReason(
            code=code,
            measure=self.measure,
            first=published(self.measure, self.first),
            before=published(self.measure, now.before) if now else None,
            last=published(self.measure, now.last) if now else None,
        )


def look(readings: Readings) -> Finding:
    """What is known of one measure that was asked."""
    first = readings.first
    if first is None:
        gap = StepReason(code="no_first_reading", measure=readings.measure)
        return Finding(0, None, gap, readings.measure)
    if len(readings.totals) < 2:
        gap = StepReason(code="one_reading_so_far", measure=readings.measure, first=published(readings.measure, first))
        return Finding(first, None, gap, readings.measure)
    now = latest(readings)
    if now is None:
        gap = StepReason(code="readings_missing", measure=readings.measure, first=published(readings.measure, first))
        return Finding(first, None, gap, readings.measure)
    return Finding(first, now, None, readings.measure)


def published(measure_id: str, total: int) -> float:
    """The score as it is published: of PEG the mean of its items, rounded to one decimal; else the total."""
    form = measure(measure_id)
    return round(total / form.item_count, 1) if form.id == "PEG" else float(total)
