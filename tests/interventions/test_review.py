"""A look at the step of care: when it takes place, what a clinician can decide, and how treatment goes on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.interventions.domain.episode.commands import (
    ClearRisk,
    CompleteModule,
    DecideStep,
    FinishEpisode,
    FlagRisk,
    RecordCheckIn,
)
from services.interventions.domain.episode.commands import RecordMeasure as Record
from shared.contracts import interventions as e
from shared.contracts.commands import TimerDue
from tests.given import Given, given
from tests.interventions import example as ex

REVIEWED = ex.SHORT.model_copy(
    update={"version": 5, "review_after": "one", "review": ("PEG",), "each_module": ("PEG",), "measures": {
        "start": ("PEG",), "middle": ("PEG",), "end": ("PEG",)}}
)  # fmt: skip
MORE = ex.SHORT.model_copy(update={"programme_id": "more", "version": 1, "step": 3})
EPISODE = ex.aggregates_of(REVIEWED, MORE)[0]
STARTED = (
    ex.OPENED.model_copy(update={"programme_version": 5}),
    *ex.STARTED[1:3],
    ex.of_episode(e.MeasuresRequested, referral_id="r1", occasion="start", measures=("PEG",)),
    ex.recorded("start", "PEG", 7.0, ex.T0),
)
WEEK = ex.after(days=7)


def done(module_id: str, at: datetime = ex.T0) -> CompleteModule:
    return ex.command(CompleteModule, ex.PATIENT, at, module_id=module_id)


def checked(moment: str, total: int, at: datetime = ex.T0) -> RecordCheckIn:
    taken = ex.reading("PEG", total / 3, at).model_copy(update={"total": total})
    return ex.command(RecordCheckIn, now=at, moment=moment, reading=taken)


def rings(at: datetime, name: str = "review") -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def decide(decision: e.StepDecision, now: datetime = ex.T0, **fields: Any) -> DecideStep:
    return ex.command(DecideStep, ex.ANA, now, **{"moment": "early", "decision": decision, **fields})


def kinds(events: list[Any]) -> list[type]:
    return [type(one) for one in events]


def early() -> Given:
    """The first module is done, its questions are answered, and pain is as it was at two readings."""
    return given(EPISODE, *STARTED).when(done("one")).happened().when(checked("one", 21)).happened()


def test_it_takes_place_when_the_readings_are_in() -> None:
    story = given(EPISODE, *STARTED).when(done("one")).happened()
    assert story.state.review is None
    events = story.when(checked("one", 14)).events()
    assert kinds(events) == [e.CheckInRecorded, e.ReviewDue]
    assert (events[1].moment, events[1].advice, events[1].rules_version) == ("early", "stay", 1)


def test_it_takes_place_without_them_once_their_time_is_over_and_not_a_moment_sooner() -> None:
    story = given(EPISODE, *STARTED).when(done("one")).happened()
    assert EPISODE.timers(story.state)["review"] == WEEK
    story.when(rings(WEEK - timedelta(microseconds=1))).then()
    [due] = story.when(rings(WEEK)).events()
    assert isinstance(due, e.ReviewDue)
    assert "review" not in EPISODE.timers(story.when(rings(WEEK)).happened().state)


def test_answers_that_come_later_are_noted_and_make_no_second_one() -> None:
    story = given(EPISODE, *STARTED).when(done("one")).happened().when(rings(WEEK)).happened()
    assert kinds(story.when(checked("one", 21, ex.after(days=8))).events()) == [e.CheckInRecorded]


def test_an_earlier_look_is_pointless_once_a_later_one_took_place() -> None:
    middle = given(EPISODE, *STARTED, *ex.TWO_DONE[4:]).when(rings(ex.after(days=13))).happened()
    assert middle.state.review is not None
    assert "review" not in EPISODE.timers(middle.state)


def test_a_decision_that_follows_the_advice_needs_no_reason() -> None:
    [decided] = early().when(decide("stay")).events()
    assert (decided.decided_by, decided.decision, decided.departs) == ("ana", "stay", False)


def test_another_decision_needs_a_reason_that_stays_on_record() -> None:
    early().when(decide("step_up")).refused("departure-reason-missing", advice="stay")
    early().when(decide("step_up", departure_reason=" ")).refused("departure-reason-missing", advice="stay")
    [decided] = early().when(decide("step_up", departure_reason="She asks for more.")).events()
    assert (decided.advice, decided.departs, decided.departure_reason) == ("stay", True, "She asks for more.")


def test_nothing_is_decided_twice_or_without_a_look() -> None:
    given(EPISODE, *STARTED).when(decide("stay")).refused("review-not-open", moment="early")
    decided = early().when(decide("stay")).happened()
    decided.when(decide("stay")).refused("review-not-open", moment="early")
    early().when(decide("stay", moment="middle")).refused("review-not-open", moment="middle")


def test_an_open_alert_comes_before_every_advice() -> None:
    flagged = early().when(ex.command(FlagRisk, alert_id="a1")).then(ex.of_episode(e.RiskFlagged, alert_id="a1"))
    flagged.when(decide("stay")).refused("departure-reason-missing", advice="safety_first")
    [decided] = flagged.when(decide("consult")).events()
    assert (decided.advice, decided.departs) == ("safety_first", False)
    cleared = flagged.when(ex.command(ClearRisk, alert_id="a1")).happened()
    assert not cleared.when(decide("stay")).events()[0].departs


def test_an_alert_is_flagged_once_and_only_where_there_is_a_treatment() -> None:
    flag = ex.command(FlagRisk, alert_id="a1")
    given(EPISODE, *STARTED).when(flag).happened().when(flag).then()
    given(EPISODE, *STARTED).when(ex.command(ClearRisk, alert_id="a1")).then()
    given(EPISODE).when(flag).then()
    given(EPISODE, *STARTED, ex.CANCELLED).when(flag).then()


# --- another programme -----------------------------------------------------------------------------------------------


def stepped() -> Given:
    up = decide("step_up", ex.after(days=1), programme_id="more", departure_reason="She asks for more.")
    return early().when(up).happened()


def test_treatment_goes_on_in_another_programme_whose_first_module_is_open() -> None:
    state = stepped().state
    assert (state.programme_id, state.programme_version, state.step) == ("more", 1, 3)
    assert (state.done, state.unlocked, state.ready, state.review) == ((), ("one",), False, None)
    assert (state.earlier[0].programme_id, [one.module_id for one in state.earlier[0].done]) == ("short", ["one"])


def test_its_middle_and_end_are_asked_for_anew_in_a_series_of_their_own() -> None:
    story = stepped().when(done("one", ex.after(days=1))).happened()
    story = story.when(rings(ex.after(days=6), "module")).happened()
    [asked] = [one for one in story.when(done("two", ex.after(days=6))).events() if type(one) is e.MeasuresRequested]
    assert (asked.occasion, asked.programme_id) == ("middle", "more")
    story = story.when(done("two", ex.after(days=6))).happened()
    record = ex.command(Record, now=ex.after(days=6), occasion="middle", reading=ex.reading())
    story.when(record).then()
    mine = story.when(record.model_copy(update={"programme_id": "more"})).events()
    assert kinds(mine) == [e.MeasureRecorded, e.ReviewDue]


def test_the_outcome_counts_what_was_done_in_both_programmes_and_compares_with_the_first_reading() -> None:
    story = stepped().when(done("one", ex.after(days=1))).happened()
    story = story.when(rings(ex.after(days=6), "module")).happened().when(done("two", ex.after(days=6))).happened()
    eased = ex.reading("PEG", 4.0, ex.after(days=6))
    noted = ex.command(Record, now=ex.after(days=6), occasion="middle", reading=eased, programme_id="more")
    end = ex.command(FinishEpisode, ex.ANA, ex.after(days=7), end_reason="stopped_by_patient")
    [finished] = story.when(noted).happened().when(end).events()
    [pain] = [one for one in finished.summary.changes if one.measure == "PEG"]
    assert (finished.summary.programme, finished.summary.contacts) == ("more", 3)
    assert (pain.first, pain.last, pain.verdict) == (7.0, 4.0, "improved")


def test_the_first_reading_of_all_stays_the_one_to_compare_with() -> None:
    assert [one.value for one in stepped().state.recorded] == [7.0]


@pytest.mark.parametrize(
    ("fields", "code", "detail"),
    [
        ({"decision": "step_down", "programme_id": "more"}, "step-not-in-direction", {"step": 3, "from_step": 2}),
        (
            {"decision": "step_up", "programme_id": "more", "step": 2},
            "step-not-in-direction",
            {"step": 2, "from_step": 2},
        ),
        ({"decision": "step_up", "programme_id": "short"}, "programme-had", {"programme_id": "short"}),
        ({"decision": "step_up", "programme_id": "none"}, "programme-unknown", {"programme_id": "none"}),
        ({"decision": "stay", "programme_id": "more"}, "programme-not-asked", {"decision": "stay"}),
    ],
)
def test_it_must_go_where_the_decision_says(fields: dict[str, Any], code: str, detail: dict[str, Any]) -> None:
    early().when(decide(**fields, departure_reason="So agreed.")).refused(code, **detail)


def test_questions_that_nobody_answers_at_the_end_do_not_keep_a_treatment_open_for_ever() -> None:
    story = given(EPISODE, *STARTED, *ex.ALL_DONE[4:])
    events = story.when(rings(ex.after(days=21))).events()
    assert kinds(events) == [e.ReviewDue, e.EpisodeReadyToFinish]
