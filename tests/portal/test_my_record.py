"""All that is kept about somebody, on a page and in a file: theirs, whole, and nobody else's."""

import json
from pathlib import Path

from services.portal.exported import FORMAT
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, started, visitor
from tests.portal.test_tidy import is_sound


def test_somebody_in_treatment_reads_and_keeps_all_about_themselves(system: Running) -> None:
    browser = started(system)
    page = browser.get("/privacy")
    assert "/privacy/record" in page.links
    assert "tell your clinic" in page.text
    page = browser.get("/privacy/record")
    is_sound(page)
    for part in (
        "Ana Ruiz",
        "@people.example",
        "3 May 1980",
        "To get e-mails",
        "Back pain for four years.",
        "walk to the market",
    ):
        assert part in page.text
    assert "Living well with lasting pain" in page.text
    file = browser.get("/privacy/record.json")
    assert file.headers["content-type"] == "application/json"
    assert "attachment" in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "no-store"
    found = json.loads(file.html)
    assert found["format"] == FORMAT
    assert found["person"]["birth_date"] == "1980-05-03"
    assert [one["goal"] for one in found["referrals"]] == ["To walk to the market."]
    assert found["treatments"][0]["treatment"]["patient_id"] == found["person"]["id"]
    assert found["messages"]["messages"]
    assert any(entry["type"] == "carepath.referral.submitted.v1" for entry in found["history"])
    # Every name that stands in it is in the documentation.
    told = Path("docs/record.md").read_text(encoding="utf-8")
    for name in (*found, *found["treatments"][0]):
        assert f"`{name}`" in told, name


def test_answers_stand_there_with_their_questions(system: Running) -> None:
    browser = started(system)
    answer_all(browser)
    system.settle()
    found = json.loads(browser.get("/privacy/record.json").html)
    questionnaire = found["treatments"][0]["questionnaires"][0]
    assert questionnaire["answers"]
    assert questionnaire["questions"]["items"][0] in browser.get("/privacy/record").text


def test_it_is_spanish_too(system: Running) -> None:
    mine = started(system)
    patient = json.loads(mine.get("/privacy/record.json").html)["person"]["id"]
    page = visitor(system, f"patient:{patient}", "es").get("/privacy/record")
    is_sound(page)
    assert "Todo lo que tenemos sobre usted" in page.text


def test_nobody_else_has_such_a_page(system: Running) -> None:
    for person in (REFERRER, PSYCHOLOGY, "operator:op-byrne"):
        browser = visitor(system, person)
        assert [browser.get(path).status for path in ("/privacy/record", "/privacy/record.json")] == [404, 404]
