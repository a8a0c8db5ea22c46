"""Change in pain, in confidence despite pain, in catastrophising, and as people themselves judge it.

Rules disagree, so each is told by its own name and none is picked in silence. Changes are positive for the better.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.clinical.change import RELIABLE, Direction, Verdict, direction, gain, judged, known_total
from shared.clinical.measures import measure

IMPORTANT_PERCENT = 30
"""At least 30 % less pain is a moderately important improvement: IMMPACT, Dworkin et al. 2008, J Pain 9:105-121."""

IMPORTANT_POINTS: Mapping[str, int] = MappingProxyType({"PEG": 1, "NRS": 2})
"""PEG: 1 point, the lower end of 1.0 to 1.75 by patients' own judgement in six trials (PMC10859144). NRS: 2 points,
from 1.3 to 1.8 rounded up (PMC7053735)."""

PSEQ_EPPOC_POINTS = 7
"""ePPOC, as quoted in secondary sources: 7 points and a change of band."""

IMPORTANT_TOTAL = 6.48
"""PSEQ and PCS, each: the cut-off against a change of 2 points of NRS (PMC7053735)."""


class Change(BaseModel):
    """What every comparison says. `direction` is the plain sign; a threshold decides whether it matters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    change: float | None
    direction: Direction


class PainChange(Change):
    """PEG or NRS. `change` is in points of the published scale, 0 to 10; `percent` is of the first reading.

    The three flags are None while a reading is missing. From a first reading of 0 there is no percentage, so `percent`
    and `improved_by_percent` are None then too.
    """

    percent: float | None
    improved_by_points: bool | None
    improved_by_percent: bool | None
    worsened_by_points: bool | None


class PseqChange(Change):
    """Confidence despite pain, 0 to 60. Bands are ePPOC's.

    `eppoc` needs 7 points and another band, so from the top band, 41 and more, it cannot be met: `important` (6.48
    points) and `beyond_error` (more than 11.5) are always told beside it.
    """

    first_band: str | None
    last_band: str | None
    eppoc: Verdict
    important: Verdict
    beyond_error: Verdict


class PcsChange(Change):
    """Catastrophising, 0 to 52. `relevant` is above 30; `important` 6.48 points, `beyond_error` more than 12.8."""

    first_relevant: bool | None
    last_relevant: bool | None
    important: Verdict
    beyond_error: Verdict


def pain_change(measure_id: Literal["PEG", "NRS"], first: int | None, last: int | None) -> PainChange:
    """Compared on totals: PEG's is the sum of its three items, 0 to 30, so that 20 to 14 is 30 % exactly.

    By points: a change of at least `IMPORTANT_POINTS`. By percent: 100 x (first - last) / first, at least 30. Raises
    `TotalRefused`.
    """
    items = measure(measure_id).item_count
    change = gain(measure_id, first, last)
    by_points = judged(change, IMPORTANT_POINTS[measure_id] * items)
    percent = 100 * change / first if first and change is not None else None
    return PainChange(
        measure=measure_id,
        change=None if change is None else change / items,
        direction=direction(change),
        percent=percent,
        improved_by_points=_is(by_points, "improved"),
        improved_by_percent=100 * change >= IMPORTANT_PERCENT * first if first and change is not None else None,
        worsened_by_points=_is(by_points, "deteriorated"),
    )


def pseq_change(first: int | None, last: int | None) -> PseqChange:
    """Last minus first. Raises `TotalRefused`."""
    change = gain("PSEQ", first, last)
    before, after = _band("PSEQ", first), _band("PSEQ", last)
    by_points = judged(change, PSEQ_EPPOC_POINTS)
    return PseqChange(
        measure="PSEQ",
        change=change,
        direction=direction(change),
        first_band=before,
        last_band=after,
        eppoc="no_change" if change is not None and before == after else by_points,
        important=judged(change, IMPORTANT_TOTAL),
        beyond_error=judged(change, RELIABLE["PSEQ"].least),
    )


def pcs_change(first: int | None, last: int | None) -> PcsChange:
    """First minus last. Raises `TotalRefused`."""
    change = gain("PCS", first, last)
    return PcsChange(
        measure="PCS",
        change=change,
        direction=direction(change),
        first_relevant=_relevant(first),
        last_relevant=_relevant(last),
        important=judged(change, IMPORTANT_TOTAL),
        beyond_error=judged(change, RELIABLE["PCS"].least),
    )


def pgic_responder(answer: int | None) -> bool | None:
    """Whether somebody calls themselves much or very much improved, 1 or 2 of 7 (PMC7053735). Raises `TotalRefused`."""
    known = known_total(measure("PGIC"), answer)
    return None if known is None else known <= 2


def _is(verdict: Verdict, wanted: Verdict) -> bool | None:
    return None if verdict == "undetermined" else verdict == wanted


def _band(measure_id: str, total: int | None) -> str | None:
    return None if total is None else measure(measure_id).bandings[0].band_of(total)


def _relevant(total: int | None) -> bool | None:
    """Above 30: Rehabilitation Measures Database."""
    return None if total is None else total > 30
