"""What can wait goes out together at parts of the day, is kept away from hard news, and a week holds only so much."""

from datetime import UTC, datetime, time, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain import schedule
from services.notifications.domain.evolve import evolve, timers
from services.notifications.domain.kinds import ABOUT
from services.notifications.domain.quiet_hours import is_quiet
from services.notifications.domain.state import ASKED_FOR, AgendaState
from services.notifications.policy import RULES
from shared.contracts import notifications as e
from shared.contracts.clinic_agenda import Hours
from shared.contracts.envelope import Event
from shared.contracts.reach import MessageRerouted, ReachChosen
from tests.given import Given, given
from tests.notifications.people import (
    EMAIL_ALLOWED,
    GATHERING,
    KNOWN,
    MORNING,
    ROSA,
    SYSTEM,
    TANAKA_KNOWN,
    due,
    fact,
    message,
)

AGENDA = agenda(GATHERING)
READY = (KNOWN, EMAIL_ALLOWED)
ONE_PM = MORNING.replace(hour=13)
NUDGE, NEWS, HARD, AT_ONCE = "module_open", "questions_open", "referral_declined_patient", "appointment_planned_patient"
_STAFF = {
    *("referrer", "triage_team", "risk_ladder", "asked", "asker", "clinician_performer", "coordinators", "supervisor"),
    *("facilitators", "organisers", "told", "operators"),
}


def told(id: str, template: str = NEWS, **changes: Any) -> c.Planned:
    parameters = {"appointment": "2026-03-09T09:00:00+00:00"} if template == AT_ONCE else {}
    return message(id, template=template, topic=f"news:{id}", parameters=parameters, **changes)


def after(*facts: c.HandleFact, ready: tuple[Event, ...] = READY) -> Given:
    story = given(AGENDA, *ready)
    for one in facts:
        story = story.when(one).happened()
    return story


def claim(story: Given, id: str, now: datetime) -> list[Event]:
    return story.when(due(f"send:{id}", now)).events()


def test_every_template_for_people_has_a_kind_and_no_other() -> None:
    told_to_people = {rule.template for rules in RULES.values() for rule in rules if rule.to not in _STAFF}
    told_to_people |= {*ASKED_FOR, "caregiver_invitation", "caregiver_started", "caregiver_finished"}
    assert set(ABOUT) == told_to_people


def test_what_can_wait_is_planned_for_the_next_part_of_the_day() -> None:
    story = after(fact(told("a")), fact(told("b", AT_ONCE)), fact(told("c"), now=MORNING.replace(hour=18)))
    at = {id: one.send_at for id, one in story.state.messages.items()}
    assert at == {"a": ONE_PM, "b": MORNING, "c": datetime(2026, 3, 3, 9, tzinfo=UTC)}


def test_all_of_a_part_of_the_day_goes_out_in_one_email() -> None:
    story = after(fact(told("a")), fact(told("b"), now=MORNING + timedelta(hours=1)))
    (claimed,) = claim(story, "a", ONE_PM)
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ("b",)
    story = story.when(due("send:a", ONE_PM)).happened()
    assert "send:b" not in timers(story.state)
    sent = story.when(c.RecordSent(now=ONE_PM, actor=SYSTEM, message_id="a")).events()
    assert [(type(one).__name__, getattr(one, "message_id", "")) for one in sent] == [
        ("MessageSent", "a"),
        ("MessageSent", "b"),
    ]


def test_what_goes_at_once_takes_along_what_was_to_go_later_on_that_day() -> None:
    story = after(fact(told("a")), fact(told("b", AT_ONCE), now=MORNING + timedelta(minutes=30)))
    (claimed,) = claim(story, "b", MORNING + timedelta(minutes=30))
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ("a",)


def test_what_was_planned_a_moment_ago_stays_behind_since_it_may_be_settled_at_once() -> None:
    story = after(fact(told("a")), fact(told("b", AT_ONCE)))
    (claimed,) = claim(story, "b", MORNING)
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ()


