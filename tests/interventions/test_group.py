"""A group from its plan to its last session: who gets a seat, when it begins, who leads, who was there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.interventions.domain.group import commands as c
from services.interventions.domain.group.state import GroupState
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from tests.interventions import example as ex

FIRST = datetime(2030, 4, 8, 8, tzinfo=UTC)
PLAN: dict[str, Any] = {
    "group_id": "g1",
    "programme_id": "short",
    "language": "en",
    "mode": "in_person",
    "where": "Room 2",
    "facilitators": ("ana", "ben"),
    "first_at": FIRST,
    "minutes": 90,
}


class Story:
    """One group, told command by command."""

    def __init__(self, **plan: Any) -> None:
        self.state: GroupState = ex.GROUP.state()
        self.now = ex.T0
        self.do(c.PlanGroup, **{**PLAN, **plan})

    def do(self, kind: type[Command], actor: str = ex.ANA, **fields: Any) -> list[Event]:
        """What `kind` leads to now."""
        events = ex.GROUP.decide(self.state, ex.command(kind, actor, self.now, **fields))
        for event in events:
            self.state = ex.GROUP.evolve(self.state, event)
        return events

    def join(self, *numbers: int) -> list[Event]:
        """These people say yes, one after the other."""
        return [event for number in numbers for event in self.do(c.TakeSeat, **who(number), accepted_at=self.now)]

    def leave(self, number: int) -> list[Event]:
        return self.do(c.GiveUpSeat, membership_id=f"m{number}", invitation=1)

    def pass_to(self, moment: datetime) -> list[Event]:
        """Let the clock run, and every timer ring at its time. What is said but for that a session is near."""
        said = []
        while due := {name: at for name, at in ex.GROUP.timers(self.state).items() if at <= moment}:
            name = min(due, key=lambda one: due[one])
            self.now = max(self.now, due[name])
            said += (rung := self.do(TimerDue, name=name))
            assert rung, f"{name} rang and changed nothing"
        self.now = moment
        return [one for one in said if not isinstance(one, e.GroupMeetsSoon)]

    def attend(self, number: int, *away: int) -> list[Event]:
        """Everybody who is expected was there, but for `away`."""
        ids = [seat.membership_id for seat in self.state.seats if seat.since <= number]
        absent = tuple(e.Absence(membership_id=f"m{one}") for one in away)
        gone = {one.membership_id for one in absent}
        return self.do(c.TakeAttendance, number=number, present=tuple(set(ids) - gone), absent=absent)


def who(number: int) -> dict[str, Any]:
    return {"invitation": 1, "membership_id": f"m{number}", "episode_id": f"e{number}", "patient_id": f"p{number}"}


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_session_stands_for_each_module_a_week_apart_at_the_same_time_of_day() -> None:
    story = Story(first_at=datetime.fromisoformat("2030-03-25T10:00:00+00:00"))
    assert [one.module_ids for one in story.state.sessions] == [("one",), ("two",), ("three",)]
    # Summer time begins on 31 March: ten o'clock in London is nine in UTC from then on.
    assert [one.at.hour for one in story.state.sessions] == [10, 9, 9]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"facilitators": ("ana", "ana")}, "facilitators-invalid"),
        ({"facilitators": ("ana", "nobody")}, "facilitators-invalid"),
        ({"programme_id": "none"}, "programme-unknown"),
        ({"maximum": 15}, "maximum-invalid"),
        ({"maximum": 7}, "maximum-invalid"),
        ({"mode": "video", "maximum": 13}, "maximum-invalid"),
        ({"first_at": ex.T0}, "first-session-invalid"),
    ],
)
def test_what_no_group_can_be_like_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        Story(**changed)


def test_seats_then_the_reserve_list_then_nobody() -> None:
    story = Story()
    said = story.join(*range(1, 23))
    assert kinds(said) == ["GroupSeatGiven"] * 14 + ["GroupReserveGiven"] * 6 + ["GroupSeatRefused"] * 2
    assert [one.number for one in said if isinstance(one, e.GroupReserveGiven)] == [1, 2, 3, 4, 5, 6]
    assert story.join(1, 15) == []


def test_the_first_of_the_reserve_list_moves_up_and_the_others_keep_their_order() -> None:
    story = Story()
    story.join(*range(1, 18))
    said = story.leave(3)
    assert kinds(said) == ["GroupSeatFreed", "GroupSeatGiven"]
    begins = {"from_reserve": True, "next_session_at": FIRST, "number": 1}
    assert said[1] == e.GroupSeatGiven(at=story.now, group_id="g1", **who(15), **begins)
    assert [seat.membership_id for seat in story.state.reserves] == ["m16", "m17"]
    assert kinds(story.leave(16)) == ["GroupSeatFreed"]
    assert story.leave(3) == []


def test_with_enough_people_it_begins_as_planned() -> None:
    story = Story()
    story.join(*range(1, 9))
    said = story.pass_to(FIRST - timedelta(days=3))
    assert said == [
        e.GroupConfirmed(
            at=story.now,
            group_id="g1",
            patient_ids=tuple(f"p{n}" for n in range(1, 9)),
            starts_at=FIRST,
            facilitators=("ana", "ben"),
        )
    ]
    assert story.state.status == "confirmed"


def test_with_too_few_all_dates_move_on_once_then_a_person_is_asked_each_day() -> None:
    story = Story()
    story.join(*range(1, 8))
    said = story.pass_to(FIRST)
    assert kinds(said) == ["GroupPostponed"]
    postponed = said[0]
    assert isinstance(postponed, e.GroupPostponed)
    assert postponed.patient_ids == tuple(f"p{n}" for n in range(1, 8))
    assert postponed.starts_at == FIRST + timedelta(days=14)
    said = story.pass_to(FIRST + timedelta(days=13, hours=23))
    assert kinds(said) == ["GroupUnderMinimum"] * 3
    assert kinds(story.do(c.ConfirmGroup)) == ["GroupConfirmed"]


def test_a_group_with_too_few_people_never_just_begins() -> None:
    story = Story()
    story.join(1, 2)
    said = story.pass_to(FIRST + timedelta(days=14))
    assert kinds(said)[-1] == "GroupPostponed"
    assert story.state.status == "forming"
    assert story.state.sessions[0].at == FIRST + timedelta(days=28)


def test_an_empty_group_cannot_be_confirmed() -> None:
    with pytest.raises(Rejected, match="group-empty"):
        Story().do(c.ConfirmGroup)


def confirmed(*people: int) -> Story:
    story = Story()
    story.join(*(people or range(1, 11)))
    story.do(c.ConfirmGroup)
    return story


def test_a_seat_and_a_new_date_say_whether_it_was_said_before_that_the_session_is_near() -> None:
    story = confirmed(1, 2)
    story.pass_to(FIRST - timedelta(days=3))
    before = [*story.join(3), *story.do(c.MoveSession, number=1, where="Room 4")]
    story.pass_to(FIRST - timedelta(days=1))
    after = [*story.join(4), *story.do(c.MoveSession, number=1, where="Room 5")]
    after += story.do(c.MoveSession, number=2, where="Room 5")
    said = [
        (type(one).__name__, one.number, one.near)
        for one in (*before, *after)
        if isinstance(one, e.GroupSeatGiven | e.GroupSessionMoved)
    ]
    assert said == [
        ("GroupSeatGiven", 1, False),
        ("GroupSessionMoved", 1, False),
        ("GroupSeatGiven", 1, True),
        ("GroupSessionMoved", 1, True),
        ("GroupSessionMoved", 2, False),
    ]


def test_a_late_joiner_comes_until_the_second_session_has_begun() -> None:
    story = confirmed()
    story.pass_to(FIRST + timedelta(hours=1))
    story.attend(1)
    said = story.join(11)
    assert kinds(said) == ["GroupSeatGiven"]
    assert story.state.seats[-1].since == 2
    story.pass_to(FIRST + timedelta(days=7))
    assert story.join(12)[0] == e.GroupSeatRefused(at=story.now, group_id="g1", **who(12), reason="too_late")


def test_when_all_is_put_off_a_late_joiner_comes_to_the_first_too_and_who_leads_now_leads_it() -> None:
    story = confirmed()
    story.pass_to(FIRST + timedelta(hours=1))
    story.join(11)
    assert story.state.seats[-1].since == 2
    story.do(c.ReplaceFacilitator, leaves="ana", comes="cleo")
    story.do(c.PostponeGroup, days=14)
    first = story.state.sessions[0]
    assert story.state.leaders(first) == ("cleo", "ben")
    story.do(c.ConfirmGroup)
    story.pass_to(first.at + timedelta(hours=1))
    [taken] = [one for one in story.attend(1) if isinstance(one, e.GroupAttendanceTaken)]
    assert "m11" in taken.present


def test_a_meeting_that_passed_and_is_moved_on_is_also_for_who_joined_meanwhile() -> None:
    story = confirmed()
    story.pass_to(FIRST + timedelta(hours=1))
    story.join(11)
    moved = FIRST + timedelta(days=2)
    story.do(c.MoveSession, number=1, at=moved)
    assert story.state.seats[-1].since == 1
    story.pass_to(moved + timedelta(hours=1))
    assert kinds(story.attend(1)) == ["GroupAttendanceTaken"]


def test_a_yes_in_time_counts_though_it_is_heard_late() -> None:
    story = confirmed()
    story.pass_to(FIRST + timedelta(days=8))
    said = story.do(c.TakeSeat, **who(11), accepted_at=FIRST)
    assert kinds(said) == ["GroupSeatGiven"]
    assert story.state.seats[-1].since == 3


def test_whoever_still_waits_when_nobody_can_begin_any_more_is_told() -> None:
    story = confirmed(*range(1, 17))
    story.pass_to(FIRST + timedelta(hours=1))
    story.attend(1)
    said = story.pass_to(FIRST + timedelta(days=7))
    assert kinds(said) == ["GroupSeatRefused", "GroupSeatRefused"]
    assert story.state.reserves == ()
    assert kinds(story.leave(2)) == ["GroupSeatFreed"]


def test_attendance_names_everybody_with_a_seat_once() -> None:
    story = confirmed(1, 2, 3)
    story.now = FIRST
    for present, absent in (((), ("m1",)), (("m1", "m2"), ("m2", "m3")), (("m1", "m2", "m3", "m9"), ())):
        missing = tuple(e.Absence(membership_id=one) for one in absent)
        with pytest.raises(Rejected, match="attendance-incomplete"):
            story.do(c.TakeAttendance, number=1, present=present, absent=missing)
    said = story.attend(1, 2)
    assert kinds(said) == ["GroupAttendanceTaken"]
    assert story.state.status == "running"
    assert story.attend(1, 2) == []
    assert kinds(story.attend(1)) == ["GroupAttendanceTaken"]
    assert story.state.sessions[0].absent == ()


def test_attendance_is_not_taken_before_the_session_nor_of_a_group_that_is_not_confirmed() -> None:
    story = confirmed(1, 2)
    with pytest.raises(Rejected, match="session-to-come"):
        story.attend(1)
    with pytest.raises(Rejected, match="session-unknown"):
        story.do(c.TakeAttendance, number=9)
    forming = Story()
    forming.join(1)
    forming.now = FIRST
    with pytest.raises(Rejected, match="group-not-confirmed"):
        forming.attend(1)


def test_whoever_left_after_a_session_stays_as_they_were_marked() -> None:
    story = confirmed(1, 2, 3)
    story.now = FIRST
    story.attend(1, 3)
    story.leave(3)
    story.attend(1, 2)
    assert story.state.sessions[0].present == ("m1",)
    assert {one.membership_id for one in story.state.sessions[0].absent} == {"m2", "m3"}


def test_nobody_saying_who_was_there_is_noticed_once() -> None:
    story = confirmed(1, 2)
    said = story.pass_to(FIRST + timedelta(days=2))
    due = FIRST + timedelta(hours=25, minutes=30)
    assert said == [e.GroupAttendanceOverdue(at=due, group_id="g1", number=1, facilitators=("ana", "ben"))]
    assert story.pass_to(FIRST + timedelta(days=6)) == []


def test_the_last_attendance_ends_the_group() -> None:
    story = confirmed(1, 2)
    for number in (1, 2, 3):
        story.now = story.state.sessions[number - 1].at
        said = story.attend(number)
    assert kinds(said) == ["GroupAttendanceTaken", "GroupFinished"]
    assert story.state.status == "finished"
    assert kinds(story.attend(3, 1)) == ["GroupAttendanceTaken"]
    assert ex.GROUP.timers(story.state) == {}


def test_a_session_moves_but_stays_between_its_neighbours() -> None:
    story = confirmed(1, 2)
    said = story.do(c.MoveSession, number=2, at=FIRST + timedelta(days=9), where="Room 5")
    assert said == [
        e.GroupSessionMoved(
            at=story.now,
            group_id="g1",
            number=2,
            moved_from=FIRST + timedelta(days=7),
            moved_to=FIRST + timedelta(days=9),
            minutes=90,
            where="Room 5",
            patient_ids=("p1", "p2"),
            next_session_at=FIRST,
            facilitators=("ana", "ben"),
            decided_by="ana",
        )
    ]
    assert story.do(c.MoveSession, number=2, at=FIRST + timedelta(days=9)) == []
    for at in (FIRST, FIRST + timedelta(days=14), ex.T0):
        with pytest.raises(Rejected, match="session-time-invalid"):
            story.do(c.MoveSession, number=2, at=at)


def test_somebody_else_leads_one_session_or_all() -> None:
    story = confirmed(1)
    story.do(c.ReplaceFacilitator, leaves="ben", comes="cleo", number=2)
    state = story.state
    assert [state.leaders(one) for one in state.sessions] == [("ana", "ben"), ("ana", "cleo"), ("ana", "ben")]
    story.do(c.ReplaceFacilitator, leaves="ana", comes="cleo")
    state = story.state
    assert [state.leaders(one) for one in state.sessions] == [("cleo", "ben")] * 3
    for leaves, comes in (("ana", "ben"), ("cleo", "ben"), ("cleo", "nobody")):
        with pytest.raises(Rejected, match="facilitators-invalid"):
            story.do(c.ReplaceFacilitator, leaves=leaves, comes=comes)


def test_a_cancelled_group_tells_all_and_takes_nobody() -> None:
    story = confirmed(*range(1, 16))
    said = story.do(c.CancelGroup, reason_code="no_room")
    assert isinstance(said[0], e.GroupCancelled)
    assert len(said[0].members) == 15
    assert story.join(20)[0] == e.GroupSeatRefused(at=story.now, group_id="g1", **who(20), reason="closed")
    with pytest.raises(Rejected, match="group-closed"):
        story.do(c.PostponeGroup, days=7)


def test_a_group_that_runs_is_not_postponed_as_a_whole() -> None:
    story = confirmed(1)
    story.now = FIRST
    story.attend(1)
    with pytest.raises(Rejected, match="group-running"):
        story.do(c.PostponeGroup, days=7)
