"""What a patient opens to those whom they trust: chosen on one page, seen on another, and the same for both."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.calls import Away, Calls
from shared.runtime.auth import User
from tests.portal import sharing_story as sharing
from tests.portal.running import Running, running
from tests.portal.story import visitor
from tests.portal.test_tidy import is_sound

PROGRAMME = "Living well with lasting pain"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sharing")) as system:
        yield system


@pytest.fixture(scope="module")
def treated(system: Running) -> tuple[Visitor, str]:
    return sharing.in_treatment(system)


@pytest.fixture
def luis(system: Running, treated: tuple[Visitor, str]) -> Iterator[User]:
    """Somebody who takes part, and to whom nothing is open yet."""
    _, patient = treated
    luis = sharing.named(system, patient, "luis@people.example")
    sharing.takes_part(system, patient, luis)
    yield luis
    sharing.forgets(system, patient, luis)


def _sees(system: Running, treated: tuple[Visitor, str], luis: User) -> PageSeen:
    """What Luis sees, which is what the patient sees of it."""
    rosa, patient = treated
    page = visitor(system, f"caregiver:{luis.id}").get(f"/shared/{patient}")
    preview = rosa.get(f"/privacy/people/{luis.id}/view")
    assert _said(preview).endswith(_said(page)), "the patient is shown something else"
    return page


def _said(page: PageSeen) -> str:
    """Below the heading, without the note that it is a preview."""
    text = " ".join(page.text.split())
    return text.partition("shares with you ")[2].partition("sees now. ")[2] or text.partition("shares with you ")[2]


def test_nothing_is_open_at_first(system: Running, treated: tuple[Visitor, str], luis: User) -> None:
    page = _sees(system, treated, luis)
    assert "Nothing is shared at the moment." in page.text
    assert PROGRAMME not in page.text


def test_each_thing_is_opened_and_closed_on_the_patients_page(
    system: Running, treated: tuple[Visitor, str], luis: User
) -> None:
    rosa, _ = treated
    shown = {"progress": "1 of 8 parts done.", "scores": "is better: 1.3", "plan": sharing.GOAL, "news": "has started"}
    for scope in shown:
        page = rosa.get(f"/privacy/people/{luis.id}")
        is_sound(page)
        [form] = [form for form in page.forms if form.name == "open-scope" and form.values["scope"] == [scope]]
        assert rosa.submit(form).query == "done=scope-opened"
        page = _sees(system, treated, luis)
        is_sound(page)
        assert [one for one in shown if shown[one] in page.text] == [scope], page.text
        page = rosa.get(f"/privacy/people/{luis.id}")
        assert rosa.submit("close-scope").query == "done=scope-closed"
        assert "Nothing is shared" in _sees(system, treated, luis).text


def test_scores_are_a_sentence_and_a_line_without_bands(
    system: Running, treated: tuple[Visitor, str], luis: User
) -> None:
    _, patient = treated
    sharing.opens(system, patient, luis, "scores")
    page = _sees(system, treated, luis)
    assert 'role="img"' in page.html
    assert "Lower is better." in page.text
    assert not [word for word in ("severe", "moderate", "mild", "Diamond", "reliable") if word in page.text]


def test_what_clinicians_have_to_do_is_not_the_patients_to_share(
    system: Running, treated: tuple[Visitor, str], luis: User
) -> None:
    _, patient = treated
    sharing.opens(system, patient, luis, "plan")
    page = _sees(system, treated, luis)
    assert sharing.OWN_STEP in page.text
    assert sharing.TEAM_STEP not in page.text


def test_while_treatment_cannot_be_asked_the_rest_is_there_and_the_page_says_so(
    system: Running, treated: tuple[Visitor, str], luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, patient = treated
    sharing.opens(system, patient, luis, "plan", "scores")
    browser = visitor(system, f"caregiver:{luis.id}")
    real = Calls.get

    async def get(calls: Calls, user: User, correlation: str, service: str, path: str, **query: str) -> Any:
        if service == "interventions":
            raise Away(service)
        return await real(calls, user, correlation, service, path, **query)

    monkeypatch.setattr(Calls, "get", get)
    page = browser.get(f"/shared/{patient}")
    assert "cannot be shown just now" in page.text
    assert sharing.GOAL in page.text
    assert "is better: 1.3" not in page.text


def test_the_last_day_that_was_chosen_is_the_one_that_is_shown(
    system: Running, treated: tuple[Visitor, str], luis: User
) -> None:
    rosa, _ = treated
    until = (system.clock.now() + timedelta(days=20)).date()
    page = rosa.get(f"/privacy/people/{luis.id}")
    [form] = [form for form in page.forms if form.name == "open-scope" and form.values["scope"] == ["plan"]]
    rosa.submit(form, until=until.isoformat())
    assert f"Open until {until.day} {until:%B} {until.year}" in rosa.get(f"/privacy/people/{luis.id}").text


def test_an_unknown_person_is_not_there(system: Running, treated: tuple[Visitor, str]) -> None:
    rosa, _ = treated
    for path in ("/privacy/people/caregiver-nobody", "/privacy/people/caregiver-nobody/view"):
        assert rosa.get(path).status == 404
