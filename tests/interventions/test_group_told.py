"""What becomes of a group that does not go as planned: whom it tells, how it ends, and who is shown to have led."""

from datetime import timedelta
from typing import Any

import pytest

from services.interventions.domain.group import commands as c
from services.interventions.domain.group.calendar import answer_by
from shared.contracts import interventions as e
from shared.contracts.commands import Rejected, TimerDue
from tests.interventions import example as ex
from tests.interventions.test_group import FIRST, Story, confirmed, kinds, who

SETTINGS = ex.CLINIC.together.groups
WEEK = timedelta(days=7)
LED_BY = ("ana", "ben")


def member(number: int) -> e.GroupMember:
    return e.GroupMember(**who(number))


def asked(story: Story, *numbers: int) -> Story:
    """These people were asked, and have not answered yet."""
    for number in numbers:
        story.do(c.NoteInvited, **who(number), starts_at=FIRST)
    return story


def held(story: Story, *numbers: int) -> Story:
    """These sessions took place, and it was said who was there."""
    for number in numbers:
        story.now = story.state.sessions[number - 1].at
        story.attend(number)
    return story


def not_held(story: Story, number: int, **fields: Any) -> list[Any]:
    return story.do(c.MarkNotHeld, number=number, **{"reason_code": "no_facilitator", **fields})


# --- whoever was only asked


def test_a_cancelled_group_names_those_who_were_only_asked_too() -> None:
    story = asked(confirmed(1, 2), 3, 4)
    story.join(4)
    [cancelled] = story.do(c.CancelGroup, reason_code="no_room")
    assert isinstance(cancelled, e.GroupCancelled)
    assert cancelled.members == tuple(member(number) for number in (1, 2, 4, 3))
    assert cancelled.patient_ids == ("p1", "p2", "p4")


def test_whoever_is_asked_as_the_group_is_cancelled_learns_that_it_does_not_take_place() -> None:
    story = confirmed(1)
    story.do(c.CancelGroup, reason_code="no_room")
    said = story.do(c.NoteInvited, **who(3), starts_at=FIRST)
    assert said == [e.GroupInvitationNoted(at=story.now, group_id="g1", **who(3), takes_place=False)]


def test_whoever_is_only_asked_or_waits_is_named_where_dates_change_and_who_leads_too() -> None:
    story = asked(confirmed(*range(1, 16)), 17)
    reserves = story.state.reserve_ids
    [moved] = story.do(c.MoveSession, number=2, at=FIRST + timedelta(days=9))
    assert isinstance(moved, e.GroupSessionMoved)
    assert (moved.asked, moved.reserve_ids, moved.facilitators) == ((member(17),), reserves, LED_BY)
    assert reserves
    [postponed] = story.do(c.PostponeGroup, days=14)
    assert isinstance(postponed, e.GroupPostponed)
    assert (postponed.asked, postponed.reserve_ids, postponed.facilitators) == ((member(17),), reserves, LED_BY)


def test_of_another_room_only_those_with_a_seat_and_who_leads_are_told() -> None:
    story = asked(confirmed(*range(1, 16)), 17)
    [moved] = story.do(c.MoveSession, number=2, at=story.state.sessions[1].at, where="Room 9")
    assert isinstance(moved, e.GroupSessionMoved)
    assert (moved.asked, moved.reserve_ids, moved.facilitators) == ((), (), LED_BY)


def test_whoever_is_asked_with_dates_that_have_just_changed_is_set_right() -> None:
    story = confirmed(1)
    story.do(c.PostponeGroup, days=14)
    [noted] = story.do(c.NoteInvited, **who(3), starts_at=FIRST)
    assert isinstance(noted, e.GroupInvitationNoted)
    assert (noted.takes_place, noted.next_session_at) == (True, story.state.sessions[0].at)


def test_an_invitation_is_noted_once_and_a_second_one_takes_its_place() -> None:
    story = asked(Story(), 3)
    assert story.do(c.NoteInvited, **who(3), starts_at=FIRST) == []
    again = {**who(3), "invitation": 2}
    assert kinds(story.do(c.NoteInvited, **again, starts_at=FIRST)) == ["GroupInvitationNoted"]
    assert [seat.invitation for seat in story.state.asked] == [2]
    story.do(c.TakeSeat, **again, accepted_at=story.now)
    assert story.state.asked == ()


