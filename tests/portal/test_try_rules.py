"""Trying triage rules on a page: the rules in words, what others would change, and files that cannot be used."""

import re
from pathlib import Path

import pytest

from deploy.visitor import Visitor
from services.portal.triage_rules import Unreadable, read
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, accept, refer, register, visitor
from tests.portal.test_tidy import is_sound

SHIPPED = Path("deploy/triage/rules-1.yaml").read_text(encoding="utf-8")
LIGHTER = SHIPPED.replace("version: 1\n", "version: 2\n").replace("then: {step: 3}", "then: {step: 2}")


@pytest.fixture
def psychology(system: Running) -> Visitor:
    """The rules' page, after a referral was decided as they recommend."""
    referrer, browser = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    accept(system, browser, refer(referrer, register(referrer)))
    browser.get("/triage-rules")
    return browser


def test_the_rules_in_force_are_told_in_words(psychology: Visitor) -> None:
    page = psychology.page
    is_sound(page)
    for said in (
        "The rules in force: version 1",
        "PEG is 7 or more; PHQ-4 is 6 or more",
        "At least Step 3",
        "Marked: Worry about self-harm",
        "A person looks first; no step is recommended; At least Very urgent",
    ):
        assert said in page.text


def test_other_rules_are_tried_and_nothing_is_kept(psychology: Visitor) -> None:
    page = psychology.submit("try-rules", rules=LIGHTER)
    assert page.status == 200
    is_sound(page)
    assert "What version 2 would change" in page.text
    assert "Severe pain together with marked distress." in page.text.partition("Recommended now")[2]
    fewer = re.search(r"Less intensive(\d+)", page.text)
    assert fewer is not None
    assert int(fewer[1]) >= 1
    assert [link for link in page.links if link.startswith("/referrals/")]
    assert page.form("try-rules").values["rules"][0].strip().splitlines() == LIGHTER.strip().splitlines()
    assert "The rules in force: version 1" in psychology.get("/triage-rules").text


def test_the_same_rules_change_nothing(psychology: Visitor) -> None:
    assert "Nothing else would be recommended" in psychology.submit("try-rules", rules=SHIPPED).text


def test_every_mistake_of_a_file_is_told(psychology: Visitor) -> None:
    page = psychology.submit("try-rules", rules=SHIPPED.replace("at_least: 7}", "at_least: 70}", 1))
    assert page.status == 422
    assert "These triage rules cannot be used" in page.text
    assert "rule pain-severe-with-distress, condition 1: PEG goes from 0 to 10" in page.text
    is_sound(page)


@pytest.mark.parametrize("pasted", ["", "nonsense", "- 1", "a: [", "when: 2027-05-03", "a: .inf", "[" * 2000])
def test_what_is_no_rule_file_is_said(psychology: Visitor, pasted: str) -> None:
    page = psychology.submit("try-rules", rules=pasted)
    assert page.status == 422
    assert "This is no rule file that can be read" in page.text
    is_sound(page)


@pytest.mark.parametrize(("text", "line"), [("a: 1\nb: 2\na: 3", 3), ("a: &x [1]\nb: [*x, *x]", 2), ("a: 1\n\tb", 2)])
def test_the_line_is_named_where_the_mistake_is(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as fault:
        read(text)
    assert fault.value.line == line


def test_the_page_is_whole_in_spanish(system: Running, psychology: Visitor) -> None:
    spanish = visitor(system, PSYCHOLOGY, "es")
    page = spanish.get("/triage-rules")
    assert "PEG: 7 o más; PHQ-4: 6 o más" in page.text
    page = spanish.submit("try-rules", rules=LIGHTER)
    assert "Qué cambiaría la versión 2" in page.text
    assert "Dolor intenso junto con un malestar emocional marcado." in page.text
    is_sound(page)
