"""What the clinic's triage rules say of one referral. A person decides; `departs` tells whether otherwise."""

from collections.abc import Iterable, Mapping

from shared.clinical import score
from shared.contracts.referrals import Language, Priority, Reading, Recommendation, TriageFlag
from shared.contracts.triage import (
    Condition,
    FlagCondition,
    MeasureCondition,
    PriorityCondition,
    RuleSet,
    urgency_rank,
)

REQUIRED = ("PEG", "PHQ-4")
"""What triage cannot do without: pain with its interference, and a short screen of mood and worry."""

_MISSING = "missing:"
_MISSING_SENTENCE: dict[Language, str] = {
    "en": "{measure} is missing, so no step can be recommended. Please look for yourself.",
    "es": "Falta {measure}, así que no se puede recomendar un paso. Valórelo usted, por favor.",
}
_UNKNOWN_SENTENCE: dict[Language, str] = {
    "en": "Rule {id} of version {version}, which is not among these rules.",
    "es": "Regla {id} de la versión {version}, que no está entre estas reglas.",
}


def recommend(
    rules: RuleSet, readings: Iterable[Reading], priority: Priority, flags: Iterable[TriageFlag]
) -> Recommendation:
    """The highest step and the soonest urgency of all rules that hold, or of the baseline where that is more.

    Of each measure the latest reading counts. Without a required one, or under a rule that says so, a person must look:
    then no step is recommended, and an urgency only if a rule that holds names one, since the baseline alone would pass
    for good news.
    """
    latest = {reading.measure: reading for reading in sorted(readings, key=lambda reading: reading.taken_at)}
    marked = frozenset(flags)
    holding = [rule for rule in rules.rules if all(_holds(one, latest, priority, marked) for one in rule.when)]
    missing = [f"{_MISSING}{measure}" for measure in REQUIRED if measure not in latest]
    consult = bool(missing) or any(rule.then.consult for rule in holding)
    steps = [rule.then.step for rule in holding if rule.then.step is not None]
    urgencies = [rule.then.urgency for rule in holding if rule.then.urgency is not None]
    if urgencies or not consult:
        urgencies.append(rules.baseline.urgency)
    return Recommendation(
        rules_version=rules.version,
        step=None if consult else max([rules.baseline.step, *steps]),
        urgency=max(urgencies, key=urgency_rank, default=None),
        consult=consult,
        reasons=tuple(sorted([*missing, *(rule.id for rule in holding)])),
    )


def departs(recommendation: Recommendation, step: int | None, urgency: Priority | None) -> bool:
    """Whether a decision differs from what was recommended, upwards or downwards.

    `None` on either side says nothing, so there is nothing to differ from: a referral that is declined has no step, and
    under consult none was recommended.
    """
    other_step = None not in (step, recommendation.step) and step != recommendation.step
    other_urgency = None not in (urgency, recommendation.urgency) and urgency != recommendation.urgency
    return other_step or other_urgency


def explain(rules: RuleSet, recommendation: Recommendation, language: Language) -> list[str]:
    """The reasons as sentences: what is missing, then rules in the order of the file, then those of another version."""
    reasons = recommendation.reasons
    known = {rule.id for rule in rules.rules}
    missing = [reason.removeprefix(_MISSING) for reason in reasons if reason.startswith(_MISSING)]
    strange = [reason for reason in reasons if reason not in known and not reason.startswith(_MISSING)]
    return [
        *(_MISSING_SENTENCE[language].format(measure=measure) for measure in missing),
        *(rule.reason(language) for rule in rules.rules if rule.id in reasons),
        *(_UNKNOWN_SENTENCE[language].format(id=id, version=recommendation.rules_version) for id in strange),
    ]


def _holds(
    condition: Condition, latest: Mapping[str, Reading], priority: Priority, flags: frozenset[TriageFlag]
) -> bool:
    match condition:
        case FlagCondition():
            return condition.flag in flags
        case PriorityCondition():
            return _compare(urgency_rank(priority), condition.operator, urgency_rank(condition.bound))
        case MeasureCondition():
            value = _value(condition, latest.get(condition.measure))
            # A measure that was not taken is neither high nor low.
            return value is not None and _compare(value, condition.operator, condition.bound)


def _value(condition: MeasureCondition, reading: Reading | None) -> float | None:
    if reading is None or condition.part is None:
        return None if reading is None else reading.value
    return score(reading.measure, reading.answers).subscales[condition.part]


def _compare(value: float, operator: str, bound: float) -> bool:
    match operator:
        case "at_least":
            return value >= bound
        case "below":
            return value < bound
        case _:
            return value == bound
