"""Modules open in order, after a gap, by themselves; a clinician may open one early with a reason."""

import pytest

from services.interventions.domain.episode.commands import CancelEpisode, CompleteModule, UnlockModule
from shared.contracts.commands import Rejected, TimerDue
from shared.contracts.interventions import MeasuresRequested, ModuleUnlocked
from tests.given import given
from tests.interventions import example as ex

FIVE_DAYS = ex.after(days=5)


def complete(module_id: str, **since_start: int) -> CompleteModule:
    return ex.command(CompleteModule, ex.PATIENT, ex.after(**since_start), module_id=module_id)


def unlock(module_id: str, reason: str = "Asked for it", **since_start: int) -> UnlockModule:
    return ex.command(UnlockModule, ex.ANA, ex.after(**since_start), module_id=module_id, reason=reason)


def due(name: str = "module", **since_start: int) -> TimerDue:
    return ex.command(TimerDue, "system:timer", ex.after(**since_start), name=name)


def overridden(module_id: str, **since_start: int) -> ModuleUnlocked:
    at = ex.after(**since_start)
    return ex.of_episode(ModuleUnlocked, at, module_id=module_id, overridden_by="ana", reason="Asked for it")


def test_completing_a_module_says_when_the_next_one_opens_by_itself() -> None:
    given(ex.EPISODE, *ex.STARTED).when(complete("one")).then(ex.completed("one", 1, ex.T0, ("two", FIVE_DAYS)))


def test_the_gap_is_that_of_the_module_to_come() -> None:
    assert ex.EPISODE.timers(given(ex.EPISODE, *ex.TWO_DONE).state)["module"] == ex.after(days=13)


def test_completing_a_module_again_says_nothing() -> None:
    given(ex.EPISODE, *ex.ONE_DONE).when(complete("one", days=1)).then()


def test_a_module_that_the_programme_lacks_is_refused() -> None:
    given(ex.EPISODE, *ex.STARTED).when(complete("nine")).refused("module-unknown", module_id="nine")
    given(ex.EPISODE, *ex.STARTED).when(unlock("nine")).refused("module-unknown", module_id="nine")


def test_a_locked_module_is_refused_with_the_time_it_opens() -> None:
    opens = FIVE_DAYS.isoformat()
    given(ex.EPISODE, *ex.ONE_DONE).when(complete("two")).refused("module-locked", module_id="two", opens_at=opens)


def test_a_locked_module_further_on_has_no_date_yet() -> None:
    with pytest.raises(Rejected) as refusal:
        given(ex.EPISODE, *ex.ONE_DONE).when(complete("three")).events()
    assert (refusal.value.code, refusal.value.detail) == ("module-locked", {"module_id": "three"})


def test_the_next_module_opens_by_itself_when_its_time_has_come() -> None:
    opened = (
        given(ex.EPISODE, *ex.ONE_DONE)
        .when(due(days=5))
        .then(ex.of_episode(ModuleUnlocked, FIVE_DAYS, module_id="two"))
    )
    assert ex.EPISODE.timers(opened.state) == {}
    opened.when(due(days=6)).then()


def test_a_timer_that_rings_early_or_by_another_name_opens_nothing() -> None:
    given(ex.EPISODE, *ex.ONE_DONE).when(due(days=4)).then()
    given(ex.EPISODE, *ex.ONE_DONE).when(due("other", days=6)).then()


def test_no_module_opens_after_a_withdrawal() -> None:
    cancelled = given(ex.EPISODE, *ex.ONE_DONE).when(ex.command(CancelEpisode)).happened()
    assert ex.EPISODE.timers(cancelled.state) == {}
    cancelled.when(due(days=9)).then()


def test_a_clinician_opens_a_module_early_with_a_reason_and_its_timer_is_gone() -> None:
    early = given(ex.EPISODE, *ex.ONE_DONE).when(unlock("two", days=1)).then(overridden("two", days=1))
    assert ex.EPISODE.timers(early.state) == {}