def test_what_goes_another_way_does_not_go_along() -> None:
    ways = ReachChosen(at=MORNING, recipient_id=ROSA, channels=("email", "sms"), phone="+447700900123")
    story = after(fact(told("a", AT_ONCE)), fact(told("b")), ready=(*READY, ways))
    again = {"at": ONE_PM, "recipient_id": ROSA, "before": "email", "reason": "returned", "send_at": ONE_PM}
    state = reduce(evolve, [MessageRerouted.model_validate({**again, "message_id": id}) for id in "ab"], story.state)
    [claimed] = claim(Given(AGENDA, state), "a", ONE_PM)
    assert isinstance(claimed, e.MessageClaimed)
    assert (claimed.channel, claimed.together) == ("sms", ())


def test_what_is_settled_meanwhile_does_not_go_along() -> None:
    story = after(fact(told("a")), fact(told("b")), fact(settle=("news:b",), now=MORNING + timedelta(hours=1)))
    (claimed,) = claim(story, "a", ONE_PM)
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ()


def test_a_failure_for_now_is_one_for_all_and_each_is_tried_again() -> None:
    story = after(fact(told("a")), fact(told("b"))).when(due("send:a", ONE_PM)).happened()
    failed = c.RecordFailed(now=ONE_PM, actor=SYSTEM, message_id="a", attempt=1, failure="temporary", detail="452")
    story = story.when(failed).happened()
    assert {one.status for one in story.state.messages.values()} == {"queued"}
    retry = story.state.messages["b"].send_at
    assert retry == ONE_PM + timedelta(minutes=1)
    late = c.RecordSent(now=retry, actor=SYSTEM, message_id="a")
    assert [one.message_id for one in story.when(late).events() if isinstance(one, e.MessageSent)] == ["a"]


def test_where_the_process_died_inside_the_send_none_of_them_is_repeated() -> None:
    story = after(fact(told("a")), fact(told("b"))).when(due("send:a", ONE_PM)).happened()
    lost = story.when(due("settle:a", ONE_PM + timedelta(minutes=2))).events()
    assert [(one.message_id, one.possibly_sent) for one in lost if isinstance(one, e.MessageFailed)] == [
        ("a", True),
        ("b", True),
    ]


def test_hard_news_keeps_kind_words_away_until_the_next_day() -> None:
    story = after(fact(told("nudge", NUDGE)), fact(told("hard", HARD)))
    (waits,) = claim(story, "nudge", ONE_PM)
    assert isinstance(waits, e.MessagePostponed)
    assert (waits.send_at, waits.reason) == (datetime(2026, 3, 3, 9, tzinfo=UTC), "hard_news")
    assert isinstance(claim(story, "hard", MORNING)[0], e.MessageClaimed)


def test_hard_news_takes_no_kind_words_along() -> None:
    story = after(fact(told("nudge", NUDGE)), fact(told("hard", HARD), now=MORNING + timedelta(hours=1)))
    (claimed,) = claim(story, "hard", MORNING + timedelta(hours=1))
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ()


def test_a_full_week_holds_back_what_can_wait_until_a_place_is_free() -> None:
    story = after()
    for day in range(5):
        now = MORNING + timedelta(days=day)
        story = story.when(fact(told(f"at-once-{day}", AT_ONCE), now=now)).happened()
        story = story.when(due(f"send:at-once-{day}", now)).happened()
        story = story.when(c.RecordSent(now=now, actor=SYSTEM, message_id=f"at-once-{day}")).happened()
    sixth = MORNING + timedelta(days=5)
    story = story.when(fact(told("waits"), now=sixth)).happened()
    (waits,) = claim(story, "waits", sixth.replace(hour=13))
    assert isinstance(waits, e.MessagePostponed)
    assert (waits.send_at, waits.reason) == (ONE_PM + timedelta(days=7), "week_full")
    # What has a date to keep, and what is about safety, goes all the same; and takes along what waited.
    story = story.when(due("send:waits", sixth.replace(hour=13))).happened()
    now = sixth.replace(hour=15)
    story = story.when(fact(told("date", AT_ONCE), now=now)).happened()
    (claimed,) = claim(story, "date", now)
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ("waits",)


