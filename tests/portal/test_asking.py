"""A patient asks for support themselves; somebody they trust suggests it; and whoever waits says how they are."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from deploy.visitor import Visitor
from tests.portal.acting import TANAKA, accept, act, place, read
from tests.portal.running import Running, running
from tests.portal.story import ANSWERS, REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound

WORDS = {"reason": "My back hurts, and I sleep badly.", "goal": "To play with my grandson."}
CARER = {"caregiver_name": "Luis Ruiz", "caregiver_relationship": "partner"}
WORSE = {**ANSWERS, **{f"PEG-{item}": "10" for item in (1, 2, 3)}, **{f"PHQ-4-{item}": "3" for item in (1, 2, 3, 4)}}


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system of its own, in which weeks may pass."""
    with running(tmp_path_factory.mktemp("later")) as started:
        yield started


def _referrals(system: Running, patient: str) -> list[str]:
    rows = read(system, TANAKA, f"/patients/{patient}/referrals")
    return [row["id"] for row in rows]


def _caregiver(system: Running, patient: str) -> Visitor:
    """The browser of the one whom the patient trusts."""
    system.settle()
    record = read(system, TANAKA, f"/patients/{patient}")
    return visitor(system, f"caregiver:{record['caregivers'][0]['caregiver_id']}")


def _with_a_carer(system: Running, email: str) -> tuple[str, Visitor]:
    patient = register(visitor(system, REFERRER), **CARER, caregiver_email=email)
    caregiver = _caregiver(system, patient)
    assert caregiver.submit("trust-yes").query == "done=trust-yes"
    caregiver.get("/")
    return patient, caregiver


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_person_asks_for_themselves(system: Running, language: str) -> None:
    patient = register(visitor(system, REFERRER))
    browser = visitor(system, f"patient:{patient}", language)
    assert "/ask-for-support" in browser.page.links
    is_sound(browser.get("/ask-for-support"))
    assert "consents" not in browser.page.form("ask-for-support").fields
    page = browser.submit("ask-for-support", **WORDS, **ANSWERS)
    assert (page.path, page.query) == ("/", "done=asked-for-support"), page.text
    assert "/ask-for-support" not in page.links
    [referral] = _referrals(system, patient)
    sent = read(system, TANAKA, f"/referrals/{referral}")
    assert (sent["requester"], sent["status"], sent["goal"]) == ("patient", "submitted", WORDS["goal"])


