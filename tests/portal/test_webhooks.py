"""Providers report through the portal, since nothing else can be reached from outside."""

import json
from email import message_from_bytes

import httpx
import pytest

from deploy.bounce import hand_on
from deploy.provider import signed
from deploy.visitor import Visitor
from services.notifications.agendas import agenda_id
from tests.notifications.bounce_mails import ID, postfix
from tests.portal.running import Running
from tests.portal.story import REFERRER, refer, register, visitor

STOP = json.dumps({"news": [{"kind": "reply", "sender": "+447700900123", "text": "STOP"}]}).encode()


@pytest.fixture
def person(system: Running) -> tuple[Visitor, str]:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return visitor(system, f"patient:{patient}"), patient


def call(system: Running, channel: str, body: bytes, **headers: str) -> httpx.Response:
    made = signed(system.webhook_secret, "call-1", system.clock.now(), body) | headers
    return httpx.post(f"{system.addresses['portal']}/webhooks/{channel}", content=body, headers=made)


def test_stop_reaches_the_person_who_has_that_number(system: Running, person: tuple[Visitor, str]) -> None:
    browser, _ = person
    browser.get("/inbox/ways")
    browser.submit("ways", ways=("email", "sms"), first="sms", phone="+447700900123")
    answer = call(system, "sms", STOP)
    assert (answer.status_code, answer.json()) == (200, {"heard": 1})
    assert "You get no text messages now" in browser.get("/inbox/ways").text


def test_a_returned_mail_is_handed_on_and_the_person_reads_of_it(system: Running, person: tuple[Visitor, str]) -> None:
    _, patient = person
    system.to_morning()
    browser = visitor(system, f"patient:{patient}")
    mails = (message_from_bytes(file.read_bytes())["Message-ID"] for file in system.mail.glob("*.eml"))
    id = next(one for one in mails if agenda_id(patient) in one).strip("<>").partition("@")[0]
    message = id.partition(".")[0]
    report = postfix().replace(ID.encode(), id.encode())
    assert hand_on(system.addresses["portal"], system.webhook_secret, report, "call-2", system.clock.now()) == 1
    assert "Our e-mails to you came back" in browser.get("/inbox/ways").text
    assert "it did not arrive" in browser.get(f"/inbox/{message}/why").text


@pytest.mark.parametrize("headers", [{"webhook-signature": "v1,AAAA"}, {"webhook-timestamp": "1"}])
def test_what_is_not_signed_is_not_believed(system: Running, headers: dict[str, str]) -> None:
    answer = call(system, "sms", STOP, **headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook-not-believed")


def test_a_channel_that_is_none_is_not_there_and_a_flood_is_not_read(system: Running) -> None:
    assert call(system, "pigeon", STOP).status_code == 404
    assert call(system, "sms", b"x" * 1_000_001).status_code == 413
