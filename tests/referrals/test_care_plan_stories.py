"""Whatever people do with a plan, in any order: no two parts share an id, and what has ended does not come back."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.referrals.domain.care_plan import commands as c
from services.referrals.domain.care_plan.state import CarePlanState
from shared.contracts.commands import Command, Rejected, TimerDue
from tests.referrals.people import (
    ACTIVITY,
    DISCUSSED,
    GOAL,
    LINDQVIST,
    NOW,
    OKAFOR,
    PLAN,
    PLAN_IDS,
    ROSA,
    TANAKA,
    TIMER,
)

GOALS, ACTIVITIES, DISCUSSIONS = (
    st.sampled_from([f"{kind}-1", f"{kind}-2", "shared-1"]) for kind in ("goal", "activity", "discussion")
)
# Most of what people want is sensible: a story in which all is refused shows nothing.
ACTORS = st.sampled_from([OKAFOR, TANAKA, OKAFOR, TANAKA, LINDQVIST, ROSA, "caregiver:caregiver-luis"])
DAYS = st.integers(-1, 20).map(lambda days: NOW.date() + timedelta(days=days))
NOTES = st.sampled_from([None, "", "A word."])
WORDS = st.sampled_from(["Some words.", "Other words.", "More words.", ""])
MAKERS: dict[type[Command], dict[str, st.SearchStrategy[Any]]] = {
    c.SetGoal: {"goal_id": GOALS, "text": WORDS, "expressed_by": st.sampled_from(["patient", "clinician"])},
    c.ChangeGoal: {
        "goal_id": GOALS,
        "status": st.sampled_from(["active", "achieved", "on_hold", "cancelled"]),
        "note": NOTES,
    },
    c.PlanActivity: {
        "activity_id": ACTIVITIES,
        "text": WORDS,
        "performer": st.sampled_from(["pain", "psychology", "patient", "caregiver"]),
        "due": st.none() | DAYS,
    },
    c.EndActivity: {"activity_id": ACTIVITIES, "status": st.sampled_from(["completed", "cancelled"]), "note": NOTES},
    c.AskDiscussion: {
        "discussion_id": DISCUSSIONS,
        "question": WORDS,
        "wanted_by": DAYS,
        "referrer_id": st.just("dr-okafor"),
        "referral_id": st.sampled_from([None, "referral-1", "referral-2"]),
    },
    c.ScheduleDiscussion: {"discussion_id": DISCUSSIONS, "meet_at": DAYS.map(lambda day: NOW + (day - NOW.date()))},
    c.AnswerDiscussion: {"discussion_id": DISCUSSIONS, "answer": WORDS},
    c.CloseDiscussion: {"discussion_id": DISCUSSIONS},
    c.CloseForReferral: {"referral_id": st.sampled_from(["referral-1", "referral-2"])},
}


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """Something that somebody may want, sensible or not, within three weeks."""
    kind = draw(st.sampled_from([*MAKERS, TimerDue]))
    now = NOW + timedelta(hours=draw(st.integers(0, 500)))
    if kind is TimerDue:
        names = [ACTIVITIES.map("activity:{}".format), DISCUSSIONS.map("discussion:{}".format)]
        return TimerDue(now=now, actor=TIMER, name=draw(st.one_of(names)))
    first = PLAN_IDS if issubclass(kind, c.AddToCarePlan) else {}
    return kind(now=now, actor=draw(ACTORS), **first, **{name: draw(values) for name, values in MAKERS[kind].items()})


def parts_of(state: CarePlanState) -> dict[str, bool]:
    """Each part by its id, and whether it is open."""
    pairs = [
        *((one.goal_id, one.is_open) for one in state.goals),
        *((one.activity_id, one.is_open) for one in state.activities),
        *((one.discussion_id, one.is_open) for one in state.discussions),
    ]
    assert len({id for id, _ in pairs}) == len(pairs), "two parts share an id"
    return dict(pairs)


@settings(max_examples=200, deadline=None)
@given(st.lists(commands(), min_size=30, max_size=60))
def test_no_two_parts_share_an_id_and_what_has_ended_does_not_come_back(story: Sequence[Command]) -> None:
    state, ended = reduce(PLAN.evolve, (GOAL, ACTIVITY, DISCUSSED), CarePlanState()), set[str]()
    for command in sorted(story, key=lambda one: one.now):
        try:
            events = PLAN.decide(state, command)
        except Rejected:
            continue
        state = reduce(PLAN.evolve, events, state)
        parts = parts_of(state)
        ended |= {id for id, is_open in parts.items() if not is_open}
        assert not [id for id in ended if parts.get(id)], "something came back"
        waited_for = {name.partition(":")[2] for name in PLAN.timers(state)}
        assert all(parts[id] for id in waited_for), "something that has ended is waited for"
