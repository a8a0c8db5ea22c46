"""A series in short: both ends, whether that is more than noise, and a line only where there is enough for one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical import MEASURES
from shared.clinical.change import TotalRefused
from shared.clinical.course import Taken, course

T0 = datetime(2030, 3, 4, 9, tzinfo=UTC)
names = st.sampled_from(sorted(MEASURES))


def weekly(*totals: int | None) -> list[Taken]:
    return [Taken(at=T0 + timedelta(weeks=week), total=total) for week, total in enumerate(totals)]


def test_a_series_is_told_by_its_ends_with_their_bands() -> None:
    found = course("PHQ-9", weekly(17, 3, 11), least_slope=1)

    assert found.first is not None
    assert found.last is not None
    assert (found.first.total, found.first.band, found.first.at) == (17, "moderately-severe", T0)
    assert (found.last.value, found.last.band, found.last.at) == (11, "moderate", T0 + timedelta(weeks=2))
    assert (found.change, found.direction, found.reliable) == (6, "better", "improved")
    assert (found.asked, found.completed, found.last_carried) == (3, 3, False)


def test_a_small_change_has_a_direction_and_is_not_reliable() -> None:
    found = course("GAD-7", weekly(9, 12), least_slope=1)

    assert (found.change, found.direction, found.reliable) == (-3, "worse", "no_change")


def test_a_measure_without_a_figure_says_so() -> None:
    assert course("PEG", weekly(24, 9), least_slope=1).reliable == "not_established"


def test_a_mean_is_told_in_points_of_its_scale() -> None:
    found = course("PEG", weekly(24, 22, 20), least_slope=1)

    assert found.change == pytest.approx(4 / 3)
    assert found.trend.per_four_weeks == pytest.approx(8 / 3)
    assert found.first is not None
    assert (found.first.value, found.first.band) == (8, None)


def test_the_line_by_hand() -> None:
    """Weeks 0 to 3, totals 20, 17, 18, 13: mean 17; sum of products -10, of squares 5: -2 a week, 8 better in four."""
    found = course("PHQ-9", weekly(20, 17, 18, 13), least_slope=1).trend

    assert (found.heading, found.per_four_weeks, found.minimum, found.readings) == ("improving", 8, 1, 4)


@pytest.mark.parametrize(
    ("name", "totals", "heading"),
    [
        ("PHQ-9", (10, 12, 14), "worsening"),
        ("PHQ-9", (14, 12, 10), "improving"),
        ("PSEQ", (10, 12, 14), "improving"),
        ("PSEQ", (14, 12, 10), "worsening"),
        ("PHQ-9", (10, 14, 10), "steady"),
        ("PHQ-9", (10, 12), "not_enough_readings"),
        ("PHQ-9", (10, None, 12), "not_enough_readings"),
        ("PHQ-9", (), "not_enough_readings"),
    ],
)
def test_a_line_heads_somewhere_from_three_readings_on(name: str, totals: tuple[int | None, ...], heading: str) -> None:
    assert course(name, weekly(*totals), least_slope=8).trend.heading == heading


def test_the_minimum_itself_counts() -> None:
    series = weekly(10, 12, 14)

    assert course("PHQ-9", series, least_slope=8).trend.heading == "worsening"
    assert course("PHQ-9", series, least_slope=8.01).trend.heading == "steady"


def test_without_a_minimum_the_slope_has_no_name() -> None:
    found = course("PHQ-9", weekly(10, 12, 14), least_slope=None).trend

    assert (found.heading, found.per_four_weeks, found.minimum) == ("no_minimum_set", -8, None)


def test_three_readings_of_one_moment_are_no_line() -> None:
    found = course("PHQ-9", [Taken(at=T0, total=total) for total in (3, 9, 12)], least_slope=1)

    assert (found.trend.heading, found.trend.per_four_weeks) == ("not_enough_readings", None)


def test_a_missing_last_form_is_stood_in_for_once_and_flagged() -> None:
    found = course("PHQ-9", weekly(16, 9, None), least_slope=1)

    assert found.last is not None
    assert (found.last.total, found.last.at, found.last_carried) == (9, T0 + timedelta(weeks=1), True)
    assert (found.reliable, found.asked, found.completed) == ("improved", 3, 2)


@pytest.mark.parametrize("totals", [(), (16,), (16, None), (None, 9), (16, 9, None, None), (None, None)])
def test_a_missing_end_is_undetermined_and_never_the_same(totals: tuple[int | None, ...]) -> None:
    found = course("PHQ-9", weekly(*totals), least_slope=1)

    assert (found.change, found.direction, found.reliable) == (None, "undetermined", "undetermined")
    assert found.first is None or found.last is None


@given(st.permutations(weekly(20, 17, 18, 13)))
def test_the_order_in_which_readings_arrive_does_not_matter(taken: list[Taken]) -> None:
    assert course("PHQ-9", taken, least_slope=1) == course("PHQ-9", weekly(20, 17, 18, 13), least_slope=1)


@given(names, st.data())
def test_a_series_turned_over_is_mirrored(name: str, data: st.DataObject) -> None:
    form = MEASURES[name]
    totals = data.draw(st.lists(st.integers(form.lowest_total, form.highest_total), min_size=3, max_size=8))
    turned = [form.lowest_total + form.highest_total - total for total in totals]
    there, back = (course(name, weekly(*one), least_slope=0.5) for one in (totals, turned))

    assert there.trend.per_four_weeks == pytest.approx(-(back.trend.per_four_weeks or 0))
    assert there.change == pytest.approx(-(back.change or 0))
    assert {there.trend.heading, back.trend.heading} in ({"steady"}, {"improving", "worsening"})


@given(names, st.data())
def test_a_series_that_falls_all_the_way_heads_one_way(name: str, data: st.DataObject) -> None:
    form = MEASURES[name]
    totals = sorted(data.draw(st.sets(st.integers(form.lowest_total, form.highest_total), min_size=3, max_size=7)))
    assert all(one < next_one for one, next_one in pairwise(totals))

    found = course(name, weekly(*totals), least_slope=0.0001)

    assert found.trend.heading == ("improving" if form.better == "higher" else "worsening")
    assert found.direction == ("better" if form.better == "higher" else "worse")


def test_an_impossible_total_and_an_impossible_minimum_are_refused() -> None:
    with pytest.raises(TotalRefused):
        course("PHQ-9", weekly(28), least_slope=1)
    for least in (0, -1):
        with pytest.raises(ValueError, match="above 0"):
            course("PHQ-9", weekly(1, 2, 3), least_slope=least)
