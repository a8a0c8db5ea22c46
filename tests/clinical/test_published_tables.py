"""Scores against the published table of every measure: each total in it, not its edges alone, with its source."""

import itertools
from collections.abc import Iterator

import pytest

from shared.clinical import MEASURES, Measure, measure, score
from shared.clinical.change import RELIABLE, reliable

Table = tuple[tuple[int, int, str], ...]
# Measure, scheme, where the table was read, and from which total to which each band reaches.
TABLES: list[tuple[str, str, str, Table]] = [
    (
        "PHQ-9",
        "phq-9",
        "awell-health/awell-score c37843e5, phq_9 table; CamCOPS phq9.py",
        (
            (0, 4, "none-minimal"),
            (5, 9, "mild"),
            (10, 14, "moderate"),
            (15, 19, "moderately-severe"),
            (20, 27, "severe"),
        ),
    ),
    (
        "GAD-7",
        "gad-7",
        "awell-health/awell-score c37843e5, GAD_7 table; CamCOPS gad7.py",
        ((0, 4, "none-minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 21, "severe")),
    ),
    (
        "PHQ-4",
        "phq-4",
        "awell-health/awell-score c37843e5, phq_4 table; PMC8762693, figure 2",
        ((0, 2, "normal"), (3, 5, "mild"), (6, 8, "moderate"), (9, 12, "severe")),
    ),
    (
        "NRS",
        "boonstra-2016",
        "Boonstra et al. 2016, doi 10.3389/fpsyg.2016.01466: up to 5, 6 and 7, from 8",
        ((0, 5, "mild"), (6, 7, "moderate"), (8, 10, "severe")),
    ),
    (
        "NRS",
        "eppoc",
        "ePPOC, ahsri.atlassian.net wiki page 20584125: 0 to 4, 5 and 6, 7 to 10",
        ((0, 4, "mild"), (5, 6, "moderate"), (7, 10, "severe")),
    ),
    (
        "PSEQ",
        "eppoc",
        "ePPOC, as quoted by measurely.com.au: below 20, 20 to 30, 31 to 40, above 40",
        ((0, 19, "severe"), (20, 30, "moderate"), (31, 40, "mild"), (41, 60, "minimal")),
    ),
    (
        "BRS",
        "smith-2013",
        "psytoolkit.org, quoting Smith 2013: means 1.00 to 2.99, 3.00 to 4.30, 4.31 to 5.00; here as totals of six",
        ((6, 17, "low"), (18, 25, "normal"), (26, 30, "high")),
    ),
]
WITHOUT_BANDS = {
    **dict.fromkeys(("PEG",), "calculators publish 4 and 7, but no validation of them was found"),
    **dict.fromkeys(("PHQ-2", "PCS", "PGIC"), "a cut-off, no bands"),
    **dict.fromkeys(("PSEQ-2", "CPAQ-8", "SCS-SF"), "no published bands were found"),
    **{f"PROMIS-PI-{form}": "bands are of T-scores, which a clinic supplies" for form in ("4a", "6a", "8a")},
}
# Flag, its measure, where the cut-off was read, and the totals from which and to which it is raised.
CUT_OFFS: list[tuple[str, str, str, int, int]] = [
    ("caseness_ge_10", "PHQ-9", "trial registry entry NCT05134103: above 9", 10, 27),
    ("caseness_ge_8", "GAD-7", "trial registry entry NCT05134103: above 7", 8, 21),
    ("positive_ge_3", "PHQ-2", "doi 10.1155/2013/695925, table 1", 3, 6),
    ("clinically_relevant_gt_30", "PCS", "Rehabilitation Measures Database: above 30", 31, 52),
    ("responder", "PGIC", "PMC7053735: 1 or 2", 1, 2),
]
# Lowest and highest published score, and what everybody scores who answers the lowest number throughout.
SPANS: list[tuple[str, float, float, float, str]] = [
    ("PEG", 0, 10, 0, "medicalalgorithms.com peg-pain-screen: mean of three from 0 to 10"),
    ("NRS", 0, 10, 0, "0 to 10"),
    ("PHQ-2", 0, 6, 0, "doi 10.1155/2013/695925"),
    ("PHQ-4", 0, 12, 0, "awell-health/awell-score, phq_4"),
    ("PHQ-9", 0, 27, 0, "CamCOPS phq9.py"),
    ("GAD-7", 0, 21, 0, "CamCOPS gad7.py"),
    ("PGIC", 1, 7, 1, "CamCOPS pgic.py"),
    ("PSEQ", 0, 60, 0, "measurely.com.au, PSEQ"),
    ("PSEQ-2", 0, 12, 0, "doi 10.1016/j.jpain.2014.11.002"),
    ("PCS", 0, 52, 0, "awell-health/awell-score, pcs_scales.ts"),
    # Four of eight are reversed: 4 x 6.
    ("CPAQ-8", 0, 48, 24, "comment in Stanford CHOIR's class CPAQscore"),
    # Three of six are reversed: (3 x 1 + 3 x 5) / 6.
    ("BRS", 1, 5, 3, "Royal College of Physicians journals, box 1"),
    # Six of twelve are reversed: (6 x 1 + 6 x 5) / 12.
    ("SCS-SF", 1, 5, 3, "jpoko/ccc-dashboard, scs-detailed.md"),
    ("PROMIS-PI-4a", 4, 20, 4, "NINDS Common Data Elements"),
    ("PROMIS-PI-6a", 6, 30, 6, "NINDS Common Data Elements"),
    ("PROMIS-PI-8a", 8, 40, 8, "NINDS Common Data Elements"),
]


def answers(form: Measure, total: int) -> list[int]:
    """Answers that add up to `total`, from the first item on, reversed items counted reversed."""
    left, found = total - form.lowest_total, []
    for item in form.items:
        more = min(left, form.highest - form.lowest)
        left -= more
        found.append(form.highest - more if item in form.reversed_items else form.lowest + more)
    return found


def every_total() -> Iterator[tuple[str, str, int, str]]:
    for name, scheme, _, table in TABLES:
        for first, last, band in table:
            yield from ((name, scheme, total, band) for total in range(first, last + 1))


@pytest.mark.parametrize(("name", "scheme", "total", "band"), list(every_total()))
def test_every_total_is_in_the_band_of_its_published_table(name: str, scheme: str, total: int, band: str) -> None:
    found = score(name, answers(measure(name), total))
    assert (found.total, found.bands[scheme]) == (total, band)


@pytest.mark.parametrize(("name", "scheme", "source", "table"), TABLES)
def test_a_table_covers_the_whole_measure_without_a_gap(name: str, scheme: str, source: str, table: Table) -> None:
    form = measure(name)
    assert source
    assert (table[0][0], table[-1][1]) == (form.lowest_total, form.highest_total)
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(table))


def test_every_measure_has_its_table_or_says_why_it_has_none() -> None:
    tables = {(name, banding.scheme) for name, form in MEASURES.items() for banding in form.bandings}
    assert tables == {(name, scheme) for name, scheme, _, _ in TABLES}
    assert WITHOUT_BANDS.keys() == MEASURES.keys() - {name for name, _ in tables}
    assert all(WITHOUT_BANDS.values())


@pytest.mark.parametrize(("flag", "name", "source", "lowest", "highest"), CUT_OFFS)
def test_a_cut_off_is_reached_exactly_where_its_source_says(
    flag: str, name: str, source: str, lowest: int, highest: int
) -> None:
    form = measure(name)
    assert source
    for total in range(form.lowest_total, form.highest_total + 1):
        raised = score(name, answers(form, total)).flags[flag]
        assert raised is (lowest <= total <= highest), total


@pytest.mark.parametrize(("name", "lowest", "highest", "all_lowest", "source"), SPANS)
def test_a_measure_reaches_from_its_published_lowest_to_its_highest(
    name: str, lowest: float, highest: float, all_lowest: float, source: str
) -> None:
    form = measure(name)
    assert source
    assert score(name, answers(form, form.lowest_total)).value == lowest
    assert score(name, answers(form, form.highest_total)).value == highest
    assert score(name, [form.lowest] * form.item_count).value == all_lowest


def test_every_measure_has_its_span() -> None:
    assert [name for name, *_ in SPANS] == sorted((name for name, *_ in SPANS), key=[*MEASURES].index)
    assert {name for name, *_ in SPANS} == set(MEASURES)


@pytest.mark.parametrize(
    ("name", "from_which", "least"), [("PHQ-9", 14, 6), ("GAD-7", 10, 4), ("PSEQ", 30, 12), ("PCS", 26, 13)]
)
def test_a_change_is_reliable_from_its_figure_on_and_not_a_point_before(name: str, from_which: int, least: int) -> None:
    """PHQ-9 6 and GAD-7 4: NCT05134103. PSEQ more than 11.5. PCS more than 1.96 x sqrt(2) x 4.6 = 12.75."""
    up, down = ("improved", "deteriorated") if measure(name).better == "higher" else ("deteriorated", "improved")
    assert RELIABLE[name].least == least
    for change, told in (
        (least, up),
        (least - 1, "no_change"),
        (0, "no_change"),
        (1 - least, "no_change"),
        (-least, down),
    ):
        assert reliable(name, from_which, from_which + change) == told
