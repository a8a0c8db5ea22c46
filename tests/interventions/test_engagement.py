"""Whoever is not heard from: a kind word, a call, a note to the referrer, the call again; and how they come back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from services.interventions.domain.engagement import commands as c
from services.interventions.domain.engagement.evolve import MOST_CONTACTS
from shared.contracts import interventions as e
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event
from shared.runtime.aggregate import Aggregate
from tests.given import Given, given
from tests.interventions import example as ex

OfEngagement = TypeVar("OfEngagement", bound=e.EngagementEvent)

IDS = {"engagement_id": "g1", "episode_id": "e1", "patient_id": "p1"}
DAY = ex.T0.date()
ENGAGEMENT = ex.ENGAGEMENT


def on(days: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time of day in London, so many days after the start; summer time begins there on the 27th of them."""
    wall = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZoneInfo("Europe/London"))
    return (wall + timedelta(days=days)).astimezone(UTC)


def said(kind: type[OfEngagement], at: datetime = ex.T0, /, **fields: Any) -> OfEngagement:
    return kind(at=at, **IDS, **fields)


def ring(at: datetime) -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name="quiet")


def active(at: datetime, **fields: Any) -> c.NoteActivity:
    return ex.command(c.NoteActivity, now=at, **{"happened_at": at, "on_behalf": False, **fields})


def opens(at: datetime, now: datetime = ex.T0) -> c.NoteOpening:
    return ex.command(c.NoteOpening, now=now, opens_at=at)


def contact(at: datetime, reached: bool, **fields: Any) -> c.LogContact:
    return c.LogContact(now=at, actor=ex.ANA, **{"kind": "phone", "reached": reached, "minutes": 10, **fields})


def due(story: Given) -> datetime | None:
    return ENGAGEMENT.timers(story.state).get("quiet")


OPENED = said(e.EngagementOpened, referral_id="r1")
BEGUN = said(e.EngagementBegun, since=DAY)


def running(*events: Event, aggregate: Aggregate = ENGAGEMENT) -> Given:
    return given(aggregate, OPENED, BEGUN, *events)


def quiet(rung: int, step: e.QuietStep, days: int, since: date = DAY, at: datetime | None = None) -> e.PatientQuiet:
    at = at or on((since - DAY).days + days + 1)
    return said(e.PatientQuiet, at, referral_id="r1", rung=rung, step=step, days=days, since=since)


NUDGED = quiet(1, "nudge", 7)
TO_CALL = quiet(2, "coach_call", 14)
REFERRER_TOLD = quiet(3, "referrer_note", 21)


# --- it begins and ends with treatment


def test_nothing_is_counted_before_treatment_begins() -> None:
    story = given(ENGAGEMENT).when(ex.command(c.OpenEngagement, **IDS, referral_id="r1")).then(OPENED)
    story.when(ex.command(c.OpenEngagement, **IDS, referral_id="r1")).then()
    story.when(active(on(1))).then()
    story.when(opens(on(1))).then()
    assert due(story) is None
    begun = story.when(ex.command(c.BeginEngagement, **IDS, happened_at=ex.T0)).then(BEGUN)
    begun.when(ex.command(c.BeginEngagement, **IDS, happened_at=ex.T0)).then()
    assert due(begun) == on(8)


def test_an_episode_that_was_planned_before_there_were_engagements_begins_all_the_same() -> None:
    story = given(ENGAGEMENT).when(ex.command(c.BeginEngagement, **IDS, happened_at=ex.T0)).then(BEGUN)
    [noted] = story.when(ring(on(8))).events()
    assert isinstance(noted, e.PatientQuiet)
    assert noted.referral_id is None


def test_nothing_is_counted_after_the_end_and_nobody_has_to_call() -> None:
    story = running(NUDGED, TO_CALL).when(ex.command(c.EndEngagement, now=on(16))).then(said(e.EngagementEnded, on(16)))
    assert due(story) is None
    assert ENGAGEMENT.keys(story.state)["call"] is None
    for late in (active(on(17)), opens(on(17)), ring(on(30)), ex.command(c.EndEngagement)):
        story.when(late).then()
    story.when(contact(on(17), True)).refused("episode-closed")
    given(ENGAGEMENT, OPENED).when(ex.command(c.EndEngagement)).then()
    given(ENGAGEMENT, OPENED).when(contact(on(1), True)).refused("episode-not-active")


