"""A caregiver's own pages, and what psychology does about them."""

import re
from datetime import timedelta

import pytest

from deploy.visitor import PageSeen, Visitor
from shared.contracts.on_call import duties
from tests.portal.acting import act
from tests.portal.api import OKAFOR
from tests.portal.carer_story import accepts, joins, named
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor

PARTS = (
    "Session 1: Pain, care and rest",
    "Session 2: Speaking, listening, imagining",
    "Session 3: Activity, rest and keeping it up",
    "Talking about pain",
    "When pain flares up",
    "Looking after yourself",
    "Where to find help",
)


def reads_on(browser: Visitor) -> tuple[int, PageSeen]:
    """Press on through the whole course, always where it says to go on."""
    pages, page = 0, browser.get("/for-you")
    while start := next((link for link in page.links if _is_page(link) and "Go on" in page.text), None):
        page = browser.get(start)
        while page.path != "/for-you":
            pages += 1
            page = browser.submit("carer-read")
        assert pages < 100
    return pages, page


def _is_page(link: str) -> bool:
    return link.startswith("/for-you/") and link.count("/") == 3


def tells(browser: Visitor, words: str, **more: str) -> PageSeen:
    browser.get("/for-you/word")
    return browser.submit("carer-word", words=words, **more)


def test_a_caregiver_goes_through_the_whole_course(system: Running) -> None:
    patient, who = named(system)
    luis = visitor(system, f"caregiver:{who}")
    assert "opens" in luis.get("/for-you").text
    accepts(system, patient, who)
    first = luis.get("/for-you")
    for title in PARTS:
        assert title in first.text
    assert "Try it together" in luis.get("/for-you/session-1/relaxation").text
    pages, last = reads_on(luis)
    assert pages == 16
    assert "You have read it all" in last.text
    assert last.text.count("Done") == len(PARTS)


def test_what_is_missing_stands_beside_its_question(system: Running) -> None:
    luis, patient, _ = joins(system)
    luis.get("/for-you/check")
    page = luis.submit("check", **{"q-sleep": "often"})
    assert "#check-safe" in page.links
    assert page.form("check").values["q-sleep"] == ["often"]
    assert "#carer-word-words" in tells(luis, "", about_id=patient).links


def test_psychology_sees_whom_to_call_how_and_what_they_said(system: Running) -> None:
    luis, patient, who = joins(system, "Luis Zebrado")
    luis.get("/for-you/check")
    page = luis.submit("check", **{"q-sleep": "always"}, safe="no", phone="020 7946 0123")
    assert "We have told our team" in page.text
    assert "999" in page.text
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    assert "Luis Zebrado" in tanaka.get("/").text
    assert "All clear" not in tanaka.page.text
    on_duty = visitor(system, f"psychology:{duties(system.clinic, system.clock.now())[0]}")
    assert f"/caregivers/{who}" in on_duty.get("/inbox").links, "whoever is called gets there at once"
    page = tanaka.get("/caregivers")
    for shown in ("Luis Zebrado", "020 7946 0123", "@people.example", "Ana Ruiz", "Partner"):
        assert shown in page.text
    assert "do you feel safe and able to go on? no" in " ".join(page.text.lower().split())
    assert "did you sleep badly? always" in " ".join(page.text.lower().split())
    [take] = [form for form in page.forms if form.action.startswith(f"/caregivers/{who}/")]
    assert "looks after this" in tanaka.submit(take).text
    assert tanaka.page.path == f"/caregivers/{who}"
    for other in (f"patient:{patient}", f"caregiver:{who}", REFERRER):
        browser = visitor(system, other)
        for path in ("/caregivers", f"/caregivers/{who}", "/caregivers/over/words", "/caregivers/over/requests"):
            assert browser.get(path).status == 404
    rosa = visitor(system, f"patient:{patient}")
    assert rosa.get("/for-you").status == 404
    assert "zebra" not in rosa.get("/inbox").text.lower()


def test_what_was_read_is_found_again_with_who_and_when(system: Running) -> None:
    luis, _, who = joins(system, "Luis Leido")
    tells(luis, "He walks at night: zebra-word.")
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    page = tanaka.get("/caregivers")
    assert "Do not tell the patient" in page.text
    [read] = [form for form in page.forms if form.action.startswith(f"/caregivers/{who}/")]
    page = tanaka.submit(read)
    assert "Yuki Tanaka read this" in page.text
    assert "zebra-word" not in tanaka.get("/caregivers").text
    page = tanaka.get("/caregivers/over/words")
    assert "zebra-word" in page.text
    assert f"/caregivers/{who}" in page.links
    page = tanaka.get(f"/caregivers/{who}")
    [reply] = [form for form in page.forms if form.action.endswith("/reply")]
    assert "Please write a few words" in tanaka.submit(reply, words="").text
    [reply] = [form for form in tanaka.page.forms if form.action.endswith("/reply")]
    page = tanaka.submit(reply, words="Thank you for telling us.")
    assert "Yuki Tanaka wrote back" in page.text
    assert "Thank you for telling us." in luis.get("/for-you/word").text


