"""The rules of circles, their members, posts and leaders, one decision at a time."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.interventions.domain.circle import commands as c
from services.interventions.domain.circle_member import commands as m
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post import commands as p
from services.interventions.domain.circle_post.seen import reads
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.domain.peer_leader import commands as lead
from shared.contracts.commands import TimerDue
from shared.contracts.interventions import circle as e
from shared.contracts.interventions import circle_member as me
from shared.contracts.interventions import circle_post as pe
from shared.contracts.interventions import peer_leader as le
from tests.given import Given, given
from tests.interventions import example as ex
from tests.interventions.circle_world import KINDS

CIRCLE, MEMBER, POST, LEADER = (KINDS[True][name] for name in ("circle", "circle_member", "circle_post", "peer_leader"))
OF: dict[str, Any] = {"circle_id": "c1"}
ROSA: dict[str, Any] = {"member_id": "m1", "patient_id": "p1"}
PART: dict[str, Any] = {**OF, **ROSA, "episode_id": "e1"}
STARTED = e.CircleStarted(
    at=ex.T0, **OF, title="C", language="en", mode="video", where="w", agenda_id="a", agenda_version=1,
    coordinator_id="ana", most_people=14,
)  # fmt: skip
ALONE = e.CircleLeaderless(at=ex.T0, **OF, since=ex.T0)
HELD = e.CircleSeatHeld(at=ex.T0, **OF, **ROSA, round=1, episode_id="e1", invited_by="ana")
TAKEN = e.CircleSeatTaken(at=ex.T0, **OF, **ROSA, round=1)
LED = e.CircleLeaderAppointed(at=ex.T0, **OF, **ROSA)
MOMENT = timedelta(microseconds=1)


def due(name: str, at: datetime) -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def circle(*events: Any) -> Given:
    return given(CIRCLE, STARTED, ALONE, *events)


def test_a_circle_without_a_leader_is_told_at_once_and_every_week_until_it_has_one() -> None:
    start = ex.command(
        c.StartCircle, ex.ANA, title="C", language="en", mode="video", where="w", agenda_id="a", agenda_version=1,
        coordinator_id="ana", **OF,
    )  # fmt: skip
    story = given(CIRCLE).when(start).then(STARTED, ALONE)
    story.when(start).then()
    week = datetime(2030, 3, 11, 9, tzinfo=ex.T0.tzinfo)
    story.when(due("leaderless", week - MOMENT)).then()
    again = story.when(due("leaderless", week)).then(e.CircleLeaderless(at=week, **OF, since=ex.T0))
    assert CIRCLE.timers(again.state)["leaderless"] == week + timedelta(days=7)
    assert "leaderless" not in CIRCLE.timers(circle(HELD, TAKEN, LED).state)


def test_when_the_leader_leaves_or_stands_down_it_is_told_at_once() -> None:
    story = circle(HELD, TAKEN, LED)
    gone = {"at": ex.T0, **OF, **ROSA}
    story.when(ex.command(c.RemoveLeader, member_id="m2")).then()
    story.when(ex.command(c.RemoveLeader, member_id="m1")).then(
        e.CircleLeaderGone(**gone, reason_code="stood_down"), ALONE
    )
    story.when(ex.command(c.FreeCircleSeat, member_id="m1", round=1)).then(
        e.CircleSeatFreed(**gone, round=1), e.CircleLeaderGone(**gone, reason_code="left"), ALONE
    )
    story.when(ex.command(c.FreeCircleSeat, member_id="m1", round=2)).then()


def test_a_quiet_circle_is_told_again_and_again_and_never_closed() -> None:
    story = circle(HELD, TAKEN, LED)
    day = CIRCLE.timers(story.state)["quiet"]
    assert day == datetime(2030, 3, 25, 9, tzinfo=ex.T0.tzinfo)
    told = story.when(due("quiet", day)).then(e.CircleQuiet(at=day, **OF, since=ex.T0))
    assert told.state.status == "open"
    later = CIRCLE.timers(told.state)["quiet"]
    assert later == datetime(2030, 4, 15, 8, tzinfo=ex.T0.tzinfo), "three weeks on, by summer time"
    told.when(due("quiet", later)).then(e.CircleQuiet(at=later, **OF, since=ex.T0))
    shown = told.when(ex.command(c.NotePostShown, now=day, happened_at=day)).then(e.CircleActive(at=day, **OF))
    assert shown.state.quiet_told_at is None
    shown.when(ex.command(c.NotePostShown, now=day, happened_at=day)).then()
    shown.when(ex.command(c.NotePostShown, now=later, happened_at=ex.T0)).then()


def test_only_a_trained_member_leads() -> None:
    appoint = ex.command(c.AppointLeader, ex.ANA, member_id="m1", trained=True)
    circle(HELD).when(appoint).refused("circle-member-unknown")
    story = circle(HELD, TAKEN)
    story.when(ex.command(c.AppointLeader, ex.ANA, member_id="m1", trained=False)).refused("leader-not-trained")
    story.when(appoint).then(LED)


def test_a_meeting_is_held_after_it_began_by_people_of_the_circle() -> None:
    at = ex.after(days=3)
    plan = ex.command(c.PlanCircleMeeting, ex.ANA, meet_at=at, minutes=60, topic="pacing")
    story = circle(HELD, TAKEN).when(plan).happened()
    story.when(ex.command(c.PlanCircleMeeting, ex.ANA, at, meet_at=at, minutes=60, topic="pacing")).refused(
        "meeting-time-invalid"
    )
    story.when(ex.command(c.HoldCircleMeeting, ex.ANA, at - MOMENT, number=1, present=())).refused("meeting-to-come")
    story.when(ex.command(c.HoldCircleMeeting, ex.ANA, at, number=2, present=())).refused("meeting-unknown")
    story.when(ex.command(c.HoldCircleMeeting, ex.ANA, at, number=1, present=("m9",))).refused("circle-member-unknown")
    hold = ex.command(c.HoldCircleMeeting, ex.ANA, at, number=1, present=("m1",))
    said = e.CircleMeetingHeld(at=at, **OF, number=1, present=("m1",), noted_by="ana")
    held = story.when(hold).then(said, e.CircleActive(at=at, **OF))
    held.when(hold).then()
    held.when(ex.command(c.MoveCircleMeeting, ex.ANA, number=1, meet_at=at, minutes=90)).refused("meeting-held")
    move = ex.command(c.MoveCircleMeeting, ex.ANA, number=1, meet_at=at, minutes=90)
    [moved] = story.when(move).events()
    assert isinstance(moved, e.CircleMeetingMoved)
    assert (moved.before, moved.minutes, moved.patient_ids) == (at, 90, ("p1",))


def test_a_cancelled_meeting_is_told_once_and_keeps_its_number() -> None:
    at = ex.after(days=3)
    plan = ex.command(c.PlanCircleMeeting, ex.ANA, meet_at=at, minutes=60, topic="pacing")
    story = circle(HELD, TAKEN).when(plan).happened()
    cancel = ex.command(c.CancelCircleMeeting, ex.ANA, number=1)
    story.when(ex.command(c.CancelCircleMeeting, ex.ANA, number=2)).refused("meeting-unknown")
    said = e.CircleMeetingCancelled(at=ex.T0, **OF, number=1, meet_at=at, patient_ids=("p1",))
    off = story.when(cancel).then(said)
    off.when(cancel).then()
    hold = ex.command(c.HoldCircleMeeting, ex.ANA, at, number=1, present=("m1",))
    move = ex.command(c.MoveCircleMeeting, ex.ANA, number=1, meet_at=ex.after(days=4), minutes=60)
    for command in (hold, move):
        off.when(command).refused("meeting-cancelled")
    [planned] = off.when(plan).events()
    assert isinstance(planned, e.CircleMeetingPlanned)
    assert planned.number == 2
    too_late = ex.command(c.CancelCircleMeeting, ex.ANA, at, number=1)
    story.when(too_late).then(said.model_copy(update={"at": at, "patient_ids": ()}))
    story.when(hold).happened().when(too_late).refused("meeting-held")


def member(*events: Any) -> Given:
    invited = me.CircleInvited(at=ex.T0, **PART, round=1, invited_by="ana")
    return given(MEMBER, invited, me.CircleJoined(at=ex.T0, **PART, round=1, rules_version=1), *events)


def test_what_crossed_with_leaving_goes_as_well() -> None:
    note = ex.command(m.NotePost, post_id="x", written_at=ex.T0)
    story = member().when(note).then(me.CirclePostNoted(at=ex.T0, **PART, post_id="x"))
    story.when(note).then()
    left = story.when(ex.command(m.LeaveCircle, ex.PATIENT)).then(
        me.CircleLeft(at=ex.T0, **PART, round=1, post_ids=("x",))
    )
    left.when(ex.command(m.LeaveCircle, ex.PATIENT)).then()
    late = ex.command(m.NotePost, post_id="y", written_at=ex.T0)
    left.when(late).then(me.CirclePostsOrphaned(at=ex.T0, **PART, post_ids=("y",)))
    back = ex.after(days=1)
    again = me.CircleInvited(at=back, **PART, round=2, invited_by="ana")
    rejoined = given(MEMBER, again, me.CircleJoined(at=back, **PART, round=2, rules_version=1))
    rejoined.when(late).then(me.CirclePostsOrphaned(at=ex.T0, **PART, post_ids=("y",)))


def test_an_invitation_that_comes_twice_or_late_changes_nothing() -> None:
    invite: dict[str, Any] = {"invited_by": "ana", **PART}
    member().when(ex.command(m.InviteToCircle, round=1, **invite)).then()
    member().when(ex.command(m.InviteToCircle, round=2, **invite)).then(me.CircleInvited(at=ex.T0, round=2, **invite))


def post(*events: Any, held: bool = True) -> Given:
    written = pe.CirclePostWritten(
        at=ex.T0, **PART, post_id="x", kind="message", text="Hello.", check_first=held, held=held
    )
    return given(POST, written, *events)


def test_a_post_of_an_earlier_stay_is_nobodys_to_read() -> None:
    story = post(pe.CirclePostShown(at=ex.T0, **OF, **ROSA, post_id="x", checked_by="ana"))
    assert isinstance(story.state, CirclePostState)
    about: dict[str, Any] = {"circle_id": "c1", "status": "joined"}
    viewer = CircleMemberState(member_id="m2", joined_at=ex.T0, **about)
    assert reads(viewer, CircleMemberState(member_id="m1", joined_at=ex.T0, **about), story.state)
    assert not reads(viewer, CircleMemberState(member_id="m1", joined_at=ex.T0 + MOMENT, **about), story.state)
    assert not reads(viewer, None, story.state)
    elsewhere = viewer.model_copy(update={"circle_id": "c2"})
    assert not reads(elsewhere, CircleMemberState(member_id="m1", joined_at=ex.T0, **about), story.state)
    erased = story.state.model_copy(update={"text": None})
    assert not reads(viewer, CircleMemberState(member_id="m1", joined_at=ex.T0, **about), erased)


def test_a_post_that_nobody_looked_at_is_told_every_day() -> None:
    story = post()
    day = ex.after(hours=24)
    story.when(due("check", day - MOMENT)).then()
    waits = pe.CirclePostWaits(at=day, **OF, **ROSA, post_id="x", since=ex.T0)
    told = story.when(due("check", day)).then(waits)
    assert POST.timers(told.state) == {"check": day + timedelta(hours=24)}
    shown = told.when(ex.command(p.CheckPost, ex.ANA, day, show=True)).happened()
    assert POST.timers(shown.state) == {}
    reported = shown.when(ex.command(p.ReportPost, "patient:p2", day, member_id="m2", reason_code="other")).happened()
    assert POST.timers(reported.state) == {"check": day + timedelta(hours=24)}


def test_a_leader_looks_neither_at_what_worries_nor_at_what_was_reported_nor_at_their_own() -> None:
    said = {"at": ex.T0, **OF, **ROSA, "post_id": "x"}
    check = ex.command(p.CheckPost, "patient:p2", show=True, as_leader="m2")
    post().when(check).then(pe.CirclePostShown(**said, checked_by="p2"))
    post(pe.CircleRiskWordsWritten(**said, episode_id="e1")).when(check).refused("post-for-psychology")
    report = pe.CirclePostReported(**said, reported_by="m3", reason_code="other")
    post(report).when(check).refused("post-for-psychology")
    post().when(ex.command(p.CheckPost, ex.PATIENT, show=True, as_leader="m1")).refused("circle-own")


@pytest.mark.parametrize("first", [True, False])
def test_words_that_worry_are_held_whatever_the_clinic_set(first: bool) -> None:
    said: dict[str, Any] = {**PART, "post_id": "x", "kind": "message", "text": "I want to die"}
    write = p.WritePost(now=ex.T0, actor=ex.PATIENT, **said, joined=True, open=True)
    written, worry = KINDS[first]["circle_post"].decide(CirclePostState(), write)
    assert (written.held, written.check_first, worry.words) == (True, first, ("want to die",))
    calm = write.model_copy(update={"text": "Hello."})
    kinds = [type(event) for event in KINDS[first]["circle_post"].decide(CirclePostState(), calm)]
    assert kinds == [pe.CirclePostWritten] if first else [pe.CirclePostWritten, pe.CirclePostShown]


def test_what_waits_goes_on_waiting_whatever_the_clinic_sets_later() -> None:
    first, later = (KINDS[when]["circle_post"] for when in (True, False))
    waiting = post(held=True).state
    assert isinstance(waiting, CirclePostState)
    assert (waiting.status, waiting.to_check) == ("held", True)
    assert later.timers(waiting) == first.timers(waiting) != {}
    assert later.decide(waiting, due("check", ex.T0)) == []
    [shown] = later.decide(waiting, ex.command(p.CheckPost, ex.ANA, show=True))
    assert isinstance(shown, pe.CirclePostShown)
    unseen = post(pe.CirclePostShown(at=ex.T0, **OF, **ROSA, post_id="x"), held=False).state
    assert isinstance(unseen, CirclePostState)
    assert (unseen.status, unseen.to_check) == ("shown", True), "and what was shown is still looked at"
    assert first.timers(unseen) != {}


def test_seats_that_were_taken_before_there_were_numbers_get_theirs_and_keep_them() -> None:
    def seat(event: type[e.CircleSeatEvent], who: int, **more: Any) -> e.CircleSeatEvent:
        return event(at=ex.after(days=who), **OF, member_id=f"m{who}", patient_id=f"p{who}", round=1, **more)

    story = circle(*(seat(e.CircleSeatTaken, who) for who in (2, 1, 3)))
    old = story.state.model_dump()
    del old["numbers"], old["numbered"]
    state = type(story.state).model_validate(old)
    assert state.all_numbers == {"m1": 1, "m2": 2, "m3": 3}
    left = CIRCLE.evolve(state, seat(e.CircleSeatFreed, 1))
    assert left.all_numbers == {"m2": 2, "m3": 3}
    invited = CIRCLE.evolve(left, seat(e.CircleSeatHeld, 4, episode_id="e4", invited_by="ana"))
    assert invited.all_numbers == {"m2": 2, "m3": 3}
    assert CIRCLE.evolve(invited, seat(e.CircleSeatTaken, 4)).all_numbers == {"m2": 2, "m3": 3, "m4": 4}
    joined = CIRCLE.evolve(state, seat(e.CircleSeatTaken, 4))
    assert joined.all_numbers == {"m1": 1, "m2": 2, "m3": 3, "m4": 4}
    last = CIRCLE.evolve(CIRCLE.evolve(state, seat(e.CircleSeatFreed, 3)), seat(e.CircleSeatTaken, 4))
    assert last.all_numbers["m4"] == 4, "a number is not given twice"


def test_whoever_joins_later_is_to_be_at_what_is_still_to_come() -> None:
    def planned(number: int, days: int) -> e.CircleMeetingPlanned:
        when = {"at": ex.T0, "meet_at": ex.after(days=days), "minutes": 60}
        return e.CircleMeetingPlanned(**OF, **when, number=number, topic="pacing", patient_ids=())

    off = e.CircleMeetingCancelled(at=ex.T0, **OF, number=2, meet_at=ex.after(days=4), patient_ids=())
    story = circle(HELD, planned(1, 1), planned(2, 4), planned(3, 5), off)
    now = ex.after(days=2)
    joins = ex.command(c.TakeCircleSeat, "system:circle", now, member_id="m1", round=1)
    to_come = {"number": 3, "meet_at": ex.after(days=5), "minutes": 60, "patient_id": "p1"}
    taken = e.CircleSeatTaken(at=now, **OF, **ROSA, round=1)
    story.when(joins).then(taken, e.CircleMeetingJoined(at=now, **OF, **to_come))


def test_supervision_is_due_after_so_many_days_and_then_every_week() -> None:
    who: dict[str, Any] = {"leader_id": "l1", "patient_id": "p1"}
    train = ex.command(lead.TrainPeerLeader, ex.ANA, **who, trained_on=date(2030, 3, 1), supervisor_id="ana")
    trained = le.PeerLeaderTrained(at=ex.T0, **who, trained_on=date(2030, 3, 1), supervisor_id="ana")
    story = given(LEADER).when(train).then(trained)
    story.when(train).then()
    day = LEADER.timers(story.state)["supervision"]
    assert day == datetime(2030, 4, 1, 8, tzinfo=ex.T0.tzinfo)
    told = story.when(due("supervision", day)).then(le.SupervisionDue(at=day, **who, supervisor_id="ana", since=ex.T0))
    assert LEADER.timers(told.state)["supervision"] == day + timedelta(days=7)
    talk = ex.command(lead.HoldSupervision, ex.ANA, day, minutes=30)
    assert LEADER.timers(told.when(talk).happened().state)["supervision"] == day + timedelta(days=28)
    given(LEADER).when(talk).refused("leader-not-trained")
    tomorrow = ex.command(lead.TrainPeerLeader, ex.ANA, **who, trained_on=date(2030, 3, 5), supervisor_id="ana")
    given(LEADER).when(tomorrow).refused("day-to-come")


def test_who_stood_down_while_they_were_appointed_does_not_lead() -> None:
    who: dict[str, Any] = {"leader_id": "l1", "patient_id": "p1"}
    trained = le.PeerLeaderTrained(at=ex.T0, **who, trained_on=date(2030, 3, 1), supervisor_id="ana")
    circle = le.LedCircle(circle_id="c1", member_id="m1")
    begin = ex.command(lead.BeginLeading, **circle.model_dump())
    led = given(LEADER, trained).when(begin).then(le.PeerLeaderBegan(at=ex.T0, **who, circle=circle))
    led.when(begin).then()
    down = led.when(ex.command(lead.StandDown, ex.PATIENT)).then(
        le.PeerLeaderStoodDown(at=ex.T0, **who, supervisor_id="ana", circles=(circle,))
    )
    down.when(begin).then(le.PeerLeaderRefused(at=ex.T0, **who, circle=circle))
    led.when(ex.command(lead.EndLeading, **circle.model_dump())).then(
        le.PeerLeaderEnded(at=ex.T0, **who, circle=circle)
    )
