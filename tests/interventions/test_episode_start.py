"""From an accepted referral to a running treatment, and what a withdrawal does."""

import pytest

from services.interventions.domain.episode.commands import (
    ActivateEpisode,
    CancelEpisode,
    CompleteModule,
    FinishEpisode,
    OpenEpisode,
    UnlockModule,
)
from shared.contracts.commands import Command
from shared.contracts.interventions import (
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeEvent,
    EpisodeReadyToFinish,
    MeasuresOpened,
)
from tests.given import given
from tests.interventions import example as ex

OPEN = ex.command(OpenEpisode, episode_id="e1", patient_id="p1", referral_id="r1", programme_id="short", step=2)
FINISHED = (
    *ex.STARTED,
    *given(ex.EPISODE, *ex.STARTED).when(ex.command(FinishEpisode, ex.ANA, end_reason="referred_on")).events(),
)


def test_accepted_referral_opens_an_episode_with_the_newest_version_of_its_programme() -> None:
    given(ex.EPISODE).when(OPEN).then(ex.OPENED)


def test_an_episode_remembers_its_step_and_since_when_it_stands_where_it_does() -> None:
    events: tuple[tuple[str, EpisodeEvent], ...] = (
        ("planned", ex.OPENED),
        ("active", ex.of_episode(EpisodeActivated, ex.after(days=1))),
        ("active", ex.of_episode(EpisodeReadyToFinish, ex.after(days=2))),
        ("cancelled", ex.of_episode(EpisodeCancelled, ex.after(days=3))),
        ("finished", FINISHED[-1].model_copy(update={"at": ex.after(days=4)})),
    )
    past: list[EpisodeEvent] = []
    for status, event in events:
        past.append(event)
        state = given(ex.EPISODE, *past).state
        assert (state.status, state.since, state.step) == (status, event.at, 2)
    assert state.end_reason == "referred_on"


def test_opening_twice_says_nothing() -> None:
    given(ex.EPISODE, ex.OPENED).when(OPEN).then()


def test_a_programme_that_the_catalogue_lacks_is_a_fault_and_never_a_quiet_answer() -> None:
    unknown = OPEN.model_copy(update={"programme_id": "gone"})
    with pytest.raises(LookupError, match="no programme gone"):
        given(ex.EPISODE).when(unknown).events()


def test_a_pinned_version_that_the_catalogue_lost_is_a_fault() -> None:
    lost = ex.OPENED.model_copy(update={"programme_version": 9})
    with pytest.raises(LookupError, match="no version 9 of programme short"):
        given(ex.EPISODE, lost).when(ex.command(ActivateEpisode)).events()


def test_agreement_starts_treatment_with_the_first_module_and_the_first_questionnaires() -> None:
    given(ex.EPISODE, ex.OPENED).when(ex.command(ActivateEpisode)).then(*ex.STARTED[1:])


@pytest.mark.parametrize("past", [(), ex.STARTED, (ex.OPENED, ex.CANCELLED), FINISHED])
def test_agreement_counts_only_while_planned(past: tuple[EpisodeEvent, ...]) -> None:
    given(ex.EPISODE, *past).when(ex.command(ActivateEpisode)).then()


@pytest.mark.parametrize("past", [(ex.OPENED,), ex.STARTED])
def test_withdrawal_cancels_a_planned_or_running_episode(past: tuple[EpisodeEvent, ...]) -> None:
    given(ex.EPISODE, *past).when(ex.command(CancelEpisode)).then(ex.of_episode(EpisodeCancelled))


@pytest.mark.parametrize("past", [(), (ex.OPENED, ex.CANCELLED), FINISHED])
def test_withdrawal_changes_nothing_where_there_is_nothing_to_cancel(past: tuple[EpisodeEvent, ...]) -> None:
    given(ex.EPISODE, *past).when(ex.command(CancelEpisode)).then()


BY_PEOPLE = [
    ex.command(CompleteModule, ex.PATIENT, module_id="one"),
    ex.command(UnlockModule, ex.ANA, module_id="two", reason="Ready for it"),
    ex.command(FinishEpisode, ex.ANA, end_reason="referred_on"),
]


@pytest.mark.parametrize("wanted", BY_PEOPLE)
def test_nothing_can_be_done_before_the_patient_agreed(wanted: Command) -> None:
    given(ex.EPISODE, ex.OPENED).when(wanted).refused("episode-not-active")
    given(ex.EPISODE).when(wanted).refused("episode-not-active")


@pytest.mark.parametrize("wanted", BY_PEOPLE)
@pytest.mark.parametrize("past", [FINISHED, (*ex.STARTED, ex.CANCELLED)])
def test_nothing_can_be_done_after_the_end(past: tuple[EpisodeEvent, ...], wanted: Command) -> None:
    given(ex.EPISODE, *past).when(wanted).refused("episode-closed")


def test_an_unknown_event_changes_nothing_and_an_unknown_command_is_a_bug() -> None:
    stranger = ex.of_series(MeasuresOpened, occasion="start", measures=("PEG",))
    assert given(ex.EPISODE, ex.OPENED, stranger).state == given(ex.EPISODE, ex.OPENED).state
    with pytest.raises(TypeError, match="no branch for Command"):
        given(ex.EPISODE).when(ex.command(Command)).events()


def test_episodes_are_found_by_status_patient_referral_readiness_and_review() -> None:
    found = {"status": "active", "patient_id": "p1", "referral_id": "r1", "ready": "yes", "review": "yes"}
    ready, started = (ex.EPISODE.keys(given(ex.EPISODE, *story).state) for story in (ex.READY, ex.STARTED))
    assert {name: ready[name] for name in found} == found
    assert {name: started[name] for name in found} == found | {"ready": None, "review": None}
    assert ex.EPISODE.person(given(ex.EPISODE, *ex.STARTED).state) == "p1"
    assert set(ex.EPISODE.queried) == set(found)
