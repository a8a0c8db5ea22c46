"""What it takes to compare two readings of one measure. A missing reading makes an answer unknown, never "no change".

Readings are compared on `Score.total`, the whole number behind the score: a rounded mean hides a change. In every
function here a positive change is a change for the better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shared.clinical.definition import Measure
from shared.clinical.measures import measure

Verdict = Literal["improved", "deteriorated", "no_change", "undetermined"]
Direction = Literal["better", "worse", "same", "undetermined"]


class TotalRefused(ValueError):
    """A total that no complete form of the measure can have. Such a number is a mistake, not a reading."""


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """A change of total from `least` on is more than the measure's own error; how much it means is another matter."""

    least: int
    source: str


RELIABLE: Mapping[str, ReliableChange] = MappingProxyType(
    {
        "PHQ-9": ReliableChange(6, "6 points: trial registry entry NCT05134103, giving the IAPT definitions"),
        "GAD-7": ReliableChange(4, "4 points: trial registry entry NCT05134103, giving the IAPT definitions"),
        "PSEQ": ReliableChange(
            12, "More than 11.5, the minimal detectable change (95 %), read in secondary sources that give 3.4 to 11.5"
        ),
        "PCS": ReliableChange(
            13,
            "More than 12.8, the minimal detectable change (95 %), computed as 1.96 x sqrt(2) x 4.6 from the standard "
            "error of measurement of the Norwegian version",
        ),
    }
)
"""Only measures for which a figure was found. PEG and NRS have thresholds of importance, not of reliability."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last total of a series. `carried` says that the last one stands in for a missing one."""

    first: int | None
    last: int | None
    carried: bool = False


def ends(totals: Sequence[int | None]) -> Ends:
    """First and last, not best and worst (digital.nhs.uk, psychological therapies report, June 2020).

    At most one missing last reading is replaced by the one before it, if that is not the first: to carry further back
    would be to invent a course. A missing first reading stays missing. Carrying is a rule of this project.
    """
    if len(totals) < 2:
        return Ends(totals[0] if totals else None, None)
    if totals[-1] is None and len(totals) > 2 and totals[-2] is not None:
        return Ends(totals[0], totals[-2], carried=True)
    return Ends(totals[0], totals[-1])


def known_total(form: Measure, total: object) -> int | None:
    """`total` if a complete form can have it; None stays None. Raises `TotalRefused` for anything else."""
    if total is None:
        return None
    # `type`, not `isinstance`: True is an int to Python.
    if type(total) is not int or not form.lowest_total <= total <= form.highest_total:
        raise TotalRefused(f"a total of {form.id} is a whole number from {form.lowest_total} to {form.highest_total}")
    return total


def gain(measure_id: str, first: object, last: object) -> int | None:
    """The change in total, positive for the better, or None while one of the two is missing.

    Raises `UnknownMeasure` and `TotalRefused`.
    """
    form = measure(measure_id)
    before, after = known_total(form, first), known_total(form, last)
    if before is None or after is None:
        return None
    return after - before if form.better == "higher" else before - after


def judged(change: float | None, least: float) -> Verdict:
    """`change` held against a threshold that counts both ways, and that is reached at `least` itself."""
    if change is None:
        return "undetermined"
    if abs(change) < least:
        return "no_change"
    return "improved" if change > 0 else "deteriorated"


def direction(change: float | None) -> Direction:
    """Which way it went, be it ever so little."""
    if change is None:
        return "undetermined"
    return "same" if change == 0 else "better" if change > 0 else "worse"


def reliable(measure_id: str, first: object, last: object) -> Verdict | Literal["not_established"]:
    """Whether the change is more than the measure's own error, by `RELIABLE`; "not_established" without a figure.

    Raises `UnknownMeasure` and `TotalRefused`.
    """
    change = gain(measure_id, first, last)
    rule = RELIABLE.get(measure_id)
    return judged(change, rule.least) if rule else "not_established"
