"""T-scores are read from a table that only an entitled clinic has. Without it the raw sum is all that is known."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.clinical.measures import measure
from shared.clinical.scoring import Score

Unknown = Literal["incomplete", "no_conversion_table", "not_in_table"]


class ConversionTable(BaseModel):
    """Raw sum to T-score for one measure, as a clinic supplies it. `source` names the manual and its edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    source: str
    t_scores: tuple[tuple[int, float], ...]


class TScore(BaseModel):
    """`raw` is the sum of the items, `value` the T-score: mean 50, standard deviation 10 in the reference population.

    `unknown_because` says why there is no `value`; it is None exactly when there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    raw: int | None
    value: float | None
    unknown_because: Unknown | None


def t_score(found: Score, table: ConversionTable | None) -> TScore:
    """The T-score of a scored form.

    Raises `ValueError` for a measure that has no T-scores, and for a table of another measure.
    """
    if not measure(found.measure).t_scored:
        raise ValueError(f"{found.measure} is not published as a T-score")
    if table is not None and table.measure != found.measure:
        raise ValueError(f"this is the table of {table.measure}, not of {found.measure}")
    if found.total is None:
        return _unknown(found, "incomplete")
    if table is None:
        return _unknown(found, "no_conversion_table")
    value = dict(table.t_scores).get(found.total)
    if value is None:
        return _unknown(found, "not_in_table")
    return TScore(measure=found.measure, raw=found.total, value=value, unknown_because=None)


def _unknown(found: Score, why: Unknown) -> TScore:
    return TScore(measure=found.measure, raw=found.total, value=None, unknown_because=why)