# --- the steps, each at its boundary


@pytest.mark.parametrize(
    ("before", "following", "at"),
    [
        ((), NUDGED, on(8)),
        ((NUDGED,), TO_CALL, on(15)),
        ((NUDGED, TO_CALL), REFERRER_TOLD, on(22)),
        ((NUDGED, TO_CALL, REFERRER_TOLD), quiet(4, "coach_call", 35), on(36)),
        ((NUDGED, TO_CALL, REFERRER_TOLD, quiet(4, "coach_call", 35)), quiet(5, "coach_call", 49), on(50)),
    ],
)
def test_each_step_comes_after_its_whole_days_and_not_a_moment_before(
    before: tuple[Event, ...], following: e.PatientQuiet, at: datetime
) -> None:
    story = running(*before)
    assert due(story) == at
    story.when(ring(at - timedelta(microseconds=1))).then()
    after = story.when(ring(at)).then(following)
    after.when(ring(at)).then()
    assert due(after) is not None


def test_another_timer_says_nothing() -> None:
    running().when(ex.command(TimerDue, now=on(60), name="other")).then()


def test_a_step_that_came_late_moves_those_after_it() -> None:
    story = running().when(ring(on(40, 5))).then(quiet(1, "nudge", 39, at=on(40, 5)))
    story.when(ring(on(40, 5))).then()
    assert due(story) == on(47)


@pytest.mark.parametrize(
    ("zone", "began", "rings"),
    [
        ("Europe/London", datetime(2030, 3, 27, 9, tzinfo=UTC), datetime(2030, 4, 3, 23, tzinfo=UTC)),
        ("Europe/London", datetime(2030, 10, 23, 9, tzinfo=UTC), datetime(2030, 10, 31, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2030, 3, 5, 3, tzinfo=UTC), datetime(2030, 3, 12, 4, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2030, 4, 3, 12, tzinfo=UTC), datetime(2030, 4, 11, 12, tzinfo=UTC)),
    ],
)
def test_days_are_those_of_the_clinic_also_when_the_clocks_change(zone: str, began: datetime, rings: datetime) -> None:
    aggregate = next(one for one in ex.aggregates_of(ex.SHORT, zone=zone) if one.name == "engagement")
    begin = ex.command(c.BeginEngagement, now=began, **IDS, happened_at=began)
    story = given(aggregate, OPENED).when(begin).happened()
    assert aggregate.timers(story.state) == {"quiet": rings}
    story.when(ring(rings - timedelta(seconds=1))).then()
    [noted] = story.when(ring(rings)).events()
    assert isinstance(noted, e.PatientQuiet)
    assert noted.days == 7


# --- what counts as heard from


def test_activity_is_said_once_a_day_and_counts_anew() -> None:
    story = running().when(active(on(3, 23, 59))).then(said(e.PatientActive, on(3, 23, 59), day=on(3).date()))
    assert due(story) == on(11)
    story.when(active(on(3, 23, 59))).then()
    late = active(on(5), happened_at=on(2))
    story.when(late).then()
    story.when(active(on(4))).then(said(e.PatientActive, on(4), day=on(4).date()))


def test_what_a_clinician_wrote_down_for_them_says_so() -> None:
    running().when(active(on(1), on_behalf=True)).then(said(e.PatientActive, on(1), day=on(1).date(), on_behalf=True))


def test_days_before_the_next_module_opens_do_not_count() -> None:
    told = said(e.QuietClockSet, on(1), since=on(6).date())
    story = running().when(active(on(1), opens_at=on(6, 9))).then(said(e.PatientActive, on(1), day=on(1).date()), told)
    assert due(story) == on(14)
    again = story.when(active(on(1, 9), opens_at=on(6, 9))).then()
    again.when(active(on(2))).then(said(e.PatientActive, on(2), day=on(2).date()))
    assert due(again.when(active(on(2))).happened()) == on(14)


