"""A patient from the choice to the first meeting: what their home page says, and what each of their answers does."""

from datetime import timedelta

import pytest

from deploy.visitor import Visitor
from tests.portal.acting import TANAKA, accept, act, place, read
from tests.portal.running import Running
from tests.portal.story import REFERRER, refer, register, visitor
from tests.portal.test_tidy import CODES, is_sound

VIDEO, GROUP = "place-video-sessions", "place-group-at-the-clinic"


def _referred(system: Running, **more: str) -> tuple[str, str]:
    referrer = visitor(system, REFERRER)
    patient = register(referrer, **more)
    return patient, refer(referrer, patient)


def _invited(system: Running, **more: str) -> tuple[Visitor, str]:
    """The browser of somebody who is asked whether they would like to start, and their referral."""
    patient, referral = _referred(system, **more)
    accept(system, referral)
    return visitor(system, f"patient:{patient}"), referral


def _offered(system: Running) -> tuple[Visitor, str]:
    """Somebody for whom a place is held."""
    browser, referral = _invited(system)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id=VIDEO)
    browser.get("/")
    return browser, referral


def _scheduled(system: Running, in_days: int = 3) -> tuple[Visitor, str]:
    """Somebody who has a first meeting."""
    browser, referral = _offered(system)
    act(system, TANAKA, f"/referrals/{referral}/take-offer")
    at = system.clock.now() + timedelta(days=in_days, seconds=1)
    meeting = {"at": at.isoformat(), "mode": "video", "clinician_id": "psy-tanaka"}
    act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
    browser.get("/")
    return browser, referral


def _is_kind(browser: Visitor) -> None:
    """The page is sound in both languages, and holds no code."""
    for _ in ("en", "es"):
        page = browser.get("/")
        is_sound(page)
        assert not CODES.search(page.text)
        assert "_" not in page.text
        browser.submit("language")


def test_four_answers_are_offered_side_by_side(system: Running) -> None:
    browser, _ = _invited(system)
    assert browser.page.has_form("agree")
    assert {"/start/more-time", "/start/not-now", "/start/no-thank-you"} <= set(browser.page.links)
    assert "/ask-for-support" not in browser.page.links
    _is_kind(browser)


def test_a_yes_goes_along_with_how_one_would_like_to_be_helped(system: Running) -> None:
    browser, referral = _invited(system)
    page = browser.submit("agree", format="individual", mode="online", times=["evening"])
    assert page.query == "done=agreed"
    wishes = read(system, TANAKA, f"/referrals/{referral}")["preferences"]
    assert wishes == {"format": "individual", "mode": "online", "language": None, "times": ["evening"]}
    assert "A few questions before you begin" in page.text


def test_who_needs_time_says_why_how_and_when(system: Running) -> None:
    browser, referral = _invited(system)
    browser.get("/start/more-time")
    assert "I am afraid that somebody will judge me or not believe me." in browser.page.text
    day = (system.clock.now() + timedelta(days=30)).date().isoformat()
    page = browser.submit("undecided", reason_code="fear_of_being_judged", contact="at_next_visit", ask_again_at=day)
    assert page.query == "done=more-time"
    assert "I am afraid that somebody will judge me or not believe me." in page.text
    assert page.has_form("agree")
    kept = read(system, TANAKA, f"/referrals/{referral}")
    assert (kept["undecided_reason"], kept["contact"]) == ("fear_of_being_judged", "at_next_visit")
    assert kept["ask_again_at"].startswith(day)
    _is_kind(browser)


def test_not_now_needs_a_reason_and_a_day(system: Running) -> None:
    browser, referral = _invited(system)
    browser.get("/start/not-now")
    page = browser.submit("not-now", reason_code="life_is_full")
    assert page.status == 422
    assert "#not-now-reoffer_at" in page.links
    day = (system.clock.now() + timedelta(days=60)).date().isoformat()
    page = browser.submit("not-now", reoffer_at=day)
    assert page.query == "done=not-now"
    assert "My life is full right now." in page.text
    assert read(system, TANAKA, f"/referrals/{referral}")["status"] == "not_now"
    _is_kind(browser)


@pytest.mark.parametrize("reason", ["pain_is_better", None])
def test_a_no_may_have_a_reason_and_leaves_the_door_open(system: Running, reason: str | None) -> None:
    browser, referral = _invited(system)
    browser.get("/start/no-thank-you")
    given = {"reason_code": reason} if reason else {}
    page = browser.submit("withdraw", **given)
    assert page.query == "done=withdrawn"
    assert "/ask-for-support" in page.links
    assert read(system, TANAKA, f"/referrals/{referral}")["status"] == "withdrawn"
    assert browser.get("/start/more-time").path == "/"
    _is_kind(browser)


def test_while_it_is_read_there_is_nothing_to_do(system: Running) -> None:
    patient, referral = _referred(system)
    browser = visitor(system, f"patient:{patient}")
    assert "We are reading it now" in browser.page.text
    assert not browser.page.has_form("agree")
    act(system, TANAKA, f"/referrals/{referral}/take-on")
    assert "We are reading what your pain team wrote" in browser.get("/").text
    _is_kind(browser)


