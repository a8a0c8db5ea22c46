"""Figures of treatments in a month or a quarter, from what happened in it. Of people only how many."""

from collections import Counter
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from shared.contracts import interventions as e
from shared.contracts.referrals import OutcomeSummary
from shared.runtime.core import Core
from shared.runtime.figures import Figures, Part, counted, happened, period

_COUNTED = (e.EpisodeActivated, e.EpisodeFinished)
_KNOWN = ("improved", "deteriorated", "no_change")
MOOD = "mood"
"""PHQ-9 and GAD-7 taken together, by the rules of NHS Talking Therapies."""


class Change(BaseModel):
    """What became of one measure in the treatments that ended: `measured` are those of which a verdict is known, by the
    `rule` that counts for this measure.
    """

    measure: str
    rule: str
    measured: int
    verdicts: tuple[Part, ...]


class TreatmentFigures(Figures):
    """`finished` were completed, `ended_early` all others that ended."""

    begun: int
    finished: int
    ended_early: int
    ended_because: tuple[Part, ...]
    changes: tuple[Change, ...]


async def count(core: Core, name: str, zone: ZoneInfo) -> TreatmentFigures:
    """Counted now."""
    begun: set[str] = set()
    ended: dict[str, OutcomeSummary] = {}
    async for entry in happened(core.store.ledger, period(name, zone), _COUNTED):
        if entry["type"] == e.EpisodeActivated.TYPE:
            begun.add(entry["subject"])
        else:
            # The advice in it is sealed, and no figure.
            told = {**entry["data"]["summary"], "recommendation": None}
            ended[entry["subject"]] = OutcomeSummary.model_validate(told)
    early = [one.end_detail or one.end_reason for one in ended.values() if one.end_reason != "completed"]
    return TreatmentFigures(
        period=name,
        as_of=core.clock.now(),
        begun=len(begun),
        finished=len(ended) - len(early),
        ended_early=len(early),
        ended_because=counted(early, name),
        changes=changes(list(ended.values()), name),
    )


def changes(ended: list[OutcomeSummary], name: str) -> tuple[Change, ...]:
    """By measure, those first of which most is known. A change of which no verdict is known is no change at all. What
    became of them is said of quarters only.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    for summary in ended:
        for one in summary.changes:
            if one.rule and one.verdict in _KNOWN:
                found.setdefault((one.measure, one.rule), Counter())[one.verdict] += 1
        if verdict := _mood(summary):
            found.setdefault((MOOD, "reliable"), Counter())[verdict] += 1
    ordered = sorted(found.items(), key=lambda one: (-one[1].total(), one[0]))
    return tuple(
        Change(measure=measure, rule=rule, measured=verdicts.total(), verdicts=counted(list(verdicts.elements()), name))
        for (measure, rule), verdicts in ordered
    )


def _mood(summary: OutcomeSummary) -> str | None:
    mood = summary.mood
    if mood is None or mood.reliable_improvement is None or mood.reliable_deterioration is None:
        return None
    return "improved" if mood.reliable_improvement else "deteriorated" if mood.reliable_deterioration else "no_change"
