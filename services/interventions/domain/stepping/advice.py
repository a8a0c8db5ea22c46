"""Which step is advised from repeated readings of pain, mood, anxiety and self-efficacy, and why. A person decides.

In this order: an open risk alert comes before everything; then missing readings, which lead to a talk and never to "no
change"; then what speaks for a higher step; then what speaks for a lower one or the end; else things stay as they are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.interventions.domain.stepping.mood import anxiety, mood
from services.interventions.domain.stepping.pain import pain
from services.interventions.domain.stepping.readings import Readings
from shared.contracts.clinic_treatment import SteppingRules
from shared.contracts.interventions import ReviewMoment, StepAdvice, StepReason

HIGHEST_STEP = 4
_FOR_MORE = frozenset({"pain_not_better", "mood_high", "mood_worse", "anxiety_worse"})
_FOR_LESS = (frozenset({"pain_better", "pain_at_target"}), frozenset({"mood_low"}), frozenset({"anxiety_low"}))
_GAPS = frozenset({"no_first_reading", "readings_missing"})


class Advice(NamedTuple):
    """`reasons` are all that was seen, also what did not decide it."""

    advice: StepAdvice
    reasons: tuple[StepReason, ...]


def advise(
    rules: SteppingRules,
    readings: Sequence[Readings],
    *,
    moment: ReviewMoment,
    step: int,
    risk_open: bool,
) -> Advice:
    """What the rules say at one look. `readings` has an entry for each measure that was ever asked."""
    asked = {one.measure: one for one in readings}
    found: list[StepReason] = [StepReason(code="risk_open")] if risk_open else []
    found += pain(rules, asked.get("PEG"), asked.get("PSEQ"))
    found += mood(rules, asked.get("PHQ-9"))
    found += anxiety(rules, asked.get("GAD-7"))
    codes = {reason.code for reason in found}
    if risk_open:
        return Advice("safety_first", tuple(found))
    if codes & _GAPS:
        return Advice("consult", tuple(found))
    if codes & _FOR_MORE:
        if step < HIGHEST_STEP:
            return Advice("step_up", tuple(found))
        return Advice("consult", (*found, StepReason(code="highest_step")))
    if all(codes & wanted for wanted in _FOR_LESS):
        return Advice("discharge" if moment == "end" or step == 1 else "step_down", tuple(found))
    return Advice("stay", tuple(found))
