"""Measures whose item text belongs to somebody else, or may: the numbers are scored here, the words never ship."""

from shared.clinical.definition import Band, Banding, Flag, Measure, Subscale, every_item

NO_RULE_FOR_GAPS = "No published rule for a gap was found, so nothing is filled in and nothing is scored."

PSEQ = Measure(
    id="PSEQ",
    item_count=10,
    lowest=0,
    highest=6,
    rule="sum",
    source="measurely.com.au, PSEQ: sum of ten. A higher total is better.",
    licence="Sources conflict. Ask for written permission before showing the items.",
    text_may_ship=False,
    complete_when=every_item(10, NO_RULE_FOR_GAPS),
    better="higher",
    bandings=(
        Banding(
            scheme="eppoc",
            source="ePPOC, as quoted by measurely.com.au",
            bands=(Band(0, "severe"), Band(20, "moderate"), Band(31, "mild"), Band(41, "minimal")),
        ),
    ),
)

PSEQ_2 = Measure(
    id="PSEQ-2",
    item_count=2,
    lowest=0,
    highest=6,
    rule="sum",
    source="doi 10.1016/j.jpain.2014.11.002: two items. A higher total is better. No cut-off was found.",
    licence="As PSEQ.",
    text_may_ship=False,
    complete_when=every_item(2, NO_RULE_FOR_GAPS),
    better="higher",
)

PCS = Measure(
    id="PCS",
    item_count=13,
    lowest=0,
    highest=4,
    rule="sum",
    source="awell-health/awell-score, pcs_scales.ts; MaximeBergevin/qhs, R/pcs.R: the same keys.",
    licence="Licensed by Mapi Research Trust for its author.",
    text_may_ship=False,
    complete_when=every_item(
        13,
        "MaximeBergevin/qhs, R/pcs.R: a gap leaves the sum, and each subscale that it belongs to, unknown.",
    ),
    subscales=(
        Subscale("rumination", (8, 9, 10, 11)),
        Subscale("magnification", (6, 7, 13)),
        Subscale("helplessness", (1, 2, 3, 4, 5, 12)),
    ),
    flags=(
        Flag(
            name="clinically_relevant_gt_30",
            items=tuple(range(1, 14)),
            lowest=31,
            highest=52,
            source="Rehabilitation Measures Database: above 30, so 30 itself is not.",
        ),
    ),
)

CPAQ_8 = Measure(
    id="CPAQ-8",
    item_count=8,
    lowest=0,
    highest=6,
    rule="sum",
    source=(
        "Keys from the comment in Stanford CHOIR's class CPAQscore; the body of that class contradicts its own comment "
        "and was not followed. Four items are reversed, so all zeros score 24."
    ),
    licence="Not established. Ask the authors before showing the items.",
    text_may_ship=False,
    complete_when=every_item(8, NO_RULE_FOR_GAPS),
    better="higher",
    reversed_items=(4, 5, 7, 8),
    subscales=(Subscale("activity_engagement", (1, 2, 3, 6)), Subscale("pain_willingness", (4, 5, 7, 8))),
)

BRS = Measure(
    id="BRS",
    item_count=6,
    lowest=1,
    highest=5,
    rule="mean",
    source="Royal College of Physicians journals, box 1: reverse 2, 4, 6; mean of six. A higher mean is better.",
    licence="Research and education with citation, as quoted; ask before other uses.",
    text_may_ship=False,
    complete_when=every_item(
        6,
        "Royal College of Physicians journals, box 1: the mean is of six. Copies that divide by the number "
        "answered are not followed.",
    ),
    better="higher",
    reversed_items=(2, 4, 6),
    bandings=(
        Banding(
            scheme="smith-2013",
            source=(
                "psytoolkit.org quoting Smith 2013: means 1.00-2.99, 3.00-4.30, 4.31-5.00. Written here as totals, "
                "which have no gap: 17 is 2.83, 25 is 4.17, 26 is 4.33."
            ),
            bands=(Band(6, "low"), Band(18, "normal"), Band(26, "high")),
        ),
    ),
)

SCS_SF = Measure(
    id="SCS-SF",
    item_count=12,
    lowest=1,
    highest=5,
    rule="mean",
    source=(
        "jpoko/ccc-dashboard, scs-detailed.md: reverse 1, 4, 8, 9, 11, 12; mean of twelve. No validated bands. "
        "Subscales are means of the answers as given, and the source advises against relying on them."
    ),
    licence="Reported as free for any purpose with citation; not confirmed, so no text ships.",
    text_may_ship=False,
    complete_when=every_item(12, NO_RULE_FOR_GAPS),
    better="higher",
    reversed_items=(1, 4, 8, 9, 11, 12),
    subscales=(
        Subscale("self_kindness", (2, 6), "mean", reversed_too=False),
        Subscale("self_judgement", (11, 12), "mean", reversed_too=False),
        Subscale("common_humanity", (5, 10), "mean", reversed_too=False),
        Subscale("isolation", (4, 8), "mean", reversed_too=False),
        Subscale("mindfulness", (3, 7), "mean", reversed_too=False),
        Subscale("over_identification", (1, 9), "mean", reversed_too=False),
    ),
)


def _promis_pain_interference(version: str, items: int) -> Measure:
    """Items 1 to 5, raw sum. Neither the items nor the table from raw sums to T-scores ships."""
    return Measure(
        id=f"PROMIS-PI-{version}",
        item_count=items,
        lowest=1,
        highest=5,
        rule="sum",
        source=(
            "NINDS Common Data Elements, PROMIS Pain Interference Short Form: 4, 6 or 8 items, answers from 1 to 5. "
            "The published score is a T-score, mean 50 and SD 10, read from the raw sum in a table. No bands could be "
            "confirmed."
        ),
        licence="PROMIS terms limit the text and the tables; a clinic that is entitled to them supplies them itself.",
        text_may_ship=False,
        complete_when=every_item(
            items,
            "healthmeasures.net, scoring instructions: the tables convert the raw sum of a form; one with gaps needs "
            "scoring by response pattern, which is not done here.",
        ),
        t_scored=True,
    )


PROMIS_PAIN_INTERFERENCE = tuple(_promis_pain_interference(f"{count}a", count) for count in (4, 6, 8))

SCORER_ONLY: tuple[Measure, ...] = (PSEQ, PSEQ_2, PCS, CPAQ_8, BRS, SCS_SF, *PROMIS_PAIN_INTERFERENCE)
