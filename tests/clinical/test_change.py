"""What holds for any two readings: a mirror turns better into worse, and what is missing is never "no change"."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical import MEASURES
from shared.clinical.change import RELIABLE, TotalRefused, direction, ends, gain, reliable
from shared.clinical.pain_change import pain_change, pcs_change, pgic_responder, pseq_change
from shared.clinical.reliable_change import minimal_detectable_change
from shared.clinical.talking_therapies import MoodReading, caseness, mood_change, phq_9_response

MIRROR = {"improved": "deteriorated", "deteriorated": "improved"}
depression, anxiety = st.integers(0, 27), st.integers(0, 21)
whole = st.builds(MoodReading, phq_9=depression, gad_7=anxiety)
maybe = st.builds(MoodReading, phq_9=st.none() | depression, gad_7=st.none() | anxiety)
pain = st.sampled_from(["PEG", "NRS"]).flatmap(
    lambda name: st.tuples(st.just(name), *[st.integers(0, MEASURES[name].highest_total)] * 2)
)


@given(whole, whole)
def test_mood_read_backwards_is_mood_mirrored(one: MoodReading, other: MoodReading) -> None:
    there, back = mood_change([one, other]), mood_change([other, one])

    assert (back.phq_9_change, back.gad_7_change) == (-(there.phq_9_change or 0), -(there.gad_7_change or 0))
    assert back.phq_9 == MIRROR.get(there.phq_9, there.phq_9)
    assert back.gad_7 == MIRROR.get(there.gad_7, there.gad_7)
    assert (back.reliable_improvement, back.reliable_deterioration) == (
        there.reliable_deterioration,
        there.reliable_improvement,
    )
    assert (back.caseness_first, back.caseness_last, back.mixed) == (
        there.caseness_last,
        there.caseness_first,
        there.mixed,
    )


@given(whole, whole)
def test_with_all_readings_nothing_is_undetermined(one: MoodReading, other: MoodReading) -> None:
    found = mood_change([one, other])

    assert "undetermined" not in {found.phq_9, found.gad_7, found.overall, found.recovery, found.reliable_recovery}
    assert None not in {found.mixed, found.reliable_improvement, found.reliable_deterioration}
    assert (found.overall == "reliable_improvement") is found.reliable_improvement
    assert (found.overall == "reliable_deterioration") is found.reliable_deterioration
    assert not (found.reliable_improvement and found.reliable_deterioration)


@given(st.lists(maybe, max_size=4))
def test_a_missing_reading_is_never_no_change(readings: list[MoodReading]) -> None:
    found = mood_change(readings)

    for change, verdict in ((found.phq_9_change, found.phq_9), (found.gad_7_change, found.gad_7)):
        assert (change is None) is (verdict == "undetermined")
        if change is None:
            assert found.overall == "undetermined"
    if found.reliable_recovery == "yes":
        assert found.recovery == "yes"
        assert found.reliable_improvement is True


@given(maybe, maybe)
def test_what_is_said_with_gaps_holds_however_the_gaps_are_filled(one: MoodReading, other: MoodReading) -> None:
    """The test of three-valued logic: an answer may be unknown, never wrong."""
    found = mood_change([one, other])
    filled = [
        mood_change([MoodReading(phq_9=a, gad_7=b), MoodReading(phq_9=c, gad_7=d)])
        for a, b, c, d in itertools.product(
            *(
                [value] if value is not None else samples
                for value, samples in (
                    (one.phq_9, [0, 5, 9, 10, 16, 27]),
                    (one.gad_7, [0, 4, 7, 8, 12, 21]),
                    (other.phq_9, [0, 5, 9, 10, 16, 27]),
                    (other.gad_7, [0, 4, 7, 8, 12, 21]),
                )
            )
        )
    ]
    for name in ("caseness_first", "caseness_last", "reliable_improvement", "reliable_deterioration", "mixed"):
        if getattr(found, name) is not None:
            assert {getattr(whole, name) for whole in filled} == {getattr(found, name)}, name
    for name in ("phq_9", "gad_7", "recovery", "overall", "reliable_recovery"):
        if getattr(found, name) != "undetermined":
            assert {getattr(whole, name) for whole in filled} == {getattr(found, name)}, name


@given(st.lists(whole, min_size=2, max_size=6))
def test_what_lies_between_first_and_last_does_not_count(readings: list[MoodReading]) -> None:
    assert mood_change(readings) == mood_change([readings[0], readings[-1]])


@given(st.lists(st.none() | st.integers(0, 27), max_size=6))
def test_at_most_one_reading_is_carried_and_never_the_first(totals: list[int | None]) -> None:
    found = ends(totals)

    assert found.first == (totals[0] if totals else None)
    if found.carried:
        assert len(totals) > 2
        assert (totals[-1], found.last) == (None, totals[-2])
    elif len(totals) > 1:
        assert found.last == totals[-1]
    else:
        assert found.last is None


@given(pain)
def test_pain_read_backwards_is_pain_mirrored(readings: tuple[str, int, int]) -> None:
    name, first, last = readings
    there, back = pain_change(name, first, last), pain_change(name, last, first)  # type: ignore[arg-type]

    assert back.change == -(there.change or 0)
    assert back.direction == {"better": "worse", "worse": "better", "same": "same"}[there.direction]
    assert back.worsened_by_points is there.improved_by_points


@given(pain)
def test_less_pain_by_thirty_percent_is_reckoned_on_whole_numbers(readings: tuple[str, int, int]) -> None:
    name, first, last = readings
    found = pain_change(name, first, last)  # type: ignore[arg-type]

    assert found.improved_by_percent is (10 * (first - last) >= 3 * first if first else None)
    assert found.improved_by_points is (first - last >= (3 if name == "PEG" else 2))


@given(st.integers(0, 60), st.integers(0, 60))
def test_confidence_read_backwards_is_confidence_mirrored(first: int, last: int) -> None:
    there, back = pseq_change(first, last), pseq_change(last, first)

    for name in ("eppoc", "important", "beyond_error"):
        assert getattr(back, name) == MIRROR.get(getattr(there, name), getattr(there, name))
    if there.eppoc != "no_change":
        assert there.eppoc == there.important
        assert there.first_band != there.last_band


@given(st.integers(0, 52), st.integers(0, 52))
def test_a_change_beyond_error_is_an_important_one_too(first: int, last: int) -> None:
    found = pcs_change(first, last)

    if found.beyond_error != "no_change":
        assert found.beyond_error == found.important


@pytest.mark.parametrize(("first", "last"), [(None, 10), (10, None), (None, None)])
def test_one_reading_is_no_comparison(first: int | None, last: int | None) -> None:
    found = pain_change("PEG", first, last)

    assert (found.change, found.percent, found.direction) == (None, None, "undetermined")
    assert {found.improved_by_points, found.improved_by_percent, found.worsened_by_points} == {None}
    assert phq_9_response(first, last).response is None
    assert {reliable(name, first, last) for name in RELIABLE} == {"undetermined"}
    assert pcs_change(first, last).beyond_error == "undetermined"


@pytest.mark.parametrize("total", [-1, 28, True, 4.0, "4"])
def test_a_total_that_no_form_can_have_is_refused(total: object) -> None:
    with pytest.raises(TotalRefused, match=r"^a total of PHQ-9 is a whole number from 0 to 27$"):
        gain("PHQ-9", 10, total)
    with pytest.raises(TotalRefused):
        caseness(total, 0)  # type: ignore[arg-type]


def test_the_right_way_depends_on_the_measure() -> None:
    assert (gain("PHQ-9", 10, 4), gain("PSEQ", 10, 4)) == (6, -6)
    assert {name for name, form in MEASURES.items() if form.better == "higher"} == {
        "PSEQ",
        "PSEQ-2",
        "CPAQ-8",
        "BRS",
        "SCS-SF",
    }
    assert [direction(change) for change in (1, -1, 0, None)] == ["better", "worse", "same", "undetermined"]


def test_a_change_is_reliable_only_by_a_published_figure() -> None:
    assert {name: rule.least for name, rule in RELIABLE.items()} == {"PHQ-9": 6, "GAD-7": 4, "PSEQ": 12, "PCS": 13}
    assert all(rule.source for rule in RELIABLE.values())
    assert reliable("PEG", 30, 0) == "not_established"
    assert (reliable("PCS", 30, 18), reliable("PCS", 30, 17)) == ("no_change", "improved")


def test_the_figure_for_catastrophising_follows_from_its_standard_error() -> None:
    assert minimal_detectable_change(4.6, 0.95) == pytest.approx(12.75, abs=0.01)


@pytest.mark.parametrize(("answer", "responder"), [(1, True), (2, True), (3, False), (7, False), (None, None)])
def test_much_improved_or_better_is_a_response(answer: int | None, responder: bool | None) -> None:
    assert pgic_responder(answer) is responder


@pytest.mark.parametrize(
    ("phq_9", "gad_7", "is_case"),
    [(9, 7, False), (10, 0, True), (0, 8, True), (None, 8, True), (10, None, True), (9, None, None), (None, 7, None)],
)
def test_one_measure_at_its_cut_off_settles_caseness(
    phq_9: int | None, gad_7: int | None, is_case: bool | None
) -> None:
    assert caseness(phq_9, gad_7) is is_case
