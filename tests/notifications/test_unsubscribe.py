"""No more e-mails of a kind, by the link in one of them: what the link says, who gets one, and what it does."""

import email
import email.policy
from datetime import time, timedelta
from typing import Any

import pytest

from services.notifications.aggregates import agenda
from services.notifications.channels.mime import compose
from services.notifications.channels.port import Email
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import message_of
from services.notifications.domain.state import AgendaState
from services.notifications.links import unsubscribe_links
from services.notifications.sender import Sender
from services.notifications.texts import LANGUAGES, Texts
from shared.contracts.clinic_agenda import AgendaSettings, Hours
from shared.contracts.preferences import MessageWithheld, PreferencesChosen
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED
from shared.runtime import signed_links
from shared.runtime.auth import NotSignedIn, User, issue, read
from shared.runtime.signed_links import LinkExpired, LinkInvalid
from shared.runtime.take_on import TakeOn
from shared.runtime.take_on import issue_link as take_on_link
from shared.runtime.unsubscribe import Unsubscriber, issue_link, read_link
from tests.given import given
from tests.notifications.people import (
    AGENDA,
    CLINIC,
    EMAIL_ALLOWED,
    KNOWN,
    LUIS_KNOWN,
    MORNING,
    ROSA,
    TANAKA_KNOWN,
    planned,
    state_after,
)
from tests.notifications.test_channels import MAIL, text_of
from tests.notifications.test_sender import CLAIM, ENVELOPE, Recorder, Scripted
from tests.notifications.test_texts import TEXTS, reader
from tests.parts.trust import trusting

SECRET = "a-secret-that-only-tests-know-and-nobody-else"
READY = (KNOWN, EMAIL_ALLOWED)
WHO = Unsubscriber(ROSA, "patient", "es", ("meetings", "treatment"))
LINK = "https://portal.example/unsubscribe/a-token"
DAY = timedelta(days=1)


def unsubscribe(*categories: Any) -> c.Unsubscribe:
    return c.Unsubscribe(now=MORNING, actor="patient:patient-rosa", categories=categories)


def chosen(*inbox_only: Any, **more: Any) -> PreferencesChosen:
    return PreferencesChosen(at=MORNING, recipient_id=ROSA, inbox_only=inbox_only, **more)


# --- what it does


def test_it_adds_the_kinds_and_keeps_all_else_as_it_was_chosen() -> None:
    more = {"weekly_emails": 2, "quiet_from": time(18), "quiet_to": time(9)}
    story = given(AGENDA, *READY, chosen("people", **more))
    story.when(unsubscribe("treatment", "meetings")).then(chosen("meetings", "people", "treatment", **more))


def test_again_it_says_nothing_and_after_they_chose_them_again_it_does() -> None:
    story = given(AGENDA, *READY).when(unsubscribe("treatment")).happened()
    story.when(unsubscribe("treatment")).then()
    undone = c.ChoosePreferences(now=MORNING, actor="patient:patient-rosa")
    story.when(undone).happened().when(unsubscribe("treatment")).then(chosen("treatment"))


def test_what_waits_follows_at_once() -> None:
    gone = MessageWithheld(at=MORNING, recipient_id=ROSA, message_id="message-1", reason="inbox_only")
    given(AGENDA, *READY, planned()).when(unsubscribe("treatment")).then(chosen("treatment"), gone)
    given(AGENDA, *READY, planned()).when(unsubscribe("people")).then(chosen("people"))


def test_hours_that_became_impossible_meanwhile_do_not_stop_it() -> None:
    strict = agenda(
        CLINIC.model_copy(update={"agenda": AgendaSettings(never=Hours(quiet_from=time(21), quiet_to=time(7)))})
    )
    hours = {"quiet_from": time(7), "quiet_to": time(21)}
    story = given(strict, *READY, chosen(**hours))
    story.when(unsubscribe("treatment")).then(chosen("treatment", **hours))


@pytest.mark.parametrize("known", [(), (TANAKA_KNOWN,)])
def test_staff_and_whoever_is_unknown_choose_nothing(known: Any) -> None:
    given(AGENDA, *known).when(unsubscribe("treatment")).refused("preferences-not-for-you")


# --- what the link says


def test_the_link_says_who_and_which_kinds_until_its_time_is_over() -> None:
    token = issue_link(SECRET, WHO, MORNING + DAY)
    assert read_link(trusting(SECRET), token, MORNING + DAY - timedelta(seconds=1)) == WHO
    with pytest.raises(LinkExpired):
        read_link(trusting(SECRET), token, MORNING + DAY + timedelta(seconds=1))


def _other(**claims: Any) -> str:
    said = {"role": "patient", "language": "es", "categories": ["meetings"]}
    return signed_links.issue(SECRET, "unsubscribe", ROSA, MORNING + DAY, {**said, **claims})


