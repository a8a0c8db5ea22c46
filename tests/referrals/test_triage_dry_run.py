"""A dry-run by hand, and what must hold for any rules and any referrals."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.domain.triage.dry_run import Case, case_of, dry_run
from services.referrals.domain.triage.recommend import recommend
from shared.clinical import measure
from shared.contracts.referrals import Priority, Reading, Recommendation, TriageFlag
from shared.contracts.triage import RuleSet, urgency_rank
from tests import given as story
from tests.referrals.people import HISTORIES, NOW, PEG, PHQ4, RECOMMENDED, REFERRAL
from tests.referrals.rules import reading, rule, rule_set, with_total

CALM = reading("PHQ-4", 0, 0, 0, 0)


def case(id: str, pain: int | None, recorded: Recommendation | None, **changes: Any) -> Case:
    """An accepted referral whose PEG items add up to `pain`."""
    readings = (CALM,) if pain is None else (with_total("PEG", pain), CALM)
    whole = {"readings": readings, "priority": "routine", "flags": (), "decided_step": 2, "outcome": "accepted"}
    return Case.model_validate({"referral_id": id, "recorded": recorded, "decided_at": NOW, **whole, **changes})


def said(step: int | None, urgency: Priority | None = Priority.ROUTINE, version: int = 6) -> Recommendation:
    return Recommendation(rules_version=version, step=step, urgency=urgency, consult=step is None, reasons=("old",))


RULES = rule_set(
    rule("some", when=[{"measure": "PEG", "at_least": 4}], then={"step": 2}),
    rule("much", when=[{"measure": "PEG", "at_least": 7}], then={"step": 3, "urgency": "urgent"}),
    rule("harm", when=[{"flag": "self_harm_concern"}], then={"consult": True, "urgency": "very_urgent"}),
    rule("loss", when=[{"flag": "recent_loss"}], then={"consult": True}),
)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (case("r", 12, said(2)), {"same"}),
        (case("r", 12, said(1)), {"more_intensive"}),
        (case("r", 12, said(3)), {"less_intensive"}),
        (case("r", 12, said(2, Priority.URGENT)), {"later"}),
        (case("r", 21, said(3)), {"sooner"}),
        (case("r", 21, said(4, Priority.VERY_URGENT)), {"less_intensive", "later"}),
        (case("r", 21, said(2)), {"more_intensive", "sooner"}),
        (case("r", None, said(2)), {"newly_consult"}),
        (case("r", 12, said(2), flags=("self_harm_concern",)), {"newly_consult", "sooner"}),
        (case("r", 12, said(None, None)), {"no_longer_consult"}),
        (case("r", 12, said(None, Priority.URGENT)), {"no_longer_consult", "later"}),
        (case("r", 12, said(None, None), flags=("self_harm_concern",)), {"sooner"}),
        (case("r", 12, said(None, Priority.URGENT), flags=("recent_loss",)), {"later"}),
        (case("r", 12, said(None, None), flags=("recent_loss",)), {"same"}),
        (case("r", 12, None), {"unrecorded"}),
    ],
)
def test_each_difference_is_counted(one: Case, expected: set[str]) -> None:
    result = dry_run(RULES, [one])
    counts = result.model_dump(exclude={"rules_version", "cases", "changes", "not_reproduced"})
    assert counts == {name: int(name in expected) for name in counts}
    assert result.cases == 1
    assert {difference for change in result.changes for difference in change.differences} == expected - {
        "same",
        "unrecorded",
    }


def test_each_change_is_listed_in_the_order_of_decisions_with_before_after_and_what_was_decided() -> None:
    later = case("referral-b", 21, said(2), decided_at=NOW + timedelta(days=1), outcome="declined", decided_step=None)
    result = dry_run(RULES, [later, case("referral-a", 12, said(1)), case("referral-c", 12, said(2))])
    first, second = result.changes
    assert (first.referral_id, second.referral_id) == ("referral-a", "referral-b")
    assert (second.outcome, second.decided_step, second.decided_at) == ("declined", None, NOW + timedelta(days=1))
    assert second.before == said(2)
    assert second.after == Recommendation(rules_version=7, step=3, urgency=Priority.URGENT, reasons=("much", "some"))
    assert (result.rules_version, result.cases, result.same) == (7, 3, 1)


def test_rules_that_were_edited_without_a_new_version_are_found_out() -> None:
    kept = recommend(RULES, (with_total("PEG", 12), CALM), Priority.ROUTINE, ())
    edited = kept.model_copy(update={"reasons": ("gone", "some")})
    cases = [case("kept", 12, kept), case("edited", 12, edited), case("older", 12, said(2))]
    result = dry_run(RULES, cases)
    assert result.not_reproduced == ("edited",)
    assert result.same == 3


@pytest.mark.parametrize("status", ["none", "draft", "submitted", "information_requested"])
def test_a_referral_is_no_case_before_it_is_decided(status: str) -> None:
    assert case_of(story.given(REFERRAL, *HISTORIES[status]).state) is None


@pytest.mark.parametrize(
    ("status", "outcome", "step"),
    [
        ("accepted", "accepted", 2),
        ("undecided", "accepted", 2),
        ("in_treatment", "accepted", 2),
        ("outcome_sent", "accepted", 2),
        ("loop_closed", "accepted", 2),
        ("returned", "returned", None),
        ("declined", "declined", None),
    ],
)
def test_a_decided_referral_is_a_case_with_what_triage_saw_and_said(status: str, outcome: str, step: int) -> None:
    state: ReferralState = story.given(REFERRAL, *HISTORIES[status]).state
    assert case_of(state) == Case(
        referral_id="referral-1",
        readings=(PEG, PHQ4),
        priority=Priority.URGENT,
        flags=(),
        recorded=RECOMMENDED,
        decided_step=step,
        outcome=outcome,  # type: ignore[arg-type]
        decided_at=NOW,
    )


def test_what_is_learned_after_a_decision_does_not_change_what_it_went_by() -> None:
    accepted: ReferralState = story.given(REFERRAL, *HISTORIES["accepted"]).state
    learned = {"flags": ("trauma",), "readings": (), "priority": Priority.ROUTINE, "recommendation": said(3)}
    assert case_of(accepted.model_copy(update=learned)) == case_of(accepted)


def test_a_referral_that_was_withdrawn_after_it_was_accepted_had_been_accepted() -> None:
    accepted = story.given(REFERRAL, *HISTORIES["accepted"]).state
    assert case_of(accepted.model_copy(update={"status": Status.WITHDRAWN})) == case_of(accepted)
    assert case_of(story.given(REFERRAL, *HISTORIES["withdrawn"]).state) is None


# ---- For any rules and any referrals ----

in_its_own_time = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no finding."""

