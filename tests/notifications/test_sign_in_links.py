"""A link to sign in: who gets one, how it goes out, what stands in it, and that it lets somebody in once."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from services.notifications.agendas import agenda_id
from services.notifications.channels.local import LocalChannel
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import KEPT
from services.notifications.domain.schedule import company
from services.notifications.domain.signing_in import MOST_LINKS, WITHIN
from services.notifications.domain.state import SIGN_IN, AgendaState
from services.notifications.domain.ways import drawer
from services.notifications.links import message_links, unsubscribe_links
from services.notifications.sender import Sender
from services.notifications.texts import LANGUAGES
from shared.contracts import notifications as e
from shared.contracts import reach as r
from shared.contracts.envelope import Event
from shared.contracts.preferences import MessageWithheld, PreferencesChosen
from shared.contracts.reading_level import is_easy
from shared.contracts.referrals import CaregiverLinked, Language
from shared.contracts.wordings import SHIPPED
from shared.runtime import signed_links
from shared.runtime.auth import NotSignedIn, User, issue, read
from shared.runtime.errors import Unavailable
from shared.runtime.sign_in import SignIn, issue_link, read_link
from shared.runtime.signed_links import LinkExpired, LinkInvalid
from shared.runtime.take_on import TakeOn
from shared.runtime.take_on import issue_link as take_on_link
from tests.given import given
from tests.notifications.facts import REGISTERED, SUBMITTED
from tests.notifications.people import (
    AGENDA,
    CLINIC,
    GATHERING,
    KNOWN,
    LUIS,
    LUIS_KNOWN,
    MINUTE,
    MORNING,
    NIGHT,
    ROSA,
    TANAKA,
    TANAKA_KNOWN,
    due,
    planned,
    state_after,
)
from tests.notifications.service import SECRET, TEXTS, Http, serving
from tests.notifications.test_texts import REVEALING, reader
from tests.parts.trust import trusting

PORTAL = User("portal", "service")
QUARTER = timedelta(minutes=r.SIGN_IN_MINUTES)
SECOND = timedelta(seconds=1)
LINK = f"{CLINIC.portal_url}/sign-in/with/a-token"
VALUES = {"until": (MORNING + QUARTER).isoformat()}
ID = {"recipient_id": ROSA, "message_id": "link-1"}
USED = r.SignInLinkUsed(at=MORNING, **ID)


def asks(id: str = "link-1", now: datetime = MORNING) -> c.AskToSignIn:
    return c.AskToSignIn(now=now, actor=PORTAL.actor, message_id=id)


def uses(id: str = "link-1", now: datetime = MORNING) -> c.UseSignInLink:
    return c.UseSignInLink(now=now, actor=PORTAL.actor, message_id=id)


def link(id: str = "link-1", at: datetime = MORNING, recipient: str = ROSA) -> e.MessagePlanned:
    until = at + QUARTER
    return e.MessagePlanned(
        at=at,
        recipient_id=recipient,
        message_id=id,
        template=SIGN_IN,
        topic=f"sign-in:{recipient}",
        parameters={"until": until.isoformat()},
        cause="service:portal",
        critical=False,
        send_at=at,
        pointless_after=until,
        by="email",
    )


# --- who gets one, and when


@pytest.mark.parametrize(("known", "recipient"), [(KNOWN, ROSA), (LUIS_KNOWN, LUIS)])
def test_a_patient_or_caregiver_gets_it_at_once_at_any_hour_and_without_consent(known: Event, recipient: str) -> None:
    story = given(AGENDA, known).when(asks(now=NIGHT)).then(link(at=NIGHT, recipient=recipient))
    [claim] = story.when(due("send:link-1", NIGHT)).events()
    assert isinstance(claim, e.MessageClaimed)
    assert (claim.channel, claim.together) == ("email", ())


def test_whatever_they_chose_about_news_and_whatever_came_back_from_there() -> None:
    chosen: tuple[Event, ...] = (
        r.ReachChosen(at=MORNING, recipient_id=ROSA, channels=("sms",), phone="+447700900123"),
        PreferencesChosen(at=MORNING, recipient_id=ROSA, inbox_only=("decisions", "meetings"), weekly_emails=1),
        r.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="email", reason="returned"),
    )
    story = given(AGENDA, KNOWN, *chosen).when(asks()).happened()
    [claim] = story.when(due("send:link-1")).events()
    assert isinstance(claim, e.MessageClaimed)
    assert claim.channel == "email"


@pytest.mark.parametrize(
    "known", [(), (TANAKA_KNOWN,), (KNOWN.model_copy(update={"email": None, "name": None}),)], ids=str
)
def test_staff_and_whoever_is_unknown_or_erased_get_none_and_nobody_hears_of_it(known: tuple[Event, ...]) -> None:
    given(AGENDA, *known).when(asks()).then()


def test_one_press_makes_one_link() -> None:
    given(AGENDA, KNOWN).when(asks()).happened().when(asks()).then()


def test_an_hour_has_so_many_links_and_then_there_are_more() -> None:
    story = given(AGENDA, KNOWN)
    for number in range(MOST_LINKS):
        story = story.when(asks(f"link-{number}", MORNING + number * MINUTE)).happened()
    assert len(story.state.messages) == MOST_LINKS
    story.when(asks("more", MORNING + WITHIN - SECOND)).then()
    story.when(asks("more", MORNING + WITHIN)).then(link("more", MORNING + WITHIN))


def test_links_push_nothing_out_that_the_person_was_told() -> None:
    told = [planned(f"news-{number}") for number in range(KEPT)]
    gone = [e.MessageSent(at=MORNING, recipient_id=ROSA, message_id=one.message_id) for one in told]
    story = given(AGENDA, KNOWN, *told, *gone)
    for hour in range(50):
        now = MORNING + hour * WITHIN
        story = story.when(asks(f"link-{hour}", now)).happened()
        story = story.when(c.RecordSent(now=now, actor="system:sender", message_id=f"link-{hour}")).happened()
    kept = [one.template for one in story.state.messages.values()]
    assert (len(kept), kept.count(SIGN_IN)) == (KEPT, 1)


def test_it_goes_alone_and_with_no_other() -> None:
    state = state_after(KNOWN, planned(send_at=MORNING), link(at=MORNING + WITHIN))
    assert company(GATHERING, state, state.messages["link-1"], MORNING + WITHIN) == []
    assert company(GATHERING, state, state.messages["message-1"], MORNING + WITHIN) == []


def test_after_its_time_it_is_not_sent_any_more() -> None:
    late = MessageWithheld(at=MORNING + QUARTER, **ID, reason="too_late")
    given(AGENDA, KNOWN, link()).when(due("send:link-1", MORNING + QUARTER)).then(late)


def test_addresses_are_compared_as_people_write_them() -> None:
    assert drawer("email", " Rosa@Example.ORG\n") == drawer("email", "rosa@example.org")
    assert drawer("push", "Rosa-listens") != drawer("push", "rosa-listens")


# --- using it


def test_it_lets_somebody_in_once() -> None:
    story = given(AGENDA, KNOWN, link()).when(uses()).then(USED)
    story.when(uses(now=MORNING + SECOND)).refused("sign-in-link-used")


def test_its_time_ends() -> None:
    story = given(AGENDA, KNOWN, link())
    assert story.when(uses(now=MORNING + QUARTER - SECOND)).events()
    story.when(uses(now=MORNING + QUARTER)).refused("sign-in-link-expired")


@pytest.mark.parametrize("id", ["link-2", "message-1"])
def test_another_message_lets_nobody_in(id: str) -> None:
    given(AGENDA, KNOWN, link(), planned()).when(uses(id)).refused("message-unknown")


def test_nobody_is_let_in_as_somebody_who_was_erased() -> None:
    erased = KNOWN.model_copy(update={"email": None, "name": None})
    given(AGENDA, erased, link()).when(uses()).refused("message-unknown")


# --- what stands in it


WHO = SignIn(ROSA, "patient", "es", "link-1")


def test_the_link_says_who_is_let_in_until_its_time_is_over() -> None:
    token = issue_link(SECRET, WHO, MORNING + QUARTER)
    assert read_link(trusting(SECRET), token, MORNING + QUARTER - SECOND) == WHO
    with pytest.raises(LinkExpired):
        read_link(trusting(SECRET), token, MORNING + QUARTER + SECOND)


def _other(**claims: Any) -> str:
    said = {"role": "patient", "language": "es", "message": "link-1"}
    return signed_links.issue(SECRET, "sign-in", ROSA, MORNING + QUARTER, {**said, **claims})


def test_what_is_no_such_link_is_refused_and_it_is_no_token_of_a_user() -> None:
    token = issue_link(SECRET, WHO, MORNING + QUARTER)
    head, body, signature = token.split(".")
    forged = [
        *("", "nonsense", "a.b.c", f"{head}.{body}.{signature[::-1]}"),
        issue_link("another secret that is long enough to sign with", WHO, MORNING + QUARTER),
        issue(SECRET, User(ROSA, "patient"), MORNING, QUARTER),
        take_on_link(SECRET, TakeOn("risk-1", ROSA), MORNING + QUARTER),
        *(_other(role=one) for one in ("psychology", "service", "", None)),
        *(_other(language=one) for one in ("fr", None)),
        *(_other(message=one) for one in (None, 7, ["link-1"])),
    ]
    for one in forged:
        with pytest.raises(LinkInvalid):
            read_link(trusting(SECRET), one, MORNING)
    with pytest.raises(NotSignedIn):
        read(trusting(SECRET), token, MORNING)


def test_only_such_a_message_to_a_patient_or_caregiver_has_one_and_it_has_no_other() -> None:
    links = message_links(CLINIC, SECRET)
    rosa, luis = state_after(KNOWN, link(), planned()), state_after(LUIS_KNOWN, link(recipient=LUIS))
    staff = state_after(TANAKA_KNOWN, link(recipient=TANAKA))
    for state, who in ((rosa, WHO), (luis, SignIn(LUIS, "caregiver", "es", "link-1"))):
        address = links("link-1", state.messages["link-1"], state)["sign_in"]
        assert read_link(trusting(SECRET), address.removeprefix(f"{CLINIC.portal_url}/sign-in/with/"), MORNING) == who
    assert links("message-1", rosa.messages["message-1"], rosa) == {}
    assert links("link-1", staff.messages["link-1"], staff) == {}
    assert unsubscribe_links(CLINIC, SECRET)([rosa.messages["link-1"]], rosa, MORNING) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_email_names_the_person_and_tells_nothing(language: Language) -> None:
    mail = TEXTS.together([(SIGN_IN, {**VALUES, "sign_in": LINK}, SHIPPED)], reader(language))
    assert "Rosa" in mail.body.splitlines()[0]
    assert mail.body.count(LINK) == 1
    assert mail.body.count(CLINIC.portal_url) == 1, "no second place to sign in"
    assert "10:15" in mail.body
    said = f"{mail.subject} {mail.body}".lower()
    assert [word for word in REVEALING if word in said] == []
    assert CLINIC.name not in mail.body
    inbox = TEXTS.inbox(SIGN_IN, VALUES, reader(language))
    for text in (inbox.body, mail.body.replace(LINK, "here").replace(CLINIC.phone, "this number")):
        assert language != "en" or is_easy(text, "en"), text


# --- over HTTP


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as service:
        links, channel = message_links(CLINIC, SECRET), LocalChannel(service.folder)
        service.sender = Sender(CLINIC, TEXTS, channel, service.core, links=links)
        yield service


async def asked(http: Http, email: str, *people: str, **headers: str) -> list[tuple[str, SignIn]]:
    """Somebody asks; beginnings and links of all e-mails that there are by then."""
    answer = await http.post(PORTAL, "/sign-in-links", {"email": email}, **headers)
    assert (answer.status_code, answer.json()) == (202, {})
    await http.passes(SECOND, people)
    return sorted((_plain(one).splitlines()[0], _link(http, one)) for one in _mails(http) if "/with/" in _plain(one))


def _mails(http: Http) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=default) for file in http.folder.glob("*.eml")]


def _plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _link(http: Http, mail: EmailMessage) -> SignIn:
    found = re.search(r"/sign-in/with/(\S+)", _plain(mail))
    assert found is not None
    return read_link(trusting(SECRET), found[1], http.clock.now())


async def state_of(http: Http, recipient: str = ROSA) -> AgendaState:
    state: AgendaState = (await http.core.load("agenda", agenda_id(recipient))).state
    return state


async def test_who_asks_gets_an_email_by_which_they_are_let_in_once(http: Http) -> None:
    await http.hears(REGISTERED)
    [(greeting, who)] = await asked(http, " ROSA@example.org", ROSA)
    assert (greeting, who.recipient_id, who.role, who.language) == ("Hola, Rosa:", ROSA, "patient", "es")
    path, query = f"/agendas/{ROSA}/sign-in", f"?message_id={who.message_id}"
    for _ in range(3):
        assert await http.get(PORTAL, path + query) == {"name": "Rosa", "standing": "open"}
    body = {"message_id": who.message_id}
    first = await http.post(PORTAL, path, body, **{"Idempotency-Key": "press"})
    again = await http.post(PORTAL, path, body, **{"Idempotency-Key": "press"})
    assert (first.status_code, again.status_code) == (200, 200), "a double click"
    refused = await http.post(PORTAL, path, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "sign-in-link-used")
    assert await http.get(PORTAL, path + query) == {"name": "Rosa", "standing": "used"}


async def test_a_link_that_is_over_is_said_to_be(http: Http) -> None:
    await http.hears(REGISTERED)
    [(_, who)] = await asked(http, "rosa@example.org", ROSA)
    http.clock.moment += QUARTER
    path, body = f"/agendas/{ROSA}/sign-in", {"message_id": who.message_id}
    assert (await http.get(PORTAL, f"{path}?message_id={who.message_id}"))["standing"] == "expired"
    assert (await http.post(PORTAL, path, body)).json()["code"] == "sign-in-link-expired"


async def test_a_press_that_is_repeated_sends_one_email(http: Http) -> None:
    await http.hears(REGISTERED)
    for _ in range(2):
        found = await asked(http, "rosa@example.org", ROSA, **{"Idempotency-Key": "press"})
        assert len(found) == 1


async def test_nobody_with_this_address_is_answered_the_same(http: Http) -> None:
    await http.hears(REGISTERED)
    assert await asked(http, "somebody@example.org", ROSA) == []


async def test_the_answer_does_not_wait_for_anybody_to_be_found(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> Any:
        raise Unavailable("the store does not answer")

    await http.hears(REGISTERED)
    monkeypatch.setattr(http.core, "find", away)
    assert await asked(http, "rosa@example.org", ROSA) == []


async def test_two_people_with_one_address_each_get_their_own(http: Http) -> None:
    omar = REGISTERED.model_copy(update={"patient_id": "patient-omar", "name": "Omar", "email": "Rosa@Example.org"})
    await http.hears(REGISTERED, omar)
    found = await asked(http, "rosa@example.org", ROSA, "patient-omar")
    assert [(greeting, who.recipient_id) for greeting, who in found] == [
        ("Hola, Omar:", "patient-omar"),
        ("Hola, Rosa:", ROSA),
    ]
    other = {"message_id": found[0][1].message_id}
    assert (await http.post(PORTAL, f"/agendas/{ROSA}/sign-in", other)).json()["code"] == "message-unknown"


async def test_a_caregiver_gets_one_and_staff_get_none(http: Http) -> None:
    linked = CaregiverLinked(
        at=MORNING,
        patient_id=ROSA,
        caregiver_id=LUIS,
        name="Luis Delgado",
        email="luis@example.org",
        relationship="partner",
        consented=False,
    )
    await http.hears(REGISTERED, linked, SUBMITTED)
    assert (await state_of(http, TANAKA)).kind == "staff"
    assert await asked(http, "yuki.tanaka@harbour.example", ROSA, LUIS, TANAKA) == []
    [(_, who)] = await asked(http, "luis@example.org", ROSA, LUIS, TANAKA)
    assert (who.recipient_id, who.role) == (LUIS, "caregiver")
    for path in (f"/agendas/{TANAKA}/sign-in", "/agendas/nobody/sign-in"):
        assert (await http.post(PORTAL, path, {"message_id": who.message_id})).status_code == 404


async def test_a_link_is_no_news_and_psychology_sees_that_one_went(http: Http) -> None:
    await http.hears(REGISTERED)
    await asked(http, "rosa@example.org")
    inbox = await http.get(User(ROSA, "patient"), f"/agendas/{ROSA}/inbox")
    assert (inbox["unread"], inbox["messages"], inbox["to_come"]) == (0, [], [])
    [row] = (await http.get(User(TANAKA, "psychology"), f"/agendas/{ROSA}"))["messages"]
    assert row["template"] == SIGN_IN


async def test_it_is_told_in_the_words_that_hold(http: Http) -> None:
    await http.hears(REGISTERED)
    words = {
        "email": "Para entrar\n\nAbra el enlace, por favor.",
        "inbox": "Para entrar\n\nPuede entrar con el enlace.",
        "because": "usted lo pidió",
    }
    for step, body in (("draft", words), ("publish", {"reword": False})):
        answer = await http.post(User(TANAKA, "psychology"), f"/wordings/{SIGN_IN}/es/{step}", body)
        assert answer.status_code == 200, answer.text
    [(_, who)] = await asked(http, "rosa@example.org", ROSA)
    [mail] = _mails(http)
    assert mail["Subject"] == "Para entrar"
    assert who.recipient_id == ROSA, "the link stands below whatever the clinic writes"


@pytest.mark.parametrize(
    ("who", "status"), [(User(ROSA, "patient"), 403), (User(TANAKA, "psychology"), 403), (PORTAL, 422)]
)
async def test_only_the_portal_asks_and_says_for_whom(http: Http, who: User, status: int) -> None:
    for path in ("/sign-in-links", f"/agendas/{ROSA}/sign-in"):
        assert (await http.post(who, path, {})).status_code == status
    await http.get(who, f"/agendas/{ROSA}/sign-in", status)
