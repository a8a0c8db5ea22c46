"""A module may be left undone: what comes after it opens all the same, and it may be done after all."""

import pytest

from services.interventions.domain.episode.commands import CompleteModule, RecordMeasure, SetModuleAside
from shared.contracts.commands import TimerDue
from shared.contracts.interventions import EpisodeReadyToFinish, MeasuresRequested, ModuleSetAside, ModuleUnlocked
from tests.given import given
from tests.interventions import example as ex


def aside(module_id: str, actor: str = ex.PATIENT, **since_start: int) -> SetModuleAside:
    return ex.command(SetModuleAside, actor, ex.after(**since_start), module_id=module_id, reason_code="too_hard_now")


def complete(module_id: str, **since_start: int) -> CompleteModule:
    return ex.command(CompleteModule, ex.PATIENT, ex.after(**since_start), module_id=module_id)


@pytest.mark.parametrize("actor", [ex.PATIENT, ex.ANA])
def test_what_comes_next_opens_after_its_gap(actor: str) -> None:
    left = given(ex.EPISODE, *ex.STARTED).when(aside("one", actor))
    said = ex.of_episode(
        ModuleSetAside,
        module_id="one",
        reason_code="too_hard_now",
        next_module_id="two",
        next_module_at=ex.after(days=5),
    )
    story = left.then(said)
    assert ex.EPISODE.timers(story.state) == {"module": ex.after(days=5)}
    due = ex.command(TimerDue, "system:timer", ex.after(days=5), name="module")
    story.when(due).then(ex.of_episode(ModuleUnlocked, ex.after(days=5), module_id="two"))


def test_leaving_it_twice_or_after_it_was_done_says_nothing() -> None:
    given(ex.EPISODE, *ex.STARTED).when(aside("one")).happened().when(aside("one", days=1)).then()
    given(ex.EPISODE, *ex.ONE_DONE).when(aside("one", days=1)).then()


def test_it_may_be_done_after_all_and_the_next_date_stands() -> None:
    left = given(ex.EPISODE, *ex.STARTED).when(aside("one")).happened()
    back = left.when(complete("one", days=3)).then(ex.completed("one", 1, ex.after(days=3), ("two", ex.after(days=5))))
    assert back.state.set_aside == ()
    assert back.state.is_done("one")


def test_what_is_not_open_or_not_begun_cannot_be_left() -> None:
    given(ex.EPISODE, *ex.ONE_DONE).when(aside("two")).refused("module-locked", opens_at=ex.after(days=5).isoformat())
    given(ex.EPISODE, *ex.STARTED).when(aside("nine")).refused("module-unknown")
    given(ex.EPISODE, ex.OPENED).when(aside("one")).refused("episode-not-active")
    given(ex.EPISODE, *ex.STARTED, ex.CANCELLED).when(aside("one")).refused("episode-closed")


def test_the_last_module_left_undone_asks_the_last_questions_once_and_makes_ready() -> None:
    story = given(ex.EPISODE, *ex.TWO_DONE, ex.of_episode(ModuleUnlocked, module_id="three"))
    asked = ex.of_episode(
        MeasuresRequested, ex.after(days=14), referral_id="r1", occasion="end", measures=("PEG", "PHQ-9")
    )
    left = story.when(aside("three", days=14))
    assert left.events()[1:] == [asked]
    done = left.happened().when(complete("three", days=15))
    assert done.events() == [ex.completed("three", 3, ex.after(days=15), None)]
    answered = left.happened()
    for measure in ("PEG", "PHQ-9"):
        record = ex.command(RecordMeasure, occasion="end", reading=ex.reading(measure))
        answered, said = answered.when(record).happened(), answered.when(record).events()
    assert said[-1] == ex.of_episode(EpisodeReadyToFinish)


def test_the_middle_questions_come_also_after_a_module_that_was_left() -> None:
    story = given(ex.EPISODE, *ex.ONE_DONE, ex.of_episode(ModuleUnlocked, module_id="two"))
    assert story.when(aside("two", days=6)).events()[-1] == ex.of_episode(
        MeasuresRequested, ex.after(days=6), referral_id="r1", occasion="middle", measures=("PEG",)
    )