def test_one_email_for_several_counts_once() -> None:
    story = after(*(fact(told(f"m-{n}")) for n in range(8))).when(due("send:m-0", ONE_PM)).happened()
    story = story.when(c.RecordSent(now=ONE_PM, actor=SYSTEM, message_id="m-0")).happened()
    story = story.when(fact(told("next"), now=ONE_PM + timedelta(hours=1))).happened()
    assert isinstance(claim(story, "next", MORNING.replace(hour=17))[0], e.MessageClaimed)


@pytest.mark.parametrize("asked", ASKED_FOR)
def test_a_code_or_link_that_was_asked_for_takes_no_place_in_the_week(asked: str) -> None:
    story = after()
    for day, template in enumerate((*[AT_ONCE] * 4, asked)):
        now = MORNING + timedelta(days=day)
        story = story.when(fact(told(f"sent-{day}", template), now=now)).happened()
        story = story.when(due(f"send:sent-{day}", now)).happened()
        story = story.when(c.RecordSent(now=now, actor=SYSTEM, message_id=f"sent-{day}")).happened()
    sixth = MORNING + timedelta(days=5)
    story = story.when(fact(told("waits"), now=sixth)).happened()
    assert isinstance(claim(story, "waits", sixth.replace(hour=13))[0], e.MessageClaimed)


def test_what_is_about_safety_goes_at_once_and_alone() -> None:
    story = after(fact(told("a")), fact(told("help", "crisis_help", critical=True), now=MORNING + timedelta(hours=1)))
    (claimed,) = claim(story, "help", MORNING + timedelta(hours=1))
    assert isinstance(claimed, e.MessageClaimed)
    assert claimed.together == ()


def test_staff_are_told_of_their_work_as_it_comes() -> None:
    story = given(AGENDA, TANAKA_KNOWN)
    work = fact(told("work", "referral_to_triage", needs=None), recipient_id="psy-tanaka", kind="staff")
    assert story.when(work).happened().state.messages["work"].send_at == MORNING


def test_a_moved_time_zone_moves_what_waits() -> None:
    story = after(fact(told("a")))
    learn = c.LearnRecipient(
        now=MORNING + timedelta(minutes=5),
        actor=SYSTEM,
        recipient_id=ROSA,
        kind="patient",
        name=KNOWN.name,
        email=KNOWN.email,
        language="es",
        time_zone="America/New_York",
    )
    moved = story.when(learn).happened().state.messages["a"].send_at
    assert moved == datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/New_York"))


@settings(max_examples=200, deadline=None)
@given_any(
    minute=st.integers(0, 3 * 366 * 24 * 60),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
    own=st.tuples(st.integers(0, 23), st.integers(0, 23)),
)
def test_a_part_of_the_day_is_never_in_the_past_nor_quiet_nor_over_two_days_ahead(
    minute: int, zone: str, own: tuple[int, int]
) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    hours = Hours(quiet_from=time(own[0]), quiet_to=time(own[1]))
    state = evolve(AgendaState(), KNOWN).model_copy(update={"time_zone": zone, "hours": hours})
    part = schedule.next_part(GATHERING, state, moment)
    assert moment <= part <= moment + timedelta(days=2)
    assert not is_quiet(part, ZoneInfo(zone), (hours,))


@pytest.mark.parametrize("date", [(2026, 3, 29), (2026, 10, 25), (2028, 2, 29)])
def test_the_part_of_the_day_is_that_of_the_wall_clock_on_the_days_that_are_odd(date: tuple[int, int, int]) -> None:
    london = ZoneInfo("Europe/London")
    state = evolve(AgendaState(), KNOWN)
    midnight = datetime(*date, tzinfo=london)
    assert schedule.next_part(GATHERING, state, midnight) == datetime(*date, 9, tzinfo=london)
