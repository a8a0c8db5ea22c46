"""Treatment in a group: what opens as the group meets, what is kept until treatment begins, and who is to be called."""

from functools import reduce
from typing import Any

import pytest

from services.interventions.domain.engagement import commands as n
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.state import EpisodeState
from shared.contracts import interventions as e
from shared.contracts.envelope import Event
from tests.given import given
from tests.interventions import example as ex

E, ENGAGEMENT = ex.EPISODE, ex.ENGAGEMENT
CALLS_FROM = ex.CLINIC.together.groups.missed_to_call
STEPPED = ex.of_episode(
    e.EpisodeStepped,
    referral_id="r1",
    from_programme_id="short",
    from_step=2,
    programme_id="short",
    programme_version=1,
    step=3,
)
PLANNED: Any = reduce(E.evolve, [ex.OPENED], E.state())
RUNNING: Any = reduce(E.evolve, ex.STARTED, E.state())
IDS = {"engagement_id": "g1", "episode_id": "e1", "patient_id": "p1"}
OPENED = e.EngagementOpened(at=ex.T0, **IDS, referral_id="r1")


def run(state: EpisodeState, kind: Any, **fields: Any) -> tuple[EpisodeState, list[Event]]:
    """The state after a command, and what it said."""
    events = E.decide(state, ex.command(kind, now=fields.pop("now", ex.T0), **fields))
    return reduce(E.evolve, events, state), list(events)


def session(state: EpisodeState, number: int, *modules: str, attended: bool) -> tuple[EpisodeState, list[Event]]:
    at = ex.after(days=7 * number)
    return run(state, c.NoteGroupSession, now=at, number=number, module_ids=modules, attended=attended)


def in_a_group(state: EpisodeState) -> EpisodeState:
    return run(state, c.PaceByGroup, group_id="group-1")[0]


def test_in_a_group_nothing_opens_by_itself_and_outside_it_everything_goes_on() -> None:
    done, _ = run(RUNNING, c.CompleteModule, module_id="one")
    assert "module" in E.timers(done)
    paced = in_a_group(done)
    assert "module" not in E.timers(paced)
    assert "module" in E.timers(run(paced, c.PaceByGroup, group_id=None)[0])
    assert run(paced, c.PaceByGroup, group_id="group-1")[1] == []


def test_whoever_was_there_has_done_it_and_whoever_was_not_finds_it_open() -> None:
    there, said = session(in_a_group(RUNNING), 1, "one", attended=True)
    assert there.is_done("one")
    assert [type(one) for one in said[:2]] == [e.GroupSessionNoted, e.ModuleCompleted]
    away, said = session(there, 2, "two", attended=False)
    opened = [one for one in said if isinstance(one, e.ModuleUnlocked)]
    assert [(one.module_id, one.by_group) for one in opened] == [("two", True)]
    assert not away.is_done("two")
    assert session(there, 3, "not-in-this-version", attended=True)[0].done == there.done


@pytest.mark.parametrize("attended", [True, False])
def test_what_the_group_did_before_treatment_began_counts_whichever_is_heard_first(attended: bool) -> None:
    early, said = session(in_a_group(PLANNED), 1, "one", attended=attended)
    assert [type(one) for one in said] == [e.GroupSessionNoted]
    assert early.unlocked == ()
    first = run(early, c.ActivateEpisode)[0]
    then = session(run(in_a_group(PLANNED), c.ActivateEpisode)[0], 1, "one", attended=attended)[0]
    assert first.unlocked == then.unlocked == ("one",)
    assert first.is_done("one") == then.is_done("one") == attended


def test_another_programme_is_at_nobodys_pace() -> None:
    before = in_a_group(RUNNING)
    alone, in_one = E.evolve(RUNNING, STEPPED), E.evolve(before, STEPPED)
    assert before.paced_by == "group-1"
    assert in_one.paced_by is None
    assert E.timers(in_one) == E.timers(alone)
    assert "module" in E.timers(in_one)


def missed(number: int, in_a_row: int, group_id: str = "group-1", row_from: int | None = None) -> n.NoteMissed:
    first = number - in_a_row + 1 if row_from is None else row_from
    return ex.command(n.NoteMissed, number=number, in_a_row=in_a_row, group_id=group_id, row_from=first)


def asked(number: int, in_a_row: int) -> e.CallAsked:
    return e.CallAsked(at=ex.T0, **IDS, group_id="group-1", number=number, missed=in_a_row)


REACHED = e.PatientReached(at=ex.T0, **IDS, day=ex.T0.date())


def test_a_call_is_asked_for_once_in_a_row_of_missed_meetings() -> None:
    given(ENGAGEMENT, OPENED).when(missed(CALLS_FROM - 1, CALLS_FROM - 1)).then()
    story = given(ENGAGEMENT, OPENED).when(missed(CALLS_FROM, CALLS_FROM)).then(asked(CALLS_FROM, CALLS_FROM))
    story.when(missed(CALLS_FROM + 1, CALLS_FROM + 1)).then()
    # Reached, and still in the same row: they were called for it.
    called = (OPENED, asked(CALLS_FROM, CALLS_FROM), REACHED)
    given(ENGAGEMENT, *called).when(missed(CALLS_FROM + 1, CALLS_FROM + 1)).then()


def test_after_a_meeting_that_they_came_to_and_in_another_group_a_new_row_counts() -> None:
    called = (OPENED, asked(CALLS_FROM, CALLS_FROM), REACHED)
    later = CALLS_FROM + 1 + CALLS_FROM
    given(ENGAGEMENT, *called).when(missed(later, CALLS_FROM)).then(asked(later, CALLS_FROM))
    events = given(ENGAGEMENT, *called).when(missed(CALLS_FROM, CALLS_FROM, "group-2")).events()
    assert [type(one) for one in events] == [e.CallAsked]


def test_a_correction_that_makes_the_row_longer_at_once_does_not_lose_the_call() -> None:
    """The row goes from shorter than the number of the clinic to longer, and never has that length."""
    given(ENGAGEMENT, OPENED).when(missed(CALLS_FROM + 1, CALLS_FROM + 1)).then(asked(CALLS_FROM + 1, CALLS_FROM + 1))
    # Of a row that came before the one they were called for nobody is asked any more.
    given(ENGAGEMENT, OPENED, asked(9, CALLS_FROM), REACHED).when(missed(CALLS_FROM, CALLS_FROM)).then()


def test_a_row_that_goes_on_over_a_meeting_that_was_not_held_is_one_row() -> None:
    """Of meetings 1 and 2, 3 to 5 not held, and 6: the row begins with the first, and they were called for it."""
    called = (OPENED, asked(2, 2), REACHED)
    given(ENGAGEMENT, *called).when(missed(6, 3, row_from=1)).then()
    given(ENGAGEMENT, *called).when(missed(6, CALLS_FROM, row_from=5)).then(asked(6, CALLS_FROM))


def test_nobody_is_asked_twice_to_call_nor_after_the_end() -> None:
    given(ENGAGEMENT, OPENED, asked(CALLS_FROM, CALLS_FROM)).when(missed(9, CALLS_FROM)).then()
    ended = e.EngagementEnded(at=ex.T0, **IDS)
    begun = e.EngagementBegun(at=ex.T0, **IDS, since=ex.T0.date())
    given(ENGAGEMENT, OPENED, begun, ended).when(missed(9, CALLS_FROM)).then()
