"""An alert is open until a named clinician takes it on, grows louder meanwhile, and closes only with a plan."""

from datetime import datetime

import pytest

from services.interventions.domain.alert.commands import AcknowledgeRiskAlert, CloseRiskAlert, RaiseRiskAlert
from shared.contracts.commands import Command, TimerDue
from shared.contracts.interventions import (
    EpisodeActivated,
    RiskAlertAcknowledged,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskEvent,
)
from tests.given import given
from tests.interventions import example as ex

RAISE = ex.command(RaiseRiskAlert, alert_id="a1", episode_id="e1", patient_id="p1", measure="PHQ-9", item=9, value=2)
RAISED = ex.of_alert(RiskAlertRaised, measure="PHQ-9", item=9, value=2, acknowledge_by=ex.after(minutes=15))
TAKEN = ex.of_alert(RiskAlertAcknowledged, acknowledged_by="ana")
CLOSED = ex.of_alert(RiskAlertClosed, closed_by="ana", plan="Safety plan made")
TAKE = ex.command(AcknowledgeRiskAlert, ex.ANA)


def due(at: datetime, name: str = "acknowledge") -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def close(plan: str = "Safety plan made", actor: str = ex.ANA) -> CloseRiskAlert:
    return ex.command(CloseRiskAlert, actor, plan=plan)


def test_a_worrying_answer_raises_an_alert_with_a_deadline() -> None:
    given(ex.ALERT).when(RAISE).then(RAISED)


def test_a_second_answer_changes_nothing_while_somebody_is_called_or_on_it() -> None:
    given(ex.ALERT, RAISED).when(RAISE).then()
    given(ex.ALERT, RAISED, TAKEN).when(RAISE).then()


def test_a_closed_alert_is_raised_anew_from_the_foot_of_the_ladder() -> None:
    louder = ex.of_alert(RiskAlertEscalated, level=1, acknowledge_by=ex.after(minutes=35))
    again = given(ex.ALERT, RAISED, louder, TAKEN, CLOSED).when(RAISE).then(RAISED)
    assert (again.state.level, again.state.acknowledged_by, again.state.plan) == (0, None, None)


def test_an_alert_remembers_when_it_was_raised_taken_on_and_closed() -> None:
    at = {"at": ex.after(minutes=3)}, {"at": ex.after(minutes=9)}
    state = given(ex.ALERT, RAISED, TAKEN.model_copy(update=at[0]), CLOSED.model_copy(update=at[1])).state
    assert (state.raised_at, state.acknowledged_at, state.closed_at) == (ex.T0, at[0]["at"], at[1]["at"])
    assert (state.measure, state.item, state.value) == ("PHQ-9", 9, 2)


def test_an_alert_that_nobody_takes_grows_louder_for_ever() -> None:
    story, at = given(ex.ALERT, RAISED), ex.after(minutes=15)
    for level in range(1, 8):
        again = ex.after(minutes=15 + 20 * level)
        story = story.when(due(at)).then(ex.of_alert(RiskAlertEscalated, at, level=level, acknowledge_by=again))
        assert ex.ALERT.timers(story.state) == {"acknowledge": again}
        at = again


def test_a_timer_that_rings_early_or_by_another_name_calls_nobody() -> None:
    given(ex.ALERT, RAISED).when(due(ex.after(minutes=14))).then()
    given(ex.ALERT, RAISED).when(due(ex.after(minutes=16), "other")).then()


@pytest.mark.parametrize("past", [(), (RAISED, TAKEN), (RAISED, TAKEN, CLOSED)])
def test_the_ladder_stops_once_somebody_took_the_alert_on(past: tuple[RiskEvent, ...]) -> None:
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


def test_an_alert_is_closed_with_a_plan_also_by_a_colleague() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(close()).then(CLOSED)
    given(ex.ALERT, RAISED, TAKEN).when(close(actor=ex.BEN)).then(CLOSED.model_copy(update={"closed_by": "ben"}))


def test_an_alert_that_nobody_took_on_cannot_be_closed() -> None:
    given(ex.ALERT, RAISED).when(close()).refused("not-acknowledged")


def test_an_alert_cannot_be_closed_without_a_plan() -> None:
    given(ex.ALERT, RAISED, TAKEN).when(close(" ")).refused("plan-missing")


@pytest.mark.parametrize("wanted", [TAKE, close()])
def test_a_closed_alert_stays_as_it_is(wanted: Command) -> None:
    given(ex.ALERT, RAISED, TAKEN, CLOSED).when(wanted).refused("alert-closed")


@pytest.mark.parametrize("wanted", [TAKE, close()])
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
