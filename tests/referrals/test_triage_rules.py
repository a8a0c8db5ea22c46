"""The shipped triage rules by hand, and every message for a rule that cannot be used."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from services.referrals.domain.triage.recommend import departs, explain, recommend
from shared.contracts.referrals import Priority, Reading, Recommendation, TriageFlag
from shared.contracts.triage import FlagCondition, RulesFault, read_rules
from tests.referrals.people import NOW
from tests.referrals.rules import SHIPPED, WHY, reading, rule, rule_data, rule_set, with_total

ROUTINE, URGENT, VERY_URGENT = Priority.ROUTINE, Priority.URGENT, Priority.VERY_URGENT
LITTLE_PAIN, PAIN, SEVERE_PAIN = reading("PEG", 3, 4, 4), reading("PEG", 4, 4, 4), reading("PEG", 7, 7, 7)
CALM, TENSE = reading("PHQ-4", 1, 1, 1, 1), reading("PHQ-4", 2, 1, 1, 1)
LOW, DISTRESSED, SEVERE = reading("PHQ-4", 0, 0, 1, 2), reading("PHQ-4", 2, 2, 1, 1), reading("PHQ-4", 3, 2, 2, 2)

Case = tuple[tuple[Reading, ...], Priority, tuple[TriageFlag, ...], int | None, Priority | None, tuple[str, ...]]

BY_HAND: dict[str, Case] = {
    "nothing holds": ((LITTLE_PAIN, CALM), ROUTINE, (), 1, ROUTINE, ()),
    "pain of 11 out of 30 is below 4": ((reading("PEG", 3, 4, 4), CALM), ROUTINE, (), 1, ROUTINE, ()),
    "pain of 4 exactly": ((PAIN, CALM), ROUTINE, (), 2, ROUTINE, ("pain-moderate",)),
    "a positive screen for worry": ((LITTLE_PAIN, TENSE), ROUTINE, (), 2, ROUTINE, ("worry-screen-positive",)),
    "a positive screen for low mood": ((LITTLE_PAIN, LOW), ROUTINE, (), 2, ROUTINE, ("mood-screen-positive",)),
    "severe pain without distress": ((SEVERE_PAIN, CALM), ROUTINE, (), 2, ROUTINE, ("pain-moderate",)),
    "severe pain with distress": (
        (SEVERE_PAIN, DISTRESSED),
        ROUTINE,
        (),
        3,
        ROUTINE,
        ("pain-moderate", "pain-severe-with-distress", "worry-screen-positive"),
    ),
    "severe distress": (
        (LITTLE_PAIN, SEVERE),
        ROUTINE,
        (),
        3,
        URGENT,
        ("distress-severe", "mood-screen-positive", "worry-screen-positive"),
    ),
    "severe in both after several treatments": (
        (SEVERE_PAIN, SEVERE),
        ROUTINE,
        ("several_treatments_tried",),
        4,
        URGENT,
        (
            "distress-severe",
            "mood-screen-positive",
            "pain-moderate",
            "pain-severe-with-distress",
            "severe-after-several-treatments",
            "worry-screen-positive",
        ),
    ),
    "several treatments alone": ((LITTLE_PAIN, CALM), ROUTINE, ("several_treatments_tried",), 1, ROUTINE, ()),
    "out of work with pain": (
        (PAIN, CALM),
        ROUTINE,
        ("no_work_now",),
        2,
        URGENT,
        ("pain-keeps-from-work", "pain-moderate"),
    ),
    "trauma": ((LITTLE_PAIN, CALM), ROUTINE, ("trauma",), 3, ROUTINE, ("trauma",)),
    "opioids with distress": (
        (LITTLE_PAIN, DISTRESSED),
        ROUTINE,
        ("opioid_use",),
        3,
        ROUTINE,
        ("opioids-with-distress", "worry-screen-positive"),
    ),
    "opioids and other substances": (
        (PAIN, CALM),
        ROUTINE,
        ("opioid_use", "substance_use"),
        None,
        URGENT,
        ("opioids-with-substance-use", "pain-moderate"),
    ),
    "a loss, and low mood": (
        (LITTLE_PAIN, LOW),
        ROUTINE,
        ("recent_loss",),
        None,
        None,
        ("loss-with-low-mood", "mood-screen-positive"),
    ),
    "a loss without low mood": ((LITTLE_PAIN, CALM), ROUTINE, ("recent_loss",), 1, ROUTINE, ()),
    "thinking is hard": ((LITTLE_PAIN, CALM), ROUTINE, ("cognitive_difficulty",), 2, ROUTINE, ("thinking-is-hard",)),
    "a worry about self-harm overrides every score": (
        (LITTLE_PAIN, CALM),
        ROUTINE,
        ("self_harm_concern",),
        None,
        VERY_URGENT,
        ("self-harm-concern",),
    ),
    "asked as urgent": ((LITTLE_PAIN, CALM), URGENT, (), 1, URGENT, ("urgent-asked",)),
    "asked as very urgent": (
        (LITTLE_PAIN, CALM),
        VERY_URGENT,
        (),
        1,
        VERY_URGENT,
        ("urgent-asked", "very-urgent-asked"),
    ),
    "moderate low mood": (
        (LITTLE_PAIN, CALM, with_total("PHQ-9", 10)),
        ROUTINE,
        (),
        2,
        ROUTINE,
        ("low-mood-moderate",),
    ),
    "moderately severe low mood": (
        (LITTLE_PAIN, CALM, with_total("PHQ-9", 19)),
        ROUTINE,
        (),
        3,
        ROUTINE,
        ("low-mood-moderate", "low-mood-moderately-severe"),
    ),
    "severe low mood": (
        (LITTLE_PAIN, CALM, with_total("PHQ-9", 20)),
        ROUTINE,
        (),
        4,
        URGENT,
        ("low-mood-moderate", "low-mood-moderately-severe", "low-mood-severe"),
    ),
    "worry of a clinical degree": (
        (LITTLE_PAIN, CALM, with_total("GAD-7", 14)),
        ROUTINE,
        (),
        2,
        ROUTINE,
        ("worry-of-clinical-degree",),
    ),
    "severe worry": (
        (LITTLE_PAIN, CALM, with_total("GAD-7", 15)),
        ROUTINE,
        (),
        3,
        ROUTINE,
        ("worry-of-clinical-degree", "worry-severe"),
    ),
    "without PEG": ((CALM,), ROUTINE, (), None, None, ("missing:PEG",)),
    "without PHQ-4, asked as urgent": (
        (PAIN,),
        URGENT,
        (),
        None,
        URGENT,
        ("missing:PHQ-4", "pain-moderate", "urgent-asked"),
    ),
    "without anything": ((), ROUTINE, (), None, None, ("missing:PEG", "missing:PHQ-4")),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_shipped_rules_recommend_what_was_worked_out_by_hand(name: str) -> None:
    readings, priority, flags, step, urgency, reasons = BY_HAND[name]
    assert recommend(SHIPPED, readings, priority, flags) == Recommendation(
        rules_version=1, step=step, urgency=urgency, consult=step is None, reasons=reasons
    )


def test_every_shipped_rule_holds_in_a_case_by_hand_and_every_flag_is_in_a_rule() -> None:
    held = {reason for *_, reasons in BY_HAND.values() for reason in reasons}
    assert {one.id for one in SHIPPED.rules} <= held
    asked = {one.flag for each in SHIPPED.rules for one in each.when if isinstance(one, FlagCondition)}
    assert asked == set(get_args(TriageFlag))


def test_nobody_has_approved_the_shipped_rules_and_every_number_in_the_file_says_so() -> None:
    text = Path("deploy/triage/rules-1.yaml").read_text(encoding="utf-8")
    assert SHIPPED.approved_by is None
    assert "THE CLINICAL LEAD MUST APPROVE EVERY NUMBER" in text
    for block in re.split(r"\n(?=  - id: )", text)[1:]:
        if re.search(r"(at_least|below|equals): \d", block):
            assert re.search(r"#.*(approve)", block), block


def test_the_latest_reading_of_a_measure_counts() -> None:
    before = reading("PEG", 9, 9, 9, taken_at=NOW - timedelta(days=9))
    assert recommend(SHIPPED, (LITTLE_PAIN, before, CALM), ROUTINE, ()).step == 1
    assert recommend(SHIPPED, (before, LITTLE_PAIN, CALM), ROUTINE, ()).step == 1


@pytest.mark.parametrize(
    ("condition", "totals_that_hold"),
    [
        ({"measure": "PHQ-9", "at_least": 10}, {10, 11}),
        ({"measure": "PHQ-9", "below": 10}, {9}),
        ({"measure": "PHQ-9", "equals": 10}, {10}),
    ],
)
def test_each_operator_at_its_edge_and_none_of_them_without_the_measure(
    condition: dict[str, Any], totals_that_hold: set[int]
) -> None:
    rules = rule_set(rule(when=[condition]))

    def holds(*more: Reading) -> bool:
        return "one" in recommend(rules, (LITTLE_PAIN, CALM, *more), ROUTINE, ()).reasons

    assert {total for total in (9, 10, 11) if holds(with_total("PHQ-9", total))} == totals_that_hold
    assert not holds()


@pytest.mark.parametrize(
    ("operator", "holding"), [("at_least", {URGENT, VERY_URGENT}), ("below", {ROUTINE}), ("equals", {URGENT})]
)
def test_the_priority_asked_for_is_compared_by_urgency(operator: str, holding: set[Priority]) -> None:
    rules = rule_set(rule(when=[{"priority": "asked", operator: "urgent"}]))
    held = {priority for priority in Priority if recommend(rules, (LITTLE_PAIN, CALM), priority, ()).reasons}
    assert held == holding


def test_all_conditions_of_a_rule_must_hold() -> None:
    rules = rule_set(rule(when=[{"flag": "trauma"}, {"measure": "PHQ-4", "part": "depression", "at_least": 3}]))
    assert recommend(rules, (LITTLE_PAIN, LOW), ROUTINE, ("trauma",)).reasons == ("one",)
    assert recommend(rules, (LITTLE_PAIN, TENSE), ROUTINE, ("trauma",)).reasons == ()
    assert recommend(rules, (LITTLE_PAIN, LOW), ROUTINE, ()).reasons == ()


def test_the_baseline_is_the_least_that_is_recommended() -> None:
    rules = rule_set(rule(then={"step": 2, "urgency": "routine"}), version=3, baseline={"step": 3, "urgency": "urgent"})
    assert recommend(rules, (PAIN, CALM), ROUTINE, ()) == Recommendation(
        rules_version=3, step=3, urgency=URGENT, reasons=("one",)
    )


def test_a_person_who_must_look_is_told_an_urgency_only_if_a_rule_names_one_and_never_less_than_the_baseline() -> None:
    rules = rule_set(
        rule("look", when=[{"flag": "trauma"}], then={"consult": True}),
        rule("soon", when=[{"flag": "opioid_use"}], then={"urgency": "routine"}),
        baseline={"step": 1, "urgency": "urgent"},
    )
    assert recommend(rules, (PAIN, CALM), ROUTINE, ("trauma",)).urgency is None
    assert recommend(rules, (PAIN, CALM), ROUTINE, ("trauma", "opioid_use")).urgency is URGENT


STEP_2 = Recommendation(rules_version=1, step=2, urgency=URGENT)
LOOK = Recommendation(rules_version=1, consult=True)


@pytest.mark.parametrize(
    ("recommendation", "step", "urgency", "expected"),
    [
        (STEP_2, 2, URGENT, False),
        (STEP_2, 3, URGENT, True),
        (STEP_2, 1, URGENT, True),
        (STEP_2, 2, ROUTINE, True),
        (STEP_2, None, URGENT, False),
        (STEP_2, 2, None, False),
        (STEP_2, None, VERY_URGENT, True),
        (LOOK, 4, VERY_URGENT, False),
    ],
)
def test_a_decision_departs_when_it_names_another_step_or_urgency(
    recommendation: Recommendation, step: int | None, urgency: Priority | None, expected: bool
) -> None:
    assert departs(recommendation, step, urgency) is expected


def test_reasons_are_explained_in_both_languages_what_is_missing_first() -> None:
    said = recommend(SHIPPED, (PAIN,), URGENT, ())
    assert explain(SHIPPED, said, "en") == [
        "PHQ-4 is missing, so no step can be recommended. Please look for yourself.",
        "Pain gets in the way of daily life, so support from a clinician is likely to help more than reading alone.",
        "The referrer asked for an urgent decision.",
    ]
    assert explain(SHIPPED, said, "es")[0].startswith("Falta PHQ-4")
    assert explain(SHIPPED, said, "es")[2] == "Quien hace la derivación pidió una decisión urgente."


def test_a_reason_of_another_version_is_named_by_its_id() -> None:
    said = Recommendation(rules_version=9, step=2, urgency=ROUTINE, reasons=("long-gone", "trauma"))
    assert explain(SHIPPED, said, "en") == [
        "After trauma, work one to one is usually better than working alone.",
        "Rule long-gone of version 9, which is not among these rules.",
    ]
    assert explain(SHIPPED, said, "es")[1] == "Regla long-gone de la versión 9, que no está entre estas reglas."


PEG_4 = {"measure": "PEG", "at_least": 4}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"when": []}, "rule one, when: it has no condition, so it would hold for everybody; add one, or use baseline"),
        ({"when": PEG_4}, "rule one, when: this is no list; begin each entry with a hyphen"),
        ({"when": [PEG_4, {}]}, "rule one, condition 2: it is about nothing; begin it with measure, flag or priority"),
        ({"when": [{"measure": "PHQ", "at_least": 3}]}, "rule one, condition 1: no measure is called 'PHQ'; known are"),
        (
            {"when": [{"measure": "PHQ-4", "part": "sleep", "at_least": 3}]},
            "rule one, condition 1: PHQ-4 has no part 'sleep'; write one of anxiety, depression",
        ),
        ({"when": [{**PEG_4, "part": "sleep"}]}, "rule one, condition 1: PEG has no part 'sleep'; remove part"),
        (
            {"when": [{"measure": "PEG", "at_least": 12}]},
            "rule one, condition 1: PEG goes from 0 to 10, not to 12; write a number in that range",
        ),
        ({"when": [{"measure": "PHQ-9", "equals": 28}]}, "PHQ-9 goes from 0 to 27, not to 28; write a number in that"),
        ({"when": [{"measure": "PGIC", "at_least": 0}]}, "PGIC goes from 1 to 7, not to 0; write a number in that"),
        (
            {"when": [{"measure": "PHQ-4", "part": "anxiety", "at_least": 7}]},
            "PHQ-4 anxiety goes from 0 to 6, not to 7; write a number in that range",
        ),
        ({"when": [{"measure": "SCS-SF", "part": "isolation", "below": 6}]}, "isolation goes from 1 to 5, not to 6"),
        (
            {"when": [{"measure": "PEG", "below": 0}]},
            "rule one, condition 1: nothing is below 0 in PEG; write a higher number, or equals: 0",
        ),
        ({"when": [{"measure": "PEG"}]}, "rule one, condition 1: a condition compares once; write exactly one of"),
        ({"when": [{**PEG_4, "below": 6}]}, "a condition compares once; write exactly one of at_least, below, equals"),
        (
            {"when": [{"measure": "PEG", "at_least": "4"}]},
            "rule one, condition 1, at_least: '4' is no number; write one, without quotes",
        ),
        ({"when": [{"measure": "PEG", "at_least": True}]}, "rule one, condition 1, at_least: True is no number"),
        ({"when": [{"flag": "sad"}]}, "rule one, condition 1, flag: 'sad' is not known; write 'self_harm_concern', "),
        ({"when": [{"flag": "trauma", "not": 1}]}, "rule one, condition 1, not: this key is not known here; correct"),
        ({"when": [{"priority": "urgent", "equals": "urgent"}]}, "priority: 'urgent' is not known; write 'asked'"),
        ({"when": [{"priority": "asked", "at_least": "soon"}]}, "at_least: 'soon' is not known; write 'routine', "),
        (
            {"when": [{"priority": "asked", "below": "routine"}]},
            "rule one, condition 1: nothing is below routine; write a higher priority, or equals: routine",
        ),
        ({"then": {}}, "rule one, then: it asks for nothing; write step, urgency or consult: true"),
        ({"then": {"step": 5}}, "rule one, then.step: 5 is no step; write a whole number from 1 to 4"),
        ({"then": {"step": "3"}}, "rule one, then.step: '3' is no step; write a whole number from 1 to 4"),
        ({"then": {"urgency": "soon"}}, "rule one, then.urgency: 'soon' is not known; write 'routine', 'urgent' or"),
        (
            {"then": {"step": 3, "consult": True}},
            "rule one, then: consult means that no step is recommended; remove step or consult",
        ),
        ({"then": {"consult": "perhaps"}}, "rule one, then.consult: Input should be a valid boolean"),
        ({"why": {"en": "Pain."}}, "rule one, why.es: is missing; write the reason in Spanish too"),
        ({"why": {"es": "Dolor."}}, "rule one, why.en: is missing; write the reason in English too"),
        ({"why": {**WHY, "es": " "}}, "rule one, why.es: is empty; write the reason as one sentence"),
        ({"why": "Pain."}, "rule one, why: 'Pain.' stands where keys are expected; see deploy/triage/rules-1.yaml"),
        (
            {"id": "One!"},
            "rule One!, id: 'One!' is no id; write small letters, digits and hyphens, such as pain-severe",
        ),
        ({"id": 7}, "rule number 1, id: Input should be a valid string; correct it"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named_with_what_to_do(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RulesFault) as fault:
        read_rules(rule_data(rule(**changes)))
    [message] = fault.value.faults
    assert told in message


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "the rules: None stands where keys are expected; see deploy/triage/rules-1.yaml for their names"),
        (rule_data(rules=[]), "rules: there is none; write at least one rule"),
        (rule_data(rules=rule()), "rules: this is no list; begin each entry with a hyphen"),
        (rule_data(rules=["x"]), "rule number 1: 'x' stands where keys are expected"),
        (
            rule_data(rule("a"), rule("b"), rule("a")),
            "rules: more than one rule is called a; give each an id of its own",
        ),
        (rule_data(version=0), "version: 0 is no version; write a whole number, one more than the version before"),
        (rule_data(approved_by="Dr Lead"), "approved_by: 'Dr Lead' is nobody's id; write the clinical lead's"),
        (rule_data(baseline={"step": 0, "urgency": "routine"}), "baseline.step: 0 is no step; write a whole number"),
        (rule_data(baseline={"step": 1}), "baseline.urgency: is missing; write it"),
        (rule_data(raised_on="today"), "raised_on: this key is not known here; correct its name or remove it"),
    ],
)
def test_a_set_that_cannot_be_used_is_told_with_what_to_do(data: object, told: str) -> None:
    with pytest.raises(RulesFault) as fault:
        read_rules(data)
    [message] = fault.value.faults
    assert told in message


def test_all_mistakes_are_told_at_once_each_with_its_rule() -> None:
    with pytest.raises(RulesFault) as fault:
        read_rules(rule_data(rule("a", then={}), rule("b"), rule("c", when=[])))
    assert [message.partition(":")[0] for message in fault.value.faults] == ["rule a, then", "rule c, when"]


def test_rules_come_back_the_same_from_json_and_from_yaml() -> None:
    assert read_rules(SHIPPED.model_dump(mode="json")) == SHIPPED
    assert read_rules(yaml.safe_load(yaml.safe_dump(SHIPPED.model_dump(mode="json")))) == SHIPPED