def test_a_request_goes_all_the_way_and_what_is_new_is_said_once(system: Running) -> None:
    luis, _, who = joins(system, "Luis Pide")
    luis.get("/for-you/support")
    assert "I am tired." in luis.submit("carer-support", kind="meeting", words="I am tired.", phone="0123").text
    assert luis.get("/for-you/word").form("carer-word").values["phone"] == ["0123"]
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    assert re.search(r"\d requests? for support", tanaka.get("/").text)
    path = f"/caregivers/{who}"
    for name, values in (("take", {}), ("answer", {"kind": "phone", "words": "We call on Tuesday."}), ("close", {})):
        page = tanaka.get(path)
        [form] = [one for one in page.forms if one.action.endswith(f"/{name}")]
        assert tanaka.submit(form, **values).query == "done=carers-noted"
    assert "Yuki Tanaka closed this" in tanaka.page.text
    assert "We call on Tuesday." in tanaka.get("/caregivers/over/requests").text
    system.settle()
    assert "New for you" in luis.get("/").text
    assert "New for you" in luis.get("/for-you").text
    page = luis.submit("carer-news")
    assert page.path == "/for-you/support"
    assert "We call on Tuesday." in page.text
    assert "New for you" not in luis.get("/").text


def test_a_word_that_worries_stands_first_with_its_clock(system: Running) -> None:
    luis, _, who = joins(system, "Luis Teme")
    tells(luis, "A plain word.")
    page = tells(luis, "She says there is no reason to live.")
    assert "999" in page.text, "help comes before anything else"
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    work = tanaka.get("/")
    assert work.text.index("may be about danger") < work.text.index("Luis Teme")
    assert "Take this on by" in work.text
    page = tanaka.get("/caregivers")
    assert page.text.index("no reason to live") < page.text.index("A plain word.")
    system.clock.offset += timedelta(hours=2)
    system.settle()
    [row] = [form for form in tanaka.get("/caregivers").forms if f"/{who}/" in form.action][:1]
    assert "The time ran out" in tanaka.page.text
    tanaka.submit(row)
    assert "words that may mean danger" in tanaka.page.text
    assert "no reason to live" not in tanaka.get("/caregivers").text


def test_where_nobody_names_them_any_more_the_number_they_gave_remains(system: Running) -> None:
    luis, patient, who = joins(system, "Luis Fuera")
    tells(luis, "A last word.", phone="0777")
    act(system, OKAFOR, f"/patients/{patient}/caregivers/{who}/remove")
    page = visitor(system, PSYCHOLOGY).get(f"/caregivers/{who}")
    assert "No longer named by a patient" in page.text
    assert "0777" in page.text
    assert "Luis Fuera" not in page.text


def test_who_is_not_safe_gave_no_number_and_is_removed_can_still_be_written_to(system: Running) -> None:
    luis, patient, who = joins(system, "Luis Solo")
    luis.get("/for-you/check")
    luis.submit("check", safe="no")
    system.settle()
    act(system, OKAFOR, f"/patients/{patient}/caregivers/{who}/remove")
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    for path in ("/caregivers", f"/caregivers/{who}"):
        page = tanaka.get(path)
        assert f"luis-{patient[-6:]}@people.example" in page.text
        assert "They gave no number" in page.text
        assert "ask for a number and a safe time to call" in page.text
        assert [form for form in page.forms if form.action.startswith(f"/caregivers/{who}/") and "take" in form.action]


@pytest.mark.parametrize(
    ("language", "adult", "short"),
    [("en", "Tell an adult", "Short pages for you"), ("es", "Cuéntaselo a un adulto", "Páginas cortas para ti")],
)
def test_a_young_carer_is_spoken_to_as_one_and_staff_see_it(
    system: Running, language: str, adult: str, short: str
) -> None:
    mia, patient, who = joins(system, "Mia Joven", young=True, language=language)
    page = mia.get("/for-you")
    assert short in page.text
    for path in ("", "/check", "/support", "/word", "/young-carers/who-to-tell"):
        page = mia.get(f"/for-you{path}")
        assert page.status == 200
        assert adult in page.text
        assert "0800 1111" in page.text
    assert mia.get("/for-you/session-1/overview").status == 404
    tells(mia, "A young word.")
    system.settle()
    tanaka = visitor(system, PSYCHOLOGY)
    for path in ("/caregivers", f"/caregivers/{who}"):
        assert "a child or a young person" in tanaka.get(path).text
    assert "questionnaires" not in mia.get(f"/shared/{patient}").text.lower()


def test_a_young_carer_reads_their_whole_course(system: Running) -> None:
    mia, _, _ = joins(system, "Mia Lee", young=True)
    pages, last = reads_on(mia)
    assert pages == 6
    assert "You have read it all" in last.text
