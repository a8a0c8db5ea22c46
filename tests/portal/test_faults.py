"""What a person meets when something they sent is wrong, sent twice, or came too late; and a page for every state, in
plain words, with a way on.
"""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.calls import Calls, Refused
from services.portal.words import LANGUAGES, words
from tests.portal.running import Running
from tests.portal.story import ANSWERS, PSYCHOLOGY, REFERRER, draft, person, refer, register, started, visitor
from tests.portal.test_tidy import is_sound


def test_what_was_typed_is_kept_and_every_fault_is_named(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    draft(referrer, register(referrer))
    page = referrer.submit("refer", reason="Back pain.", goal="", **{**ANSWERS, "PEG-2": ""})
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "hopes to be able to do" in page.text
    assert page.form("refer").values["reason"] == ["Back pain."]
    assert page.form("refer").values["PEG-1"] == ["6"]
    page = referrer.submit("refer", goal="To walk.")
    assert "Please answer this question" in page.text
    assert "#refer-PEG-2" in page.links


def test_a_second_open_referral_leads_to_the_first(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    draft(referrer, patient)
    second = referrer.page.path
    first = refer(referrer, patient)
    referrer.get(second)
    page = referrer.submit("refer", reason="Again.", goal="To walk.", **ANSWERS)
    assert "already has an open referral" in page.text
    assert f"/referrals/{first}" in page.links


def test_pressing_twice_does_it_once(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    form = referrer.page.form("register-patient")
    fields = {"consents": ("refer",), **person()}
    first, second = referrer.submit(form, **fields), referrer.submit(form, **fields)
    assert first.path == second.path
    assert second.query == "done=registered"


def test_a_form_used_again_with_other_words_is_not_sent(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    form = referrer.page.form("register-patient")
    referrer.submit(form, **person())
    page = referrer.submit(form, **person())
    assert "This form was sent before" in page.text


def test_who_looked_at_an_old_version_sees_the_new_one_first(system: Running) -> None:
    referrer, one, other = visitor(system, REFERRER), visitor(system, PSYCHOLOGY), visitor(system, PSYCHOLOGY)
    referral = refer(referrer, register(referrer))
    one.get(f"/referrals/{referral}")
    other.get(f"/referrals/{referral}")
    one.submit("ask", question="Since when?")
    page = other.submit("return", rationale="Try pacing first.")
    assert page.status == 412
    assert "Somebody changed this meanwhile" in page.text
    assert "Is yours still right? Then send it again." in page.text
    assert "It was not saved, and its form" not in page.text
    assert "Since when?" in page.text
    assert page.form("return").values["rationale"] == ["Try pacing first."]
    assert other.submit("return").query == "done=referral-return"


def test_what_somebody_wrote_is_not_lost_with_a_form_that_is_gone(system: Running) -> None:
    referrer, one, other = visitor(system, REFERRER), visitor(system, PSYCHOLOGY), visitor(system, PSYCHOLOGY)
    referral = refer(referrer, register(referrer))
    one.get(f"/referrals/{referral}")
    other.get(f"/referrals/{referral}")
    one.submit("return", rationale="Try pacing first.")
    page = other.submit("ask", question="Since when does it hurt?")
    assert page.status == 412
    assert not page.has_form("ask")
    is_sound(page)
    assert "Try pacing first." in page.text
    assert "It was not saved, and its form is no longer here" in page.text
    assert "Since when does it hurt?" in page.text


def test_half_a_trusted_person_is_asked_for_before_anybody_is_registered(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    page = referrer.submit("register-patient", **person(), caregiver_name="Luis Ruiz")
    assert page.status == 422
    assert "trusted person's e-mail address" in page.text
    assert "#register-patient-caregiver_email" in page.links


def test_a_name_cannot_become_part_of_the_page(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer, name="<script>alert(1)</script>")
    page = referrer.get(f"/patients/{patient}")
    assert "<script>" not in page.html
    assert "<script>alert(1)</script>" in page.text


def _leads_on(system: Running, page: PageSeen, *ways: str) -> None:
    """It is a page like all others, and says what one can do: go on, call, or read whom to call in danger."""
    is_sound(page)
    assert not [way for way in ("/", "/help", *ways) if way not in page.links]
    assert system.clinic.phone in page.text
    assert page.text.count(".") >= 2, "it says what happened and what to do"


def _sent(browser: Visitor, path: str, came_from: str, **fields: str) -> PageSeen:
    """A form as a browser would send it."""
    address = str(browser.client.base_url).rstrip("/")
    return PageSeen(browser.client.post(path, data=fields, headers={"Referer": f"{address}{came_from}"}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_or_not_theirs_or_no_page_leads_on(system: Running, language: str) -> None:
    t = words("en" if language == "en" else "es")
    browser = visitor(system, REFERRER, language)
    for path, status, name in (
        ("/nowhere", 404, "not-found"),
        ("/referrals/referral-1", 404, "not-found"),
        ("/places", 404, "not-found"),
        ("/programme/one", 404, "not-found"),
        ("/sign-out", 405, "no-page"),
    ):
        page = browser.get(path)
        assert (page.status, page.headings[0][1]) == (status, t(f"fault.{name}.title")), path
        _leads_on(system, page)


def test_a_form_of_another_session_or_too_long_leads_back_to_its_page(system: Running) -> None:
    browser = visitor(system, REFERRER)
    page = _sent(browser, "/patients/new", "/patients/new", form_token="of another session", name="Ana")
    assert page.status == 403
    assert "Nothing was changed" in page.text
    _leads_on(system, page, "/patients/new")
    page = _sent(browser, "/patients/new", "/patients/new", name="x" * 100_000)
    assert page.status == 413
    _leads_on(system, page, "/patients/new")
    answer = browser.client.post("/patients/new", headers={"Referer": "https://elsewhere.example/a"})
    assert "/a" not in PageSeen(answer).links


def test_whoever_was_signed_out_by_the_clock_reads_what_became_of_it(system: Running) -> None:
    browser = started(system)
    browser.get("/questions/1/1")
    form = browser.page.form("answer")
    system.clock.offset += timedelta(hours=21)
    try:
        page = browser.submit(form, answer="6")
        assert page.path == "/sign-in"
        assert "What you sent last was not saved" in page.text
        is_sound(page)
    finally:
        system.clock.offset -= timedelta(hours=21)
    browser = started(system)
    system.clock.offset += timedelta(hours=21)
    try:
        assert "You were signed out, since some time has passed" in browser.get("/").text
        assert "signed out" not in browser.get("/").text
    finally:
        system.clock.offset -= timedelta(hours=21)


@pytest.mark.parametrize(
    ("code", "title", "sentence"),
    [
        ("feedback-closed", "The time for this has passed", "There is nothing that you need to do."),
        ("check-in-lapsed", "The time for this has passed", "There is nothing that you need to do."),
        ("activity-ended", "The time for this has passed", "This has ended already."),
        ("already-answered", "This is done already", "This discussion has its answer already."),
        ("feedback-given", "This is done already", "You have told us already."),
        ("wrong-status", "This is not possible now", "Please look at how it stands now."),
        ("new-code", "This is not possible now", "A sentence of the service."),
    ],
)
def test_too_late_and_already_done_are_said_as_such(
    system: Running, monkeypatch: pytest.MonkeyPatch, code: str, title: str, sentence: str
) -> None:
    browser = visitor(system, REFERRER)

    async def refused(*_: Any, **__: Any) -> Any:
        raise Refused(409, {"code": code, "title": "A sentence of the service."})

    monkeypatch.setattr(Calls, "get", refused)
    page = browser.get("/patients")
    assert (page.status, page.headings[0][1]) == (409, title)
    assert sentence in page.text
    _leads_on(system, page)


def test_when_the_portal_itself_fails_people_read_that_it_is_not_their_fault(
    system: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = visitor(system, REFERRER)

    async def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(Calls, "get", breaks)
    page = browser.get("/patients")
    assert page.status == 500
    assert "on our side" in page.text
    _leads_on(system, page)


def test_an_address_that_only_takes_forms_never_runs_by_being_opened(system: Running) -> None:
    browser = started(system)
    assert httpx.get(f"{system.addresses['portal']}/leave", trust_env=False).status_code == 405
    assert browser.get("/leave").status == 405
    assert browser.get("/").path == "/"


def test_a_referrer_who_may_not_see_somebody_reads_how_to_ask(system: Running) -> None:
    page = visitor(system, REFERRER).get("/patients/patient-1")
    assert page.status == 404
    is_sound(page)
    assert "A person is shown to whoever registered them." in page.text
    assert "whoever registered them" not in visitor(system, PSYCHOLOGY).get("/patients/patient-1").text