def test_an_invitation_is_answered_before_the_next_meeting_that_one_can_begin_with() -> None:
    state, zone = confirmed(1).state, ex.PLANS.zone
    days = timedelta(days=SETTINGS.answer_days)
    asked_at = [FIRST - timedelta(days=8), FIRST - timedelta(days=1), FIRST + timedelta(days=1), FIRST + 2 * WEEK]
    answers = [answer_by(state, SETTINGS, zone, at) for at in asked_at]
    assert answers == [FIRST - timedelta(days=8) + days, FIRST, FIRST + WEEK, FIRST + WEEK]


# --- too few people are left


def test_a_group_that_was_confirmed_and_falls_under_the_minimum_says_so_once() -> None:
    story = confirmed(*range(1, 10))
    assert kinds(story.leave(1)) == ["GroupSeatFreed"]
    fell = story.leave(2)
    few = e.GroupFewLeft(at=story.now, group_id="g1", seats_taken=7, minimum=8, facilitators=LED_BY)
    assert fell[1:] == [few]
    assert kinds(story.leave(3)) == ["GroupSeatFreed"]
    story.join(10, 11)
    assert kinds(story.leave(4)) == ["GroupSeatFreed", "GroupFewLeft"]


def test_a_seat_that_is_taken_again_at_once_leaves_nobody_too_few() -> None:
    story = Story(maximum=8)
    story.join(*range(1, 10))
    story.do(c.ConfirmGroup)
    assert kinds(story.leave(1)) == ["GroupSeatFreed", "GroupSeatGiven"]


def test_that_nobody_is_left_is_said_also_of_a_group_that_began_with_few() -> None:
    story = confirmed(1, 2)
    assert kinds(story.leave(1)) == ["GroupSeatFreed"]
    assert kinds(story.leave(2)) == ["GroupSeatFreed", "GroupFewLeft"]


def test_of_a_group_that_is_still_forming_the_day_of_the_decision_says_it() -> None:
    story = Story()
    story.join(*range(1, 9))
    assert kinds(story.leave(1)) == ["GroupSeatFreed"]


# --- how it ends all the same


def test_a_group_that_does_not_finish_is_asked_about_until_it_does() -> None:
    story = held(confirmed(1, 2), 1)
    last = story.state.sessions[-1]
    over = last.at + timedelta(minutes=last.minutes)
    said = [one for one in story.pass_to(over + 3 * WEEK) if isinstance(one, e.GroupUnfinished)]
    assert [one.at for one in said] == [over + WEEK, over + 2 * WEEK, over + 3 * WEEK]
    assert (said[0].numbers, said[0].facilitators) == ((2, 3), LED_BY)
    story.attend(2)
    assert kinds(story.attend(3)) == ["GroupAttendanceTaken", "GroupFinished"]
    assert ex.GROUP.timers(story.state) == {}


def test_a_session_that_was_not_held_ends_the_group_too_and_nobody_has_missed_it() -> None:
    story = held(confirmed(1, 2), 1, 2)
    story.now = story.state.sessions[2].at
    said = not_held(story, 3)
    assert kinds(said) == ["GroupSessionNotHeld", "GroupFinished"]
    assert said[0] == e.GroupSessionNotHeld(
        at=story.now,
        group_id="g1",
        number=3,
        module_ids=("three",),
        reason_code="no_facilitator",
        said_by="ana",
        facilitators=LED_BY,
        members=(member(1), member(2)),
        patient_ids=("p1", "p2"),
    )
    assert story.state.status == "finished"
    assert kinds(story.attend(3, 1)) == ["GroupAttendanceTaken"], "it was held after all"
    assert (story.state.sessions[2].not_held, story.state.status) == (None, "finished")


def test_a_session_that_was_not_held_is_said_once_and_not_moved() -> None:
    story = confirmed(1, 2)
    story.now = FIRST
    assert kinds(not_held(story, 1)) == ["GroupSessionNotHeld"]
    assert (not_held(story, 1), story.state.status) == ([], "running")
    with pytest.raises(Rejected, match="session-not-held"):
        story.do(c.MoveSession, number=1, at=FIRST + timedelta(days=1))
    assert story.pass_to(FIRST + timedelta(days=3)) == [], "nobody has to say who was there"


def test_what_cannot_be_marked_as_not_held() -> None:
    story = confirmed(1, 2)
    for number, code in ((9, "session-unknown"), (1, "session-to-come")):
        with pytest.raises(Rejected, match=code):
            not_held(story, number)
    held(story, 1)
    with pytest.raises(Rejected, match="session-held"):
        not_held(story, 1)
    forming = Story()
    forming.now = FIRST
    with pytest.raises(Rejected, match="group-not-confirmed"):
        not_held(forming, 1)


