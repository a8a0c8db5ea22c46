"""Attacks on the whole running system, through its pages."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import httpx
import pytest

from tests.parts.wait import until
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, person, refer, register, visitor


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("web")) as system:
        yield system


def test_a_form_acts_on_whom_its_page_showed_whatever_was_opened_in_a_second_tab(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    first, second = (refer(referrer, register(referrer)) for _ in range(2))
    one, other = visitor(system, PSYCHOLOGY), visitor(system, PSYCHOLOGY)
    other.client.cookies = one.client.cookies
    form = one.get(f"/referrals/{first}").form("ask")
    other.get(f"/referrals/{second}")
    page = one.submit(form, question="Since when does it hurt?")
    assert page.path == f"/referrals/{first}"
    assert "Since when does it hurt?" in page.text
    assert "Since when does it hurt?" not in other.get(f"/referrals/{second}").text


def test_a_session_names_nobody_but_whoever_signed_in(system: Running) -> None:
    """There is no "current patient" that a second tab could change."""
    browser = visitor(system, REFERRER)
    patient = register(browser)
    browser.get(f"/patients/{patient}")
    browser.get(f"/patients/{patient}/plan")
    for cookie in browser.client.cookies.jar:
        readable = [cookie.value or ""]
        for part in (cookie.value or "").split("."):
            readable.append(urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1"))
        assert not [text for text in readable if patient in text], cookie.name


def test_a_forged_host_does_not_get_into_the_link_that_is_sent(system: Running) -> None:
    address = person()["email"]
    register(visitor(system, REFERRER), email=address)
    system.settle()
    portal = system.addresses["portal"]
    headers = {
        "Host": "elsewhere.example",
        "X-Forwarded-Host": "elsewhere.example",
        "Forwarded": "host=elsewhere.example",
    }
    form = {"email": address, "key": "forged-host"}
    answer = httpx.post(f"{portal}/sign-in/link", data=form, headers=headers, trust_env=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in/link/sent"

    def mail() -> str:
        for file in system.mail.glob("*.eml"):
            found = message_from_bytes(file.read_bytes(), policy=default)
            body = found.get_body(("plain",))
            if str(found["To"]) == address and body is not None and "/sign-in/with/" in body.get_content():
                return str(found)
        return ""

    text = until(mail, "the e-mail", timeout=30)
    assert "elsewhere.example" not in text
    assert f"{portal}/sign-in/with/" in text


def test_what_a_page_answers_to_json_and_other_kinds_of_body_is_no_action(system: Running) -> None:
    """A form of ours is one kind of body; what another kind holds is read by nobody."""
    browser = visitor(system, REFERRER)
    token = browser.get("/").form("sign-out").values["form_token"][0]
    sent = {"Content-Type": "application/json"}
    body = json.dumps({"form_token": token, "language": "es"})
    answer = browser.client.post("/language", content=body, headers=sent, follow_redirects=False)
    assert answer.status_code == 403
    answer = browser.client.post("/language", files={"form_token": (None, token)}, follow_redirects=False)
    assert answer.status_code == 403
