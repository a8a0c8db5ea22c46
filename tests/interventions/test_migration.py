"""A newer version of a programme is offered; whoever goes on in it keeps what they did."""

import pytest

from services.interventions.domain.episode.commands import MigrateEpisode
from services.interventions.domain.plan import Plan, Step
from shared.contracts.interventions import EpisodeMigrated, MeasuresRequested, ModuleUnlocked
from tests.given import Given, given
from tests.interventions import example as ex

NEWER = ex.SHORT.model_copy(
    update={
        "version": 3,
        "steps": (
            Step(module_id="one", gap_days=0),
            Step(module_id="new", gap_days=2),
            Step(module_id="three", gap_days=7),
        ),
        "middle_after": "new",
    }
)


def story(*events: object, newer: Plan = NEWER) -> Given:
    episode = ex.aggregates_of(ex.OLD, ex.SHORT, newer)[0]
    return given(episode, *events)  # type: ignore[arg-type]


def migrate(version: int = 3, actor: str = ex.PATIENT, **since_start: int) -> MigrateEpisode:
    return ex.command(MigrateEpisode, actor, ex.after(**since_start), version=version)


def test_nobody_is_moved_by_themselves() -> None:
    assert story(*ex.ONE_DONE).state.programme_version == 2


@pytest.mark.parametrize("actor", [ex.PATIENT, ex.ANA])
def test_what_was_done_stays_and_what_is_new_opens_by_its_own_gap(actor: str) -> None:
    moved = story(*ex.ONE_DONE).when(migrate(actor=actor, days=1))
    after = moved.then(ex.of_episode(EpisodeMigrated, ex.after(days=1), programme_version=3, dropped=("two",)))
    assert after.state.is_done("one")
    assert after.aggregate.timers(after.state) == {"module": ex.after(days=2)}


def test_what_is_new_and_late_already_opens_at_once() -> None:
    moved = story(*ex.ONE_DONE).when(migrate(days=3)).events()
    assert moved[1:] == [ex.of_episode(ModuleUnlocked, ex.after(days=3), module_id="new")]


def test_what_the_new_version_lacks_does_not_count_any_more() -> None:
    after = story(*ex.TWO_DONE).when(migrate(days=7)).happened()
    assert [one.module_id for one in after.state.done] == ["one"]
    assert after.state.unlocked == ("one", "new")


def test_whoever_has_done_all_of_the_new_version_is_asked_the_last_questions() -> None:
    shorter = NEWER.model_copy(update={"steps": NEWER.steps[:1]})
    events = story(*ex.ONE_DONE, newer=shorter).when(migrate(days=1)).events()
    assert events[-1] == ex.of_episode(
        MeasuresRequested, ex.after(days=1), referral_id="r1", occasion="end", measures=("PEG", "PHQ-9")
    )


def test_only_the_newest_version_is_offered_and_the_same_says_nothing() -> None:
    story(*ex.ONE_DONE).when(migrate(1)).refused("version-not-offered", version=1)
    story(*ex.ONE_DONE).when(migrate(9)).refused("version-not-offered", version=9)
    story(*ex.ONE_DONE).when(migrate(2)).then()
    given(ex.EPISODE, *ex.ONE_DONE).when(migrate(3)).refused("version-not-offered")


def test_nothing_moves_after_the_end() -> None:
    story(*ex.ONE_DONE, ex.CANCELLED).when(migrate()).refused("episode-closed")
