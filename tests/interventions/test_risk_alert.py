"""An alert is open until a named clinician takes it on, and grows louder meanwhile. Whoever holds it assesses the
person, and only who assessed them closes it, with a plan.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from services.interventions.domain.alert.commands import (
    AcknowledgeRiskAlert,
    AssessRiskAlert,
    CloseRiskAlert,
    RaiseRiskAlert,
    RaiseRiskAlertForWords,
    TakeOverRiskAlert,
)
from services.interventions.domain.alert.decide import decide
from shared.contracts.clinic_on_call import OnCall, Shift
from shared.contracts.commands import Command, TimerDue
from shared.contracts.interventions import (
    ASSESSMENT_QUESTIONS,
    EpisodeActivated,
    RiskAlertAcknowledged,
    RiskAlertAssessed,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskAlertTakenOver,
    RiskAssessment,
    RiskEvent,
)
from tests.given import given
from tests.interventions import example as ex

RAISE = ex.command(RaiseRiskAlert, alert_id="a1", episode_id="e1", patient_id="p1", measure="PHQ-9", item=9, value=2)
RAISED = ex.of_alert(
    RiskAlertRaised, measure="PHQ-9", item=9, value=2, acknowledge_by=ex.after(minutes=15), called="ana"
)
TAKEN = ex.of_alert(RiskAlertAcknowledged, acknowledged_by="ana", assess_by=ex.after(minutes=60))
OLD = ex.of_alert(RiskAlertAcknowledged, acknowledged_by="ana")
"""As it was said before there was a time to assess."""
TALK = RiskAssessment(
    **{**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), "thoughts": "yes", "means": "not_asked"}, concern="low"
)
NOTHING = TALK.model_copy(update=dict.fromkeys(ASSESSMENT_QUESTIONS, "not_asked"))
ASSESSED = ex.of_alert(RiskAlertAssessed, assessed_by="ana", assessment=TALK, close_by=ex.after(hours=24))
OVER = ex.of_alert(
    RiskAlertTakenOver, taken_over_by="ben", taken_from="ana", reason="Ana is ill", assess_by=ex.after(minutes=60)
)
CLOSED = ex.of_alert(RiskAlertClosed, closed_by="ana", plan="Safety plan made")
TAKE = ex.command(AcknowledgeRiskAlert, ex.ANA)


def due(at: datetime, name: str = "acknowledge") -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def assess(assessment: RiskAssessment = TALK, actor: str = ex.ANA) -> AssessRiskAlert:
    return ex.command(AssessRiskAlert, actor, assessment=assessment)


def take_over(reason: str = "Ana is ill", actor: str = ex.BEN) -> TakeOverRiskAlert:
    return ex.command(TakeOverRiskAlert, actor, reason=reason)


def close(plan: str = "Safety plan made", actor: str = ex.ANA) -> CloseRiskAlert:
    return ex.command(CloseRiskAlert, actor, plan=plan)


def test_a_worrying_answer_raises_an_alert_with_a_deadline() -> None:
    given(ex.ALERT).when(RAISE).then(RAISED)


def test_words_raise_an_alert_that_says_where_they_stand() -> None:
    where = {"activity_id": "plan", "number": 2, "field": "what", "words": ("want to die",)}
    wanted = ex.command(RaiseRiskAlertForWords, alert_id="a1", episode_id="e1", patient_id="p1", **where)
    said = ex.of_alert(
        RiskAlertRaised,
        **{"source": "words", "measure": "", "item": 0, "value": 0, **where},
        acknowledge_by=ex.after(minutes=15),
        called="ana",
    )
    story = given(ex.ALERT).when(wanted).then(said)
    assert (story.state.source, story.state.field, story.state.words) == ("words", "what", ("want to die",))
    story.when(wanted).then()
    story.when(TAKE).then(TAKEN)


def test_a_second_answer_changes_nothing_while_somebody_is_called_or_on_it() -> None:
    given(ex.ALERT, RAISED).when(RAISE).then()
    given(ex.ALERT, RAISED, TAKEN).when(RAISE).then()


def test_a_closed_alert_is_raised_anew_from_the_foot_of_the_ladder() -> None:
    louder = ex.of_alert(RiskAlertEscalated, level=1, acknowledge_by=ex.after(minutes=35), called="ana")
    again = given(ex.ALERT, RAISED, louder, TAKEN, ASSESSED, CLOSED).when(RAISE).then(RAISED)
    assert (again.state.level, again.state.acknowledged_by, again.state.plan) == (0, None, None)


def test_an_alert_remembers_when_it_was_raised_taken_on_and_closed() -> None:
    at = {"at": ex.after(minutes=3)}, {"at": ex.after(minutes=9)}
    state = given(ex.ALERT, RAISED, TAKEN.model_copy(update=at[0]), ASSESSED, CLOSED.model_copy(update=at[1])).state
    assert (state.raised_at, state.acknowledged_at, state.closed_at) == (ex.T0, at[0]["at"], at[1]["at"])
    assert (state.measure, state.item, state.value) == ("PHQ-9", 9, 2)


def test_an_alert_that_nobody_takes_grows_louder_for_ever() -> None:
    story, at = given(ex.ALERT, RAISED), ex.after(minutes=15)
    for level in range(1, 8):
        again = ex.after(minutes=15 + 20 * level)
        story = story.when(due(at)).then(
            ex.of_alert(RiskAlertEscalated, at, level=level, acknowledge_by=again, called="ana")
        )
        assert ex.ALERT.timers(story.state) == {"acknowledge": again}
        at = again


def test_a_timer_that_rings_early_or_by_another_name_calls_nobody() -> None:
    given(ex.ALERT, RAISED).when(due(ex.after(minutes=14))).then()
    given(ex.ALERT, RAISED).when(due(ex.after(minutes=16), "other")).then()


@pytest.mark.parametrize("past", [(), (RAISED, OLD), (RAISED, TAKEN, ASSESSED, CLOSED)])
def test_no_clock_runs_where_nobody_was_called_or_all_is_done(past: tuple[RiskEvent, ...]) -> None:
    story = given(ex.ALERT, *past)
    assert ex.ALERT.timers(story.state) == {}
    story.when(due(ex.after(days=1))).then()


def test_a_clinician_takes_the_alert_on_by_name() -> None:
    given(ex.ALERT, RAISED).when(TAKE).then(TAKEN)


def test_a_clinician_may_have_a_colon_in_their_id() -> None:
    take = ex.command(AcknowledgeRiskAlert, "psychology:north:ana")
    assert given(ex.ALERT, RAISED).when(take).happened().state.acknowledged_by == "north:ana"


def test_taking_it_on_twice_says_nothing() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(TAKE).then()


def test_a_second_clinician_hears_who_has_it() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(ex.command(AcknowledgeRiskAlert, ex.BEN)).refused(
        "already-acknowledged", by="ana"
    )


@pytest.mark.parametrize(("past", "actor"), [((TAKEN,), "ana"), ((TAKEN, OVER), "ben")])
def test_whoever_holds_it_and_does_not_assess_in_time_is_not_the_last_to_be_called(
    past: tuple[RiskEvent, ...], actor: str
) -> None:
    story = given(ex.ALERT, RAISED, *past)
    story.when(due(ex.after(minutes=60))).then()
    at = ex.after(minutes=60)
    assert ex.ALERT.timers(story.state) == {"assess": at}
    for level in (1, 2, 3):
        again = ex.after(minutes=60 + 20 * level)
        louder = ex.of_alert(RiskAlertEscalated, at, level=level, acknowledge_by=again, owed="assess", called="ana")
        story.when(due(ex.after(minutes=59), "assess")).then()
        story = story.when(due(at, "assess")).then(louder)
        assert (story.state.status, story.state.acknowledged_by) == ("acknowledged", actor)
        at = again


def test_of_a_plan_that_is_missing_one_more_person_is_told_once() -> None:
    story = given(ex.ALERT, RAISED, TAKEN, ASSESSED)
    assert ex.ALERT.timers(story.state) == {"close": ex.after(hours=24)}
    louder = ex.of_alert(
        RiskAlertEscalated,
        ex.after(hours=24),
        level=1,
        acknowledge_by=ex.after(hours=24, minutes=20),
        owed="close",
        called="ana",
    )
    told = story.when(due(ex.after(hours=24), "close")).then(louder)
    assert ex.ALERT.timers(told.state) == {}
    told.when(close()).then(CLOSED)


def test_whoever_holds_the_alert_assesses_the_person() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(assess()).then(ASSESSED)
    given(ex.ALERT, RAISED, TAKEN).when(assess(actor=ex.BEN)).refused("not-the-holder", by="ana")
    given(ex.ALERT, RAISED).when(assess()).refused("not-acknowledged")


def test_an_alert_that_was_taken_on_before_there_were_assessments_is_assessed_and_closed() -> None:
    given(ex.ALERT, RAISED, OLD).when(close()).refused("not-assessed")
    given(ex.ALERT, RAISED, OLD).when(assess()).then(ASSESSED).when(close()).then(CLOSED)


def test_the_same_assessment_twice_says_nothing_and_another_one_counts() -> None:
    given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(assess()).then()
    worse = TALK.model_copy(update={"concern": "high"})
    again = given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(assess(worse)).happened()
    assert again.state.assessment == worse


def test_an_assessment_in_which_nothing_was_asked_says_why() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(assess(NOTHING)).refused("assessment-missing")
    given(ex.ALERT, RAISED, TAKEN).when(assess(NOTHING.model_copy(update={"note": " "}))).refused("assessment-missing")
    why = NOTHING.model_copy(update={"note": "She is in hospital; spoke with the ward."})
    assert given(ex.ALERT, RAISED, TAKEN).when(assess(why)).happened().state.assessment == why


@pytest.mark.parametrize("question", ASSESSMENT_QUESTIONS)
def test_one_question_that_was_asked_is_an_assessment(question: str) -> None:
    one = NOTHING.model_copy(update={question: "no"})
    assert given(ex.ALERT, RAISED, TAKEN).when(assess(one)).happened().state.status == "assessed"


@pytest.mark.parametrize("past", [(TAKEN,), (TAKEN, ASSESSED)])
def test_a_colleague_takes_it_over_with_a_reason_and_assesses_anew(past: tuple[RiskEvent, ...]) -> None:
    story = given(ex.ALERT, RAISED, *past)
    story.when(take_over("  ")).refused("reason-missing")
    mine = story.when(take_over()).then(OVER)
    assert (mine.state.status, mine.state.acknowledged_by) == ("acknowledged", "ben")
    assert (mine.state.taken_from, mine.state.taken_because) == ("ana", "Ana is ill")
    mine.when(close(actor=ex.BEN)).refused("not-assessed")
    mine.when(close()).refused("not-assessed")
    mine.when(assess()).refused("not-the-holder", by="ben")
    done = mine.when(assess(actor=ex.BEN)).then(ASSESSED.model_copy(update={"assessed_by": "ben"}))
    done.when(close(actor=ex.BEN)).then(CLOSED.model_copy(update={"closed_by": "ben"}))


def test_an_alert_is_taken_over_from_somebody_else_only() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(take_over(actor=ex.ANA)).then()
    given(ex.ALERT, RAISED).when(take_over()).refused("not-acknowledged")


def test_a_worrying_answer_after_the_assessment_calls_anew() -> None:
    again = given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(RAISE).then(RAISED)
    assert (again.state.status, again.state.assessment) == ("open", None)


def test_an_alert_is_closed_with_a_plan_by_who_assessed_the_person_and_by_nobody_else() -> None:
    given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(close()).then(CLOSED)
    given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(close(actor=ex.BEN)).refused("not-the-assessor", by="ana")


def test_an_alert_that_nobody_took_on_cannot_be_closed() -> None:
    given(ex.ALERT, RAISED).when(close()).refused("not-acknowledged")


def test_an_alert_cannot_be_closed_without_a_plan() -> None:
    given(ex.ALERT, RAISED, TAKEN, ASSESSED).when(close(" ")).refused("plan-missing")


@pytest.mark.parametrize("wanted", [TAKE, assess(), take_over(), close()])
def test_a_closed_alert_stays_as_it_is(wanted: Command) -> None:
    given(ex.ALERT, RAISED, TAKEN, ASSESSED, CLOSED).when(wanted).refused("alert-closed")


@pytest.mark.parametrize("wanted", [TAKE, assess(), take_over(), close()])
def test_an_alert_that_was_never_raised_cannot_be_handled(wanted: Command) -> None:
    given(ex.ALERT).when(wanted).refused("alert-not-raised")


def test_an_unknown_event_changes_nothing_and_an_unknown_command_is_a_bug() -> None:
    stranger = ex.of_episode(EpisodeActivated)
    assert given(ex.ALERT, RAISED, stranger).state == given(ex.ALERT, RAISED).state
    with pytest.raises(TypeError, match="no branch for Command"):
        given(ex.ALERT).when(ex.command(Command)).events()


def test_alerts_are_found_by_status_patient_and_episode() -> None:
    state = given(ex.ALERT, RAISED).state
    assert ex.ALERT.keys(state) == {"status": "open", "patient_id": "p1", "episode_id": "e1"}
    assert ex.ALERT.person(state) == "p1"
    assert set(ex.ALERT.queried) == {"status", "patient_id", "episode_id"}


def test_the_next_person_is_one_on_duty_who_was_not_called_and_does_not_hold_it() -> None:
    rota = OnCall(rota=(Shift(ladder=("ben", "ana", "cleo")),))
    clinic = ex.CLINIC.model_copy(update={"on_call": rota})
    alert = replace(ex.ALERT, decide=partial(decide, clinic))
    raised = RAISED.model_copy(update={"called": "ben"})
    late = ex.of_alert(
        RiskAlertEscalated,
        ex.after(minutes=60),
        level=1,
        acknowledge_by=ex.after(minutes=80),
        owed="assess",
        called="cleo",
    )
    given(alert).when(RAISE).then(raised).when(TAKE).then(TAKEN).when(due(ex.after(minutes=60), "assess")).then(late)