MEASURED = ("PEG", "PHQ-4", "PHQ-9", "GAD-7")
NAMES = st.sampled_from(("a", "b", "c", "d", "e", "f"))
URGENCIES = st.sampled_from([priority.value for priority in Priority])
FLAGS = st.frozensets(st.sampled_from(get_args(TriageFlag)), max_size=3).map(sorted).map(tuple)


def _measure_condition(operators: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    def bounded(id: str) -> st.SearchStrategy[dict[str, Any]]:
        form = measure(id)
        top = form.highest if form.rule == "mean" else form.highest_total
        bound = st.integers(1, top)
        whole = st.builds(lambda op, n: {"measure": id, op: n}, st.sampled_from(operators), bound)
        if id != "PHQ-4":
            return whole
        part = st.sampled_from(("anxiety", "depression"))
        half = st.builds(
            lambda op, n, name: {"measure": id, "part": name, op: n},
            st.sampled_from(operators),
            st.integers(1, 6),
            part,
        )
        return whole | half

    return st.sampled_from(MEASURED).flatmap(bounded)


def _rules(*operators: str) -> st.SearchStrategy[RuleSet]:
    flagged = st.sampled_from(get_args(TriageFlag)).map(lambda flag: {"flag": flag})
    asked = st.builds(
        lambda op, urgency: {"priority": "asked", op: urgency},
        st.sampled_from(operators),
        st.sampled_from(("urgent", "very_urgent")),
    )
    when = st.lists(_measure_condition(operators) | flagged | asked, min_size=1, max_size=3)
    step, urgency = st.integers(1, 4), URGENCIES
    then = (
        st.fixed_dictionaries({"step": step}, optional={"urgency": urgency})
        | st.fixed_dictionaries({"urgency": urgency})
        | st.fixed_dictionaries({"consult": st.just(True)}, optional={"urgency": urgency})
    )
    each = st.builds(lambda id, when, then: rule(id, when=when, then=then), NAMES, when, then)
    several = st.lists(each, min_size=1, max_size=6, unique_by=lambda one: one["id"])
    baseline = st.fixed_dictionaries({"step": step, "urgency": urgency})
    return st.builds(lambda rules, baseline: rule_set(*rules, baseline=baseline), several, baseline)


@st.composite
def _readings(draw: st.DrawFn) -> tuple[Reading, ...]:
    taken = draw(st.frozensets(st.sampled_from(MEASURED)).filter(bool))
    return tuple(reading(id, *draw(_answers(id))) for id in sorted(taken))


def _answers(id: str) -> st.SearchStrategy[tuple[int, ...]]:
    form = measure(id)
    return st.tuples(*(st.integers(form.lowest, form.highest) for _ in form.items))


@st.composite
def _cases(draw: st.DrawFn, recorded_by: RuleSet) -> list[Case]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        readings, priority, flags = draw(_readings()), draw(st.sampled_from(Priority)), draw(FLAGS)
        found.append(
            Case(
                referral_id=f"referral-{number}",
                readings=readings,
                priority=priority,
                flags=flags,
                recorded=recommend(recorded_by, readings, priority, flags),
                decided_step=None,
                outcome="returned",
                decided_at=NOW,
            )
        )
    return found


ANY_RULES = _rules("at_least", "below", "equals")


@in_its_own_time
@given(st.data(), ANY_RULES)
def test_the_rules_of_the_recorded_version_reproduce_every_recommendation(data: st.DataObject, rules: RuleSet) -> None:
    cases = data.draw(_cases(rules))
    result = dry_run(rules, cases)
    assert (result.same, result.changes, result.not_reproduced) == (len(cases), (), ())
    assert [recommend(rules, one.readings, one.priority, one.flags) for one in cases] == [one.recorded for one in cases]


@in_its_own_time
@given(st.data(), ANY_RULES, ANY_RULES)
def test_a_dry_run_again_or_in_another_order_of_cases_says_the_same(
    data: st.DataObject, then: RuleSet, now: RuleSet
) -> None:
    cases = data.draw(_cases(then))
    result = dry_run(now, cases)
    assert dry_run(now, data.draw(st.permutations(cases))) == result
    assert result.cases == result.same + len(result.changes)


@in_its_own_time
@given(st.data(), ANY_RULES, ANY_RULES)
def test_once_the_new_recommendations_are_recorded_nothing_changes_any_more(
    data: st.DataObject, then: RuleSet, now: RuleSet
) -> None:
    cases = data.draw(_cases(then))
    after = {change.referral_id: change.after for change in dry_run(now, cases).changes}
    recorded = [one.model_copy(update={"recorded": after.get(one.referral_id, one.recorded)}) for one in cases]
    assert dry_run(now, recorded).changes == ()


@in_its_own_time
@given(st.data(), ANY_RULES, _readings(), st.sampled_from(Priority), FLAGS)
def test_the_order_of_rules_and_of_readings_and_of_flags_does_not_matter(
    data: st.DataObject,
    rules: RuleSet,
    readings: tuple[Reading, ...],
    priority: Priority,
    flags: tuple[TriageFlag, ...],
) -> None:
    turned = rules.model_copy(update={"rules": tuple(data.draw(st.permutations(rules.rules)))})
    others = data.draw(st.permutations(readings)), priority, data.draw(st.permutations(flags))
    assert recommend(turned, *others) == recommend(rules, readings, priority, flags)


@in_its_own_time
@given(st.data(), _rules("at_least"), _readings(), st.sampled_from(Priority), FLAGS)
def test_a_worse_score_never_lowers_step_or_urgency(
    data: st.DataObject,
    rules: RuleSet,
    readings: tuple[Reading, ...],
    priority: Priority,
    flags: tuple[TriageFlag, ...],
) -> None:
    worse = tuple(reading(one.measure, *data.draw(_worse(one))) for one in readings)
    before, after = (recommend(rules, taken, priority, flags) for taken in (readings, worse))
    assert set(before.reasons) <= set(after.reasons)
    assert after.consult or not before.consult
    if before.step is not None and after.step is not None:
        assert after.step >= before.step
    if before.urgency is not None and after.urgency is not None:
        assert urgency_rank(after.urgency) >= urgency_rank(before.urgency)
    # Once a person must look, the baseline's urgency alone is not recommended any more; a rule's still is.
    if after.urgency is None:
        assert after.consult
        assert before.urgency in (None, rules.baseline.urgency)


def _worse(one: Reading) -> st.SearchStrategy[tuple[int, ...]]:
    highest = measure(one.measure).highest
    return st.tuples(*(st.integers(answer, highest) for answer in one.answers))


@in_its_own_time
@given(ANY_RULES, _readings(), st.sampled_from(Priority), FLAGS)
def test_a_step_is_recommended_unless_a_person_must_look_and_never_without_peg_and_phq_4(
    rules: RuleSet, readings: tuple[Reading, ...], priority: Priority, flags: tuple[TriageFlag, ...]
) -> None:
    said = recommend(rules, readings, priority, flags)
    assert (said.step is None) is said.consult
    assert said.consult or said.urgency is not None
    if not {"PEG", "PHQ-4"} <= {one.measure for one in readings}:
        assert said.consult
