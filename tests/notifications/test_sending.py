"""Claim, call, record; and what is not sent after all."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.domain.evolve import timers
from services.notifications.domain.sending import SETTLES_WITHIN
from shared.contracts import notifications as e
from shared.contracts.reach import MessageRerouted, ReachChosen
from tests.given import Given, given
from tests.notifications.people import (
    AGENDA,
    EMAIL_ALLOWED,
    KNOWN,
    LUIS,
    LUIS_KNOWN,
    MINUTE,
    MORNING,
    NIGHT,
    OPENING,
    ROSA,
    SYSTEM,
    TANAKA,
    TANAKA_KNOWN,
    claimed,
    dropped,
    due,
    permission,
    planned,
    state_after,
)

READY = (KNOWN, EMAIL_ALLOWED)
ID = {"recipient_id": ROSA, "message_id": "message-1"}
LOST_AT = MORNING + SETTLES_WITHIN
SENT = e.MessageSent(at=MORNING, **ID)
SETTLED = e.TopicSettled(at=MORNING, recipient_id=ROSA, topic="episode:1/module:a", fact_at=MORNING)


def failed(failure: Any, at: Any = MORNING, **changes: Any) -> e.MessageFailed:
    return e.MessageFailed(at=at, **ID, failure=failure, **changes)


def record_sent(now: Any = MORNING) -> c.RecordSent:
    return c.RecordSent(now=now, actor=SYSTEM, message_id="message-1")


def record_failed(failure: Any, attempt: int = 1, now: Any = MORNING) -> c.RecordFailed:
    return c.RecordFailed(now=now, actor=SYSTEM, message_id="message-1", attempt=attempt, failure=failure, detail="451")


def sending(**changes: Any) -> Given:
    return given(AGENDA, *READY, planned(**changes), claimed())


def test_an_attempt_counts_as_lost_after_a_minute_and_a_half() -> None:
    after = given(AGENDA, *READY, planned()).when(due("send:message-1")).happened()
    assert timers(after.state) == {"settle:message-1": MORNING + timedelta(seconds=90)}


def test_a_due_email_is_claimed_by_one_process() -> None:
    after = given(AGENDA, *READY, planned()).when(due("send:message-1")).then(claimed())
    assert timers(after.state) == {"settle:message-1": LOST_AT}
    after.when(due("send:message-1")).then()


def test_the_timer_of_a_message_with_a_colon_in_its_id_finds_it() -> None:
    after = given(AGENDA, *READY, planned("referral:7")).when(due("send:referral:7")).happened()
    assert after.state.messages["referral:7"].status == "sending"


def test_a_timer_that_comes_early_or_for_nothing_changes_nothing() -> None:
    ahead = planned(send_at=MORNING + MINUTE)
    given(AGENDA, *READY, ahead).when(due("send:message-1")).then()
    given(AGENDA, *READY).when(due("send:message-9")).then()
    given(AGENDA, *READY, planned()).when(due("settle:message-1")).then()
    given(AGENDA, *READY, planned()).when(due("other:message-1")).then()


def test_a_timer_found_late_in_quiet_hours_waits_for_the_morning() -> None:
    postponed = e.MessagePostponed(at=NIGHT, **ID, send_at=OPENING)
    after = given(AGENDA, *READY, planned()).when(due("send:message-1", NIGHT)).then(postponed)
    assert timers(after.state) == {"send:message-1": OPENING}
    after.when(due("send:message-1", OPENING)).then(claimed(OPENING))


def test_a_timer_found_late_by_day_sends_what_still_matters() -> None:
    late = MORNING + timedelta(days=1)
    given(AGENDA, *READY, planned()).when(due("send:message-1", late)).then(claimed(late))


def test_a_critical_email_goes_out_in_quiet_hours() -> None:
    given(AGENDA, *READY, planned(critical=True)).when(due("send:message-1", NIGHT)).then(claimed(NIGHT))


def test_a_patients_email_needs_their_consent_even_a_critical_one() -> None:
    given(AGENDA, KNOWN, planned()).when(due("send:message-1")).then(dropped("consent_withdrawn"))
    given(AGENDA, KNOWN, planned(critical=True)).when(due("send:message-1")).then(dropped("consent_withdrawn"))


def test_a_caregivers_email_needs_the_consent_of_the_patient_it_is_about() -> None:
    about_rosa = planned(recipient_id=LUIS, needs="caregiver:news")
    allowed = permission("caregiver:news", recipient=LUIS)
    wished = permission("caregiver-email", recipient=LUIS)
    given(AGENDA, LUIS_KNOWN, about_rosa).when(due("send:message-1")).then(dropped("consent_withdrawn", recipient=LUIS))
    given(AGENDA, LUIS_KNOWN, allowed, about_rosa).when(due("send:message-1")).then(
        dropped("consent_withdrawn", recipient=LUIS)
    )
    given(AGENDA, LUIS_KNOWN, allowed, wished, about_rosa).when(due("send:message-1")).then(claimed(recipient=LUIS))
    about_ben = about_rosa.model_copy(update={"about": "patient-ben"})
    given(AGENDA, LUIS_KNOWN, allowed, wished, about_ben).when(due("send:message-1")).then(
        dropped("consent_withdrawn", recipient=LUIS)
    )


def test_staff_need_no_consent_and_have_their_address_in_the_configuration() -> None:
    plan = planned(recipient_id=TANAKA, needs=None)
    given(AGENDA, TANAKA_KNOWN, plan).when(due("send:message-1")).then(claimed(recipient=TANAKA))


def test_staff_who_left_the_configuration_have_no_address() -> None:
    gone = {"recipient_id": "dr-gone"}
    known = TANAKA_KNOWN.model_copy(update=gone)
    given(AGENDA, known, planned(needs=None, **gone)).when(due("send:message-1")).then(
        dropped("no_address", recipient="dr-gone")
    )


def test_an_erased_person_has_no_address() -> None:
    erased = KNOWN.model_copy(update={"name": None, "email": None})
    given(AGENDA, erased, EMAIL_ALLOWED, planned()).when(due("send:message-1")).then(dropped("no_address"))


def test_an_email_that_waits_for_another_try_is_dropped_once_its_topic_is_settled() -> None:
    again = failed("temporary", retry_at=MORNING + MINUTE)
    (
        given(AGENDA, *READY, planned(), claimed(), SETTLED, again)
        .when(due("send:message-1", MORNING + MINUTE))
        .then(dropped("settled", at=MORNING + MINUTE))
    )


def test_what_the_mail_server_took_is_sent() -> None:
    after = sending().when(record_sent()).then(SENT)
    assert timers(after.state) == {}
    after.when(record_sent()).then()


@pytest.mark.parametrize("failure", ["permanent", "technical"])
def test_a_failure_for_good_is_not_tried_again(failure: Any) -> None:
    after = sending().when(record_failed(failure)).then(failed(failure, detail="451"))
    assert timers(after.state) == {}
    assert after.state.messages["message-1"].status == "failed"


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120)])
def test_a_failure_that_may_pass_is_tried_again_after_longer_and_longer_waits(attempt: int, minutes: int) -> None:
    retry_at = MORNING + minutes * MINUTE
    after = (
        given(AGENDA, *READY, planned(), claimed(attempt=attempt))
        .when(record_failed("temporary", attempt))
        .then(failed("temporary", retry_at=retry_at, detail="451"))
    )
    assert timers(after.state) == {"send:message-1": retry_at}
    assert after.state.messages["message-1"].reason == "temporary"
    again = after.when(due("send:message-1", retry_at)).then(claimed(retry_at, attempt + 1))
    assert again.when(record_sent(retry_at)).happened().state.messages["message-1"].reason is None


def test_the_fifth_failure_that_may_pass_is_a_technical_one() -> None:
    (
        given(AGENDA, *READY, planned(), claimed(attempt=5))
        .when(record_failed("temporary", 5))
        .then(failed("technical", detail="451"))
    )


def unasked(attempt: int, at: Any = MORNING) -> c.RecordFailed:
    return record_failed("temporary", attempt, at).model_copy(update={"detail": c.UNASKED})


def test_where_nobody_says_what_is_open_it_is_asked_for_as_long_as_need_be() -> None:
    """A day without an answer is a day in which nothing is sent, and nothing is lost."""
    story, waits = given(AGENDA, *READY, planned(critical=True)), list[int]()
    at = MORNING
    for attempt in range(1, 50):
        story = story.when(due("send:message-1", at)).then(claimed(at, attempt)).when(unasked(attempt, at)).happened()
        message = story.state.messages["message-1"]
        assert (message.status, message.reason) == ("queued", c.UNASKED)
        waits.append((message.send_at - at) // MINUTE)
        at = message.send_at
    assert waits[:4] == [1, 5, 30, 30]
    assert set(waits[3:]) == {30}
    story = story.when(due("send:message-1", at)).then(claimed(at, 50))
    assert story.when(record_sent(at)).happened().state.messages["message-1"].status == "sent"


def test_asking_in_vain_leaves_the_mail_server_its_five_tries() -> None:
    story = given(AGENDA, *READY, planned(), claimed()).when(unasked(1)).happened()
    story = story.when(due("send:message-1", MORNING + MINUTE)).happened().when(unasked(2)).happened()
    waits = []
    for attempt in range(3, 8):
        at = story.state.messages["message-1"].send_at
        tried = story.when(due("send:message-1", at)).happened().when(record_failed("temporary", attempt, at))
        story = tried.happened()
        waits.append((story.state.messages["message-1"].send_at - at) // MINUTE)
    assert waits == [1, 5, 30, 120, 0]
    assert story.state.messages["message-1"].status == "failed"


def test_what_is_closed_at_the_last_moment_is_dropped_with_its_reason() -> None:
    closed = c.RecordClosed(now=MORNING, actor=SYSTEM, message_id="message-1", attempt=1)
    after = sending().when(closed).then(dropped("consent_withdrawn"))
    assert timers(after.state) == {}
    after.when(closed).then()
    given(AGENDA, *READY, planned(), claimed(attempt=2)).when(closed).then()


def test_another_try_keeps_quiet_hours_unless_it_is_critical() -> None:
    evening = NIGHT.replace(hour=19, minute=59, second=30)
    plain, critical = planned(), planned(critical=True)
    given(AGENDA, *READY, plain, claimed(evening)).when(record_failed("temporary", now=evening)).then(
        failed("temporary", evening, retry_at=OPENING, detail="451")
    )
    given(AGENDA, *READY, critical, claimed(evening)).when(record_failed("temporary", now=evening)).then(
        failed("temporary", evening, retry_at=evening + MINUTE, detail="451")
    )


def test_a_failure_of_an_earlier_attempt_changes_nothing() -> None:
    given(AGENDA, *READY, planned(), claimed(attempt=2)).when(record_failed("permanent", 1)).then()
    given(AGENDA, *READY, planned(), claimed(), SENT).when(record_failed("permanent")).then()


def test_an_ordinary_email_whose_outcome_is_unknown_is_not_sent_again() -> None:
    lost = failed("technical", LOST_AT, possibly_sent=True)
    after = sending().when(due("settle:message-1", LOST_AT)).then(lost)
    assert timers(after.state) == {}
    assert after.state.messages["message-1"].possibly_sent


def test_a_critical_email_whose_outcome_is_unknown_is_sent_again() -> None:
    after = sending(critical=True).when(due("settle:message-1", LOST_AT)).then(claimed(LOST_AT, 2))
    assert timers(after.state) == {"settle:message-1": LOST_AT + SETTLES_WITHIN}


def test_a_critical_message_whose_outcome_is_unknown_goes_another_way_if_there_is_one() -> None:
    """By the same way again it would take some minutes until another is tried."""
    chosen = ReachChosen(at=MORNING, recipient_id=ROSA, channels=("sms", "email"), phone="+447700900123")
    by_sms = claimed().model_copy(update={"channel": "sms"})
    story = given(AGENDA, *READY, chosen, planned(critical=True), by_sms).when(due("settle:message-1", LOST_AT))
    lost, again = story.events()
    assert lost == failed("technical", LOST_AT, possibly_sent=True)
    assert again == MessageRerouted(at=LOST_AT, **ID, before="sms", reason="failed", send_at=LOST_AT)


def test_a_critical_email_to_staff_whose_outcome_is_unknown_is_sent_again() -> None:
    plan = planned(recipient_id=TANAKA, needs=None, critical=True)
    story = given(AGENDA, TANAKA_KNOWN, plan, claimed(recipient=TANAKA))
    story.when(due("settle:message-1", LOST_AT)).then(claimed(LOST_AT, 2, TANAKA))


def test_a_critical_email_is_not_sent_again_when_it_has_become_pointless() -> None:
    after = (
        given(AGENDA, *READY, planned(critical=True), claimed(), SETTLED)
        .when(due("settle:message-1", LOST_AT))
        .then(failed("technical", LOST_AT, possibly_sent=True))
    )
    assert timers(after.state) == {}


@pytest.mark.parametrize(
    "end",
    [failed("permanent", LOST_AT), dropped("settled", at=LOST_AT)],
    ids=lambda end: type(end).__name__,
)
def test_that_a_lost_attempt_may_have_arrived_is_kept_whatever_comes_of_the_next_one(end: Any) -> None:
    """The simulator found one that went out and counted as dropped."""
    after = state_after(*READY, planned(critical=True), claimed(), claimed(LOST_AT, 2), end)
    assert after.messages["message-1"].possibly_sent
    arrived = state_after(*READY, planned(critical=True), claimed(), claimed(LOST_AT, 2), SENT)
    assert not arrived.messages["message-1"].possibly_sent
    known = state_after(*READY, planned(), claimed(), failed("temporary", retry_at=LOST_AT), claimed(LOST_AT, 2), end)
    assert not known.messages["message-1"].possibly_sent


def test_a_critical_email_that_is_lost_every_time_is_given_up_and_shown() -> None:
    (
        given(AGENDA, *READY, planned(critical=True), claimed(attempt=5))
        .when(due("settle:message-1", LOST_AT))
        .then(failed("technical", LOST_AT, possibly_sent=True))
    )


def test_an_attempt_still_under_way_is_not_lost_yet() -> None:
    sending().when(due("settle:message-1", LOST_AT - MINUTE)).then()


def test_news_that_it_was_sent_wins_over_what_was_thought_meanwhile() -> None:
    lost = failed("technical", LOST_AT, possibly_sent=True)
    later = LOST_AT + MINUTE
    after = (
        given(AGENDA, *READY, planned(), claimed(), lost).when(record_sent(later)).then(e.MessageSent(at=later, **ID))
    )
    message = after.state.messages["message-1"]
    assert (message.status, message.possibly_sent) == ("sent", False)


@pytest.mark.parametrize("command", [record_sent(), record_failed("permanent")])
def test_nothing_is_recorded_of_a_message_that_is_not_there(command: Any) -> None:
    given(AGENDA, *READY).when(command).refused("message-unknown")


def test_every_timer_moves_or_goes_once_it_was_handled() -> None:
    for events in (
        (*READY, planned()),
        (KNOWN, planned()),
        (*READY, planned(), claimed()),
        (*READY, planned(critical=True), claimed()),
    ):
        before = timers(state_after(*events))
        for name, at in before.items():
            for now in (at, at + timedelta(hours=12)):
                after = given(AGENDA, *events).when(due(name, now)).happened()
                assert timers(after.state).get(name, now + MINUTE) > now