def test_a_group_that_never_met_is_cancelled_and_not_finished() -> None:
    story = confirmed(1, 2)
    story.now = FIRST + 2 * WEEK
    not_held(story, 1)
    not_held(story, 2)
    with pytest.raises(Rejected, match="group-never-met"):
        not_held(story, 3)
    assert kinds(story.do(c.CancelGroup, reason_code="no_facilitator")) == ["GroupCancelled"]


def test_after_its_end_only_who_was_there_is_corrected() -> None:
    story = held(confirmed(1, 2), 1, 2, 3)
    for kind, fields in (
        (c.CancelGroup, {"reason_code": "other"}),
        (c.PostponeGroup, {"days": 7}),
        (c.ConfirmGroup, {}),
    ):
        with pytest.raises(Rejected, match="group-closed"):
            story.do(kind, **fields)
    assert kinds(story.attend(1, 2)) == ["GroupAttendanceTaken"]


# --- other dates


def overdue(said: list[Any]) -> list[int]:
    return [one.number for one in said if isinstance(one, e.GroupAttendanceOverdue)]


def test_a_session_with_a_new_date_becomes_overdue_again() -> None:
    story = confirmed(1, 2)
    assert overdue(story.pass_to(FIRST + timedelta(days=2))) == [1]
    story.do(c.MoveSession, number=1, at=FIRST + timedelta(days=5))
    assert overdue(story.pass_to(FIRST + timedelta(days=6, hours=12))) == [1]
    story.do(c.PostponeGroup, days=14)
    story.do(c.ConfirmGroup)
    assert overdue(story.pass_to(story.state.sessions[0].at + timedelta(days=2))) == [1]


def test_what_a_person_postpones_leaves_the_postponement_that_comes_by_itself() -> None:
    story = Story()
    story.join(1, 2)
    [by_hand] = story.do(c.PostponeGroup, days=7)
    assert isinstance(by_hand, e.GroupPostponed)
    assert (by_hand.times, by_hand.automatic) == (1, False)
    said = story.pass_to(FIRST + WEEK)
    assert [(one.times, one.automatic) for one in said if isinstance(one, e.GroupPostponed)] == [(2, True)]
    said = story.pass_to(story.state.sessions[0].at - timedelta(days=2, hours=12))
    assert kinds(said) == ["GroupUnderMinimum"]


def test_that_a_session_is_near_is_said_once_for_each_date() -> None:
    story = confirmed(1, 2)
    soon = {"name": "meets_soon"}
    assert story.do(TimerDue, **soon) == []
    story.now = FIRST - timedelta(days=SETTINGS.rules_ask_days)
    [near] = story.do(TimerDue, **soon)
    both = (member(1), member(2))
    assert near == e.GroupMeetsSoon(at=story.now, group_id="g1", number=1, session_at=FIRST, members=both)
    assert story.do(TimerDue, **soon) == []
    story.do(c.PostponeGroup, days=7)
    assert "meets_soon" not in ex.GROUP.timers(story.state)
    story.do(c.ConfirmGroup)
    assert ex.GROUP.timers(story.state)["meets_soon"] == FIRST + WEEK - timedelta(days=SETTINGS.rules_ask_days)


# --- who led it


def test_a_session_that_has_begun_keeps_who_led_it() -> None:
    story = held(confirmed(1, 2), 1)
    story.now = FIRST + WEEK
    story.do(c.ReplaceFacilitator, leaves="ben", comes="cleo")
    led = [story.state.leaders(one) for one in story.state.sessions]
    assert led == [LED_BY, LED_BY, ("ana", "cleo")]
    taken = story.attend(2)[0]
    assert isinstance(taken, e.GroupAttendanceTaken)
    assert taken.facilitators == LED_BY
    story.do(c.ReplaceFacilitator, leaves="cleo", comes="ben")
    story.do(c.ReplaceFacilitator, leaves="ana", comes="cleo")
    assert [story.state.leaders(one) for one in story.state.sessions] == [LED_BY, LED_BY, ("cleo", "ben")]


def test_whoever_stood_in_on_a_day_that_has_passed_does_not_on_the_new_one() -> None:
    story = confirmed(1, 2)
    story.do(c.ReplaceFacilitator, leaves="ben", comes="cleo", number=1)
    story.do(c.MoveSession, number=1, at=FIRST + timedelta(hours=1))
    assert story.state.leaders(story.state.sessions[0]) == ("ana", "cleo")
    story.now = FIRST + timedelta(days=1)
    story.do(c.MoveSession, number=1, at=FIRST + timedelta(days=3))
    assert story.state.leaders(story.state.sessions[0]) == LED_BY
