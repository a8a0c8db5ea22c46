"""What each command makes happen to a place, and what the place remembers."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals import aggregates
from services.referrals.domain.place import commands as c
from services.referrals.domain.place.capacity import capacity_status, seats_free
from services.referrals.domain.place.state import PlaceState
from shared.contracts import referrals as e
from shared.contracts.commands import Command, TimerDue
from tests.given import given
from tests.referrals.people import LATER, NOW, OKAFOR, REACTION, TIMER
from tests.referrals.places import (
    FULL,
    HOLD,
    PLACE,
    PLACE_ID,
    REST,
    ROUTINE,
    TWO_SEATS,
    URGENT,
    after,
    clinic,
    held,
    ids,
    join,
    joined,
    of,
    paused,
    returned,
    seats,
    taken,
)

WAITING = (*FULL, joined("eva", days=5))
OF_AN_ENTRY = [
    of("eva", c.PauseEntry, reason_code="needs_time"),
    of("eva", c.ResumeEntry, waiting_since=NOW),
    of("eva", c.ReorderEntry, priority=URGENT),
    of("eva", c.ConfirmSeat),
    of("eva", c.ReturnSeat, reason="declined"),
    of("eva", c.Leave),
]


def test_whoever_comes_while_a_seat_is_free_has_it_held_at_once() -> None:
    given(PLACE).when(join("ana", URGENT, 12)).then(joined("ana", URGENT, 12), held("ana", 12))


def test_whoever_comes_to_a_full_place_waits() -> None:
    given(PLACE, *FULL).when(join("eva", days=5)).then(joined("eva", days=5))


def test_joining_twice_is_joining_once() -> None:
    given(PLACE, *WAITING).when(join("eva", URGENT)).then()
    given(PLACE, *FULL).when(join("ana")).then()


def test_a_place_that_is_not_configured_loses_nobody() -> None:
    elsewhere = aggregates.place(TWO_SEATS.model_copy(update={"places": ()}))
    given(elsewhere).when(join("ana")).then(joined("ana"))


def test_whoever_left_may_come_back() -> None:
    left = e.PlaceLeft(**ids("eva"), was="waiting")
    given(PLACE, *WAITING, left).when(join("eva", days=5)).then(joined("eva", days=5))


@pytest.mark.parametrize("command", OF_AN_ENTRY, ids=lambda command: type(command).__name__)
def test_what_is_said_of_somebody_who_is_not_there_is_nothing(command: c.EntryCommand) -> None:
    given(PLACE).when(command).then()
    given(PLACE, *FULL).when(command).then()


def test_more_seats_go_to_the_next_in_line_in_their_order() -> None:
    line = (joined("eva", days=5), joined("gus", URGENT, 1), joined("ida", days=7))
    changed = e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=4)
    given(PLACE, *FULL, *line).when(seats(4)).then(changed, held("gus", 1), held("ida", 7))


def test_fewer_seats_take_nobodys_and_are_held_for_nobody_until_enough_are_free() -> None:
    changed = e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=1)
    story = given(PLACE, *WAITING).when(seats(1)).then(changed)
    assert [one.status for one in story.state.entries.values()] == ["seated", "held", "waiting"]
    story = story.when(of("ben", c.Leave)).then(e.PlaceLeft(**ids("ben"), was="held"))
    story.when(of("ana", c.Leave)).then(e.PlaceLeft(**ids("ana"), was="seated"), held("eva", 5))


def test_only_psychology_changes_seats() -> None:
    for actor in (OKAFOR, REACTION, "service:portal", "patient:patient-ana"):
        given(PLACE).when(seats(3, actor)).refused("role-not-allowed")


def test_seats_that_were_said_count_before_those_that_are_configured() -> None:
    said = e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=2)
    given(PLACE).when(seats(2)).then(said).when(seats(2)).then()
    of_five = aggregates.place(clinic(seats=5))
    full = (joined("ana"), held("ana"), joined("ben"), held("ben"))
    given(of_five, *full).when(join("eva")).then(joined("eva"), held("eva"))
    given(of_five, said, *full).when(join("eva")).then(joined("eva"))


@pytest.mark.parametrize("n", [-1, 2001])
def test_seats_have_a_lowest_and_a_highest_number(n: int) -> None:
    with pytest.raises(ValueError, match="seats"):
        seats(n)


def test_an_offer_that_is_taken_becomes_a_seat() -> None:
    story = given(PLACE, *WAITING).when(of("ben", c.ConfirmSeat)).then(taken("ben"))
    ben = story.state.entries["referral-ben"]
    assert (ben.status, ben.hold_until) == ("seated", None)
    story.when(of("ben", c.ConfirmSeat)).then()
    given(PLACE, *WAITING).when(of("eva", c.ConfirmSeat)).then()


@pytest.mark.parametrize("reason", ["declined", "lapsed"])
def test_an_offer_that_comes_back_goes_to_the_next_in_line_and_its_taker_rests(reason: e.ReturnReason) -> None:
    story = given(PLACE, *WAITING).when(of("ben", c.ReturnSeat, reason=reason))
    story = story.then(returned("ben", reason), held("eva", 5))
    ben = story.state.entries["referral-ben"]
    assert (ben.status, ben.rest_until, ben.offers_returned) == ("waiting", NOW + REST, 1)
    assert (ben.waiting_since, ben.hold_until) == (NOW - timedelta(days=8), None)
    story.when(of("ben", c.ReturnSeat, reason=reason)).then()


def test_a_seat_that_is_taken_does_not_come_back_as_an_offer() -> None:
    given(PLACE, *FULL).when(of("ana", c.ReturnSeat, reason="lapsed")).then()


def test_an_offer_that_comes_back_twice_is_counted_twice() -> None:
    state = after(*FULL, returned("ben"), held("ben"), returned("ben", "lapsed"))
    assert state.entries["referral-ben"].offers_returned == 2


@pytest.mark.parametrize(("name", "was"), [("ana", "seated"), ("ben", "held"), ("eva", "waiting")])
def test_whoever_leaves_says_what_they_gave_up_and_a_seat_goes_on(name: str, was: e.EntryStatus) -> None:
    waiting = (*WAITING, joined("gus", days=4))
    follows = () if was == "waiting" else (held("eva", 5),)
    story = given(PLACE, *waiting).when(of(name, c.Leave)).then(e.PlaceLeft(**ids(name), was=was), *follows)
    assert f"referral-{name}" not in story.state.entries
    story.when(of(name, c.Leave)).then()


def test_a_paused_referral_is_passed_over_and_keeps_its_wait_while_paused() -> None:
    story = given(PLACE, *WAITING, joined("gus", days=4))
    story = story.when(of("eva", c.PauseEntry, reason_code="needs_time")).then(paused("eva"))
    story.when(of("eva", c.PauseEntry, reason_code="needs_time")).then()
    story = story.when(of("eva", c.PauseEntry, LATER, reason_code="practical")).happened()
    eva = story.state.entries["referral-eva"]
    assert (eva.pause_reason_code, eva.paused_at) == ("practical", NOW)
    left = e.PlaceLeft(**ids("ana"), was="seated")
    story.when(of("ana", c.Leave)).then(left, held("gus", 4))


def test_a_resumed_referral_has_the_start_it_was_given_and_takes_a_free_seat() -> None:
    since = NOW - timedelta(days=3)
    left = e.PlaceLeft(**ids("ana"), was="seated")
    resumed = e.EntryResumed(**ids("eva"), waiting_since=since)
    story = given(PLACE, *WAITING, paused("eva"), left)
    story = story.when(of("eva", c.ResumeEntry, waiting_since=since)).then(resumed, held("eva", 3))
    eva = story.state.entries["referral-eva"]
    assert (eva.waiting_since, eva.pause_reason_code, eva.paused_at) == (since, None, None)


def test_only_a_pause_ends() -> None:
    given(PLACE, *WAITING).when(of("eva", c.ResumeEntry, waiting_since=NOW)).then()


def test_a_pause_that_meets_an_offer_leaves_the_hold_and_counts_once_it_comes_back() -> None:
    story = given(PLACE, *FULL).when(of("ben", c.PauseEntry, reason_code="needs_time")).then(paused("ben"))
    assert story.state.entries["referral-ben"].status == "held"
    back = story.when(of("ben", c.ReturnSeat, reason="declined")).then(returned("ben"))
    assert PLACE.timers(back.state) == {}
    seated = story.when(of("ben", c.ConfirmSeat)).then(taken("ben"))
    assert seated.state.entries["referral-ben"].pause_reason_code is None
    seated.when(of("ben", c.PauseEntry, reason_code="needs_time")).then()


def test_another_priority_is_another_place_in_line() -> None:
    line = (*WAITING, joined("gus", days=4))
    reordered = e.EntryReordered(**ids("gus"), priority=URGENT)
    story = given(PLACE, *line).when(of("gus", c.ReorderEntry, priority=URGENT)).then(reordered)
    story.when(of("gus", c.ReorderEntry, priority=URGENT)).then()
    story.when(of("ana", c.Leave)).then(e.PlaceLeft(**ids("ana"), was="seated"), held("gus", 4))
    given(PLACE, *line).when(of("ana", c.ReorderEntry, priority=URGENT)).then()
    given(PLACE, *line).when(of("eva", c.ReorderEntry, priority=ROUTINE)).then()


def test_a_seat_that_only_the_resting_want_is_held_when_the_first_has_rested() -> None:
    story = given(PLACE, *FULL).when(of("ben", c.ReturnSeat, reason="declined")).then(returned("ben"))
    assert PLACE.timers(story.state) == {"rest": NOW + REST}
    story.when(_rest(NOW + REST - timedelta(seconds=1))).then()
    rested = story.when(_rest(NOW + REST)).then(held("ben", 8 + REST.days, NOW + REST))
    assert rested.state.entries["referral-ben"].rest_until is None
    assert PLACE.timers(rested.state) == {}


def test_the_first_to_have_rested_is_waited_for() -> None:
    early = returned("ben", at=NOW - timedelta(days=2))
    left = e.PlaceLeft(**ids("ana"), was="seated")
    state = after(*FULL, joined("eva"), left, held("eva"), early, returned("eva"))
    assert PLACE.timers(state) == {"rest": NOW - timedelta(days=2) + REST}


def test_a_full_place_waits_for_nothing() -> None:
    assert PLACE.timers(after(*FULL, returned("ben"), joined("eva"), held("eva"))) == {}


def test_a_place_remembers_what_it_was_told() -> None:
    state = after(joined("ana", URGENT, 3), e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=7), held("ana", 3))
    ana = state.entries["referral-ana"]
    assert (state.place_id, state.seats) == (PLACE_ID, 7)
    assert {**ids("ana"), **ana.model_dump(include={"referral_id", "patient_id", "referrer_id"})} == ids("ana")
    assert (ana.priority, ana.waiting_since, ana.hold_until) == (URGENT, NOW - timedelta(days=3), NOW + HOLD)


def test_a_place_is_nobodys_and_does_not_know_other_commands() -> None:
    assert PLACE.person(PlaceState()) is None
    with pytest.raises(TypeError, match="a place does not know Strange"):
        PLACE.decide(PlaceState(), _strange())


def _rest(now: Any) -> TimerDue:
    return TimerDue(now=now, actor=TIMER, name="rest")


def _strange() -> Any:
    class Strange(Command):
        """No place knows it."""

    return Strange(now=NOW, actor=TIMER)


def test_where_groups_are_formed_nothing_is_held_whatever_seats_were_set() -> None:
    cohorts = aggregates.place(clinic(5, starts="with_a_group"))
    given(cohorts).when(join("ana", URGENT, 12)).then(joined("ana", URGENT, 12))
    given(cohorts, joined("ana", URGENT, 12)).when(seats(7)).then(e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=7))


def test_where_groups_are_formed_there_is_always_a_list_to_wait_on() -> None:
    for story in ((joined("ana"),), (e.SeatsChanged(at=NOW, place_id=PLACE_ID, seats=7),)):
        state = after(*story)
        assert capacity_status(clinic(5, starts="with_a_group"), state) == "waitlist"
        assert seats_free(clinic(5, starts="with_a_group"), state) == 0
    assert capacity_status(clinic(5), after(joined("ana"))) == "capacity"


def test_whoever_gives_up_a_seat_for_a_group_leaves_it_to_the_next_in_line() -> None:
    story = given(PLACE, *WAITING).when(of("ana", c.Leave))
    assert [type(event) for event in story.events()] == [e.PlaceLeft, e.SeatHeld]
