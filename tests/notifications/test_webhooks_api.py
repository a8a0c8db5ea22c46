"""What providers tell us later, through HTTP: believed by its signature alone, and noted with whom it concerns."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.reaching import code_sent_to
from services.notifications.agendas import agenda_id
from services.notifications.domain.state import CONFIRM, AgendaState, Message
from services.notifications.inbound import InboundFault, Reply, newest, read_news
from shared.runtime.auth import User
from tests.handed import handed
from tests.notifications.bounce_mails import ID, postfix
from tests.notifications.facts import REGISTERED
from tests.notifications.people import LUIS, ROSA, TANAKA
from tests.notifications.service import Http, serving
from tests.notifications.test_api import LINKED, OPENED, SOON, WITH_EMAIL

SECRET = "whsec_" + b64encode(b"a key of tests alone, long enough").decode()
OTHER_SECRET = "whsec_" + b64encode(b"another key of tests, long enough").decode()
PORTAL, ROSA_USER = User("portal", "service"), User(ROSA, "patient")
NUMBER = "+447700900123"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path, webhook_secrets=(SECRET,)) as service:
        yield service


def signed(http: Http, body: bytes, secret: str = SECRET, age: timedelta = timedelta(0)) -> dict[str, str]:
    return handed(secret, "call-1", http.clock.now() - age, body)


def news(*of: dict[str, Any]) -> bytes:
    return json.dumps({"news": list(of)}).encode()


def reply(text: str, sender: str = NUMBER) -> dict[str, Any]:
    return {"kind": "reply", "sender": sender, "text": text}


async def chooses(http: Http, *channels: str, who: User = ROSA_USER) -> None:
    answer = await http.post(who, f"/agendas/{who.id}/reach", {"channels": channels, "phone": NUMBER})
    assert answer.status_code == 200, answer.text
    await http.passes(SOON, [who.id])
    [sms] = http.folder.glob("*.sms.txt")
    code = code_sent_to(http.folder, NUMBER, "sms")
    sms.unlink()
    answer = await http.post(who, f"/agendas/{who.id}/reach/confirm", {"channel": "sms", "code": code})
    assert answer.status_code == 200, answer.text


async def state_of(http: Http, recipient: str = ROSA) -> AgendaState:
    state: AgendaState = (await http.core.load("agenda", agenda_id(recipient))).state
    return state


async def only_message(http: Http) -> tuple[str, Message]:
    [(id, message)] = [(id, one) for id, one in (await state_of(http)).messages.items() if one.template != CONFIRM]
    return id, message


async def says(http: Http, channel: str, body: bytes, status: int = 200, **how: Any) -> Any:
    answer = await http.post(PORTAL, f"/webhooks/{channel}", signed(http, body, **how))
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_text_message_goes_out_and_its_receipt_comes_back(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    await http.hears(OPENED)
    await http.passes(SOON, [ROSA])
    [sms] = http.folder.glob("*.sms.txt")
    assert sms.read_text().startswith(f"To: {NUMBER}\n\nHarbour Clinic: Rosa, ")
    receipt = {"kind": "receipt", "to": NUMBER, "outcome": "delivered"}
    assert await says(http, "sms", news(receipt)) == {"heard": 1}
    assert (await only_message(http))[1].delivered_at == http.clock.now()


async def test_a_text_message_that_came_back_goes_as_an_email(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    await http.hears(OPENED)
    await http.passes(SOON, [ROSA])
    wrong = {"kind": "receipt", "to": NUMBER, "outcome": "permanent", "address_is_wrong": True, "code": "30005"}
    await says(http, "sms", news(wrong))
    await http.passes(SOON, [ROSA])
    assert len(http.mails()) == 1
    assert (await state_of(http)).stopped == ("sms",)


async def test_an_email_that_a_server_gives_back_is_noted_with_the_message(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, OPENED)
    await http.passes(SOON, [ROSA])
    id, _ = await only_message(http)
    report = postfix().replace(ID.encode(), f"{id}.{agenda_id(ROSA)}".encode())
    assert await says(http, "email", report) == {"heard": 1}
    assert (await only_message(http))[1].status == "failed"
    assert (await state_of(http)).stopped == ("email",)
    # The same report once more changes nothing.
    version = (await http.core.load("agenda", agenda_id(ROSA))).version
    await says(http, "email", report)
    assert (await http.core.load("agenda", agenda_id(ROSA))).version == version


@pytest.mark.parametrize("report", [postfix(), postfix(action="delayed", status="4.4.1"), b"Subject: hello\r\n\r\nhi"])
async def test_a_mail_that_is_no_report_of_ours_changes_nothing(http: Http, report: bytes) -> None:
    assert await says(http, "email", report) == {"heard": 0}


@pytest.mark.parametrize(("stop", "start"), [("STOP", "START"), ("Alto.", "alta"), (" baja ", "Inicio")])
async def test_stop_and_start_are_heard_in_both_languages(http: Http, stop: str, start: str) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    await says(http, "sms", news(reply(stop)))
    assert (await state_of(http)).stopped == ("sms",)
    await says(http, "sms", news(reply(start)))
    assert (await state_of(http)).stopped == ()


async def test_stop_from_a_shared_number_holds_for_both(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, LINKED.model_copy(update={"consented": True}))
    await chooses(http, "sms", "email")
    await chooses(http, "sms", "email", who=User(LUIS, "caregiver"))
    assert await says(http, "sms", news(reply("STOP"))) == {"heard": 2}
    assert [(await state_of(http, one)).stopped for one in (ROSA, LUIS)] == [("sms",), ("sms",)]


async def test_what_comes_from_a_number_of_nobody_changes_nothing(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    assert await says(http, "sms", news(reply("STOP", "+447700900999"))) == {"heard": 0}
    assert (await state_of(http)).stopped == ()


async def test_other_words_stop_nothing(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    assert await says(http, "sms", news(reply("please stop by tomorrow"))) == {"heard": 0}


@pytest.mark.parametrize("how", [{"secret": OTHER_SECRET}, {"age": timedelta(minutes=6)}])
async def test_what_is_not_signed_by_a_provider_is_not_believed(http: Http, how: dict[str, Any]) -> None:
    await http.hears(REGISTERED, WITH_EMAIL)
    await chooses(http, "sms", "email")
    assert (await says(http, "sms", news(reply("STOP")), 409, **how))["code"] == "webhook-not-believed"
    assert (await state_of(http)).stopped == ()


async def test_without_a_secret_nobody_is_believed(tmp_path: Path) -> None:
    async with serving(tmp_path) as http:
        await says(http, "sms", news(reply("STOP")), 409)


@pytest.mark.parametrize("who", [ROSA_USER, User(TANAKA, "psychology"), User("op-byrne", "operator")])
async def test_nobody_else_may_say_what_providers_say(http: Http, who: User) -> None:
    answer = await http.post(who, "/webhooks/sms", signed(http, news(reply("STOP"))))
    assert answer.status_code == 403


async def test_what_cannot_be_read_is_said_so(http: Http) -> None:
    assert (await says(http, "sms", b'{"news": [{"kind": "gossip"}]}', 422))["code"] == "webhook-invalid"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"news": [{"kind": "receipt"}]}', b"\xff"])
def test_a_fault_holds_nothing_of_what_was_said(body: bytes) -> None:
    with pytest.raises(InboundFault, match="not readable"):
        read_news(body)


@pytest.mark.parametrize("text", ["stop", "STOP!", '"Stop"', "\tquit\n", "PARAR"])
def test_a_word_is_known_however_it_is_written(text: str) -> None:
    assert Reply(kind="reply", sender=NUMBER, text=text).word == "stop"


def test_nothing_is_the_newest_where_nothing_went_that_way() -> None:
    assert newest(AgendaState(), "sms") is None
