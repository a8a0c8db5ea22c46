"""By which ways a message goes, and what follows when one of them fails, comes back or is not read."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import keys, timers
from services.notifications.domain.sending import ATTEMPTS, carried_by
from services.notifications.domain.ways import open_to
from services.notifications.policy import rules_for
from shared.contracts import notifications as e
from shared.contracts import reach as r
from shared.contracts.clinic_agenda import AgendaSettings, Unread
from shared.contracts.envelope import Event
from shared.contracts.preferences import MessageWithheld, PreferencesChosen
from tests.given import Given, Outcome, given
from tests.notifications.people import (
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
    claimed,
    due,
    fact,
    message,
    permission,
    planned,
    state_after,
)

HOUR = timedelta(hours=1)
SETTINGS = AgendaSettings(unread=Unread(next_way_hours=24, person_hours=48), sender_names=("Harbour",))
READER = CLINIC.model_copy(update={"agenda": SETTINGS})
AGENDA = agenda(READER)
ID = {"recipient_id": ROSA, "message_id": "message-1"}
OFFER = "place_offered"


def ways(*channels: e.Channel, **changes: Any) -> r.ReachChosen:
    fields = {"phone": "+447700900123", "push": "rosa-listens", **changes}
    return r.ReachChosen(at=MORNING, recipient_id=ROSA, channels=channels, **fields)


def ready(*channels: e.Channel, **changes: Any) -> tuple[Event, ...]:
    return (KNOWN, EMAIL_ALLOWED, ways(*channels, **changes))


def by(channel: e.Channel, attempt: int = 1) -> e.MessageClaimed:
    return claimed(attempt=attempt).model_copy(update={"channel": channel})


def sent(unread_at: Any = None) -> e.MessageSent:
    return e.MessageSent(at=MORNING, **ID, unread_at=unread_at)


def rerouted(before: e.Channel, reason: Any, at: Any = MORNING, send_at: Any = None) -> r.MessageRerouted:
    return r.MessageRerouted(at=at, **ID, before=before, reason=reason, send_at=send_at or at)


def failure(kind: Any, attempt: int = 1, detail: str = "451") -> c.RecordFailed:
    return c.RecordFailed(
        now=MORNING, actor=SYSTEM, message_id="message-1", attempt=attempt, failure=kind, detail=detail
    )


def channels_claimed(story: Outcome) -> list[str]:
    return [one.channel for one in story.events() if isinstance(one, e.MessageClaimed)]


STOPPED = r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="sms", reason="asked")


@pytest.mark.parametrize(
    ("reach", "first"),
    [
        ((), "email"),
        ((ways("sms", "email"),), "sms"),
        ((ways("push", "sms", "email"),), "push"),
        (
            (ways("sms", "email"), r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="sms", reason="asked")),
            "email",
        ),
        ((ways("sms", "email", without={"treatment": ("sms",)}),), "email"),
        ((ways("sms", "email", without={"meetings": ("sms",)}),), "sms"),
    ],
)
def test_a_message_goes_by_the_first_way_that_is_chosen_and_works(reach: tuple[Event, ...], first: str) -> None:
    after = given(AGENDA, KNOWN, EMAIL_ALLOWED, *reach, planned()).when(due("send:message-1"))
    assert channels_claimed(after) == [first]


def test_whoever_chose_text_messages_gets_them_without_the_consent_for_e_mails() -> None:
    after = given(AGENDA, KNOWN, ways("sms", "email"), planned()).when(due("send:message-1"))
    assert channels_claimed(after) == ["sms"]


def test_a_consent_that_ends_stops_only_what_has_no_other_way() -> None:
    withdrawn = c.ChangePermission(
        now=MORNING, actor=SYSTEM, recipient_id=ROSA, about=ROSA, scope="email", granted=False, fact_at=MORNING
    )
    given(AGENDA, *ready("email", "sms"), planned()).when(withdrawn).then(permission("email", granted=False))
    after = given(AGENDA, *ready("email"), planned()).when(withdrawn)
    assert [type(one) for one in after.events()] == [e.PermissionChanged, e.MessageDropped]


def test_what_is_about_safety_uses_all_ways_whatever_was_chosen_for_a_kind() -> None:
    chosen = ways("sms", without={"treatment": ("sms",)})
    state = state_after(KNOWN, EMAIL_ALLOWED, chosen, planned(critical=True))
    assert open_to(READER, state, state.messages["message-1"]) == ("sms", "email")
    ordinary = state_after(KNOWN, EMAIL_ALLOWED, chosen, planned())
    assert open_to(READER, ordinary, ordinary.messages["message-1"]) == ()


def test_a_message_waits_in_the_queue_of_its_way() -> None:
    waiting = keys(READER, state_after(*ready("sms", "email"), planned()))
    assert [name for name, value in waiting.items() if name.startswith("queued") and value] == ["queued_sms_ordinary"]


@pytest.mark.parametrize("kind", ["permanent", "technical"])
def test_what_one_way_refuses_for_good_goes_by_the_next(kind: Any) -> None:
    story = given(AGENDA, *ready("sms", "email"), planned(), by("sms")).when(failure(kind))
    after = story.then(e.MessageFailed(at=MORNING, **ID, failure=kind, detail="451"), rerouted("sms", "failed"))
    assert channels_claimed(after.when(due("send:message-1"))) == ["email"]


def test_an_ordinary_message_is_tried_again_on_its_way_and_then_goes_another() -> None:
    story = given(AGENDA, *ready("sms", "email"), planned())
    now = MORNING
    for attempt in range(1, ATTEMPTS + 1):
        story = story.when(due("send:message-1", now)).happened()
        refused = story.when(failure("temporary", attempt).model_copy(update={"now": now}))
        retries = [one.retry_at for one in refused.events() if isinstance(one, e.MessageFailed)]
        story = refused.happened()
        now = retries[0] or now
    assert story.state.messages["message-1"].tried == ("sms",)
    claim = story.when(due("send:message-1", now + HOUR))
    assert channels_claimed(claim) == ["email"]
    # The next way has all of its tries.
    first = claim.happened().when(failure("temporary", ATTEMPTS + 1).model_copy(update={"now": now + HOUR}))
    assert [one.retry_at for one in first.events() if isinstance(one, e.MessageFailed)] == [now + HOUR + MINUTE]


def test_what_is_about_safety_does_not_wait_for_a_way_that_is_shut() -> None:
    after = given(AGENDA, *ready("sms", "email"), planned(critical=True), by("sms")).when(failure("temporary"))
    assert [type(one) for one in after.events()] == [e.MessageFailed, r.MessageRerouted]


def test_where_no_way_is_left_it_has_failed() -> None:
    after = given(AGENDA, *ready("sms", "email"), planned(), by("sms"), rerouted("sms", "failed"), by("email", 2))
    after.when(failure("permanent", 2)).then(e.MessageFailed(at=MORNING, **ID, failure="permanent", detail="451"))


def test_an_ordinary_message_that_perhaps_arrived_goes_by_no_other_way() -> None:
    lost = due("settle:message-1", MORNING + 2 * MINUTE)
    after = given(AGENDA, *ready("sms", "email"), planned(), by("sms")).when(lost)
    assert [type(one) for one in after.events()] == [e.MessageFailed]


def test_a_call_for_help_that_goes_another_way_has_not_failed() -> None:
    phone = CLINIC.staff[2].model_copy(update={"id": TANAKA, "phone": "+447700900123", "called_by": ("sms", "email")})
    clinic = READER.model_copy(update={"staff": (*(one for one in CLINIC.staff if one.id != TANAKA), phone)})
    call = planned(critical=True, needs=None, template="risk_alert", recipient_id=TANAKA)
    claim = by("sms").model_copy(update={"recipient_id": TANAKA})
    story = given(agenda(clinic), TANAKA_KNOWN, call, claim).when(failure("permanent"))
    assert [type(one) for one in story.events()] == [e.MessageFailed, r.MessageRerouted]
    last = story.happened().when(due("send:message-1")).happened().when(failure("permanent", 2))
    assert [type(one) for one in last.events()] == [e.MessageFailed, e.CallFailed]


def unread_story(*channels: e.Channel) -> Given:
    return given(AGENDA, *ready(*channels), planned(template=OFFER), by(channels[0]))


def record(now: Any = MORNING) -> c.RecordSent:
    return c.RecordSent(now=now, actor=SYSTEM, message_id="message-1")


def test_what_is_not_opened_goes_by_the_next_way_and_then_to_a_human() -> None:
    story = unread_story("email", "sms").when(record()).then(sent(MORNING + 24 * HOUR))
    unread_at = MORNING + 24 * HOUR
    assert timers(story.state)["unread:message-1"] == unread_at
    story = story.when(due("unread:message-1", unread_at)).then(rerouted("email", "unread", unread_at))
    story = story.when(due("send:message-1", unread_at)).happened().when(record(unread_at)).happened()
    left_at = unread_at + 48 * HOUR
    assert timers(story.state) == {"unread:message-1": left_at}
    story = story.when(due("unread:message-1", left_at)).then(
        r.MessageLeftUnread(at=left_at, **ID, template=OFFER, topic="episode:1/module:a", about=ROSA, sent_at=unread_at)
    )
    assert timers(story.state) == {}


def test_the_next_way_is_not_taken_in_the_night() -> None:
    at_night = unread_story("email", "sms").when(record(NIGHT - 24 * HOUR)).happened()
    after = at_night.when(due("unread:message-1", NIGHT))
    after.then(rerouted("email", "unread", NIGHT, OPENING))


@pytest.mark.parametrize(
    "event",
    [
        e.MessageRead(at=MORNING, **ID),
        e.TopicSettled(at=MORNING, recipient_id=ROSA, topic="episode:1/module:a", fact_at=MORNING),
    ],
)
def test_nothing_follows_what_was_read_or_is_settled(event: Event) -> None:
    story = given(AGENDA, *ready("email", "sms"), planned(template=OFFER), by("email"), sent(OPENING), event)
    assert timers(story.state) == {}


@pytest.mark.parametrize("changes", [{"template": "module_open"}, {"template": "kind_word"}, {"critical": True}])
def test_what_can_wait_climbs_no_ladder(changes: dict[str, Any]) -> None:
    changes = {"template": "crisis_help", **changes}
    story = given(AGENDA, *ready("email", "sms"), planned(**changes), by("email"))
    story.when(record()).then(sent())


def test_without_a_limit_of_the_clinic_nothing_follows_what_is_unread() -> None:
    story = given(agenda(CLINIC), *ready("email", "sms"), planned(template=OFFER), by("email"))
    story.when(record()).then(sent())


def chosen(*channels: e.Channel, **changes: Any) -> c.ChooseReach:
    codes: dict[e.Channel, c.NewCode] = {"sms": code("11111111"), "push": code("22222222")}
    fields = {"phone": "+447700900123", "push": "rosa-listens", "codes": codes, **changes}
    return c.ChooseReach(now=MORNING, actor=f"patient:{ROSA}", channels=channels, **fields)


def code(digits: str) -> c.NewCode:
    return c.NewCode(message_id=f"message-{digits}", code=digits)


def codes_sent(story: Outcome) -> list[tuple[str | None, str | int]]:
    return [(one.by, one.parameters["code"]) for one in story.events() if isinstance(one, e.MessagePlanned)]


def confirm(digits: str, now: Any = MORNING) -> c.ConfirmReach:
    return c.ConfirmReach(now=now, actor=f"patient:{ROSA}", channel="sms", code=digits)


def test_a_new_number_gets_a_code_and_nothing_else_until_that_is_written_back() -> None:
    choice = given(AGENDA, KNOWN, EMAIL_ALLOWED).when(chosen("sms", "email"))
    assert codes_sent(choice) == [("sms", "11111111")]
    story = choice.happened()
    assert channels_claimed(story.when(due("send:message-11111111"))) == ["sms"]
    plan = story.when(fact(message())).happened()
    assert channels_claimed(plan.when(due("send:message-1"))) == ["email"]
    confirmed = story.when(confirm("11111111")).then(r.ReachConfirmed(at=MORNING, recipient_id=ROSA, channel="sms"))
    again = confirmed.when(fact(message())).happened()
    assert channels_claimed(again.when(due("send:message-1"))) == ["sms"]


def test_a_code_comes_at_night_too_since_somebody_waits_for_it() -> None:
    story = given(AGENDA, KNOWN, EMAIL_ALLOWED).when(chosen("sms").model_copy(update={"now": NIGHT})).happened()
    assert channels_claimed(story.when(due("send:message-11111111", NIGHT))) == ["sms"]


@pytest.mark.parametrize(("digits", "now"), [("00000000", MORNING), ("11111111", MORNING + HOUR + MINUTE)])
def test_another_code_or_an_old_one_confirms_nothing(digits: str, now: Any) -> None:
    story = given(AGENDA, KNOWN, EMAIL_ALLOWED).when(chosen("sms")).happened()
    story.when(confirm(digits, now)).refused("reach-code-invalid")


def test_only_the_newest_code_counts_and_a_confirmed_number_needs_none() -> None:
    story = given(AGENDA, KNOWN, EMAIL_ALLOWED).when(chosen("sms")).happened()
    later = chosen("sms", codes={"sms": code("33333333")}).model_copy(update={"now": MORNING + MINUTE})
    story = story.when(later).happened()
    story.when(confirm("11111111", MORNING + MINUTE)).refused("reach-code-invalid")
    story = story.when(confirm("33333333", MORNING + MINUTE)).happened()
    story.when(confirm("33333333")).then()
    assert codes_sent(story.when(chosen("sms", "email"))) == []
    assert codes_sent(story.when(chosen("sms", phone="+447700900456"))) == [("sms", "11111111")]


def test_choosing_says_all_of_it_and_twice_the_same_changes_nothing() -> None:
    story = given(AGENDA, *ready("sms")).when(chosen("sms", "email", "sms", says_more=True, sender_name="Harbour"))
    story.then(ways("sms", "email", says_more=True, sender_name="Harbour")).when(
        chosen("sms", "email", says_more=True, sender_name="Harbour")
    ).then()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (chosen(), "reach-way-missing"),
        (chosen("sms", phone=None), "reach-phone-missing"),
        (chosen("push", push=None), "reach-push-missing"),
        (chosen("email", sender_name="Another"), "reach-sender-unknown"),
    ],
)
def test_half_a_choice_is_refused(command: c.ChooseReach, code: str) -> None:
    given(AGENDA, KNOWN).when(command).refused(code)


def test_staff_are_reached_as_the_clinics_file_says() -> None:
    given(AGENDA, TANAKA_KNOWN).when(chosen("email")).refused("preferences-not-for-you")


def test_a_kind_that_uses_no_way_stays_in_the_inbox_at_once() -> None:
    story = given(AGENDA, *ready("email"), planned()).when(chosen("email", without={"treatment": ("email",)}))
    assert [one.TYPE.rpartition(".v")[0].rpartition(".")[2] for one in story.events()] == [
        "reach_chosen",
        "message_withheld",
    ]


def heed(word: Any, channel: e.Channel = "sms") -> c.HeedWord:
    return c.HeedWord(now=MORNING, actor=SYSTEM, channel=channel, word=word)


def test_stop_and_start_hold_until_the_other_and_said_twice_change_nothing() -> None:
    stopped = r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="sms", reason="asked", about=ROSA)
    story = given(AGENDA, *ready("sms", "email")).when(heed("stop")).then(stopped)
    story.when(heed("stop")).then()
    story = story.when(heed("start")).then(r.ChannelStarted(at=MORNING, recipient_id=ROSA, channel="sms"))
    story.when(heed("start")).then()


def test_of_a_member_of_staff_who_says_stop_operators_are_told() -> None:
    """They were to be called by it when somebody is in danger."""
    [stopped] = given(AGENDA, TANAKA_KNOWN).when(heed("stop")).events()
    told = {rule.to: rule.template for rule in rules_for(stopped)}
    assert told == {"operators": "call_way_stopped"}
    [of_a_patient] = given(AGENDA, *ready("sms")).when(heed("stop")).events()
    assert rules_for(of_a_patient) == ()


def test_a_way_that_is_chosen_anew_or_has_a_new_address_is_given_another_chance() -> None:
    stopped = r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="sms", reason="returned")
    assert state_after(*ready("sms"), stopped, ways("email")).stopped == ("sms",)
    assert state_after(*ready("sms"), stopped, ways("sms")).stopped == ()


def test_what_was_seen_in_the_inbox_needs_no_other_way() -> None:
    looked = c.SeeMessages(now=OPENING, actor=f"patient:{ROSA}", message_ids=("message-1", "message-9", "message-1"))
    story = unread_story("email", "sms").when(record()).happened()
    after = story.when(looked).then(r.MessageSeen(at=OPENING, **ID))
    assert timers(after.state) == {}
    after.when(looked).then()


@pytest.mark.parametrize(
    "opened",
    [
        c.ReadMessage(now=NIGHT, actor=f"patient:{ROSA}", message_id="message-1"),
        c.SeeMessages(now=NIGHT, actor=f"patient:{ROSA}", message_ids=("message-1",)),
    ],
)
def test_what_is_opened_before_it_goes_another_way_does_not_go(opened: Any) -> None:
    waits = rerouted("email", "unread", NIGHT, OPENING)
    story = given(AGENDA, *ready("email", "sms"), planned(template=OFFER), by("email"), sent(), waits)
    after = story.when(opened).happened()
    assert timers(after.state) == {}
    assert after.state.messages["message-1"].status == "sent"
    after.when(due("send:message-1", OPENING)).then()


def test_what_was_never_sent_and_what_is_about_safety_goes_out_though_it_was_read() -> None:
    read = c.ReadMessage(now=MORNING, actor=f"patient:{ROSA}", message_id="message-1")
    waits = (planned(template="crisis_help", critical=True), by("email"), sent(), rerouted("email", "returned"))
    for told in ((planned(template=OFFER),), waits):
        story = given(AGENDA, *ready("email", "sms"), *told).when(read).happened()
        assert channels_claimed(story.when(due("send:message-1")))


def test_what_went_along_with_a_message_stays_sent_when_that_one_fails_on_another_way() -> None:
    with_another = by("email").model_copy(update={"together": ("message-2",)})
    other = e.MessageSent(at=MORNING, recipient_id=ROSA, message_id="message-2")
    both = (planned(template=OFFER), planned("message-2", template="module_open"))
    story = (*ready("email", "sms"), *both, with_another, sent(), other)
    went, again = given(AGENDA, *story), given(AGENDA, *story, rerouted("email", "unread"), by("sms", 2))
    failed = again.when(failure("temporary", 2)).events()
    assert [one.message_id for one in failed if isinstance(one, e.MessageFailed)] == ["message-1"]
    assert list(carried_by(again.state, "message-1")) == ["message-1"]
    assert list(carried_by(went.state, "message-1")) == ["message-1", "message-2"]


def test_the_other_work_of_staff_comes_by_e_mail() -> None:
    phone = CLINIC.staff[2].model_copy(update={"id": TANAKA, "phone": "+447700900123", "called_by": ("sms", "email")})
    clinic = READER.model_copy(update={"staff": (*(one for one in CLINIC.staff if one.id != TANAKA), phone)})
    work = planned(needs=None, template="call_due", recipient_id=TANAKA)
    assert channels_claimed(given(agenda(clinic), TANAKA_KNOWN, work).when(due("send:message-1"))) == ["email"]


def test_a_new_address_is_written_to_again() -> None:
    stopped = r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="email", reason="returned")
    story = given(AGENDA, KNOWN, EMAIL_ALLOWED, stopped)
    learn = c.LearnRecipient(now=MORNING, actor=SYSTEM, **KNOWN.model_dump(exclude={"at"}))
    again = r.ChannelStarted(at=MORNING, recipient_id=ROSA, channel="email")
    assert again not in story.when(learn.model_copy(update={"language": "es"})).events()
    assert again in story.when(learn.model_copy(update={"email": "new@people.example"})).events()


def receipt(outcome: Any, channel: e.Channel = "email", **changes: Any) -> c.RecordReceipt:
    fields = {"now": MORNING, "actor": SYSTEM, "message_id": "message-1", "channel": channel, "outcome": outcome}
    return c.RecordReceipt(**{**fields, **changes})


def test_what_comes_back_goes_another_way_and_a_wrong_address_is_used_no_more() -> None:
    story = given(AGENDA, *ready("email", "sms"), planned(), by("email"), sent())
    outcome = story.when(receipt("permanent", detail="5.1.1", address_is_wrong=True))
    story = outcome.then(
        r.MessageReturned(at=MORNING, **ID, failure="permanent", detail="5.1.1"),
        rerouted("email", "returned"),
        r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="email", reason="returned", about=ROSA),
    )
    assert channels_claimed(story.when(due("send:message-1"))) == ["sms"]


@pytest.mark.parametrize("opened", [e.MessageRead(at=MORNING, **ID), r.MessageSeen(at=MORNING, **ID)])
def test_what_comes_back_after_it_was_opened_goes_no_other_way(opened: Event) -> None:
    story = given(AGENDA, *ready("email", "sms"), planned(), by("email"), sent(), opened)
    assert [type(one) for one in story.when(receipt("permanent")).events()] == [r.MessageReturned]


def test_a_receipt_is_noted_once_and_ends_a_doubt() -> None:
    doubt = e.MessageFailed(at=MORNING, **ID, failure="technical", possibly_sent=True)
    story = given(AGENDA, *ready("email"), planned(), by("email"), doubt).when(receipt("delivered"))
    story.then(sent(), r.MessageDelivered(at=MORNING, **ID)).when(receipt("delivered")).then()


def test_what_a_receipt_says_arrived_must_be_read_too() -> None:
    """A process died before it recorded that the provider took it: nobody opened it all the same."""
    doubt = e.MessageFailed(at=MORNING, **ID, failure="technical", possibly_sent=True)
    story = given(AGENDA, *ready("email"), planned(template=OFFER), by("email"), doubt).when(receipt("delivered"))
    assert timers(story.happened().state) == {"unread:message-1": MORNING + 48 * HOUR}


KEPT = PreferencesChosen(at=MORNING, recipient_id=ROSA, inbox_only=("decisions",))


def test_a_kind_that_is_kept_to_the_inbox_while_it_is_sent_is_not_tried_again() -> None:
    under_way = given(AGENDA, *ready("email", "sms"), planned(template=OFFER), by("email"), KEPT)
    later = MORNING + MINUTE
    story = under_way.when(failure("temporary")).happened()
    story.when(due("send:message-1", later)).then(MessageWithheld(at=later, **ID, reason="inbox_only"))
    assert [type(one) for one in under_way.when(failure("permanent")).events()] == [e.MessageFailed]


def test_a_kind_that_is_kept_to_the_inbox_after_it_was_sent_goes_no_other_way() -> None:
    unread_at = MORNING + HOUR
    story = given(AGENDA, *ready("email", "sms"), planned(template=OFFER), by("email"), sent(unread_at), KEPT)
    assert [type(one) for one in story.when(due("unread:message-1", unread_at)).events()] == [r.MessageLeftUnread]


@pytest.mark.parametrize("outcome", ["delivered", "permanent"])
def test_a_receipt_of_another_way_changes_nothing(outcome: str) -> None:
    given(AGENDA, *ready("email", "sms"), planned(), by("email"), sent()).when(receipt(outcome, "sms")).then()


def test_a_returned_call_for_help_calls_the_next() -> None:
    call = planned(critical=True, needs=None, template="risk_alert", recipient_id=TANAKA)
    claim, took = (one.model_copy(update={"recipient_id": TANAKA}) for one in (by("email"), sent()))
    story = given(AGENDA, TANAKA_KNOWN, call, claim, took).when(receipt("permanent", address_is_wrong=True))
    assert [type(one) for one in story.events()] == [r.MessageReturned, e.CallFailed]


def test_a_caregiver_who_chose_text_messages_still_needs_what_is_open_to_them() -> None:
    reach = ways("sms").model_copy(update={"recipient_id": LUIS})
    told = planned(template="caregiver_started", needs="caregiver:treatment", recipient_id=LUIS)
    closed = given(AGENDA, LUIS_KNOWN, reach, told).when(due("send:message-1"))
    assert [one.reason for one in closed.events() if isinstance(one, e.MessageDropped)] == ["consent_withdrawn"]
    opened = permission("caregiver:treatment", recipient=LUIS)
    after = given(AGENDA, LUIS_KNOWN, reach, opened, told).when(due("send:message-1"))
    assert channels_claimed(after) == ["sms"]
