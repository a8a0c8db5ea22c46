"""From a fact to a message: planned once, at a fitting hour, dropped when pointless."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import KEPT, QUEUES, WAITING, evolve, keys, timers
from services.notifications.domain.state import covers
from services.notifications.domain.ways import drawer
from shared.contracts import notifications as e
from shared.contracts.commands import Command
from shared.contracts.interventions import EpisodeActivated
from tests.given import given
from tests.notifications.people import (
    AGENDA,
    CLINIC,
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
    TOLD_ALLOWED,
    claimed,
    dropped,
    due,
    fact,
    message,
    permission,
    planned,
    state_after,
)

READY = (KNOWN, EMAIL_ALLOWED)
MODULE = "episode:1/module:a"


def settled(topic: str = MODULE, at: datetime = MORNING, fact_at: datetime | None = None) -> e.TopicSettled:
    return e.TopicSettled(at=at, recipient_id=ROSA, topic=topic, fact_at=fact_at or at)


def test_a_fact_by_day_is_sent_at_once() -> None:
    given(AGENDA, *READY).when(fact(message())).then(planned())


def test_a_fact_in_quiet_hours_waits_until_they_end() -> None:
    given(AGENDA, *READY).when(fact(message(), now=NIGHT)).then(planned(at=NIGHT, send_at=OPENING))


def test_a_critical_fact_does_not_wait() -> None:
    critical = {"critical": True}
    given(AGENDA, *READY).when(fact(message(**critical), now=NIGHT)).then(planned(at=NIGHT, **critical))


def test_quiet_hours_are_those_of_the_recipients_zone() -> None:
    abroad = KNOWN.model_copy(update={"time_zone": "America/New_York"})
    given(AGENDA, abroad).when(fact(message())).then(planned(send_at=datetime(2026, 3, 2, 13, 0, tzinfo=UTC)))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", ""])
def test_an_unknown_zone_counts_as_the_clinics(zone: str) -> None:
    lost = KNOWN.model_copy(update={"time_zone": zone})
    given(AGENDA, lost).when(fact(message(), now=NIGHT)).then(planned(at=NIGHT, send_at=OPENING))


def test_the_same_cause_never_makes_two_messages() -> None:
    given(AGENDA, *READY).when(fact(message())).happened().when(fact(message())).then()


def test_a_message_is_planned_before_the_recipient_is_known_but_not_due() -> None:
    after = given(AGENDA).when(fact(message())).then(planned())
    assert timers(after.state) == {}
    assert timers(evolve(after.state, KNOWN)) == {"send:message-1": MORNING}


def test_a_member_of_staff_is_known_from_the_clinics_configuration() -> None:
    staff = {"recipient_id": TANAKA, "kind": "staff"}
    plan = planned(recipient_id=TANAKA, needs=None)
    after = given(AGENDA).when(fact(message(needs=None), **staff)).then(TANAKA_KNOWN, plan)
    assert (after.state.name, after.state.email) == (None, None)
    after.when(fact(message("message-2", needs=None), **staff)).then(
        planned("message-2", recipient_id=TANAKA, needs=None)
    )


def test_a_member_of_staff_gets_their_own_language_and_a_stranger_english() -> None:
    member = CLINIC.staff[0].model_copy(update={"id": "psy-lopez", "language": "es"})
    clinic = CLINIC.model_copy(update={"staff": (*CLINIC.staff, member)})
    for recipient, language in (("psy-lopez", "es"), ("psy-gone", "en")):
        [known] = given(agenda(clinic)).when(fact(recipient_id=recipient, kind="staff")).events()
        assert isinstance(known, e.RecipientKnown)
        assert known.language == language


def test_a_member_of_staff_is_known_also_from_a_fact_that_only_settles() -> None:
    staff: dict[str, Any] = {"recipient_id": TANAKA, "kind": "staff"}
    done = settled().model_copy(update={"recipient_id": TANAKA})
    given(AGENDA).when(fact(settle=(MODULE,), **staff)).then(TANAKA_KNOWN, done)


def test_settling_a_topic_drops_what_is_queued_about_it() -> None:
    later = MORNING + MINUTE
    (
        given(AGENDA, *READY, planned(), planned("message-2", topic="episode:1/module:b"))
        .when(fact(now=later, settle=(MODULE,)))
        .then(settled(at=later), dropped("settled", at=later))
    )


def test_settling_a_topic_settles_the_topics_below_it() -> None:
    later = MORNING + MINUTE
    (
        given(AGENDA, *READY, planned(), planned("message-2", topic="episode:11/module:a"))
        .when(fact(now=later, settle=("episode:1",)))
        .then(settled("episode:1", later), dropped("settled", at=later))
    )


def test_settling_leaves_what_is_sent_or_being_sent() -> None:
    sent = e.MessageSent(at=MORNING, recipient_id=ROSA, message_id="message-1")
    given(AGENDA, *READY, planned(), claimed()).when(fact(settle=(MODULE,))).then(settled())
    given(AGENDA, *READY, planned(), claimed(), sent).when(fact(settle=(MODULE,))).then(settled())


def test_a_topic_settled_twice_by_the_same_fact_is_settled_once() -> None:
    given(AGENDA, *READY, settled()).when(fact(settle=(MODULE,))).then()


def test_a_topic_is_settled_whatever_was_settled_before_and_again_by_a_later_fact() -> None:
    given(AGENDA, *READY, settled("news:1")).when(fact(settle=(MODULE,))).then(settled())
    later = MORNING + MINUTE
    given(AGENDA, *READY, settled()).when(fact(now=later, settle=(MODULE,))).then(settled(at=later))


def test_settling_drops_a_message_about_a_fact_of_the_same_moment() -> None:
    given(AGENDA, *READY, planned()).when(fact(settle=(MODULE,))).then(settled(), dropped("settled"))


def test_a_fact_from_before_its_topic_was_settled_is_in_the_inbox_but_not_mailed() -> None:
    late = fact(message(), now=MORNING + MINUTE, fact_at=MORNING - MINUTE)
    shown = planned(at=MORNING + MINUTE, fact_at=MORNING - MINUTE, send_at=MORNING + MINUTE)
    given(AGENDA, *READY, settled()).when(late).then(shown, dropped("settled", at=MORNING + MINUTE))


def test_a_fact_from_after_its_topic_was_settled_opens_the_matter_again() -> None:
    again = MORNING + MINUTE
    given(AGENDA, *READY, settled()).when(fact(message(), now=again)).then(planned(at=again))


def test_settling_with_an_older_fact_leaves_newer_messages() -> None:
    newer = planned(at=MORNING + MINUTE)
    older = fact(now=MORNING + 2 * MINUTE, fact_at=MORNING, settle=(MODULE,))
    given(AGENDA, *READY, newer).when(older).then(settled(at=MORNING + 2 * MINUTE, fact_at=MORNING))


def test_one_fact_settles_first_and_then_plans() -> None:
    both = fact(message("message-2", topic="news:1"), settle=("episode:1",), now=MORNING + MINUTE)
    events = given(AGENDA, *READY, planned()).when(both).events()
    assert [type(event) for event in events] == [e.TopicSettled, e.MessageDropped, e.MessagePlanned]


def test_what_was_dropped_before_news_of_its_permission_came_goes_out_after_all() -> None:
    """Found by killing a service: another told half a minute later that the patient had opened it."""
    told = planned(recipient_id=LUIS, needs="caregiver:news")
    opened = c.ChangePermission(
        now=MORNING + MINUTE,
        actor=SYSTEM,
        recipient_id=LUIS,
        about=ROSA,
        scope="caregiver:news",
        granted=True,
        fact_at=MORNING - MINUTE,
        since=MORNING - MINUTE,
    )
    story = given(AGENDA, LUIS_KNOWN, permission("caregiver-email", recipient=LUIS), told)
    story = story.when(due("send:message-1")).then(dropped("consent_withdrawn", recipient=LUIS))
    given_now, after_all = story.when(opened).events()
    assert isinstance(given_now, e.PermissionChanged)
    assert after_all == e.MessagePostponed(
        at=opened.now, recipient_id=LUIS, message_id="message-1", send_at=opened.now, reason="moved"
    )
    assert timers(story.when(opened).happened().state) == {"send:message-1": opened.now}
    opened_later = opened.model_copy(update={"since": MORNING + MINUTE})
    assert [type(event) for event in story.when(opened_later).events()] == [e.PermissionChanged]


NOTE = c.CaregiverNote(template="caregiver_started", topic="news:1", scope="news")
KEPT_NOTE = e.CaregiversToBeTold(
    at=MORNING,
    recipient_id=ROSA,
    template="caregiver_started",
    topic="news:1",
    cause="event-1",
    fact_at=MORNING,
    scope="news",
)
DUE = e.CaregiverMessageDue(
    at=MORNING,
    recipient_id=ROSA,
    caregiver_id=LUIS,
    fact_at=MORNING,
    scope="news",
    template="caregiver_started",
    topic="news:1",
    cause="event-1",
)
LINKED = e.CaregiverKnown(at=MORNING, recipient_id=ROSA, caregiver_id=LUIS, linked=True)


def test_caregivers_are_told_what_the_patient_lets_them_know() -> None:
    given(AGENDA, KNOWN, LINKED, TOLD_ALLOWED).when(fact(tell_caregivers=(NOTE,))).then(KEPT_NOTE, DUE)


def test_caregivers_are_told_nothing_without_that_consent() -> None:
    given(AGENDA, KNOWN, LINKED).when(fact(tell_caregivers=(NOTE,))).then(KEPT_NOTE)
    given(AGENDA, KNOWN, LINKED, TOLD_ALLOWED, permission("caregiver", False)).when(fact(tell_caregivers=(NOTE,))).then(
        KEPT_NOTE
    )


def test_a_patient_who_trusts_nobody_has_nobody_told() -> None:
    given(AGENDA, KNOWN, TOLD_ALLOWED).when(fact(tell_caregivers=(NOTE,))).then(KEPT_NOTE)


def _link(linked_at: datetime, linked: bool = True) -> c.KnowCaregiver:
    return c.KnowCaregiver(
        now=MORNING, actor=SYSTEM, recipient_id=ROSA, caregiver_id=LUIS, linked=linked, fact_at=linked_at
    )


def test_a_caregiver_whose_link_arrives_after_a_later_fact_is_told_all_the_same() -> None:
    given(AGENDA, KNOWN, TOLD_ALLOWED, KEPT_NOTE).when(_link(MORNING - MINUTE)).then(LINKED, DUE)


def test_a_caregiver_linked_at_the_moment_of_the_fact_is_told() -> None:
    given(AGENDA, KNOWN, TOLD_ALLOWED, KEPT_NOTE).when(_link(MORNING)).then(LINKED, DUE)


def test_a_caregiver_whose_link_arrives_late_is_told_nothing_without_that_consent() -> None:
    given(AGENDA, KNOWN, KEPT_NOTE).when(_link(MORNING - MINUTE)).then(LINKED)
    given(AGENDA, KNOWN, EMAIL_ALLOWED, KEPT_NOTE).when(_link(MORNING - MINUTE)).then(LINKED)


def test_a_caregiver_who_is_no_longer_named_is_told_nothing_any_more() -> None:
    gone = LINKED.model_copy(update={"linked": False})
    given(AGENDA, KNOWN, TOLD_ALLOWED, LINKED, KEPT_NOTE).when(_link(MORNING - MINUTE, linked=False)).then(gone)


def test_a_caregiver_is_not_told_what_happened_before_the_patient_named_them() -> None:
    given(AGENDA, KNOWN, TOLD_ALLOWED, KEPT_NOTE).when(_link(MORNING + MINUTE)).then(LINKED)


def _consent(scope: str, given_at: datetime) -> c.ChangePermission:
    return c.ChangePermission(
        now=MORNING, actor=SYSTEM, recipient_id=ROSA, about=ROSA, scope=scope, granted=True, fact_at=given_at
    )


def test_a_consent_that_arrives_after_a_later_fact_lets_it_be_told() -> None:
    before = given(AGENDA, KNOWN, LINKED, KEPT_NOTE)
    before.when(_consent("caregiver", MORNING - MINUTE)).then(TOLD_ALLOWED, DUE)
    before.when(_consent("caregiver", MORNING + MINUTE)).then(TOLD_ALLOWED)


def test_another_consent_lets_nothing_be_told_to_caregivers() -> None:
    given(AGENDA, KNOWN, LINKED, KEPT_NOTE).when(_consent("email", MORNING - MINUTE)).then(EMAIL_ALLOWED)


def test_reading_is_recorded_once_and_leaves_the_email_alone() -> None:
    read = c.ReadMessage(now=MORNING, actor="patient:rosa", message_id="message-1")
    after = (
        given(AGENDA, *READY, planned())
        .when(read)
        .then(e.MessageRead(at=MORNING, recipient_id=ROSA, message_id="message-1"))
    )
    assert after.state.messages["message-1"].status == "queued"
    after.when(read).then()


def test_a_message_that_is_not_there_cannot_be_read() -> None:
    read = c.ReadMessage(now=MORNING, actor="patient:rosa", message_id="message-9")
    given(AGENDA, *READY).when(read).refused("message-unknown")


def test_a_command_of_another_aggregate_is_a_bug() -> None:
    class Strange(Command):
        pass

    with pytest.raises(TypeError, match="Strange is no command"):
        given(AGENDA).when(Strange(now=MORNING, actor="system:test")).events()


def test_the_state_keeps_the_newest_finished_messages_and_all_that_are_not_finished() -> None:
    events: list[e.AgendaEvent] = [planned("waiting")]
    for n in range(KEPT + 20):
        events += [planned(f"message-{n}"), dropped("settled", id=f"message-{n}")]
    state = state_after(*events)
    assert len(state.messages) == KEPT + 1 or len(state.messages) == KEPT
    assert "waiting" in state.messages
    assert "message-0" not in state.messages
    assert f"message-{KEPT + 19}" in state.messages


def test_the_state_keeps_the_newest_settled_topics() -> None:
    state = state_after(*(settled(f"news:{n}", MORNING + n * MINUTE) for n in range(KEPT + 20)))
    assert len(state.settled) == KEPT
    assert state.settled[-1].topic == f"news:{KEPT + 19}"


def test_an_event_of_another_aggregate_changes_nothing() -> None:
    state = state_after(*READY, planned())
    assert evolve(state, EpisodeActivated(at=MORNING, episode_id="e", patient_id=ROSA)) == state


def test_an_event_of_tomorrow_about_a_message_changes_nothing() -> None:
    class MessageForwarded(e.MessageEvent):
        TYPE = "carepath.agenda.message_forwarded.v1"

    state = state_after(*READY, planned())
    assert evolve(state, MessageForwarded(at=MORNING, recipient_id=ROSA, message_id="message-1")) == state


def test_an_event_about_a_message_that_fell_off_changes_nothing() -> None:
    state = state_after(*READY)
    assert evolve(state, dropped("settled")) == state


def test_keys_tell_what_queries_need() -> None:
    failed = e.MessageFailed(
        at=MORNING, recipient_id=ROSA, message_id="message-1", failure="technical", possibly_sent=True
    )
    queues = [queue.key for queue in QUEUES]
    names = (
        "recipient_id",
        "kind",
        "pending",
        "failed",
        "possibly_sent",
        "email_drawer",
        "sms_drawer",
        "push_drawer",
        WAITING,
        *queues,
    )
    assert keys(CLINIC, state_after()) == dict.fromkeys(names)
    assert keys(CLINIC, state_after(*READY, planned()))["pending"] == "yes"
    assert keys(CLINIC, state_after(*READY, planned()))[WAITING] == ROSA
    assert keys(CLINIC, state_after(*READY, planned(), claimed()))["pending"] == "yes"
    assert keys(CLINIC, state_after(*READY, planned(), claimed(), failed)) == {
        "recipient_id": ROSA,
        "kind": "patient",
        "pending": None,
        "failed": None,
        "possibly_sent": "yes",
        WAITING: None,
        "email_drawer": drawer("email", "rosa@example.org"),
        **dict.fromkeys(("sms_drawer", "push_drawer", *queues)),
    }
    permanent = failed.model_copy(update={"failure": "permanent", "possibly_sent": False})
    assert keys(CLINIC, state_after(*READY, planned(), permanent))["failed"] == "yes"


def test_the_contact_data_are_under_the_recipients_own_key() -> None:
    assert AGENDA.person(state_after(KNOWN)) == ROSA
    assert AGENDA.person(state_after()) is None


def test_a_topic_covers_itself_and_what_is_below() -> None:
    assert covers("referral:7", "referral:7")
    assert covers("referral:7", "referral:7/triage")
    assert not covers("referral:7", "referral:77/triage")
    assert not covers("referral:7/triage", "referral:7")


def test_events_without_a_fact_time_count_from_when_they_were_recorded() -> None:
    state = state_after(
        e.TopicSettled(at=MORNING, recipient_id=ROSA, topic="news:1"),
        planned(fact_at=None, at=MORNING + timedelta(hours=1)),
    )
    assert state.settled[0].up_to == MORNING
    assert state.messages["message-1"].fact_at == MORNING + timedelta(hours=1)