def test_who_waits_can_begin_to_read(system: Running) -> None:
    place(system, GROUP, 0)
    browser, referral = _invited(system)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id=GROUP)
    page = browser.get("/")
    assert "You are on our list" in page.text
    assert "/programme/1" in page.links
    assert browser.get("/programme").status == 200
    assert "/programme/1" in browser.page.links
    first = browser.get("/programme/1")
    assert first.status == 200
    assert first.has_form("complete-module")
    assert not first.has_form("set-aside")
    assert browser.get("/how-are-you").path == "/"
    _is_kind(browser)


def test_a_place_is_taken(system: Running) -> None:
    browser, referral = _offered(system)
    assert "There is a place for you" in browser.page.text
    assert "One-to-one sessions by video" in browser.page.text
    assert "We keep it for you until" in browser.page.text
    _is_kind(browser)
    page = browser.submit("take-offer")
    assert page.query == "done=offer-taken"
    assert "You have a place" in page.text
    assert read(system, TANAKA, f"/referrals/{referral}")["status"] == "awaiting_booking"
    _is_kind(browser)


def test_another_time_please_keeps_the_place_on_the_list(system: Running) -> None:
    browser, referral = _offered(system)
    browser.get("/offer/another-time")
    assert "Please choose a reason" in browser.submit("decline-offer").text
    page = browser.submit("decline-offer", reason_code="time_does_not_fit")
    assert page.query == "done=offer-declined"
    assert "You are on our list" in page.text
    assert read(system, TANAKA, f"/referrals/{referral}")["status"] == "waitlisted"


def test_an_appointment_is_told_by_the_persons_own_clock(system: Running) -> None:
    browser, referral = _scheduled(system)
    meeting = read(system, TANAKA, f"/referrals/{referral}")["appointment"]["at"]
    assert "Your first meeting" in browser.page.text
    assert "Yuki Tanaka" in browser.page.text
    assert "We meet by video" in browser.page.text
    assert "By video" not in browser.page.text
    assert meeting[:4] in browser.page.text
    _is_kind(browser)


def test_who_cannot_come_says_why_and_is_not_blamed(system: Running) -> None:
    browser, referral = _scheduled(system)
    browser.get("/appointment/cancel")
    assert "I cannot come at that time." in browser.page.text
    assert "The clinic is closed." not in browser.page.text
    page = browser.submit("cancel-appointment", reason_code="patient_asked")
    assert page.query == "done=appointment-cancelled"
    assert "We will find another time with you" in page.text
    assert read(system, TANAKA, f"/referrals/{referral}")["appointment_reason"] == "patient_asked"
    _is_kind(browser)


def test_a_missed_meeting_is_met_kindly(system: Running) -> None:
    browser, referral = _scheduled(system, in_days=0)
    system.clock.offset += timedelta(seconds=2)
    act(system, TANAKA, f"/referrals/{referral}/missed", reason_code="forgot")
    page = browser.get("/")
    assert "We missed you. That is all right." in page.text
    assert "Forgot" not in page.text
    _is_kind(browser)


@pytest.mark.parametrize(
    ("step", "body", "words"),
    [
        ("return", {}, "We have sent your pain team advice"),
        ("decline", {"reason_code": "no_capacity"}, "Your pain is real"),
        ("redirect", {"to": "primary-care"}, "Another team can help you better"),
    ],
)
def test_a_no_of_psychology_is_told_without_what_is_for_clinicians(
    system: Running, step: str, body: dict[str, str], words: str
) -> None:
    patient, referral = _referred(system)
    act(system, TANAKA, f"/referrals/{referral}/{step}", rationale="For clinicians.", **body)
    browser = visitor(system, f"patient:{patient}")
    assert words in browser.page.text
    assert "For clinicians." not in browser.page.text
    _is_kind(browser)


def test_after_a_reopened_referral_the_person_is_not_left_with_the_old_answer(system: Running) -> None:
    browser, referral = _invited(system)
    browser.get("/start/no-thank-you")
    browser.submit("withdraw")
    act(system, TANAKA, f"/referrals/{referral}/reopen", rationale="Asked again.")
    assert "We are reading what your pain team wrote" in browser.get("/").text


def test_who_is_new_to_this_reads_what_a_first_talk_is_like_before_the_meeting(system: Running) -> None:
    browser, referral = _invited(system, new_to_mental_health="yes")
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id=VIDEO)
    act(system, TANAKA, f"/referrals/{referral}/take-offer")
    at = (system.clock.now() + timedelta(days=3)).isoformat()
    meeting = {"at": at, "mode": "in_person", "clinician_id": "psy-tanaka"}
    act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
    assert "talk-first" in browser.get("/").html


def test_pages_of_a_choice_are_sound_in_both_languages(system: Running) -> None:
    browser, _ = _invited(system)
    offered, _ = _offered(system)
    scheduled, _ = _scheduled(system)
    pages = [(browser, path) for path in ("/start/more-time", "/start/not-now", "/start/no-thank-you")]
    for one, path in [*pages, (offered, "/offer/another-time"), (scheduled, "/appointment/cancel")]:
        for _ in ("en", "es"):
            page = one.get(path)
            assert page.path == path
            is_sound(page)
            one.submit("language")
