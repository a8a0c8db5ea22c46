"""Who is told what of circles, and what is never told."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications import policy
from services.notifications.domain import commands as c
from services.notifications.reactions import reactions
from services.notifications.rule import Rule, joined
from shared.contracts.envelope import Event
from shared.contracts.interventions import GroupFinished
from shared.contracts.interventions import circle as ci
from shared.contracts.interventions import circle_member as m
from shared.contracts.interventions import circle_post as p
from shared.contracts.interventions import peer_leader as lead
from shared.contracts.interventions.peer_leader import LedCircle
from tests.given import given
from tests.notifications.circle_facts import (
    CANCELLED,
    CIRCLE,
    CIRCLE_FACTS,
    LEADER,
    LED,
    MEETING,
    MEMBER,
    OMAR,
    POST,
    SOON,
    SUPERVISOR,
)
from tests.notifications.people import AGENDA, CLINIC, MORNING, ROSA, cause

TABLE = reactions(CLINIC)
TEAM = CLINIC.coordinators


def commands(event: Event) -> dict[str, c.HandleFact]:
    """What the event does, by the recipient."""
    targets: Any = TABLE[type(event)](event, cause(event))
    return {target.command.recipient_id: target.command for target in targets}


def told(event: Event) -> dict[str, list[str]]:
    """Templates by the recipient."""
    return {who: [one.template for one in command.plan] for who, command in commands(event).items() if command.plan}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (m.CircleInvited(**MEMBER, round=1, invited_by="x"), {ROSA: ["circle_invitation"]}),
        (m.CircleNudged(**MEMBER, from_member_id="m2", word="well_done"), {ROSA: ["circle_kind_word"]}),
        (
            ci.CircleMeetingPlanned(**MEETING, topic="pacing"),
            {ROSA: ["circle_meeting"], OMAR: ["circle_meeting"]},
        ),
        (
            ci.CircleMeetingJoined(**CIRCLE, number=1, meet_at=SOON, minutes=90, patient_id=OMAR),
            {OMAR: ["circle_meeting"]},
        ),
        (
            ci.CircleMeetingMoved(**MEETING, before=MORNING),
            {ROSA: ["circle_meeting_moved"], OMAR: ["circle_meeting_moved"]},
        ),
        (
            ci.CircleMeetingCancelled(**CANCELLED),
            {ROSA: ["circle_meeting_cancelled"], OMAR: ["circle_meeting_cancelled"]},
        ),
        (ci.CircleMeetingCancelled(**{**CANCELLED, "patient_ids": ()}), {}),
        (ci.CircleLeaderAppointed(**LED), {ROSA: ["circle_leading"]}),
        (ci.CircleLeaderGone(**LED, reason_code="replaced"), {ROSA: ["circle_led_before"]}),
        (ci.CircleLeaderGone(**LED, reason_code="left"), {}),
        (ci.CircleLeaderGone(**LED, reason_code="stood_down"), {}),
        (
            ci.CircleClosed(**CIRCLE, reason_code="other", patient_ids=(ROSA, OMAR), closed_by="x"),
            {ROSA: ["circle_closed"], OMAR: ["circle_closed"]},
        ),
        (p.CirclePostRemoved(**POST, reason_code="other", removed_by="x"), {ROSA: ["circle_post_removed"]}),
        (lead.SupervisionDue(**LEADER, supervisor_id=SUPERVISOR, since=MORNING), {SUPERVISOR: ["supervision_due"]}),
        (lead.PeerLeaderStoodDown(**LEADER, supervisor_id=SUPERVISOR), {SUPERVISOR: ["leader_stood_down"]}),
    ],
)
def test_an_event_tells_whom_it_is_for(event: Event, expected: dict[str, list[str]]) -> None:
    assert told(event) == expected


@pytest.mark.parametrize(
    ("event", "template"),
    [
        (ci.CircleQuiet(**CIRCLE, since=MORNING), "circle_quiet"),
        (ci.CircleLeaderless(**CIRCLE, since=MORNING), "circle_leaderless"),
        (p.CirclePostReported(**POST, reported_by="m2", reason_code="hurtful"), "circle_post_reported"),
        (p.CirclePostWaits(**POST, since=MORNING), "circle_post_waits"),
    ],
)
def test_what_must_not_fade_is_brought_to_every_coordinator_and_to_nobody_else(event: Event, template: str) -> None:
    assert told(event) == {one: [template] for one in TEAM}


def test_a_finished_group_is_told_to_the_coordinators_too() -> None:
    [event] = [fact for fact in CIRCLE_FACTS if isinstance(fact, GroupFinished)]
    assert all("circle_possible" in told(event)[one] for one in TEAM)


def test_nobody_hears_that_somebody_joined_left_muted_or_wrote() -> None:
    of_people = (m.CircleJoined, m.CircleDeclined, m.CircleLeft, m.CircleMuteSet, m.CircleNudgeSent)
    of_posts = (p.CirclePostWritten, p.CirclePostShown, ci.CircleSeatFreed)
    assert [event.__name__ for event in (*of_people, *of_posts) if policy.RULES.get(event)] == []


def test_whoever_leaves_is_told_nothing_more_of_what_waits_and_the_others_are() -> None:
    planned = commands(ci.CircleMeetingPlanned(**MEETING, topic="pacing"))
    left = commands(m.CircleLeft(**MEMBER, round=1))
    assert set(left) == {ROSA}
    story = given(AGENDA).when(planned[ROSA]).happened()
    [message] = story.when(left[ROSA]).happened().state.messages.values()
    assert message.status == "dropped"


def test_of_a_meeting_that_is_moved_and_then_cancelled_one_word_goes_out() -> None:
    story = given(AGENDA)
    for event in (
        ci.CircleMeetingPlanned(**MEETING, topic="pacing"),
        ci.CircleMeetingMoved(**{**MEETING, "at": MORNING + timedelta(minutes=1)}, before=MORNING),
        ci.CircleMeetingCancelled(**{**CANCELLED, "at": MORNING + timedelta(minutes=2)}),
    ):
        story = story.when(commands(event)[ROSA]).happened()
    waiting = {one.template: one.status for one in story.state.messages.values()}
    assert waiting == {
        "circle_meeting": "dropped",
        "circle_meeting_moved": "dropped",
        "circle_meeting_cancelled": "queued",
    }


def test_a_supervisor_who_coordinates_hears_of_the_circles_and_not_twice() -> None:
    circles = (LedCircle(circle_id="circle-1", member_id="member-1"),)
    assert told(lead.PeerLeaderStoodDown(**LEADER, supervisor_id=TEAM[0], circles=circles)) == {}
    other = lead.PeerLeaderStoodDown(**LEADER, supervisor_id="psy-other", circles=circles)
    assert told(other) == {"psy-other": ["leader_stood_down"]}


def test_an_email_to_several_needs_the_consent_of_each() -> None:
    planned = commands(ci.CircleMeetingPlanned(**MEETING, topic="pacing"))
    assert {(who, one.about, one.needs) for who, command in planned.items() for one in command.plan} == {
        (ROSA, ROSA, "email"),
        (OMAR, OMAR, "email"),
    }


def test_of_an_event_in_two_tables_all_rows_count() -> None:
    one, two = (Rule("patient", name, "topic") for name in ("one", "two"))
    first: dict[type[Event], tuple[Rule, ...]] = {m.CircleLeft: (one,)}
    assert joined(first, {m.CircleLeft: (two,), m.CircleJoined: (one,)}) == {
        m.CircleLeft: (one, two),
        m.CircleJoined: (one,),
    }
