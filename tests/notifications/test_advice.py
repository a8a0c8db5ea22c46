"""Who hears of a question to psychology, and when a message about one has become pointless."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.notifications.reactions import agenda_id, reactions
from services.notifications.texts import LANGUAGES, Reader, Texts
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.given import Given, given
from tests.notifications.facts import ADVICE, SOON
from tests.notifications.people import AGENDA, CLINIC, MINUTE, NIGHT, ROSA, cause

TABLE = reactions(CLINIC)
TEAM, REFERRER = "psy-tanaka", "dr-okafor"
LONDON = ZoneInfo("Europe/London")
SAID = "She sleeps badly and cannot stop worrying."


def _at(number: int, **more: Any) -> dict[str, Any]:
    """The fields of an event of one night, in the order of `number`."""
    return {**ADVICE, "at": NIGHT + number * MINUTE, **more}


ASKED = r.AdviceAsked(**_at(0), question=SAID, topic="mood_or_worry", may_convert=True, answer_due=SOON)
OVERDUE = r.AdviceOverdue(**_at(1), reminder=1)
ASKED_BACK = r.AdviceAskedBack(**_at(2), question=SAID, asked_by=TEAM)
EXPLAINED = r.AdviceExplained(**_at(3), explanation=SAID, answer_due=SOON)
ANSWERED = r.AdviceAnswered(**_at(4), answer=SAID, answered_by=TEAM, suggests_referral=True)
CONVERTED = r.AdviceConverted(**_at(5), referral_id="referral-1", authority="authorised", converted_by=TEAM)
CLOSED = r.AdviceClosed(**_at(5), reason_code="no_longer_needed", closed_by=REFERRER)
ALL = (ASKED, OVERDUE, ASKED_BACK, EXPLAINED, ANSWERED, CONVERTED, CLOSED)


def _heard(recipient: str, *events: Event) -> Given:
    """The recipient's agenda after these events, through the reactions and rules that the service runs."""
    story = given(AGENDA)
    for event in events:
        told = cause(event, f"event-{event.at.minute}", event.at)
        for target in TABLE[type(event)](event, told):
            if target.id == agenda_id(recipient):
                story = story.when(target.command).happened()
    return story


def _messages(recipient: str, *events: Event) -> dict[str, str]:
    """Status of the e-mail by template."""
    return {one.template: one.status for one in _heard(recipient, *events).state.messages.values()}


@pytest.mark.parametrize(
    ("event", "whom", "template"),
    [
        (ASKED, CLINIC.triage_team, "advice_asked"),
        (OVERDUE, CLINIC.triage_team, "advice_overdue"),
        (ASKED_BACK, (REFERRER,), "advice_asked_back"),
        (EXPLAINED, CLINIC.triage_team, "advice_explained"),
        (ANSWERED, (REFERRER,), "advice_answered"),
        (CONVERTED, (REFERRER,), "advice_converted"),
        (CLOSED, (), ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else "",
)
def test_a_question_is_told_to_whoever_owes_the_next_step(event: Event, whom: Any, template: str) -> None:
    everybody = (*CLINIC.triage_team, REFERRER, ROSA)
    told = {who: list(_messages(who, event)) for who in everybody if _messages(who, event)}
    assert told == {who: [template] for who in whom}


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_a_patient_hears_nothing_of_a_question_about_them(event: Event) -> None:
    assert agenda_id(ROSA) not in {target.id for target in TABLE[type(event)](event, cause(event))}


@pytest.mark.parametrize("end", [ASKED_BACK, ANSWERED, CONVERTED, CLOSED], ids=lambda event: type(event).__name__)
def test_the_team_gets_no_mail_about_a_question_that_waits_for_somebody_else_or_is_over(end: Event) -> None:
    assert _messages(TEAM, ASKED, OVERDUE) == {"advice_asked": "queued", "advice_overdue": "queued"}
    assert _messages(TEAM, ASKED, OVERDUE, end) == {"advice_asked": "dropped", "advice_overdue": "dropped"}


@pytest.mark.parametrize("end", [EXPLAINED, ANSWERED, CONVERTED, CLOSED], ids=lambda event: type(event).__name__)
def test_the_referrer_gets_no_mail_about_a_reply_that_nobody_waits_for(end: Event) -> None:
    assert _messages(REFERRER, ASKED_BACK)["advice_asked_back"] == "queued"
    assert _messages(REFERRER, ASKED_BACK, end)["advice_asked_back"] == "dropped"


def test_a_reply_brings_the_question_back_to_the_team() -> None:
    assert _messages(TEAM, ASKED, ASKED_BACK, EXPLAINED) == {"advice_asked": "dropped", "advice_explained": "queued"}


@pytest.mark.parametrize("end", [CONVERTED, CLOSED], ids=lambda event: type(event).__name__)
def test_the_answer_is_told_whatever_becomes_of_the_question(end: Event) -> None:
    assert _messages(REFERRER, ANSWERED, end)["advice_answered"] == "queued"


def test_another_question_is_another_matter() -> None:
    other = CLOSED.model_copy(update={"advice_id": "advice-11"})
    assert _messages(TEAM, ASKED, other) == {"advice_asked": "queued"}


def test_no_message_holds_what_was_said_or_what_it_is_about() -> None:
    texts = Texts(CLINIC)
    for recipient in (TEAM, REFERRER):
        for one in _heard(recipient, *ALL[:-1]).state.messages.values():
            assert set(one.parameters) <= {"advice_id", "referral_id", "answer_due"}
            for language in LANGUAGES:
                shown = texts.inbox(one.template, one.parameters, Reader(None, language, LONDON))
                said = f"{shown.heading} {shown.body} {shown.because}".lower()
                assert [word for word in ("sleep", "worr", "mood", "ánimo", "preocup") if word in said] == []


def test_a_message_about_a_question_never_breaks_the_night() -> None:
    for event in ALL:
        for target in TABLE[type(event)](event, cause(event, now=NIGHT)):
            for said in given(AGENDA).when(target.command).events():
                if isinstance(said, n.MessagePlanned):
                    assert not said.critical
                    assert said.send_at >= NIGHT + timedelta(hours=1)