def test_without_agreeing_nothing_is_sent(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    browser = visitor(system, f"patient:{patient}")
    browser.get("/privacy")
    browser.submit(browser.page.form("withdraw-consent", scope="refer"))
    browser.get("/ask-for-support")
    page = browser.submit("ask-for-support", **WORDS, **ANSWERS)
    assert page.status in (409, 422)
    assert "#ask-for-support-consents" in page.links
    assert page.form("ask-for-support").values["goal"] == [WORDS["goal"]]
    assert _referrals(system, patient) == []
    page = browser.submit("ask-for-support", consents="refer")
    assert page.query == "done=asked-for-support"
    assert len(_referrals(system, patient)) == 1


def test_what_is_missing_is_told_and_sent_once_it_is_there(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    browser = visitor(system, f"patient:{patient}")
    browser.get("/ask-for-support")
    page = browser.submit("ask-for-support", **WORDS, **{**ANSWERS, "PEG-2": ""})
    assert "#ask-for-support-PEG-2" in page.links
    is_sound(page)
    assert "You have begun to ask for support" in browser.get("/").text
    browser.get("/ask-for-support")
    page = browser.submit("ask-for-support", **WORDS, **ANSWERS)
    assert page.query == "done=asked-for-support"
    assert len(_referrals(system, patient)) == 1


def test_pressing_twice_sends_it_once(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    browser = visitor(system, f"patient:{patient}")
    form = browser.get("/ask-for-support").form("ask-for-support")
    for _ in range(2):
        assert browser.submit(form, **WORDS, **ANSWERS).path == "/"
    assert len(_referrals(system, patient)) == 1


def test_a_referrer_stands_by_what_their_patient_asked_for(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    browser = visitor(system, f"patient:{patient}")
    browser.get("/ask-for-support")
    browser.submit("ask-for-support", **WORDS, **ANSWERS)
    [referral] = _referrals(system, patient)
    page = referrer.get(f"/referrals/{referral}")
    assert "The person themselves" in page.text
    page = referrer.submit("link")
    assert page.query == "done=referral-link"
    assert not page.has_form("link")
    assert read(system, TANAKA, f"/referrals/{referral}")["clinician_linked"]


def test_what_a_trusted_person_suggests_is_sent_by_the_patient_alone(system: Running) -> None:
    patient, caregiver = _with_a_carer(system, "luis.one@people.example")
    assert "Suggest support for" in caregiver.page.text
    page = caregiver.submit("suggest")
    assert page.query == "done=suggested"
    assert _referrals(system, patient) == []
    browser = visitor(system, f"patient:{patient}")
    assert "Somebody you trust thought of you" in browser.page.text
    is_sound(browser.page)
    is_sound(browser.get("/ask-for-support"))
    page = browser.submit("ask-for-support", **WORDS, **ANSWERS)
    assert page.query == "done=asked-for-support"
    [referral] = _referrals(system, patient)
    assert read(system, TANAKA, f"/referrals/{referral}")["requester"] == "caregiver"


def test_a_suggestion_can_be_left(system: Running) -> None:
    patient, caregiver = _with_a_carer(system, "luis.two@people.example")
    for _ in range(2):
        caregiver.get("/")
        caregiver.submit("suggest")
    browser = visitor(system, f"patient:{patient}")
    browser.get("/ask-for-support")
    page = browser.submit("discard")
    assert page.query == "done=discarded-draft"
    assert "Nothing to do right now" in page.text
    assert "Somebody you trust" not in page.text
    states = [read(system, TANAKA, f"/referrals/{id}")["status"] for id in _referrals(system, patient)]
    assert states == ["entered_in_error"]


def test_a_trusted_person_does_not_learn_that_a_referral_is_under_way(system: Running) -> None:
    free, one = _with_a_carer(system, "luis.three@people.example")
    patient, two = _with_a_carer(system, "luis.four@people.example")
    referrer = visitor(system, REFERRER)
    refer(referrer, patient)
    answers = []
    for caregiver in (one, two):
        caregiver.get("/")
        page = caregiver.submit("suggest")
        name = read(system, TANAKA, f"/patients/{free if caregiver is one else patient}")["name"]
        answers.append((page.status, page.query, page.text.replace(name, "")))
    assert answers[0] == answers[1]
    assert visitor(system, REFERRER).client.post("/suggest").status_code == 403


def test_who_waits_for_long_is_asked_how_they_are_and_seen_again_when_worse(later: Running) -> None:
    place(later, "place-group-at-the-clinic", 0)
    referrer = visitor(later, REFERRER)
    patient = register(referrer)
    referral = refer(referrer, patient, **{**ANSWERS, **{f"PHQ-4-{item}": "0" for item in (1, 2, 3, 4)}})
    accept(later, referral)
    act(later, TANAKA, f"/referrals/{referral}/agree", place_id="place-group-at-the-clinic")
    assert "/how-are-you" not in visitor(later, f"patient:{patient}").page.links
    later.clock.offset += timedelta(days=later.clinic.waits.rescreen_days, minutes=1)
    later.settle()
    browser = visitor(later, f"patient:{patient}")
    assert "/how-are-you" in browser.page.links
    for _ in ("en", "es"):
        is_sound(browser.get("/how-are-you"))
        browser.submit("language")
    browser.get("/how-are-you")
    assert "#how-are-you-PHQ-4-4" in browser.submit("how-are-you", **{**WORSE, "PHQ-4-4": ""}).links
    page = browser.submit("how-are-you", **WORSE)
    assert page.query == "done=answers-sent"
    assert "/how-are-you" not in page.links
    seen = read(later, TANAKA, f"/referrals/{referral}")
    assert seen["status"] == "submitted"
    assert seen["worse_reasons"]
