"""The caseload: psychology sees everybody in treatment, what is owed next, and comes from there to where it is done."""

from datetime import timedelta

from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, started, visitor
from tests.portal.test_tidy import is_sound


def days(system: Running, number: int) -> None:
    for _ in range(number):
        system.clock.offset += timedelta(days=1)
        system.settle()


def test_a_team_sees_what_each_needs_next_and_goes_there(system: Running) -> None:
    started(system)
    psychology = visitor(system, PSYCHOLOGY)
    assert "/caseload" in psychology.page.links
    page = psychology.get("/caseload")
    is_sound(page)
    assert "Questions wait for their answers since" in page.text
    assert "0 of 8 parts done." in page.text
    assert "No contact is written down yet." in page.text
    days(system, 16)
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get("/caseload")
    assert "Call them. This is due since" in page.text
    there = next(link for link in page.links if link.endswith("#contacts"))
    psychology.get(there.partition("#")[0])
    psychology.submit("log-contact", kind="phone", reached="yes", minutes="12")
    page = psychology.get("/caseload")
    assert ", Phone." in page.text
    assert "Overdue" in page.text


def test_an_alert_stands_first_and_leads_to_its_page(system: Running) -> None:
    patient = started(system)
    answer_all(patient)
    answer_all(patient, last="3")
    system.settle()
    page = visitor(system, PSYCHOLOGY).get("/caseload")
    first = next(link for link in page.links if link.startswith(("/alerts/", "/episodes/")))
    assert first.startswith("/alerts/")
    assert "May be unsafe" in page.text


def test_mine_says_who_is_meant_and_nobody_else_gets_in(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY, "es")
    page = psychology.get("/caseload?who=mine")
    is_sound(page)
    assert "Nadie en tratamiento tuvo con usted su primera cita." in page.text
    assert "/caseload?who=team" in page.links
    assert psychology.get("/caseload?after=nowhere").status == 422
    assert visitor(system, REFERRER).get("/caseload").status == 404
