"""Leaving quickly: one button, without JavaScript, from every page of patients and of those whom they trust."""

from collections.abc import Mapping

import pytest
from pydantic import TypeAdapter, ValidationError

from deploy.visitor import Visitor
from shared.contracts.clinic import Clinic, SecureAddress
from shared.runtime.auth import own, read
from tests.portal.running import Running
from tests.portal.story import REFERRER, started, visitor


def test_it_signs_out_leads_elsewhere_and_names_nobody(system: Running) -> None:
    browser = started(system)
    home = browser.get("/").text
    page = browser.submit("leave")
    assert page.status == 200
    assert page.headers["refresh"] == f"0; url={system.clinic.leave_to}"
    assert page.links == [system.clinic.leave_to]
    assert page.headers["cache-control"] == "no-store"
    assert "clear-site-data" not in page.headers
    assert system.clinic.name not in page.html
    back = browser.get("/")
    assert back.path == "/sign-in"
    assert home.strip() not in back.html


def test_what_was_saved_stays(system: Running) -> None:
    browser = started(system)
    browser.get(next(link for link in browser.page.links if link.startswith("/questions/")))
    browser.submit("answer", answer="6")
    who = _who(system, browser)
    browser.get("/questions/1/2")
    browser.submit("leave")
    again = visitor(system, who)
    assert again.get("/questions/1/1").form("answer").values["answer"] == ["6"]
    assert again.get("/questions/1").path == "/questions/1/2"


def _who(system: Running, browser: Visitor) -> str:
    """Who has signed in there."""
    user = read(own(system.secret), browser.client.cookies["carepath"], system.clock.now())
    return f"{user.role}:{user.id}"


def test_it_works_from_a_page_of_another_session_and_of_none(system: Running) -> None:
    browser = started(system)
    form = browser.page.form("leave")
    guest = Visitor(system.addresses["portal"])
    assert guest.submit(form).headers["refresh"]
    guest.get("/help")
    assert guest.submit("leave").headers["refresh"]
    old = {**form.values, "form_token": ["of another session"]}
    answer = browser.client.post("/leave", data=old)
    assert answer.headers["refresh"]
    assert browser.get("/").path == "/sign-in"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_signs_nobody_out(system: Running, headers: Mapping[str, str]) -> None:
    browser = started(system)
    assert browser.client.post("/leave", data=browser.page.form("leave").values, headers=headers).status_code == 403
    assert browser.get("/").path == "/"


def test_help_says_what_it_does_and_does_not_do(system: Running) -> None:
    for browser in (Visitor(system.addresses["portal"]), started(system)):
        assert "may still show later that you were here" in browser.get("/help").text
    assert "show later" not in visitor(system, REFERRER).get("/help").text


@pytest.mark.parametrize(
    "address",
    [
        "http://weather.example/",
        "https://",
        "javascript:alert(1)",
        "weather.example",
        "https://a b",
        "https://a/\r\nX: y",
    ],
)
def test_it_leads_nowhere_but_to_a_secure_address(address: str) -> None:
    with pytest.raises(ValidationError, match="is no web address"):
        TypeAdapter(SecureAddress).validate_python(address)


def test_a_clinic_that_says_nothing_sends_them_to_the_weather() -> None:
    assert TypeAdapter(SecureAddress).validate_python(Clinic.model_fields["leave_to"].default)
