"""What goes back at the end: caseness, recovery and reliable change, and whether it was a finished course.

Worked by hand from trial registry entry NCT05134103 (10 and 8; 6 and 4) and the fingertips glossary (two contacts).
"""

from datetime import datetime
from typing import Any

import pytest

from services.interventions.domain.episode.commands import FinishEpisode
from services.interventions.domain.episode.outcome import summary
from services.interventions.domain.episode.state import (
    Asked,
    CheckInReading,
    DoneModule,
    EpisodeState,
    RecordedMeasure,
)
from shared.clinical import measure as definition
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import OutcomeSummary
from tests.interventions import example as ex

Totals = dict[str, tuple[int | None, ...]]
OCCASIONS: tuple[Occasion, ...] = ("start", "middle", "end")
WHEN: dict[str, datetime] = {"start": ex.T0, "middle": ex.after(days=20), "end": ex.after(days=60)}


def ended(totals: Totals, **more: Any) -> OutcomeSummary:
    """Each measure with its totals at the start, in the middle and at the end; None where it was not answered."""
    longest = max((len(one) for one in totals.values()), default=0)
    recorded = tuple(
        RecordedMeasure(
            occasion=occasion,
            measure=name,
            value=total / (definition(name).item_count if definition(name).rule == "mean" else 1),
            taken_at=WHEN[occasion],
        )
        for name, found in totals.items()
        for occasion, total in zip(OCCASIONS, found, strict=False)
        if total is not None
    )
    asked = tuple(Asked(point=one, measures=tuple(totals), at=WHEN[one]) for one in OCCASIONS[:longest])
    state = EpisodeState(status="active", episode_id="e1", recorded=recorded, asked=asked, **more)
    plan = ex.SHORT.model_copy(update={"measures": {"start": tuple(totals)}})
    return summary(plan, state, ex.command(FinishEpisode, ex.ANA, end_reason="stopped_by_patient"))


# PHQ-9, GAD-7; then: caseness first and last, recovery, reliable improvement, recovery and deterioration.
MOOD: list[tuple[tuple[int | None, ...], tuple[int | None, ...], tuple[Any, ...]]] = [
    ((15, 11, 8), (12, 10, 6), (True, False, "yes", True, "yes", False)),
    # Below both, but by 2 and 1 points.
    ((10, 9, 8), (7, 6, 6), (True, False, "yes", False, "no", False)),
    # Much better, and still a case.
    ((24, 18, 14), (6, 6, 6), (True, True, "no", True, "no", False)),
    # No case at the start: there is nothing to recover from.
    ((9, 5, 3), (7, 5, 4), (False, False, "not_applicable", True, "not_applicable", False)),
    ((12, 14, 18), (9, 9, 9), (True, True, "no", False, "no", True)),
    # One reliably better, the other reliably worse: neither label.
    ((18, 12, 10), (5, 8, 10), (True, True, "no", False, "no", False)),
    # The last form is missing: the middle one speaks.
    ((15, 8, None), (12, 6, None), (True, False, "yes", True, "yes", False)),
    # Only the first is known.
    ((15, None, None), (12, None, None), (True, None, "undetermined", None, "undetermined", None)),
    # The first form is missing: nothing stands in for it.
    ((None, 15, 4), (None, 12, 3), (None, False, "undetermined", None, "undetermined", None)),
]


@pytest.mark.parametrize(("phq_9", "gad_7", "told"), MOOD)
def test_mood_at_the_end_is_that_of_a_calculation_by_hand(
    phq_9: tuple[int | None, ...], gad_7: tuple[int | None, ...], told: tuple[Any, ...]
) -> None:
    found = ended({"PHQ-9": phq_9, "GAD-7": gad_7}).mood
    assert found is not None
    assert told == (
        found.caseness_first,
        found.caseness_last,
        found.recovery,
        found.reliable_improvement,
        found.reliable_recovery,
        found.reliable_deterioration,
    )


def test_what_is_mixed_or_carried_is_said() -> None:
    mixed, carried = ended({"PHQ-9": (18, 12, 10), "GAD-7": (5, 8, 10)}), ended({"PHQ-9": (15, 8, None)})
    assert mixed.mood is not None
    assert carried.mood is not None
    assert (mixed.mood.mixed, mixed.mood.carried) == (True, ())
    assert carried.mood.carried == ("PHQ-9",)


def test_a_reading_of_a_check_in_stands_in_for_a_missing_last_one() -> None:
    week = CheckInReading(moment="one", measure="PHQ-9", value=7, total=7, taken_at=ex.after(days=30))
    found = ended({"PHQ-9": (15, 12, None), "GAD-7": (3, 3, 3)}, check_in_readings=(week,)).mood
    assert found is not None
    assert (found.recovery, found.carried) == ("yes", ("PHQ-9",))


def test_without_either_there_is_no_word_on_mood() -> None:
    assert ended({"PEG": (21, 18, 12)}).mood is None


@pytest.mark.parametrize(
    ("totals", "change"),
    [
        ({"PEG": (21, 18, 18)}, (7.0, 6.0, "improved", "important")),
        ({"PEG": (21, 18, 19)}, (7.0, 19 / 3, "no_change", "important")),
        ({"PEG": (15, None, 21)}, (5.0, 7.0, "deteriorated", "important")),
        ({"PEG": (None, 21, 12)}, (7.0, 4.0, "undetermined", "important")),
        ({"PHQ-9": (15, None, 9)}, (15.0, 9.0, "improved", "reliable")),
        ({"PHQ-4": (8, None, 2)}, (8.0, 2.0, "not_established", None)),
    ],
)
def test_each_change_has_its_verdict_and_the_rule_that_gave_it(totals: Totals, change: tuple[Any, ...]) -> None:
    (found,) = ended(totals).changes
    assert change == (found.first, found.last, found.verdict, found.rule)


def test_a_long_form_that_was_opened_on_the_way_is_told_after_what_was_planned() -> None:
    deep = RecordedMeasure(occasion="start", measure="GAD-7", value=12, taken_at=ex.T0)
    plan = ex.SHORT.model_copy(update={"measures": {"start": ("PHQ-4",)}})
    asked = Asked(point="start", measures=("PHQ-4",), at=ex.T0)
    state = EpisodeState(status="active", episode_id="e1", recorded=(deep,), asked=(asked,))
    found = summary(plan, state, ex.command(FinishEpisode, ex.ANA, end_reason="stepped_up"))
    assert [one.measure for one in found.changes] == ["PHQ-4", "GAD-7"]
    assert found.mood is not None
    assert (found.mood.caseness_first, found.mood.recovery) == (True, "undetermined")


def done(*days: int) -> tuple[DoneModule, ...]:
    return tuple(DoneModule(module_id=f"m{day}", at=ex.after(days=day)) for day in days)


@pytest.mark.parametrize(
    ("days", "contacts", "finished"),
    [((), 0, False), ((1,), 1, False), ((1, 8), 2, True), ((-3, 1), 1, False), ((-3, 0, 1), 2, True)],
)
def test_a_finished_course_has_two_contacts_since_treatment_began(
    days: tuple[int, ...], contacts: int, finished: bool
) -> None:
    found = ended({"PEG": (21,)}, done=done(*days), began_at=ex.T0)
    assert (found.contacts, found.finished_course) == (contacts, finished)
