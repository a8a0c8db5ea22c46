"""Recovery and reliable change of mood as England's NHS Talking Therapies counts them, on PHQ-9 and GAD-7 together.

Sources: trial registry entry NCT05134103, which gives the IAPT definitions (caseness, recovery, the figures 6 and 4);
digital.nhs.uk, psychological therapies reports of June and December 2020 (first against last reading, reliable recovery
as both together, people who were no case left out of recovery). GAD-7 stands for every measure of anxiety: the rule
prescribes others for some disorders, and none of them is here.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictInt

from shared.clinical.change import RELIABLE, Ends, Verdict, ends, gain, judged, known_total
from shared.clinical.measures import measure

PHQ_9_CASENESS = 10
GAD_7_CASENESS = 8

FINISHED_COURSE_CONTACTS = 2
"""A course of treatment is finished when it has ended with at least two treatment contacts: fingertips glossary."""

Recovery = Literal["yes", "no", "not_applicable", "undetermined"]
Overall = Literal["reliable_improvement", "reliable_deterioration", "no_reliable_change", "undetermined"]


class MoodReading(BaseModel):
    """The two totals of one occasion; None where the questionnaire was not completed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phq_9: StrictInt | None = None
    gad_7: StrictInt | None = None


class MoodChange(BaseModel):
    """What became of mood from the first to the last reading. None and "undetermined": a missing reading would decide.

    Changes are in points, positive for the better. `phq_9` and `gad_7` say of each alone whether it changed reliably.
    `mixed` is true when one is reliably better and the other reliably worse: neither label is given then, and a person
    should look. `recovery` does not apply to somebody who was no case at the start. `carried` names the measures whose
    last reading is the one before, and `carried_forward` is 1 when there is any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    phq_9_change: int | None
    gad_7_change: int | None
    phq_9: Verdict
    gad_7: Verdict
    caseness_first: bool | None
    caseness_last: bool | None
    recovery: Recovery
    reliable_improvement: bool | None
    reliable_deterioration: bool | None
    mixed: bool | None
    overall: Overall
    reliable_recovery: Recovery
    carried: tuple[str, ...] = ()

    @property
    def carried_forward(self) -> int:
        """How many occasions are stood in for by an earlier one: none, or the last."""
        return int(bool(self.carried))


def mood_change(readings: Sequence[MoodReading]) -> MoodChange:
    """The first reading against the last, in order of time. Raises `TotalRefused` for an impossible total.

    A measure is better or worse from 6 points of PHQ-9 and 4 of GAD-7 on, and either is enough if the other is not
    reliably the opposite. That last clause could not be read in the manual itself.
    """
    return mood_between(ends([one.phq_9 for one in readings]), ends([one.gad_7 for one in readings]))


def mood_between(phq_9: Ends, gad_7: Ends) -> MoodChange:
    """The same, from the ends of each series on its own: for questionnaires that are not always asked together."""
    changes = gain("PHQ-9", phq_9.first, phq_9.last), gain("GAD-7", gad_7.first, gad_7.last)
    verdicts = judged(changes[0], RELIABLE["PHQ-9"].least), judged(changes[1], RELIABLE["GAD-7"].least)
    better, worse = _any(verdicts, "improved"), _any(verdicts, "deteriorated")
    improvement, deterioration = _both(better, _opposite(worse)), _both(worse, _opposite(better))
    started, ended = caseness(phq_9.first, gad_7.first), caseness(phq_9.last, gad_7.last)
    recovery = _recovery(started, ended)
    return MoodChange(
        phq_9_change=changes[0],
        gad_7_change=changes[1],
        phq_9=verdicts[0],
        gad_7=verdicts[1],
        caseness_first=started,
        caseness_last=ended,
        recovery=recovery,
        reliable_improvement=improvement,
        reliable_deterioration=deterioration,
        mixed=_mixed(verdicts),
        overall=_overall(verdicts, improvement, deterioration),
        reliable_recovery=_reliable_recovery(started, recovery, improvement),
        carried=_carried(phq_9, gad_7),
    )


def caseness(phq_9: int | None, gad_7: int | None) -> bool | None:
    """Whether PHQ-9 is 10 or more, or GAD-7 is 8 or more. One that is settles it; otherwise both must be known.

    Raises `TotalRefused`.
    """
    depressed, anxious = known_total(measure("PHQ-9"), phq_9), known_total(measure("GAD-7"), gad_7)
    if (depressed is not None and depressed >= PHQ_9_CASENESS) or (anxious is not None and anxious >= GAD_7_CASENESS):
        return True
    return None if depressed is None or anxious is None else False


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Kleene's "and": false as soon as one is, true when both are, else unknown."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _opposite(one: bool | None) -> bool | None:
    """Kleene's "not": the opposite of unknown is unknown."""
    return None if one is None else not one


def _any(verdicts: tuple[Verdict, Verdict], wanted: Verdict) -> bool | None:
    if wanted in verdicts:
        return True
    return None if "undetermined" in verdicts else False


def _mixed(verdicts: tuple[Verdict, Verdict]) -> bool | None:
    if "no_change" in verdicts:
        return False
    return None if "undetermined" in verdicts else verdicts[0] != verdicts[1]


def _overall(verdicts: tuple[Verdict, Verdict], improvement: bool | None, deterioration: bool | None) -> Overall:
    if "undetermined" in verdicts:
        return "undetermined"
    if improvement:
        return "reliable_improvement"
    return "reliable_deterioration" if deterioration else "no_reliable_change"


def _recovery(started: bool | None, ended: bool | None) -> Recovery:
    if started is False:
        return "not_applicable"
    if started is None or ended is None:
        return "undetermined"
    return "no" if ended else "yes"


def _reliable_recovery(started: bool | None, recovery: Recovery, improvement: bool | None) -> Recovery:
    if started is True and (recovery == "no" or improvement is False):
        return "no"
    if recovery == "yes" and improvement is None:
        return "undetermined"
    return recovery


def _carried(phq_9: Ends, gad_7: Ends) -> tuple[str, ...]:
    return tuple(name for name, found in (("PHQ-9", phq_9), ("GAD-7", gad_7)) if found.carried)


class MoodResponse(BaseModel):
    """A convention of treatment trials. None while a reading is missing, or where there was nothing to respond."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    response: bool | None
    remission: bool | None


def phq_9_response(
    first: int | None, last: int | None, *, response_percent: int = 50, remission_below: int = 5
) -> MoodResponse:
    """Response: PHQ-9 fell by at least `response_percent` of the first reading. Remission: it is below the other one.

    50 and 5 are conventions whose first source could not be confirmed; a clinical lead may choose others. Raises
    `TotalRefused`.
    """
    change, now = gain("PHQ-9", first, last), known_total(measure("PHQ-9"), last)
    return MoodResponse(
        response=100 * change >= response_percent * first if first and change is not None else None,
        remission=None if now is None else now < remission_below,
    )
