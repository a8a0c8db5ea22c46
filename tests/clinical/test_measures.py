"""The definitions agree with themselves: a gap in a band or a key out of range would only show on a rare form."""

import pytest

from shared.clinical import MEASURES, Banding, Measure

ALL = sorted(MEASURES.values(), key=lambda measure: measure.id)
BANDED = [(measure, banding) for measure in ALL for banding in measure.bandings]


PUBLISHED = {
    "phq-9": "none-minimal 0-4, mild 5-9, moderate 10-14, moderately-severe 15-19, severe 20-27",
    "gad-7": "none-minimal 0-4, mild 5-9, moderate 10-14, severe 15-21",
    "phq-4": "normal 0-2, mild 3-5, moderate 6-8, severe 9-12",
    "boonstra-2016": "mild 0-5, moderate 6-7, severe 8-10",
    "NRS eppoc": "mild 0-4, moderate 5-6, severe 7-10",
    "PSEQ eppoc": "severe 0-19, moderate 20-30, mild 31-40, minimal 41-60",
    "smith-2013": "low 6-17, normal 18-25, high 26-30",
}


SCALES = {
    "PEG": "3 items, each 0-10",
    "NRS": "1 items, each 0-10",
    "PHQ-2": "2 items, each 0-3",
    "PHQ-4": "4 items, each 0-3",
    "PHQ-9": "9 items, each 0-3",
    "GAD-7": "7 items, each 0-3",
    "PGIC": "1 items, each 1-7",
    "PSEQ": "10 items, each 0-6",
    "PSEQ-2": "2 items, each 0-6",
    "PCS": "13 items, each 0-4",
    "CPAQ-8": "8 items, each 0-6",
    "BRS": "6 items, each 1-5",
    "SCS-SF": "12 items, each 1-5",
    "PROMIS-PI-4a": "4 items, each 1-5",
    "PROMIS-PI-6a": "6 items, each 1-5",
    "PROMIS-PI-8a": "8 items, each 1-5",
}
CUT_OFFS = {
    "PHQ-2 positive_ge_3": (3, 6),
    "PHQ-4 anxiety_positive": (3, 6),
    "PHQ-4 depression_positive": (3, 6),
    "PHQ-9 caseness_ge_10": (10, 27),
    "PHQ-9 risk_item9_positive": (1, 3),
    "GAD-7 caseness_ge_8": (8, 21),
    "PGIC responder": (1, 2),
    "PCS clinically_relevant_gt_30": (31, 52),
}


def by_id(value: object) -> str:
    return value.id if isinstance(value, Measure) else getattr(value, "scheme", "")


def test_every_measure_has_its_published_items_and_scale() -> None:
    assert {one.id: f"{one.item_count} items, each {one.lowest}-{one.highest}" for one in ALL} == SCALES


def test_every_flag_is_raised_between_its_published_cut_offs() -> None:
    found = {f"{one.id} {flag.name}": (flag.lowest, flag.highest) for one in ALL for flag in one.flags}
    assert found == CUT_OFFS


def test_item_codes_belong_to_the_items_that_were_read_in_a_published_artefact() -> None:
    assert {one.id: set(one.loinc.items) for one in ALL if one.loinc.items} == {"PEG": {1, 2, 3}, "PHQ-9": {9}}


@pytest.mark.parametrize(("measure", "banding"), BANDED, ids=by_id)
def test_bands_start_at_the_lowest_total_and_rise_within_the_range(measure: Measure, banding: Banding) -> None:
    starts = [band.starts_at for band in banding.bands]

    assert starts[0] == measure.lowest_total
    assert starts == sorted(set(starts))
    assert starts[-1] <= measure.highest_total


@pytest.mark.parametrize(("measure", "banding"), BANDED, ids=by_id)
def test_every_total_falls_in_its_published_band(measure: Measure, banding: Banding) -> None:
    published = PUBLISHED.get(banding.scheme) or PUBLISHED[f"{measure.id} {banding.scheme}"]
    expected: dict[int, str] = {}
    for line in published.split(", "):
        name, low, high = line.replace("-", " ").rsplit(" ", 2)
        expected |= dict.fromkeys(range(int(low), int(high) + 1), name.replace(" ", "-"))

    totals = range(measure.lowest_total, measure.highest_total + 1)
    assert {total: banding.band_of(total) for total in totals} == expected


def check_digit(code: str) -> int:
    """LOINC ends in a Luhn check digit, so most slips of the pen show."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(code))]
    return -sum(sum(divmod(digit, 10)) for digit in doubled) % 10


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_every_loinc_code_carries_its_own_check_digit(measure: Measure) -> None:
    for code in filter(None, (measure.loinc.score, measure.loinc.panel, *measure.loinc.items.values())):
        number, digit = code.split("-")

        assert check_digit(number) == int(digit)


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_every_key_names_items_the_measure_has(measure: Measure) -> None:
    named = {*measure.reversed_items, *measure.loinc.items} | ({measure.risk_item} - {None})
    named |= {item for subscale in measure.subscales for item in subscale.items}
    named |= {item for flag in measure.flags for item in flag.items}

    assert named <= set(measure.items)


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_subscales_share_no_item(measure: Measure) -> None:
    items = [item for part in measure.subscales for item in part.items]

    assert len(items) == len(set(items))


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_every_flag_can_be_both_raised_and_lowered(measure: Measure) -> None:
    for flag in measure.flags:
        lowest, highest = len(flag.items) * measure.lowest, len(flag.items) * measure.highest

        assert lowest <= flag.lowest <= flag.highest <= highest
        assert (flag.lowest, flag.highest) != (lowest, highest)


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_no_measure_is_scored_before_every_item_is_answered(measure: Measure) -> None:
    assert measure.complete_when.items == measure.items
    assert measure.complete_when.source


@pytest.mark.parametrize("measure", ALL, ids=by_id)
def test_every_number_names_a_source_and_every_measure_its_terms(measure: Measure) -> None:
    assert measure.source
    assert measure.licence
    assert all(banding.source for banding in measure.bandings)
    assert all(flag.source for flag in measure.flags)


def test_every_mean_is_kept_as_a_whole_total_with_bands_on_it() -> None:
    assert {measure.id for measure in ALL if measure.rule == "mean"} == {"PEG", "BRS", "SCS-SF"}


def test_the_catalogue_of_measures_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MEASURES["PEG"] = MEASURES["NRS"]  # type: ignore[index]
