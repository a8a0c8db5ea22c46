"""How somebody chooses to be reached: the ways, their order, what others may see, and each kind of message."""

from collections.abc import Iterator

import pytest

from deploy.visitor import Visitor
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("ways")) as system:
        yield system


@pytest.fixture
def person(system: Running) -> Visitor:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return visitor(system, f"patient:{patient}")


def test_ways_and_their_order_are_chosen(person: Visitor) -> None:
    page = person.get("/inbox/ways")
    is_sound(page)
    page = person.submit("ways", ways=("email", "sms"), first="sms", phone="0044 7700 900-123", says_more="yes")
    assert page.query == "done=ways-chosen"
    assert 'value="+447700900123"' in page.html
    assert 'name="says_more" value="yes" checked' in page.html
    assert 'name="first" value="sms" checked' in page.html


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
