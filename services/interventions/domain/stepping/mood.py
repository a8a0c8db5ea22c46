"""What the readings of PHQ-9 and GAD-7 speak for."""

from services.interventions.domain.stepping.readings import Readings, look
from shared.contracts.clinic_treatment import SteppingRules
from shared.contracts.interventions import StepReason


def mood(rules: SteppingRules, asked: Readings | None) -> list[StepReason]:
    """PHQ-9: high or low twice in a row; worse than at the start twice in a row."""
    if asked is None:
        return []
    seen = look(asked)
    now = seen.latest
    if now is None:
        return seen.notes
    found = seen.notes
    if min(now.before, now.last) >= rules.mood_high:
        found.append(seen.reason("mood_high"))
    if now.since_start and min(now.before, now.last) - seen.first >= rules.mood_worse:
        found.append(seen.reason("mood_worse"))
    elif max(now.before, now.last) < rules.mood_low:
        found.append(seen.reason("mood_low"))
    if len(found) == len(seen.notes):
        found.append(seen.reason("mood_between"))
    return found


def anxiety(rules: SteppingRules, asked: Readings | None) -> list[StepReason]:
    """GAD-7: worse than at the start twice in a row; or low twice in a row."""
    if asked is None:
        return []
    seen = look(asked)
    now = seen.latest
    if now is None:
        return seen.notes
    if now.since_start and min(now.before, now.last) - seen.first >= rules.anxiety_worse:
        return [*seen.notes, seen.reason("anxiety_worse")]
    if max(now.before, now.last) < rules.anxiety_low:
        return [*seen.notes, seen.reason("anxiety_low")]
    return [*seen.notes, seen.reason("anxiety_between")]
