"""Figures of the service: a month or a quarter, a sentence before each table, and the same numbers to take along."""

import csv
import io
from datetime import date

import pytest

from services.portal import figures
from services.portal.figures import Period, period_of, sections
from services.portal.words import words
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, started, visitor
from tests.portal.test_tidy import is_sound

TODAY = date(2027, 5, 3)
MAY = Period(2027 * 12 + 4)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("2027-04", "2027-04"),
        ("2027-Q1", "2027-Q1"),
        ("2027-Q2", "2027-Q2"),
        *[(wrong, "2027-05") for wrong in ("", "2027-06", "2027-Q3", "2027-13", "2027-5", "2027-Q", "x", "²027-01")],
    ],
)
def test_a_month_or_quarter_that_has_begun_is_shown_and_else_the_present_month(asked: str, name: str) -> None:
    assert period_of(asked, TODAY).name == name


def test_months_and_quarters_lead_to_each_other() -> None:
    assert (MAY.moved(-5).name, MAY.other().name, MAY.other().moved(1).name) == ("2026-12", "2027-Q2", "2027-Q3")
    assert MAY.other().other().name == "2027-04"
    assert (MAY.is_over(TODAY), MAY.moved(-1).is_over(TODAY)) == (False, True)
    assert [MAY.words(words(one)) for one in ("en", "es")] == ["May 2027", "mayo de 2027"]
    assert MAY.other().words(words("en")) == "second quarter of 2027"


def test_what_is_not_said_is_not_worked_out() -> None:
    change = {
        "measure": "PEG",
        "rule": "important",
        "measured": 20,
        "verdicts": [
            {"code": "improved", "count": 12, "few": False},
            {"code": "no_change", "count": None, "few": False},
            {"code": "deteriorated", "count": None, "few": True},
        ],
    }
    treatments = {"begun": 30, "finished": 18, "ended_early": 2, "ended_because": [], "changes": [change]}
    found = {one.id: one for one in sections(words("en"), None, treatments, None)}
    assert [row.value for row in found["changes"].rows or ()] == ["20", "12 of 20 (60 %)", "not shown", "fewer than 5"]
    assert found["treatments"].sentence == "Treatments begun: 30. Completed: 18. Ended before: 2."
    assert found["referrals"].rows is None
    assert "Referrals" not in figures.as_csv(words("en"), MAY, list(found.values()))


def test_a_month_says_nothing_of_its_parts_and_few_people_no_wait() -> None:
    change = {"measure": "PEG", "rule": "important", "measured": 20, "verdicts": []}
    treatments = {"begun": 30, "finished": 18, "ended_early": 2, "ended_because": [], "changes": [change]}
    names = ("submitted", "accepted", "returned", "redirected", "lapsed", "declined", "missed", "caregivers")
    waits = {"people": 4, "median_days": None, "longest_days": None}
    referrals = {**dict.fromkeys(names, 1), "declined_because": [], "missed_because": [], "waits": waits}
    found = {one.id: one for one in sections(words("en"), referrals, treatments, None)}
    assert [row.value for row in found["changes"].rows or ()] == ["20"]
    assert found["waits"].sentence.startswith("Fewer than 5 people began")
    assert [row.value for row in found["waits"].rows or ()][:3] == ["4", "not shown", "not shown"]


def test_psychology_and_operators_read_them_and_take_them_along(system: Running) -> None:
    started(system)
    now = system.clock.now()
    for person in (PSYCHOLOGY, "operator:op-byrne"):
        browser = visitor(system, person)
        assert "/figures" in browser.page.links
        page = browser.get("/figures")
        is_sound(page)
        assert "Referrals that came in: 1. Accepted: 1." in page.text
        assert "Treatments begun: 1. Completed: 0. Ended before: 0." in page.text
        assert "As of " in page.text
        assert "fewer than 5" in page.text
        assert page.text.count("This time is not over yet.") == 1
    table = browser.get("/figures.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(table.html.lstrip("\ufeff"))))
    assert lines[0] == ["Time", "Group", "Figure", "Number"]
    assert [lines[1][0][-4:], *lines[1][1:]] == [f"{now:%Y}", "Referrals", "Came in", "1"]
    quarter = next(link for link in page.links if "-Q" in link)
    is_sound(browser.get(quarter))
    assert "This time is not over yet." not in browser.get("/figures?period=2020-01").text


def test_the_page_is_spanish_too_and_nobody_elses(system: Running) -> None:
    page = visitor(system, PSYCHOLOGY, "es").get("/figures")
    is_sound(page)
    assert "Derivaciones recibidas" in page.text
    referrer = visitor(system, REFERRER)
    assert [referrer.get(path).status for path in ("/figures", "/figures.csv")] == [404, 404]
