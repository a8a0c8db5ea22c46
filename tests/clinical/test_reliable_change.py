"""Reliable and clinically significant change after Jacobson and Truax, against sums done by hand."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinical.definition import Better
from shared.clinical.reliable_change import (
    Norm,
    Significance,
    clinically_significant_change,
    cut_off_a,
    cut_off_b,
    cut_off_c,
    minimal_detectable_change,
    reliable_change,
    reliable_change_index,
    standard_error_of_difference,
    standard_error_of_measurement,
)

CLINICAL, REFERENCE = Norm(40, 7.5), Norm(60, 7.5)
SEM = standard_error_of_measurement(7.5, 0.8)
scores = st.integers(0, 100)
ways = st.sampled_from(["lower", "higher"])


def test_the_index_by_hand() -> None:
    """7.5 x sqrt(0.2) = 3.354; x sqrt(2) = 4.743; (47.5 - 32.5) / 4.743 = 3.16."""
    assert pytest.approx(3.354, abs=0.001) == SEM
    assert standard_error_of_difference(SEM) == pytest.approx(4.743, abs=0.001)
    assert reliable_change_index(32.5, 47.5, sem=SEM) == pytest.approx(3.162, abs=0.001)
    assert reliable_change_index(47.5, 32.5, sem=SEM) == pytest.approx(-3.162, abs=0.001)


def test_the_cut_offs_by_hand() -> None:
    """a = 40 + 2 x 7.5; b = 60 - 2 x 7.5; c = (7.5 x 40 + 7.5 x 60) / 15."""
    assert (cut_off_a(CLINICAL, "higher"), cut_off_b(REFERENCE, "higher")) == (55, 45)
    assert cut_off_c(CLINICAL, REFERENCE) == 50


def test_the_cut_offs_by_hand_where_lower_is_better() -> None:
    """a = 18 - 2 x 5 = 8; b = 3 + 2 x 2 = 7; c = (2 x 18 + 5 x 3) / 7 = 7.286: nearer to the narrower population."""
    clinical, reference = Norm(18, 5), Norm(3, 2)

    assert (cut_off_a(clinical, "lower"), cut_off_b(reference, "lower")) == (8, 7)
    assert cut_off_c(clinical, reference) == pytest.approx(7.286, abs=0.001)


@pytest.mark.parametrize(("confidence", "z"), [(0.95, 1.960), (0.90, 1.645), (0.80, 1.282)])
def test_the_detectable_change_grows_with_the_confidence(confidence: float, z: float) -> None:
    assert minimal_detectable_change(4.6, confidence) == pytest.approx(z * 4.6 * 2**0.5, abs=0.005)


@pytest.mark.parametrize(
    ("first", "last", "better", "expected"),
    [
        (32.5, 47.5, "higher", "improved"),
        (32.5, 47.5, "lower", "deteriorated"),
        (40, 49, "higher", "no_change"),
        (40, 50, "higher", "improved"),
        (None, 50, "higher", "undetermined"),
        (40, None, "lower", "undetermined"),
    ],
)
def test_a_change_is_reliable_beyond_the_detectable_one(
    first: float | None, last: float | None, better: Better, expected: str
) -> None:
    """1.96 x 4.743 = 9.30: 9 points are within the error, 10 are not."""
    assert reliable_change(first, last, sem=SEM, confidence=0.95, better=better) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (32, 52, "recovered"),
        (32, 50, "improved"),
        (50, 60, "recovered"),
        (51, 61, "improved"),
        (45, 52, "unchanged"),
        (60, 45, "deteriorated"),
        (None, 60, "undetermined"),
        (32, None, "undetermined"),
    ],
)
def test_recovery_is_reliable_and_across_the_cut_off(
    first: float | None, last: float | None, expected: Significance
) -> None:
    found = clinically_significant_change(first, last, cut_off=50, sem=SEM, confidence=0.95, better="higher")

    assert found == expected


@given(scores, scores, ways)
def test_a_change_read_backwards_is_mirrored(first: int, last: int, better: Better) -> None:
    there = reliable_change(first, last, sem=3, confidence=0.95, better=better)
    back = reliable_change(last, first, sem=3, confidence=0.95, better=better)

    assert {there, back} in ({"improved", "deteriorated"}, {"no_change"})


@given(scores, scores, scores)
def test_turning_the_scale_over_changes_nothing(first: int, last: int, cut_off: int) -> None:
    as_is = clinically_significant_change(first, last, cut_off=cut_off, sem=3, confidence=0.95, better="higher")
    turned = clinically_significant_change(
        100 - first, 100 - last, cut_off=100 - cut_off, sem=3, confidence=0.95, better="lower"
    )

    assert turned == as_is


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.integers(0, 50), st.integers(51, 100))
def test_the_cut_off_between_two_means_lies_between_them(sd: float, other: float, low: int, high: int) -> None:
    assert low <= cut_off_c(Norm(low, sd), Norm(high, other)) <= high


def test_without_a_reading_there_is_no_index() -> None:
    assert reliable_change_index(None, 3, sem=1) is None
    assert reliable_change_index(3, None, sem=1) is None


@pytest.mark.parametrize("value", [0, -1, nan, inf])
def test_an_error_or_a_spread_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is above 0"):
        reliable_change(1, 2, sem=value, confidence=0.95, better="lower")
    with pytest.raises(ValueError, match="is above 0"):
        Norm(0, value)
    with pytest.raises(ValueError, match="is above 0"):
        standard_error_of_measurement(value, 0.5)


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, nan])
def test_a_reliability_or_a_confidence_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="reliability"):
        standard_error_of_measurement(1, value)
    with pytest.raises(ValueError, match="confidence"):
        minimal_detectable_change(1, value)


@pytest.mark.parametrize("value", [nan, inf, True])
def test_a_score_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="a score is a number"):
        reliable_change(value, 1, sem=1, confidence=0.95, better="lower")


def test_a_mean_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="a mean is a number"):
        Norm(nan, 1)