def test_a_module_that_opens_on_the_same_day_moves_nothing() -> None:
    running().when(active(on(1), opens_at=on(1, 20))).then(said(e.PatientActive, on(1), day=on(1).date()))


def test_what_opens_later_counts_from_then_and_what_opened_before_moves_nothing() -> None:
    story = running(said(e.PatientActive, on(3), day=on(3).date()))
    story.when(opens(on(3, 12))).then()
    story.when(opens(on(2))).then()
    moved = story.when(opens(on(9, 12), on(9, 12))).then(said(e.QuietClockSet, on(9, 12), since=on(9).date()))
    assert due(moved) == on(17)


def test_what_opens_between_two_steps_gives_the_next_step_its_days_and_takes_none_back() -> None:
    story = running(NUDGED).when(opens(on(12), on(12))).then(said(e.QuietClockSet, on(12), since=on(12).date()))
    assert due(story) == on(20)
    story.when(ring(on(20))).then(quiet(2, "coach_call", 7, since=on(12).date()))


def test_nothing_is_counted_while_nothing_is_left_to_do() -> None:
    story = running().when(ex.command(c.NoteNothingLeft, now=on(2))).then(said(e.QuietClockSet, on(2)))
    assert due(story) is None
    story.when(ex.command(c.NoteNothingLeft, now=on(3))).then()
    story.when(ring(on(90))).then()
    busy = story.when(active(on(4))).then(said(e.PatientActive, on(4), day=on(4).date()))
    assert due(busy) is None
    again = busy.when(opens(on(5), on(5))).then(said(e.QuietClockSet, on(5), since=on(5).date()))
    assert due(again) == on(13)
    given(ENGAGEMENT, OPENED).when(ex.command(c.NoteNothingLeft)).then()


# --- coming back


@pytest.mark.parametrize(
    ("steps", "called"), [((NUDGED,), False), ((NUDGED, TO_CALL), True), ((NUDGED, TO_CALL, REFERRER_TOLD), True)]
)
def test_who_comes_back_is_said_once_and_begins_at_the_foot(steps: tuple[Event, ...], called: bool) -> None:
    here = said(e.PatientActive, on(25, 9), day=on(25).date())
    back = said(e.PatientReturned, on(25, 9), days=24, called=called)
    story = running(*steps).when(active(on(25, 9))).then(here, back)
    story.when(active(on(25, 10))).then()
    story.when(active(on(26))).then(said(e.PatientActive, on(26), day=on(26).date()))
    assert due(story) == on(33)
    assert ENGAGEMENT.keys(story.state)["call"] is None
    story.when(ring(on(33))).then(quiet(1, "nudge", 7, since=on(25).date()))


def test_who_was_reached_and_then_does_something_is_back() -> None:
    story = running(NUDGED, TO_CALL).when(contact(on(16), True)).happened()
    here = said(e.PatientActive, on(17), day=on(17).date())
    story.when(active(on(17))).then(here, said(e.PatientReturned, on(17), days=16, called=True))


# --- contacts


def test_a_call_that_did_not_reach_them_is_counted_and_still_owed() -> None:
    tried = {"kind": "phone", "reached": False, "minutes": 2, "note": "No answer."}
    first = said(e.ContactLogged, on(15, 10), **tried, logged_by="ana", attempt=1)
    story = running(NUDGED, TO_CALL).when(contact(on(15, 10), False, minutes=2, note="No answer.")).then(first)
    assert ENGAGEMENT.keys(story.state)["call"] == "open"
    second = story.when(contact(on(16), False)).happened()
    assert (second.state.attempts, second.state.minutes_total) == (2, 12)
    assert due(second) == on(22)
    repeated = second.when(ring(on(22))).happened().when(ring(on(36))).happened()
    assert repeated.state.call_since == on(15)


