"""Every rule by which a change of one measure is judged: each by its own name, with its formula and its source.

Rules disagree, so all that apply are told side by side and none is picked in silence. The thresholds are those of
`change.py`, `pain_change.py` and `talking_therapies.py`; nothing new is decided here.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.clinical.change import RELIABLE, Verdict, gain, judged
from shared.clinical.measures import measure
from shared.clinical.pain_change import IMPORTANT_PERCENT, IMPORTANT_POINTS, IMPORTANT_TOTAL, pain_change, pseq_change
from shared.clinical.talking_therapies import phq_9_response

RuleName = Literal["reliable", "important", "percent", "eppoc", "response"]
"""`reliable`: more than the measure's own error. `important`: what people call a change that matters to them.
`percent`: a share of the first reading. `eppoc`: points and another band. `response`: a convention of trials.
"""

_IMPORTANT = {
    "PEG": "1 point: the lower end of 1.0 to 1.75 by patients' own judgement in six trials, PMC10859144",
    "NRS": "2 points: 1.3 to 1.8, used rounded up, PMC7053735",
    "PSEQ": "6.48 points: the cut-off against a change of 2 points of NRS, PMC7053735",
    "PCS": "6.48 points: the cut-off against a change of 2 points of NRS, PMC7053735",
}


class Ruled(BaseModel):
    """What one rule says of a change. `formula` has the published scores `first` and `last`, `source` who gives it.

    "undetermined": a reading is missing, or the rule cannot be worked, such as a percentage of 0. Rules that only know
    a change for the better ("percent", "response") never say "deteriorated".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: RuleName
    formula: str
    source: str
    verdict: Verdict


def rules(measure_id: str, first: int | None, last: int | None) -> tuple[Ruled, ...]:
    """All rules known for `measure_id`, on two totals; none where no figure was found.

    Raises `UnknownMeasure` and `TotalRefused`.
    """
    found = [_reliable(measure_id, first, last), _important(measure_id, first, last)]
    match measure_id:
        case "PEG":
            found.append(_percent("PEG", first, last))
        case "NRS":
            found.append(_percent("NRS", first, last))
        case "PSEQ":
            found.append(_eppoc(first, last))
        case "PHQ-9":
            found.append(_response(first, last))
    return tuple(one for one in found if one)


def change_that_counts(told: tuple[Ruled, ...]) -> Verdict | Literal["not_established"]:
    """The one word for plain language: what the rule of importance says, or the one of reliability where there is none.

    Importance comes first, since it is what people themselves would notice. A choice of this project.
    """
    by_name = {one.rule: one.verdict for one in told}
    return by_name.get("important") or by_name.get("reliable") or "not_established"


def _reliable(measure_id: str, first: int | None, last: int | None) -> Ruled | None:
    change, rule = gain(measure_id, first, last), RELIABLE.get(measure_id)
    if rule is None:
        return None
    formula = f"{_difference(measure_id)} ≥ {rule.least}"
    return Ruled(rule="reliable", formula=formula, source=rule.source, verdict=judged(change, rule.least))


def _important(measure_id: str, first: int | None, last: int | None) -> Ruled | None:
    if measure_id not in _IMPORTANT:
        return None
    # PEG is compared on its total, which has three points for each published one.
    points = IMPORTANT_POINTS.get(measure_id)
    least = IMPORTANT_TOTAL if points is None else points * measure(measure_id).item_count
    return Ruled(
        rule="important",
        formula=f"{_difference(measure_id)} ≥ {IMPORTANT_TOTAL if points is None else points}",
        source=_IMPORTANT[measure_id],
        verdict=judged(gain(measure_id, first, last), least),
    )


def _percent(measure_id: Literal["PEG", "NRS"], first: int | None, last: int | None) -> Ruled:
    return Ruled(
        rule="percent",
        formula=f"100 × (first - last) / first ≥ {IMPORTANT_PERCENT}",
        source="IMMPACT, Dworkin et al. 2008, J Pain 9:105-121",
        verdict=_reached(pain_change(measure_id, first, last).improved_by_percent),
    )


def _eppoc(first: int | None, last: int | None) -> Ruled:
    return Ruled(
        rule="eppoc",
        formula="last - first ≥ 7, and another band",
        source="ePPOC, as quoted in secondary sources; cannot be met from the top band",
        verdict=pseq_change(first, last).eppoc,
    )


def _response(first: int | None, last: int | None) -> Ruled:
    return Ruled(
        rule="response",
        formula="100 × (first - last) / first ≥ 50",
        source="A convention of treatment trials; its first source could not be confirmed",
        verdict=_reached(phq_9_response(first, last).response),
    )


def _difference(measure_id: str) -> str:
    return "last - first" if measure(measure_id).better == "higher" else "first - last"


def _reached(reached: bool | None) -> Verdict:
    return "undetermined" if reached is None else "improved" if reached else "no_change"