def test_opening_early_needs_a_reason() -> None:
    given(ex.EPISODE, *ex.ONE_DONE).when(unlock("two", reason="  ")).refused("reason-missing")


def test_opening_what_is_open_or_done_says_nothing() -> None:
    given(ex.EPISODE, *ex.STARTED).when(unlock("one")).then()
    given(ex.EPISODE, *ex.ONE_DONE).when(unlock("one")).then()


def test_opening_out_of_order_leaves_the_date_of_the_next_module_as_it_was() -> None:
    skipped = given(ex.EPISODE, *ex.ONE_DONE).when(unlock("three", days=1)).then(overridden("three", days=1))
    assert ex.EPISODE.timers(skipped.state) == {"module": FIVE_DAYS}
    skipped.when(complete("three", days=2)).then(ex.completed("three", 2, ex.after(days=2), ("two", FIVE_DAYS)))


def test_no_module_is_next_while_an_earlier_one_is_open_and_not_done() -> None:
    both_open = given(ex.EPISODE, *ex.STARTED).when(unlock("two")).happened()
    both_open.when(complete("two")).then(
        ex.completed("two", 1, ex.T0, None),
        ex.of_episode(MeasuresRequested, referral_id="r1", occasion="middle", measures=("PEG",)),
    )


def test_a_gap_that_has_already_passed_opens_the_next_module_at_once() -> None:
    both_open = given(ex.EPISODE, *ex.STARTED).when(unlock("two")).happened()
    two_first = both_open.when(complete("two", days=1)).happened()
    two_first.when(complete("one", days=9)).then(
        ex.completed("one", 2, ex.after(days=9), ("three", ex.after(days=8))),
        ex.of_episode(ModuleUnlocked, ex.after(days=9), module_id="three"),
    )


def test_a_gap_that_ends_at_this_very_moment_opens_the_next_module_at_once() -> None:
    both_open = given(ex.EPISODE, *ex.STARTED).when(unlock("two")).happened()
    two_first = both_open.when(complete("two", days=1)).happened()
    opens = ex.after(days=8)
    two_first.when(complete("one", days=8)).then(
        ex.completed("one", 2, opens, ("three", opens)), ex.of_episode(ModuleUnlocked, opens, module_id="three")
    )


def test_a_date_that_was_told_stands_and_one_that_was_not_is_counted() -> None:
    told = given(ex.EPISODE, *ex.STARTED, ex.completed("one", 1, ex.T0, ("two", ex.after(days=4))))
    assert ex.EPISODE.timers(told.state) == {"module": ex.after(days=4)}
    untold = given(ex.EPISODE, *ex.STARTED, ex.completed("one", 1, ex.T0, None))
    assert ex.EPISODE.timers(untold.state) == {"module": FIVE_DAYS}


def test_the_middle_questionnaires_are_due_after_their_module_and_the_last_ones_after_the_last() -> None:
    middle, end = ex.TWO_DONE[-1], ex.ALL_DONE[-1]
    two_open = given(ex.EPISODE, *ex.ONE_DONE).when(due(days=5)).happened()
    assert two_open.when(complete("two", days=6)).events()[-1] == middle
    three_open = given(ex.EPISODE, *ex.TWO_DONE).when(due(days=13)).happened()
    assert three_open.when(complete("three", days=14)).events()[1:] == [end]


def test_a_programme_done_out_of_order_asks_once_more_at_the_end_and_skips_the_middle() -> None:
    story = given(ex.EPISODE, *ex.ONE_DONE).when(unlock("three")).happened().when(complete("three")).happened()
    last = story.when(unlock("two")).happened().when(complete("two"))
    last.then(
        ex.completed("two", 3, ex.T0, None),
        ex.of_episode(MeasuresRequested, referral_id="r1", occasion="end", measures=("PEG", "PHQ-9")),
    )
