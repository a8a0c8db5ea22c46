"""What a planned episode gives to somebody who waits for a seat, and what becomes of it when triage looks again."""

import pytest

from services.interventions.domain.episode.commands import (
    ActivateEpisode,
    CancelEpisode,
    CompleteModule,
    OfferWhileWaiting,
    OpenEpisode,
    RecordMeasure,
)
from services.interventions.domain.episode.state import EpisodeState
from shared.contracts.interventions import (
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeEvent,
    MeasuresRequested,
    ModuleUnlocked,
)
from tests.given import given
from tests.interventions import example as ex

OFFER = ex.command(OfferWhileWaiting)
FIRST = ex.of_episode(ModuleUnlocked, module_id="one")
WAITS = (ex.OPENED, FIRST)
READ = (*WAITS, ex.completed("one", 1, ex.T0, ("two", ex.after(days=5))))
OPEN = ex.command(OpenEpisode, episode_id="e1", patient_id="p1", referral_id="r1", programme_id="short", step=2)


def _done(module_id: str, **since_start: int) -> CompleteModule:
    return ex.command(CompleteModule, ex.PATIENT, ex.after(**since_start), module_id=module_id)


def test_whoever_waits_for_a_seat_may_do_the_first_module() -> None:
    given(ex.EPISODE, ex.OPENED).when(OFFER).then(FIRST)


def test_the_first_module_is_offered_once() -> None:
    given(ex.EPISODE, *WAITS).when(OFFER).then()
    given(ex.EPISODE, *READ).when(OFFER).then()


@pytest.mark.parametrize("past", [(), ex.STARTED, (ex.OPENED, ex.CANCELLED)])
def test_only_a_planned_episode_has_something_for_the_wait(past: tuple[EpisodeEvent, ...]) -> None:
    given(ex.EPISODE, *past).when(OFFER).then()


def test_the_first_module_can_be_done_while_waiting_and_no_other() -> None:
    given(ex.EPISODE, *WAITS).when(_done("one")).then(READ[-1])
    given(ex.EPISODE, *WAITS).when(_done("two")).refused("episode-not-active")
    given(ex.EPISODE, *READ).when(_done("one", days=1)).then()


def test_the_next_module_does_not_open_by_itself_before_treatment_begins() -> None:
    assert ex.EPISODE.timers(given(ex.EPISODE, *READ).state) == {}


def test_treatment_goes_on_from_what_was_done_while_waiting() -> None:
    started = (
        given(ex.EPISODE, *READ)
        .when(ex.command(ActivateEpisode, now=ex.after(days=2)))
        .then(
            ex.of_episode(EpisodeActivated, ex.after(days=2)),
            ex.of_episode(
                MeasuresRequested, ex.after(days=2), referral_id="r1", occasion="start", measures=("PEG", "PHQ-9")
            ),
        )
    )
    assert ex.EPISODE.timers(started.state) == {"module": ex.after(days=5)}


def test_a_module_whose_time_came_while_waiting_opens_as_soon_as_treatment_has_begun() -> None:
    started = given(ex.EPISODE, *READ).when(ex.command(ActivateEpisode, now=ex.after(days=30)))
    assert started.events()[1] == ex.of_episode(ModuleUnlocked, ex.after(days=30), module_id="two")
    assert ex.EPISODE.timers(started.happened().state) == {}


def test_without_a_gap_the_next_module_still_waits_for_treatment_to_begin() -> None:
    [_, two, three] = ex.SHORT.steps
    at_once = ex.SHORT.model_copy(update={"steps": (ex.SHORT.steps[0], two.model_copy(update={"gap_days": 0}), three)})
    episode = ex.aggregates_of(at_once)[0]
    given(episode, *WAITS).when(_done("one")).then(ex.completed("one", 1, ex.T0, ("two", ex.T0)))


def test_a_questionnaire_is_not_recorded_before_treatment_begins() -> None:
    late = ex.command(RecordMeasure, occasion="start", reading=ex.reading())
    given(ex.EPISODE, *WAITS).when(late).then()


# --- triage looks again --------------------------------------------------------------------------------------------


def test_another_step_plans_the_episode_anew() -> None:
    given(ex.EPISODE, *READ).when(OPEN.model_copy(update={"step": 3})).then(
        ex.OPENED.model_copy(update={"step": 3}),
    )


def test_another_programme_plans_the_episode_anew() -> None:
    other = ex.SHORT.model_copy(update={"programme_id": "other", "version": 1})
    episode = ex.aggregates_of(ex.SHORT, other)[0]
    planned = given(episode, *READ).when(OPEN.model_copy(update={"programme_id": "other"}))
    anew = planned.then(ex.OPENED.model_copy(update={"programme_id": "other", "programme_version": 1}))
    assert (anew.state.unlocked, anew.state.done, anew.state.upcoming) == ((), (), None)


def test_the_same_plan_again_keeps_what_was_done() -> None:
    given(ex.EPISODE, *READ).when(OPEN).then()


def test_a_cancelled_plan_is_made_again_when_its_referral_is_looked_at_again() -> None:
    anew = given(ex.EPISODE, ex.OPENED, ex.CANCELLED).when(OPEN).then(ex.OPENED)
    assert anew.state == given(ex.EPISODE, ex.OPENED).state
    anew.when(OFFER).then(FIRST)


@pytest.mark.parametrize("end", [(), (ex.CANCELLED,)])
def test_an_episode_that_ever_began_is_not_planned_anew(end: tuple[EpisodeEvent, ...]) -> None:
    given(ex.EPISODE, *ex.STARTED, *end).when(OPEN.model_copy(update={"step": 4})).then()


def test_what_was_offered_while_waiting_ends_with_the_referral() -> None:
    ended = given(ex.EPISODE, *READ).when(ex.command(CancelEpisode)).then(ex.of_episode(EpisodeCancelled))
    state: EpisodeState = ended.state
    assert (state.status, state.upcoming, state.activated) == ("cancelled", None, False)
    ended.when(_done("one")).refused("episode-closed")


def test_an_episode_remembers_whether_treatment_ever_began() -> None:
    opened: list[EpisodeEvent] = [ex.OPENED, FIRST]
    assert not given(ex.EPISODE, *opened).state.activated
    assert given(ex.EPISODE, *ex.STARTED).state.activated
    assert given(ex.EPISODE, *ex.STARTED, ex.CANCELLED).state.activated
