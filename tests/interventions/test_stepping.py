"""Which step is advised: cases that a clinician can read aloud. Readings in the order in which they were asked for."""

from typing import NamedTuple

import pytest

from services.interventions.domain.stepping.advice import advise
from services.interventions.domain.stepping.readings import Latest, Readings, latest
from shared.contracts.clinic_treatment import SteppingRules
from shared.contracts.interventions import ReviewMoment, StepAdvice

NOT_ANSWERED = None
Totals = tuple[int | None, ...]


class Case(NamedTuple):
    """PEG as totals of its three questions: a score of 7 is 21. `reasons` in the order in which they are shown."""

    says: str
    advice: StepAdvice
    reasons: str
    peg: Totals = (21, 21, 21)
    phq9: Totals = (8, 8, 8)
    gad7: Totals = (5, 5, 5)
    pseq: Totals | None = None
    moment: ReviewMoment = "middle"
    step: int = 2
    risk_open: bool = False


NO_PSEQ = "self_efficacy_not_asked"
CASES = [
    Case("Pain has not eased at all", "step_up", f"pain_not_better {NO_PSEQ} mood_low anxiety_low"),
    Case("Pain eased by two thirds of a point, twice", "step_up", f"pain_not_better {NO_PSEQ} mood_low anxiety_low",
         peg=(21, 19, 19)),
    Case("Pain eased by a whole point, twice, but not by 30 %", "stay", "pain_between mood_low anxiety_low",
         peg=(21, 18, 18)),
    Case("Pain eased by a whole point once, and is back", "stay", "pain_between mood_low anxiety_low",
         peg=(21, 18, 21)),
    Case("Little pain eased by less than a point, and by 30 %", "step_down", "pain_better mood_low anxiety_low",
         peg=(6, 4, 4)),
    Case("No pain to begin with", "stay", "pain_between mood_low anxiety_low", peg=(0, 0, 0)),
    Case("Pain is worse", "step_up", f"pain_not_better {NO_PSEQ} mood_low anxiety_low", peg=(15, 20, 24)),
    Case("Pain eased by 30 %, twice", "step_down", "pain_better mood_low anxiety_low", peg=(20, 14, 14)),
    Case("Pain eased by just under 30 % the second time", "stay", "pain_between mood_low anxiety_low",
         peg=(20, 14, 15)),
    Case("Pain eased by 30 %, at the end", "discharge", "pain_better mood_low anxiety_low", peg=(20, 14, 14),
         moment="end"),
    Case("Pain eased by 30 %, on the lowest step", "discharge", "pain_better mood_low anxiety_low", peg=(20, 14, 14),
         step=1),
    Case("Pain eased, but mood is in between", "stay", "pain_better mood_between anxiety_low", peg=(20, 14, 14),
         phq9=(12, 11, 10)),
    Case("Pain eased, but mood was low only once", "stay", "pain_better mood_between anxiety_low", peg=(20, 14, 14),
         phq9=(12, 10, 9)),
    Case("Pain eased, but anxiety is in between", "stay", "pain_better mood_low anxiety_between", peg=(20, 14, 14),
         gad7=(9, 7, 8)),
    Case("Pain eased, but PHQ-9 is 15 twice", "step_up", "pain_better mood_high anxiety_low", peg=(20, 14, 14),
         phq9=(15, 15, 15)),
    Case("PHQ-9 is 15 only once", "stay", "pain_better mood_between anxiety_low", peg=(20, 14, 14), phq9=(9, 14, 15)),
    Case("PHQ-9 rose by 6 and stayed there", "step_up", "pain_better mood_worse anxiety_low", peg=(20, 14, 14),
         phq9=(5, 11, 11)),
    Case("PHQ-9 rose by 6 once", "stay", "pain_better mood_between anxiety_low", peg=(20, 14, 14), phq9=(5, 10, 11)),
    Case("PHQ-9 rose by 6 from almost nothing", "step_up", "pain_better mood_worse anxiety_low", peg=(20, 14, 14),
         phq9=(1, 7, 7)),
    Case("GAD-7 rose by 4 and stayed there", "step_up", "pain_better mood_low anxiety_worse", peg=(20, 14, 14),
         gad7=(3, 7, 8)),
    Case("GAD-7 rose by 4 once", "step_down", "pain_better mood_low anxiety_low", peg=(20, 14, 14), gad7=(3, 6, 7)),
    Case("Pain is the same, but confidence grew by 7", "stay", "self_efficacy_better pain_between mood_low anxiety_low",
         pseq=(20, 27, 27)),
    Case("Pain is the same, and confidence grew by 6", "step_up", "pain_not_better mood_low anxiety_low",
         pseq=(20, 27, 26)),
    Case("Pain is the same, and confidence was not answered twice", "consult", "readings_missing mood_low anxiety_low",
         pseq=(20, None, None)),
    Case("The last PEG is missing: the one before stands in", "step_up",
         f"reading_carried pain_not_better {NO_PSEQ} mood_low anxiety_low", peg=(21, 21, None)),
    Case("Two PEGs in a row are missing", "consult", "readings_missing mood_low anxiety_low", peg=(21, None, None)),
    Case("The PEG before the last is missing: the first stands in", "stay",
         "reading_carried pain_between mood_low anxiety_low", peg=(20, None, 14)),
    Case("Nobody knows how pain was at first", "consult", "no_first_reading mood_low anxiety_low", peg=(None, 21, 21)),
    Case("PHQ-9 is missing twice, and pain eased", "consult", "pain_better readings_missing anxiety_low",
         peg=(20, 14, 14), phq9=(8, None, None)),
    Case("GAD-7 was never answered", "consult", f"pain_not_better {NO_PSEQ} mood_low no_first_reading",
         gad7=(None, None, None)),
    Case("The first look: PHQ-9 was high at the start and is high", "step_up", "pain_better mood_high anxiety_low",
         peg=(20, 14, 14), phq9=(18, 16), gad7=(5, 5), moment="early"),
    Case("The first look: a rise by 6 was seen once only", "stay", "pain_better mood_between anxiety_low",
         peg=(20, 14, 14), phq9=(5, 11), gad7=(5, 5), moment="early"),
    Case("Pain was asked about once so far", "stay", "one_reading_so_far mood_low anxiety_low", peg=(21,)),
    Case("An alert is open, whatever else is well", "safety_first", "risk_open pain_better mood_low anxiety_low",
         peg=(20, 14, 14), risk_open=True),
    Case("An alert is open, and readings are missing", "safety_first",
         "risk_open readings_missing mood_low anxiety_low", peg=(21, None, None), risk_open=True),
    Case("More is needed, and this is the highest step", "consult",
         f"pain_not_better {NO_PSEQ} mood_low anxiety_low highest_step", step=4),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_rules_advise(case: Case) -> None:
    asked = [Readings("PEG", case.peg), Readings("PHQ-9", case.phq9), Readings("GAD-7", case.gad7)]
    if case.pseq is not None:
        asked.append(Readings("PSEQ", case.pseq))
    found = advise(SteppingRules(), asked, moment=case.moment, step=case.step, risk_open=case.risk_open)
    assert (found.advice, " ".join(reason.code for reason in found.reasons)) == (case.advice, case.reasons)


def test_pain_at_an_agreed_target_counts_as_better() -> None:
    asked = [Readings("PEG", (12, 9, 9)), Readings("PHQ-9", (8, 8, 8)), Readings("GAD-7", (5, 5, 5))]
    rules = SteppingRules(pain_target=3.0)
    found = advise(rules, asked, moment="middle", step=2, risk_open=False)
    assert found.advice == "step_down"
    assert found.reasons[0].code == "pain_at_target"


def test_a_course_in_which_pain_was_never_asked_about_leads_to_a_talk() -> None:
    assert advise(SteppingRules(), [], moment="end", step=2, risk_open=False).advice == "consult"


def test_a_reason_carries_the_readings_as_they_are_published() -> None:
    [first, *_] = advise(
        SteppingRules(), [Readings("PEG", (20, 14, 13))], moment="middle", step=2, risk_open=False
    ).reasons
    assert (first.first, first.before, first.last) == (6.7, 4.7, 4.3)


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ((5,), None),
        ((5, 6), Latest(5, 6, carried=False, since_start=False)),
        ((5, 6, 7), Latest(6, 7, carried=False, since_start=True)),
        ((5, 6, NOT_ANSWERED), Latest(6, 6, carried=True, since_start=True)),
        ((5, NOT_ANSWERED, 7), Latest(5, 7, carried=True, since_start=True)),
        ((5, NOT_ANSWERED, NOT_ANSWERED), None),
        ((5, NOT_ANSWERED, NOT_ANSWERED, 7), None),
        ((5, NOT_ANSWERED), Latest(5, 5, carried=True, since_start=False)),
    ],
)
def test_at_most_one_reading_is_carried(totals: Totals, found: Latest | None) -> None:
    assert latest(Readings("PHQ-9", totals)) == found
