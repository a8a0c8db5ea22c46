"""How somebody chooses to be reached: the ways, their order, what others may see, and each kind of message."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.reaching import code_sent_to
from deploy.visitor import Visitor
from shared.runtime.auth import User, issue
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, accept, refer, register, visitor
from tests.portal.test_tidy import is_sound


def messages_of(system: Running, patient: str) -> list[Any]:
    token = issue(system.secret, User(patient, "patient"), system.clock.now(), timedelta(minutes=5))
    address = f"{system.addresses['notifications']}/agendas/{patient}/inbox"
    found: list[Any] = httpx.get(address, headers={"Authorization": f"Bearer {token}"}).json()["messages"]
    return found


@pytest.fixture
def person(system: Running) -> Visitor:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return visitor(system, f"patient:{patient}")


def test_ways_and_their_order_are_chosen(system: Running, person: Visitor) -> None:
    page = person.get("/inbox/ways")
    is_sound(page)
    page = person.submit("ways", ways=("email", "sms"), first="sms", phone="0044 7700 900-123", says_more="yes")
    assert page.query == "done=ways-chosen"
    assert 'value="+447700900123"' in page.html
    assert 'name="says_more" value="yes" checked' in page.html
    assert 'name="first" value="sms" checked' in page.html
    assert "Is this your number?" in page.text
    is_sound(page)
    assert "not the code that we sent" in person.submit("confirm-way", code="1").text
    system.settle()
    page = person.submit("confirm-way", code=code_sent_to(system.mail, "+447700900123", "sms"))
    assert page.query == "done=way-confirmed"
    assert "Is this your number?" not in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ways": ()}, "tick at least one way"),
        ({"ways": ("sms",), "phone": ""}, "we need your phone number"),
        ({"ways": ("push",), "push": ""}, "name that our team set up with you"),
        ({"ways": ("sms",), "phone": "12"}, "phone number with digits"),
        ({"ways": ("push",), "push": "a b"}, "only letters, digits"),
    ],
)
def test_half_a_choice_is_explained(person: Visitor, fields: dict[str, str | tuple[str, ...]], said: str) -> None:
    person.get("/inbox/ways")
    page = person.submit("ways", **fields)
    assert page.status == 422
    assert said in page.text
    is_sound(page)


def test_a_kind_of_message_may_use_fewer_ways(person: Visitor) -> None:
    person.get("/inbox/ways")
    page = person.submit(
        "ways", ways=("email", "sms"), first="email", phone="+447700900123", for_encouragement=("email",)
    )
    assert page.query == "done=ways-chosen"
    assert 'name="for_encouragement" value="email" checked' in page.html
    assert 'name="for_encouragement" value="sms" checked' not in page.html
    assert 'name="for_meetings" value="sms" checked' in page.html


def test_an_operator_sees_how_the_providers_do(system: Running) -> None:
    page = visitor(system, "operator:op-byrne").get("/")
    assert "Text message: a folder on this machine" in page.text
    assert "kept as files in the folder that CAREPATH_MAIL_FOLDER names" in page.text
    is_sound(page)


def test_what_was_on_the_screen_is_not_said_by_another_way(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    referral = refer(referrer, patient)
    accept(system, visitor(system, PSYCHOLOGY), referral)
    system.to_morning()
    browser = visitor(system, f"patient:{patient}")
    inbox = browser.get("/inbox")
    [invitation] = [one for one in messages_of(system, patient) if one["template"] == "invitation"]
    assert any(link.endswith(f"/{invitation['id']}/why") for link in inbox.links)
    assert "It was seen in the inbox." in browser.get(f"/inbox/{invitation['id']}/why").text
