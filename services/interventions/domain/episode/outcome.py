"""What the pain team will read at the end: progress and plan, composed from the episode's own state, never a note."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from services.interventions.domain.episode.commands import FinishEpisode
from services.interventions.domain.episode.state import DoneModule, EpisodeState
from services.interventions.domain.plan import Plan
from shared.clinical import measure as definition
from shared.clinical.change import ends
from shared.clinical.rules import change_that_counts, rules
from shared.clinical.talking_therapies import FINISHED_COURSE_CONTACTS, mood_between
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import MeasureChange, MoodOutcome, OutcomeSummary

_MOOD = ("PHQ-9", "GAD-7")
_OCCASIONS = get_args(Occasion)
_Taken = tuple[datetime, int]


def summary(plan: Plan, state: EpisodeState, command: FinishEpisode) -> OutcomeSummary:
    """The outcome as `command` ends the episode. Long forms that a short one opened stand after what was planned."""
    measures = tuple(dict.fromkeys((*plan.all_measures, *(record.measure for record in state.recorded))))
    contacts = _contacts(state)
    return OutcomeSummary(
        end_reason=command.end_reason,
        end_detail=command.end_detail,
        programme=plan.programme_id,
        modules_done=len(state.done),
        modules_total=len(plan.steps),
        changes=tuple(_change(state, measure) for measure in measures),
        recommendation=command.recommendation or None,
        mood=_mood(state) if set(_MOOD) & set(measures) else None,
        contacts=contacts,
        finished_course=contacts >= FINISHED_COURSE_CONTACTS,
    )


def _change(state: EpisodeState, measure: str) -> MeasureChange:
    """First and last value. A single reading is a first without a last: it must not read as "no change".

    Where the first form was not completed, the values are those of later ones, and the verdict is "undetermined".
    """
    readings = sorted((record for record in state.recorded if record.measure == measure), key=lambda r: r.taken_at)
    first = readings[0].value if readings else None
    last = readings[-1].value if len(readings) > 1 else None
    found = ends(_totals(measure, state, _fixed(measure, state)))
    told = rules(measure, found.first, found.last)
    known = [one.rule for one in told]
    return MeasureChange(
        measure=measure,
        first=first,
        last=last,
        verdict=change_that_counts(told),
        rule="important" if "important" in known else "reliable" if "reliable" in known else None,
    )


def _mood(state: EpisodeState) -> MoodOutcome:
    """Of check-ins too: any reading between the first and the last may be the one before a missing last."""
    taken = [[*_fixed(measure, state), *_between(measure, state)] for measure in _MOOD]
    found = mood_between(*(ends(_totals(measure, state, one)) for measure, one in zip(_MOOD, taken, strict=True)))
    return MoodOutcome.model_validate(found.model_dump(include=set(MoodOutcome.model_fields)))


def _fixed(measure: str, state: EpisodeState) -> list[_Taken]:
    return [(one.taken_at, _total(measure, one.value)) for one in state.recorded if one.measure == measure]


def _between(measure: str, state: EpisodeState) -> list[_Taken]:
    return [(one.taken_at, one.total) for one in state.check_in_readings if one.measure == measure]


def _totals(measure: str, state: EpisodeState, taken: list[_Taken]) -> list[int | None]:
    """All of them in the order of time, with a gap where the first or the last form that was asked is missing."""
    totals = [total for _, total in sorted(taken, key=lambda one: one[0])]
    have = {(one.programme_id, one.occasion) for one in state.recorded if one.measure == measure}
    asked = [one for one in state.asked if one.point in _OCCASIONS and measure in one.measures]
    gaps = [(one.programme_id, one.point) not in have for one in asked]
    before: list[int | None] = [None] if gaps and gaps[0] else []
    return [*before, *totals, None] if len(gaps) > 1 and gaps[-1] else [*before, *totals]


def _total(measure: str, value: float) -> int:
    """The whole number behind a published value."""
    form = definition(measure)
    return round(value * (form.item_count if form.rule == "mean" else 1))


def _contacts(state: EpisodeState) -> int:
    """Modules completed since treatment began, in any of its programmes: what was done while waiting was no contact."""
    earlier = sum(_since(one.began_at, one.done) for one in state.earlier)
    return earlier + _since(state.began_at, state.done)


def _since(began: datetime | None, done: Sequence[DoneModule]) -> int:
    return sum(began is None or module.at >= began for module in done)