def test_what_is_no_such_link_is_refused() -> None:
    head, body, signature = issue_link(SECRET, WHO, MORNING + DAY).split(".")
    other = issue_link(SECRET, Unsubscriber("patient-2", "patient", "es", ("meetings",)), MORNING + DAY)
    forged = [
        "",
        "nonsense",
        "a.b.c",
        "é.é.é",
        f"{head}.{body}.{signature[::-1]}",
        f"{head}.{other.split('.')[1]}.{signature}",
        issue_link("another secret that is long enough to sign with", WHO, MORNING + DAY),
        issue(SECRET, User(ROSA, "patient"), MORNING, DAY),
        take_on_link(SECRET, TakeOn("risk-1", ROSA), MORNING + DAY),
        *(_other(role=one) for one in ("psychology", "", None, ["patient"])),
        *(_other(language=one) for one in ("fr", None)),
        *(_other(categories=one) for one in ([], None, "meetings", ["safety"], [["meetings"]], {"meetings": 1})),
    ]
    for token in forged:
        with pytest.raises(LinkInvalid):
            read_link(trusting(SECRET), token, MORNING)


def test_a_kind_that_is_no_more_is_left_out() -> None:
    assert read_link(trusting(SECRET), _other(categories=["long gone", "people"]), MORNING).categories == ("people",)


def test_the_link_is_no_token_of_a_user() -> None:
    with pytest.raises(NotSignedIn):
        read(trusting(SECRET), issue_link(SECRET, WHO, MORNING + DAY), MORNING)


# --- who gets one


def link(state: AgendaState, *messages: Any) -> Unsubscriber | None:
    found = unsubscribe_links(CLINIC, SECRET)([message_of(one) for one in messages], state, MORNING)
    if found is None:
        return None
    token = found.removeprefix(f"{CLINIC.portal_url}/unsubscribe/")
    soon_over = MORNING + timedelta(days=CLINIC.agenda.unsubscribe_days) - timedelta(seconds=1)
    assert read_link(trusting(SECRET), token, soon_over)
    with pytest.raises(LinkExpired):
        read_link(trusting(SECRET), token, soon_over + timedelta(seconds=2))
    return read_link(trusting(SECRET), token, MORNING)


def test_an_email_names_the_kinds_of_all_that_it_tells() -> None:
    rosa, luis = state_after(*READY), state_after(LUIS_KNOWN)
    told = [planned(template=one) for one in ("module_open", "circle_meeting", "group_missed", "questions_open")]
    assert link(rosa, *told) == WHO
    news = planned(template="caregiver_started", recipient_id=luis.recipient_id)
    assert link(luis, news) == Unsubscriber("caregiver-luis", "caregiver", "es", ("carers",))


def test_what_is_about_safety_or_of_no_kind_and_what_staff_get_has_none() -> None:
    rosa, luis, tanaka = state_after(*READY), state_after(LUIS_KNOWN), state_after(TANAKA_KNOWN)
    assert link(rosa, planned(template="crisis_help", critical=True)) is None
    assert link(rosa, planned(), planned(template="crisis_help", critical=True)) is None
    assert link(rosa, planned(template="welcome", critical=True)) is None
    assert link(luis, planned(template="caregiver_invitation")) is None
    assert link(tanaka, planned(template="referral_to_triage")) is None
    assert link(tanaka, planned(template="welcome")) is None


# --- what the e-mail carries


def written(mail: Email, policy: Any) -> bytes:
    return compose(mail).as_bytes(policy=policy)


@pytest.mark.parametrize("policy", [email.policy.SMTP, email.policy.SMTPUTF8])
def test_the_link_stands_in_one_piece_however_long_it_is(policy: Any) -> None:
    every = Unsubscriber(
        "x" * 128, "caregiver", "es", ("decisions", "meetings", "treatment", "encouragement", "people")
    )
    address = f"https://portal.example/unsubscribe/{issue_link(SECRET, every, MORNING)}"
    lines = written(Email(**{**vars(MAIL), "unsubscribe": address}), policy).split(b"\r\n")
    assert f"List-Unsubscribe: <{address}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert max(map(len, lines)) <= 998, "RFC 5322"


def test_without_a_link_there_is_no_such_header() -> None:
    assert b"List-Unsubscribe" not in written(MAIL, email.policy.SMTP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_stands_at_the_end_of_the_text_as_well(language: Language) -> None:
    with_it = TEXTS.together([("welcome", {}, SHIPPED)], reader(language), LINK)
    without = TEXTS.together([("welcome", {}, SHIPPED)], reader(language))
    assert with_it.body.startswith(without.body)
    assert with_it.body.endswith(f": {LINK}\n")
    assert "unsubscribe" not in without.body
    page = text_of(compose(Email(**{**vars(MAIL), "text": with_it.body})), "html")
    assert f'<a href="{LINK}">{LINK}</a></p>' in page


async def test_what_is_sent_carries_it() -> None:
    channel = Scripted()
    sender = Sender(CLINIC, Texts(CLINIC), channel, Recorder(), unsubscribe=unsubscribe_links(CLINIC, SECRET))
    await sender.offer(ENVELOPE, CLAIM, state_after(*READY, planned(template="welcome"), CLAIM))
    (mail,) = channel.sent
    assert mail.unsubscribe is not None
    assert f": {mail.unsubscribe}\n" in mail.text
    assert read_link(trusting(SECRET), mail.unsubscribe.rpartition("/")[2], MORNING).categories == ("decisions",)
