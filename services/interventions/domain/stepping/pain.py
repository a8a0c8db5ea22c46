"""What the readings of PEG, and of PSEQ where a clinic may ask it, speak for."""

from services.interventions.domain.stepping.readings import Finding, Readings, look
from shared.clinical import measure
from shared.contracts.clinic_treatment import SteppingRules
from shared.contracts.interventions import StepReason


def pain(rules: SteppingRules, peg: Readings | None, pseq: Readings | None) -> list[StepReason]:
    """Pain is not better if it eased too little twice in a row, and self-efficacy did not grow meanwhile."""
    if peg is None:
        return [StepReason(code="no_first_reading", measure="PEG")]
    seen = look(peg)
    now = seen.latest
    if now is None:
        return seen.notes
    if _at_target(rules, now.before) and _at_target(rules, now.last):
        return [*seen.notes, seen.reason("pain_at_target")]
    if not now.since_start:
        return [*seen.notes, seen.reason("one_reading_so_far")]
    if _eased(rules, seen.first, now.before) and _eased(rules, seen.first, now.last):
        return [*seen.notes, seen.reason("pain_better")]
    if _moved(rules, seen.first, now.before) or _moved(rules, seen.first, now.last):
        return [*seen.notes, seen.reason("pain_between")]
    return [*seen.notes, *_not_better(rules, seen, pseq)]


def _not_better(rules: SteppingRules, seen: Finding, pseq: Readings | None) -> list[StepReason]:
    if pseq is None:
        return [seen.reason("pain_not_better"), StepReason(code="self_efficacy_not_asked", measure="PSEQ")]
    self_efficacy = look(pseq)
    now = self_efficacy.latest
    if now is None:
        # A reading still to come is no gap, and it does not speak for the person yet.
        early = self_efficacy.gap is not None and self_efficacy.gap.code == "one_reading_so_far"
        return [*([seen.reason("pain_not_better")] if early else []), *self_efficacy.notes]
    if now.since_start and min(now.before, now.last) - self_efficacy.first >= rules.self_efficacy_points:
        return [*self_efficacy.notes, self_efficacy.reason("self_efficacy_better"), seen.reason("pain_between")]
    return [*self_efficacy.notes, seen.reason("pain_not_better")]


def _eased(rules: SteppingRules, first: int, now: int) -> bool:
    """At least `pain_percent` of the first reading."""
    return first > 0 and (first - now) * 100 >= rules.pain_percent * first


def _moved(rules: SteppingRules, first: int, now: int) -> bool:
    """Eased by enough points or by enough of the first reading. Where there was no pain, none can ease."""
    return first == 0 or first - now >= rules.pain_points * measure("PEG").item_count or _eased(rules, first, now)


def _at_target(rules: SteppingRules, now: int) -> bool:
    return rules.pain_target is not None and now <= rules.pain_target * measure("PEG").item_count
