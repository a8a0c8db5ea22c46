"""Hundreds of people in treatment for a year: they do, forget, come back, go on in a newer version, leave out, finish.

At every moment each treatment has a next step or has ended. `python -m tests.interventions.years` runs ten thousand.
"""

from random import Random, SystemRandom

import pytest

from services.interventions.reactions import REACTIONS
from tests.given import given
from tests.interventions import example as ex
from tests.interventions.moves import MOVES, Standing
from tests.interventions.years import run, without_next_step
from tests.referrals.loop import Loop

_MUST_HAPPEN = """
    EpisodeActivated EpisodeCancelled EpisodeMigrated EpisodeReadyToFinish EpisodeFinished ModuleSetAside CheckInLapsed
    CheckInCompleted MeasureCompleted ActivityFinished PracticeLogged RiskAlertRaised RiskAlertEscalated RiskAlertClosed
"""


@pytest.mark.parametrize(("fixed", "people"), [("2026", 300), (None, 100)], ids=["fixed", "fresh"])
def test_at_every_moment_each_treatment_has_a_next_step_or_has_ended(fixed: str | None, people: int) -> None:
    seed = fixed or str(SystemRandom().randrange(2**32))
    happened, lost = run(seed, people)
    assert not lost, f"seed {seed}: {lost[:5]}"
    if fixed:
        assert not [name for name in _MUST_HAPPEN.split() if not happened[name]]
        assert not [move.make.__name__ for move in MOVES if not happened[move.make.__name__]]


def test_a_year_of_a_seed_is_the_same_again() -> None:
    assert run("7", 5) == run("7", 5)


def standing(*events: object) -> Standing:
    """One treatment as these events leave it, and nothing else."""
    loop = Loop.of_service(ex.aggregates_of(ex.OLD, ex.SHORT), REACTIONS, Random(1), ex.T0)
    loop.states["episode", "e1"] = given(ex.EPISODE, *events).state
    return Standing(loop, None, Random(1), "e1", "p1")  # type: ignore[arg-type]


STUCK = [
    ("one that began, and of which nothing opened", ex.STARTED[:2], "nobody has anything to do"),
    ("the questions were never opened", ex.STARTED, "that nobody can answer"),
    ("a date was told, and no timer is set", ex.ONE_DONE, "nobody has anything to do"),
]


@pytest.mark.parametrize(("events", "told"), [case[1:] for case in STUCK], ids=[case[0] for case in STUCK])
def test_a_treatment_that_is_stuck_is_seen(events: tuple[object, ...], told: str) -> None:
    assert any(told in one for one in without_next_step(standing(*events)))


def test_one_that_is_over_or_ready_is_not_stuck() -> None:
    assert not list(without_next_step(standing(ex.OPENED, ex.CANCELLED)))
    ready = [one for one in without_next_step(standing(*ex.READY)) if "anything to do" in one]
    assert not ready
