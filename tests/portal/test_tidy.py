"""Every page that links lead to is sound: one heading, named fields, one button a form, nothing twice, no codes."""

import re
from collections import Counter

import pytest

from deploy.visitor import PageSeen, Visitor
from tests.portal.care_plan import with_all_parts
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, draft, refer, register, started, visitor

MOST_PAGES = 40
CODES = re.compile(r"\b(carepath\.|PHQ|GAD|PEG\b|(?:referral|patient|episode|series|risk|advice)-[0-9a-f]{8})")


def walk(browser: Visitor) -> list[PageSeen]:
    """All pages that can be reached by links, each kind a few times at most."""
    todo, seen, kinds, pages = ["/"], set(), Counter[str](), []
    while todo and len(pages) < MOST_PAGES:
        path = todo.pop(0).partition("#")[0]
        kind = re.sub(r"-[0-9a-f]{8,}|\d+|(?<=/wordings/)\w+", "*", path)
        is_page = path.startswith("/") and not path.partition("?")[0].endswith((".csv", ".json"))
        if path in seen or not is_page or kinds[kind] >= 2:
            continue
        seen.add(path)
        kinds[kind] += 1
        page = browser.get(path)
        assert page.status in (200, 409), f"{path} answered {page.status}"
        pages.append(page)
        todo += page.links
    return pages


def is_sound(page: PageSeen) -> None:
    where = f"on {page.path}"
    tags = Counter(tag for tag, _ in page.tags)
    assert (tags["h1"], tags["main"]) == (1, 1), where
    assert all((found.get("src") or "").startswith("/static/") for tag, found in page.tags if tag == "script"), where
    assert page.language in ("en", "es"), where
    assert page.title.strip(), where
    ids = [found["id"] for _, found in page.tags if found.get("id")]
    assert [id for id, count in Counter(ids).items() if count > 1] == [], where
    assert not [found for _, found in page.tags if "style" in found or any(name.startswith("on") for name in found)]
    labels = {found.get("for") for tag, found in page.tags if tag == "label"}
    for tag, found in page.tags:
        named = found.get("id") in labels or found.get("type") in ("hidden", "radio", "checkbox")
        assert tag not in ("input", "select", "textarea") or named, f"{found} has no label {where}"
        for described in (found.get("aria-describedby") or "").split():
            assert described in ids, f"#{described} is nowhere {where}"
        if tag == "a" and (found.get("href") or "").startswith("#"):
            assert found["href"] == "#main" or (found["href"] or "")[1:] in ids, where
    for form in page.forms:
        assert form.name, where
        assert form.buttons == 1, f"{form.name} {where}"


@pytest.fixture(scope="module")
def people(system: Running) -> dict[str, str]:
    """Somebody with a referral written and a question to psychology, and one whose referral is only begun."""
    referrer = visitor(system, REFERRER)
    waiting = register(referrer, caregiver_name="Luis Ruiz", caregiver_email="luis.ruiz@people.example")
    refer(referrer, waiting)
    referrer.get(f"/patients/{waiting}/ask")
    referrer.submit("ask-psychology", question="How can I bring up psychology?", topic="how_to_talk")
    draft(referrer, register(referrer))
    with_all_parts(system, waiting)
    system.settle()
    return {"waiting": waiting}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("person", [REFERRER, PSYCHOLOGY, "operator:op-byrne"])
def test_pages_of_staff_are_sound(system: Running, people: dict[str, str], person: str, language: str) -> None:
    pages = walk(visitor(system, person, language))
    for page in pages:
        is_sound(page)
        assert page.language == language
    if person in (REFERRER, PSYCHOLOGY):
        assert any(page.path.startswith("/advice/") for page in pages)
    clinician = not person.startswith("operator:")
    assert any(page.path.endswith("/plan") for page in pages) == clinician


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_of_patients_are_sound_and_free_of_codes(system: Running, language: str) -> None:
    browser = started(system)
    if language == "es":
        browser.submit("language")
    browser.get("/plan")
    browser.submit("set-goal", goal="Walk to the market.")
    pages = walk(browser)
    assert {"/", "/programme", "/plan", "/progress", "/privacy", "/inbox", "/programme/1"} <= {
        page.path for page in pages
    }
    for page in pages:
        is_sound(page)
        # Where a questionnaire comes from is a citation: the published title holds its name.
        text = page.text.partition("Source of these questions")[0]
        if not page.path.startswith("/questions/"):
            assert not CODES.search(text), f"{page.path}: {CODES.search(text)}"


def test_pages_with_faults_are_sound(system: Running, people: dict[str, str]) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    is_sound(referrer.submit("register-patient", email="nonsense"))
    draft(referrer, register(referrer))
    is_sound(referrer.submit("refer"))
    referrer.get(f"/patients/{people['waiting']}/ask")
    is_sound(referrer.submit("ask-psychology"))
    is_sound(referrer.get("/nowhere"))
    referrer.get(f"/patients/{people['waiting']}/plan")
    for form in ("set-goal", "plan-activity", "ask-discussion"):
        is_sound(referrer.submit(form))