def test_a_call_that_reached_them_ends_it_and_counts_anew() -> None:
    logged = said(e.ContactLogged, on(16, 9), kind="video", reached=True, minutes=240, logged_by="ana", attempt=1)
    reached = said(e.PatientReached, on(16, 9), day=on(16).date())
    call = contact(on(16, 9), True, kind="video", minutes=240, note="")
    story = running(NUDGED, TO_CALL).when(call).then(logged, reached)
    assert ENGAGEMENT.keys(story.state)["call"] is None
    assert due(story) == on(24)
    story.when(ring(on(24))).then(quiet(1, "nudge", 7, since=on(16).date()))


def test_a_contact_that_nobody_asked_for_counts_too() -> None:
    logged = said(e.ContactLogged, on(3), kind="message", reached=False, minutes=0, logged_by="ana")
    story = running().when(contact(on(3), False, kind="message", minutes=0)).then(logged)
    assert due(story) == on(8)
    assert due(story.when(contact(on(4), True)).happened()) == on(12)


def test_only_the_newest_contacts_are_carried_and_every_minute_is_counted() -> None:
    story = running()
    for minute in range(MOST_CONTACTS + 5):
        story = story.when(contact(on(1, 9) + timedelta(minutes=minute), False, minutes=minute)).happened()
    assert [one.minutes for one in story.state.contacts] == list(range(5, MOST_CONTACTS + 5))
    assert story.state.minutes_total == sum(range(MOST_CONTACTS + 5))


# --- a break


def rest(at: datetime, days: int) -> c.TakeBreak:
    return ex.command(c.TakeBreak, ex.PATIENT, at, until=(at + timedelta(days=days)).date())


def taken(at: datetime, days: int) -> e.BreakTaken:
    return said(e.BreakTaken, at, until=(at + timedelta(days=days)).date())


def test_no_step_is_taken_during_a_break_and_days_are_counted_from_its_end() -> None:
    story = running().when(rest(on(3, 9), 14)).then(taken(on(3, 9), 14))
    story.when(rest(on(3, 9), 14)).then()
    assert due(story) == on(25)
    story.when(ring(on(25))).then(quiet(1, "nudge", 7, since=on(17).date()))
    assert due(story.when(active(on(5))).happened()) == on(25)
    assert due(story.when(active(on(20))).happened()) == on(28)


def test_a_shorter_break_takes_the_place_of_a_longer_one_but_not_of_what_opens_later() -> None:
    story = running().when(rest(on(3, 9), 20)).happened().when(rest(on(4, 9), 2)).happened()
    assert due(story) == on(14)
    later = running().when(opens(on(9))).happened().when(rest(on(3, 9), 2)).then(taken(on(3, 9), 2))
    assert due(later) == on(17)


def test_whoever_takes_a_break_needs_no_call_and_is_back_once_they_do_something() -> None:
    story = running(NUDGED, TO_CALL).when(rest(on(16, 9), 7)).happened()
    assert ENGAGEMENT.keys(story.state)["call"] is None
    assert due(story) == on(31)
    here = said(e.PatientActive, on(18), day=on(18).date())
    story.when(active(on(18))).then(here, said(e.PatientReturned, on(18), days=17, called=True))


@pytest.mark.parametrize("days", [-1, 0, 29])
def test_a_break_ends_on_a_day_to_come_and_not_too_late(days: int) -> None:
    running().when(rest(on(3, 9), days)).refused("break-invalid", days=28)
    assert running().when(rest(on(3, 9), 1)).events()
    assert running().when(rest(on(3, 9), 28)).events()


def test_a_break_is_of_a_treatment_that_runs() -> None:
    given(ENGAGEMENT, OPENED).when(rest(on(3), 2)).refused("episode-not-active")
    running(said(e.EngagementEnded)).when(rest(on(3), 2)).refused("episode-closed")
    left = running(said(e.QuietClockSet)).when(rest(on(3), 2)).happened()
    assert due(left) is None


# --- at the edge


@pytest.mark.parametrize("minutes", [-1, 241])
def test_minutes_have_a_range(minutes: int) -> None:
    with pytest.raises(ValueError, match="minutes"):
        contact(on(1), True, minutes=minutes)


def test_an_engagement_takes_no_other_command() -> None:
    with pytest.raises(TypeError):
        running().when(ex.command(Command)).events()
