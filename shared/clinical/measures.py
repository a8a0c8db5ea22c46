"""Every measure that can be scored. Each number has its source beside it; where sources differ, the choice is stated.

Not here, because no source could be confirmed: the LOINC panel and total of PHQ-4, the LOINC panel of GAD-7, and any
bands for PEG (calculators publish cut-offs at 4 and 7 but no validation of them was found).
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.clinical.definition import Band, Banding, Flag, Loinc, Measure, Subscale, every_item
from shared.clinical.scorer_only import SCORER_ONLY

PHQ_FAMILY = "Released by Pfizer in 2010 without copyright restriction; no permission is needed to use or translate it."

PEG = Measure(
    id="PEG",
    item_count=3,
    lowest=0,
    highest=10,
    rule="mean",
    source=(
        "Krebs et al. 2009, J Gen Intern Med 24(6):733-738; mean of three: medicalalgorithms.com peg-pain-screen. "
        "Keep the mean exact and compare readings on the integer total: a rounded 5.33 hides a change."
    ),
    licence="Described as free to use with citation. Its items derive from the Brief Pain Inventory.",
    text_may_ship=True,
    complete_when=every_item(
        3,
        "medicalalgorithms.com peg-pain-screen: the mean is of three. No published rule for a gap was found; "
        "one answer left out may hide what it would have said.",
    ),
    loinc=Loinc(score="91147-9", items=MappingProxyType({1: "75893-8", 2: "91145-3", 3: "91146-1"})),
)

NRS = Measure(
    id="NRS",
    item_count=1,
    lowest=0,
    highest=10,
    rule="sum",
    source="Numeric rating of pain from 0 (none) to 10.",
    licence="Generic.",
    text_may_ship=True,
    complete_when=every_item(1, "One item."),
    bandings=(
        Banding(
            scheme="boonstra-2016",
            source=(
                "Boonstra et al. 2016, doi 10.3389/fpsyg.2016.01466, 2,854 people in rehabilitation. The same paper "
                "gives 0-3, 4-6, 7-10 for people who catastrophise little, so the band is a guide, not a verdict."
            ),
            bands=(Band(0, "mild"), Band(6, "moderate"), Band(8, "severe")),
        ),
        Banding(
            scheme="eppoc",
            source="ePPOC, ahsri.atlassian.net wiki page 20584125",
            bands=(Band(0, "mild"), Band(5, "moderate"), Band(7, "severe")),
        ),
    ),
    loinc=Loinc(score="38208-5"),
)

PHQ_2 = Measure(
    id="PHQ-2",
    item_count=2,
    lowest=0,
    highest=3,
    rule="sum",
    source="The first two items of PHQ-9.",
    licence=PHQ_FAMILY,
    text_may_ship=True,
    complete_when=every_item(2, "awell-health/awell-score, phq_2: a missing answer is an error."),
    flags=(
        Flag(
            name="positive_ge_3",
            items=(1, 2),
            lowest=3,
            highest=6,
            source=(
                "Threshold 3: doi 10.1155/2013/695925, table 1. PMC2906530 prefers 2 as more sensitive; a clinic "
                "may set 2 as what opens PHQ-9 (escalation.py); this flag stays at 3."
            ),
        ),
    ),
    loinc=Loinc(score="55758-7", panel="58120-7"),
)

PHQ_4 = Measure(
    id="PHQ-4",
    item_count=4,
    lowest=0,
    highest=3,
    rule="sum",
    source="awell-health/awell-score, phq_4: items 1 and 2 ask about anxiety, 3 and 4 about depression.",
    licence=PHQ_FAMILY,
    text_may_ship=True,
    complete_when=every_item(
        4,
        "awell-health/awell-score, phq_4: the total is of four. Each half is the sum of its own two; it stands alone.",
    ),
    bandings=(
        Banding(
            scheme="phq-4",
            source="awell-health/awell-score, phq_4 table; PMC8762693 figure 2",
            bands=(Band(0, "normal"), Band(3, "mild"), Band(6, "moderate"), Band(9, "severe")),
        ),
    ),
    subscales=(Subscale("anxiety", (1, 2)), Subscale("depression", (3, 4))),
    flags=(
        Flag("anxiety_positive", (1, 2), 3, 6, "awell-health/awell-score, phq_4: each half is positive from 3"),
        Flag("depression_positive", (3, 4), 3, 6, "awell-health/awell-score, phq_4: each half is positive from 3"),
    ),
)

PHQ_9 = Measure(
    id="PHQ-9",
    item_count=9,
    lowest=0,
    highest=3,
    rule="sum",
    source="Complete on nine items: CamCOPS phq9.py. The function item is asked but never summed: HL7 US Core, PHQ-9.",
    licence=PHQ_FAMILY,
    text_may_ship=True,
    complete_when=every_item(
        9,
        "CamCOPS phq9.py: all nine. Its function item is asked for, but is no part of the score: HL7 US Core, "
        "PHQ-9. Others fill up to two gaps with the mean of the rest (Arrieta 2017); not followed.",
    ),
    bandings=(
        Banding(
            scheme="phq-9",
            source="CamCOPS phq9.py; awell-health/awell-score, phq_9 table. Another package's help calls 15 moderate.",
            bands=(
                Band(0, "none-minimal"),
                Band(5, "mild"),
                Band(10, "moderate"),
                Band(15, "moderately-severe"),
                Band(20, "severe"),
            ),
        ),
    ),
    flags=(
        Flag("caseness_ge_10", tuple(range(1, 10)), 10, 27, "Cut-off 10, read in secondary sources only"),
        Flag("risk_item9_positive", (9,), 1, 3, "CamCOPS phq9.py: item 9 counts from 1"),
    ),
    loinc=Loinc(score="44261-6", panel="44249-1", items=MappingProxyType({9: "44260-8"})),
    risk_item=9,
    has_function_item=True,
)

GAD_7 = Measure(
    id="GAD-7",
    item_count=7,
    lowest=0,
    highest=3,
    rule="sum",
    source="CamCOPS gad7.py",
    licence=PHQ_FAMILY,
    text_may_ship=True,
    complete_when=every_item(7, "CamCOPS gad7.py: all seven."),
    bandings=(
        Banding(
            scheme="gad-7",
            source="CamCOPS gad7.py; awell-health/awell-score, GAD_7 table (severe from 15; its readme says above).",
            bands=(Band(0, "none-minimal"), Band(5, "mild"), Band(10, "moderate"), Band(15, "severe")),
        ),
    ),
    flags=(Flag("caseness_ge_8", tuple(range(1, 8)), 8, 21, "Cut-off 8: cbtwatch.com, quoting the IAPT manual"),),
    loinc=Loinc(score="70274-6"),
)

PGIC = Measure(
    id="PGIC",
    item_count=1,
    lowest=1,
    highest=7,
    rule="sum",
    source="CamCOPS pgic.py: from 1, very much improved, to 7, very much worse.",
    licence="Generic.",
    text_may_ship=True,
    complete_when=every_item(1, "One item."),
    flags=(Flag("responder", (1,), 1, 2, "PMC7053735: a responder answers 1 or 2"),),
)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {measure.id: measure for measure in (PEG, NRS, PHQ_2, PHQ_4, PHQ_9, GAD_7, PGIC, *SCORER_ONLY)}
)


class UnknownMeasure(LookupError):
    """No measure has this id."""


def measure(measure_id: str) -> Measure:
    """The definition of `measure_id`, such as "PHQ-9". Raises `UnknownMeasure`."""
    try:
        return MEASURES[measure_id]
    except KeyError:
        raise UnknownMeasure(f"no measure is called {measure_id!r}; known are {', '.join(MEASURES)}") from None
