"""Somebody of another team opens a record in need: what they, the safety lead and the person see, in both languages."""

from collections.abc import Iterator

import pytest

from tests.architecture.caregiver_world import OTHER_TEAM, with_teams
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor

REASON = "She is in our waiting room and unwell."
OTHER = f"psychology:{OTHER_TEAM}"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("in-need")
    with running(folder, with_teams(folder)) as system:
        yield system


@pytest.fixture
def patient(system: Running) -> str:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return patient


def test_a_record_is_opened_for_a_reason_and_everybody_concerned_can_read_it(system: Running, patient: str) -> None:
    other = visitor(system, OTHER)
    closed = other.get(f"/patients/{patient}")
    assert closed.status == 404
    assert "/open-in-need" in closed.html
    other.get("/open-in-need")
    assert "at least 5 letters" in other.submit("open-in-need", patient_id=patient, reason="").text
    page = other.submit("open-in-need", patient_id=patient, reason=REASON)
    assert (page.status, page.path) == (200, f"/patients/{patient}")
    assert "It closes by itself" in page.text
    system.settle()

    lead = visitor(system, PSYCHOLOGY)
    assert "/opened-in-need" in lead.get("/").html
    assert "A record was opened in need" in lead.get("/inbox").text
    shown = lead.get("/opened-in-need")
    assert REASON in shown.text
    [form] = [one for one in shown.forms if one.name.startswith("review-glass-")]
    assert lead.submit(form, verdict="justified").query == "done=glass-reviewed"
    assert REASON not in lead.get("/opened-in-need").text

    person = visitor(system, f"patient:{patient}")
    page = person.get("/privacy")
    assert "Who opened your record in need" in page.text
    assert REASON in page.text
    assert "Ines Elsewhere" in page.text
    assert "Quién abrió su historia por necesidad" in visitor(system, f"patient:{patient}", "es").get("/privacy").text

    assert other.get(f"/patients/{patient}").status == 404, "what was looked at is closed"


def test_whoever_sees_it_already_is_told_so_and_nobody_else_has_the_pages(system: Running, patient: str) -> None:
    team = visitor(system, PSYCHOLOGY)
    team.get(f"/open-in-need?patient={patient}")
    assert "You can see this record already" in team.submit("open-in-need", reason=REASON).text
    assert visitor(system, OTHER).get("/opened-in-need").status == 404
    for nobody in (REFERRER, "operator:op-byrne", f"patient:{patient}"):
        assert visitor(system, nobody).get("/open-in-need").status == 404


def test_in_spanish_it_says_the_same(system: Running) -> None:
    for who, path, words in (
        (OTHER, "/open-in-need", "Otro equipo"),
        (PSYCHOLOGY, "/opened-in-need", "Historias abiertas"),
    ):
        assert words in visitor(system, who, "es").get(path).text
