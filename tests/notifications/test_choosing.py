"""What people choose about e-mails, and that one is not sent."""

from datetime import time, timedelta
from typing import Any

import pytest

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from shared.contracts import notifications as e
from shared.contracts.clinic_agenda import AgendaSettings, Hours
from shared.contracts.preferences import MessageWithheld, PreferencesChosen
from tests.given import given
from tests.notifications.people import (
    AGENDA,
    CLINIC,
    EMAIL_ALLOWED,
    GATHERING,
    KNOWN,
    MINUTE,
    MORNING,
    NIGHT,
    ROSA,
    SYSTEM,
    TANAKA_KNOWN,
    claimed,
    due,
    fact,
    message,
    planned,
)

READY = (KNOWN, EMAIL_ALLOWED)


def choose(**changes: Any) -> c.ChoosePreferences:
    return c.ChoosePreferences(now=MORNING, actor="patient:patient-rosa", **changes)


def stop(id: str = "message-1") -> c.StopMessage:
    return c.StopMessage(now=MORNING, actor="patient:patient-rosa", message_id=id)


def withheld(reason: Any) -> MessageWithheld:
    return MessageWithheld(at=MORNING, recipient_id=ROSA, message_id="message-1", reason=reason)


def test_what_is_kept_to_the_inbox_gets_no_email() -> None:
    story = given(AGENDA, *READY).when(choose(inbox_only=("treatment",))).happened()
    story.when(fact(message())).then(planned(), withheld("inbox_only"))


def test_a_choice_acts_on_what_waits() -> None:
    chosen = PreferencesChosen(at=MORNING, recipient_id=ROSA, inbox_only=("treatment",))
    given(AGENDA, *READY, planned()).when(choose(inbox_only=("treatment",))).then(chosen, withheld("inbox_only"))


def test_the_same_choice_again_says_nothing() -> None:
    given(AGENDA, *READY).when(choose(weekly_emails=2)).happened().when(choose(weekly_emails=2)).then()


def test_what_is_about_safety_is_sent_whatever_was_chosen() -> None:
    every = ("decisions", "meetings", "treatment", "encouragement", "people", "carers")
    story = given(AGENDA, *READY).when(choose(inbox_only=every)).happened()
    help = message(template="crisis_help", critical=True)
    (told,) = story.when(fact(help)).events()
    assert isinstance(told, e.MessagePlanned)


def test_own_quiet_hours_take_the_place_of_the_clinics() -> None:
    hours = Hours(quiet_from=time(12), quiet_to=time(9))
    story = given(AGENDA, *READY).when(choose(hours=hours)).happened().when(fact(message(), now=NIGHT)).happened()
    assert story.state.messages["message-1"].send_at == NIGHT.replace(day=3, hour=9)


def test_own_quiet_hours_move_what_waits() -> None:
    story = given(AGENDA, *READY, planned()).when(choose(hours=Hours(quiet_from=time(9), quiet_to=time(15)))).happened()
    assert story.state.messages["message-1"].send_at == MORNING.replace(hour=15)


def test_no_choice_goes_beyond_the_local_rule() -> None:
    rule = AgendaSettings(never=Hours(quiet_from=time(21), quiet_to=time(7)))
    strict = agenda(CLINIC.model_copy(update={"agenda": rule}))
    awake = Hours(quiet_from=time(2), quiet_to=time(2))
    story = given(strict, *READY).when(choose(hours=awake)).happened().when(fact(message(), now=NIGHT)).happened()
    assert story.state.messages["message-1"].send_at == NIGHT.replace(day=3, hour=7)
    given(strict, *READY).when(choose(hours=Hours(quiet_from=time(7), quiet_to=time(21)))).refused(
        "preferences-no-hour-left"
    )


def test_a_smaller_week_is_kept() -> None:
    whole = agenda(GATHERING)
    story = given(whole, *READY).when(choose(weekly_emails=1)).happened()
    first = fact(message("a", template="questions_open", topic="news:a"))
    story = story.when(first).happened().when(due("send:a", MORNING.replace(hour=13))).happened()
    sent = c.RecordSent(now=MORNING.replace(hour=13), actor=SYSTEM, message_id="a")
    second = fact(message("b", template="questions_open", topic="news:b"), now=MORNING + timedelta(days=1))
    story = story.when(sent).happened().when(second).happened()
    (waits,) = story.when(due("send:b", MORNING.replace(day=3, hour=13))).events()
    assert isinstance(waits, e.MessagePostponed)
    assert waits.reason == "week_full"


def test_staff_choose_nothing() -> None:
    given(AGENDA, TANAKA_KNOWN).when(choose(weekly_emails=1)).refused("preferences-not-for-you")
    given(AGENDA).when(choose(weekly_emails=1)).refused("preferences-not-for-you")


def test_an_email_that_waits_can_be_stopped_once() -> None:
    story = given(AGENDA, *READY, planned()).when(stop())
    story.then(withheld("stopped")).when(stop()).then()
    assert story.happened().state.messages["message-1"].status == "dropped"


def test_what_is_stopped_is_not_sent_when_its_time_comes() -> None:
    given(AGENDA, *READY, planned()).when(stop()).happened().when(due("send:message-1", MORNING + MINUTE)).then()


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ((planned(critical=True),), "message-about-safety"),
        ((planned(), claimed()), "message-not-waiting"),
        ((), "message-unknown"),
    ],
)
def test_what_cannot_be_stopped(before: tuple[Any, ...], code: str) -> None:
    given(AGENDA, *READY, *before).when(stop()).refused(code)
