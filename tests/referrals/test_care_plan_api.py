"""The shared plan over HTTP: the first write makes it, each role sees what is theirs, and what waits is listed."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals.domain.referral.commands import DraftReferral
from services.referrals.reactions import care_plan_of
from shared.runtime.auth import User
from tests.referrals.people import NOW
from tests.referrals.service import Http, serving
from tests.referrals.test_api import BYRNE, LINDQVIST, LUIS, OKAFOR, PORTAL, REGISTER, SUBMIT, TANAKA, all_bytes

MORENO = User("psy-moreno", "psychology")
STRANGER, LUIS_HIMSELF = User("patient-other", "patient"), User("caregiver-luis", "caregiver")
GOAL: dict[str, Any] = {"goal": "Dance at the wedding.", "expressed_by": "patient"}
ACTIVITY: dict[str, Any] = {"activity": "Walk ten minutes a day.", "performer": "patient", "due": "2026-03-16"}
QUESTION: dict[str, Any] = {"question": "Is she ready to lower the dose?", "wanted_by": "2026-03-09"}
ANSWER: dict[str, Any] = {"answer": "In a month.", "decided": "We look again in April."}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def rosa(http: Http) -> User:
    return User(await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer", "caregiver"]}), "patient")


@pytest.fixture
async def plan(rosa: User) -> str:
    """Where the plan of Rosa is."""
    return f"/patients/{rosa.id}/care-plan"


@pytest.fixture
async def parts(http: Http, plan: str) -> Mapping[str, str]:
    """One part of each kind; the discussion is asked of psychology. Their ids, by kind."""
    for part, body in (("goals", GOAL), ("activities", ACTIVITY), ("discussions", QUESTION)):
        await http.did(OKAFOR, f"{plan}/{part}", body)
    shown = await http.get(OKAFOR, plan)
    return {
        "goal": shown["goals"][0]["goal_id"],
        "activity": shown["activities"][0]["activity_id"],
        "discussion": shown["discussions"][0]["discussion_id"],
    }


async def test_a_plan_is_empty_before_its_first_part_and_the_first_write_makes_it(http: Http, plan: str) -> None:
    empty = await http.get(TANAKA, plan)
    assert (empty["version"], empty["goals"], empty["patient_name"]) == (0, [], "Rosa Marin")
    answer = await http.post(TANAKA, f"{plan}/goals", GOAL, **{"If-Match": '"0"'})
    assert answer.json() == {"id": empty["id"], "version": 1}
    [goal] = (await http.get(TANAKA, plan))["goals"]
    assert (goal["text"], goal["set_by"], goal["status_sentence"]) == (
        GOAL["goal"],
        "psy-tanaka",
        "We are working on it.",
    )
    late = await http.post(OKAFOR, f"{plan}/goals", GOAL, **{"If-Match": '"0"'})
    assert (late.status_code, late.json()["version"]) == (412, 1)


async def test_a_repeated_press_adds_one_part_and_another_press_another(http: Http, plan: str) -> None:
    for key in ("press-1", "press-1", "press-2"):
        answer = await http.post(OKAFOR, f"{plan}/goals", GOAL, **{"Idempotency-Key": key})
        assert answer.status_code == 200
    goals = (await http.get(OKAFOR, plan))["goals"]
    assert len({goal["goal_id"] for goal in goals}) == len(goals) == 2


async def test_all_parts_of_a_plan_go_their_way(http: Http, rosa: User, plan: str, parts: Mapping[str, str]) -> None:
    await http.did(TANAKA, f"{plan}/goals/{parts['goal']}", {"status": "achieved", "note": "She danced."})
    await http.did(rosa, f"{plan}/activities/{parts['activity']}/end", {"status": "completed"})
    discussion = f"{plan}/discussions/{parts['discussion']}"
    await http.did(TANAKA, f"{discussion}/schedule", {"meet_at": "2026-03-05T13:00:00+00:00"})
    await http.did(MORENO, f"{discussion}/answer", ANSWER)
    await http.did(OKAFOR, f"{discussion}/close")
    shown = await http.get(OKAFOR, f"{plan}?language=es")
    assert [one["status"] for one in (*shown["goals"], *shown["activities"])] == ["achieved", "completed"]
    [told] = shown["discussions"]
    assert (told["answer"], told["decided"], told["answered_by"]) == (*ANSWER.values(), "psy-moreno")
    assert told["status_sentence"] == "Cerrada. Se leyó la respuesta."


async def test_a_refusal_has_its_code_and_a_sentence(http: Http, plan: str) -> None:
    answer = await http.post(OKAFOR, f"{plan}/activities", {**ACTIVITY, "activity": " "})
    assert (answer.status_code, answer.json()["code"]) == (422, "activity-missing")
    answer = await http.post(OKAFOR, f"{plan}/activities", {**ACTIVITY, "due": "2026-03-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "due-invalid")
    answer = await http.post(OKAFOR, f"{plan}/goals/goal-none", {"status": "active"})
    assert answer.json()["code"] == "not-in-plan"


async def test_an_activity_may_be_for_a_caregiver_whom_the_patient_named(http: Http, rosa: User, plan: str) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    [luis] = (await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]
    theirs = {**ACTIVITY, "performer": "caregiver"}
    await http.did(TANAKA, f"{plan}/activities", {**theirs, "performer_id": luis["caregiver_id"]})
    answer = await http.post(TANAKA, f"{plan}/activities", {**theirs, "performer_id": "caregiver-other"})
    assert answer.json()["code"] == "performer-unknown"


WHO = {
    "own referrer": OKAFOR,
    "other referrer": LINDQVIST,
    "psychology": TANAKA,
    "patient": None,
    "other patient": STRANGER,
    "caregiver": LUIS_HIMSELF,
    "operator": BYRNE,
    "service": PORTAL,
}
NOBODY_ELSE = {"other referrer": 404, "caregiver": 403, "operator": 403, "service": 403}
SHARED = {"own referrer": 200, "psychology": 200, "patient": 200, "other patient": 404, **NOBODY_ELSE}
CLINICIANS = {**SHARED, "patient": 403, "other patient": 403}
ROUTES: dict[str, tuple[dict[str, Any] | None, dict[str, int]]] = {
    "": (None, SHARED),
    "/goals": (GOAL, SHARED),
    # The goal was set by the referrer: the patient sees it and may not change it.
    "/goals/{goal}": ({"status": "on_hold"}, {**SHARED, "patient": 409}),
    "/activities": (ACTIVITY, CLINICIANS),
    "/activities/{activity}/end": ({"status": "completed"}, SHARED),
    "/discussions": (QUESTION, CLINICIANS),
    # Psychology was asked by the pain team: each side has its own part.
    "/discussions/{discussion}/schedule": ({"meet_at": "2026-03-05T13:00:00Z"}, {**CLINICIANS, "own referrer": 409}),
    "/discussions/{discussion}/answer": (ANSWER, {**CLINICIANS, "own referrer": 409}),
    "/discussions/{discussion}/close": ({}, {**CLINICIANS, "psychology": 409}),
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", WHO)
async def test_each_role_reads_and_does_what_is_theirs(
    http: Http, rosa: User, plan: str, parts: Mapping[str, str], name: str, route: str
) -> None:
    body, expected = ROUTES[route]
    who = WHO[name] or rosa
    before = await http.get(OKAFOR, plan)
    if body is None:
        await http.get(who, plan, expected[name])
        return
    answer = await http.post(who, plan + route.format(**parts), body)
    assert answer.status_code == expected[name], answer.text
    after = await http.get(OKAFOR, plan)
    assert (after["version"] > before["version"]) == (expected[name] == 200)


async def test_patients_see_no_discussions(http: Http, rosa: User, plan: str, parts: Mapping[str, str]) -> None:
    shown = await http.get(rosa, plan)
    assert [one["text"] for one in (*shown["goals"], *shown["activities"])] == [GOAL["goal"], ACTIVITY["activity"]]
    assert shown["discussions"] == []
    await http.get(rosa, "/discussions", 403)


async def _told(http: Http, who: User, patient: str) -> set[str]:
    for document in await http.core.store.documents.find("care_plan", {"patient_id": patient}):
        await http.core.store.ledger.file(document.outbox)
    entries = (await http.get(who, f"/timeline/{patient}"))["entries"]
    return {entry["type"].split(".")[2] for entry in entries if entry["type"].startswith("carepath.care_plan.")}


async def test_nor_do_they_see_them_in_their_history(http: Http, rosa: User, parts: Mapping[str, str]) -> None:
    assert await _told(http, OKAFOR, rosa.id) == {"goal_set", "activity_planned", "discussion_asked"}
    assert await _told(http, rosa, rosa.id) == {"goal_set", "activity_planned"}


async def test_what_the_reader_may_do_is_said_beside_each_part(
    http: Http, rosa: User, plan: str, parts: Mapping[str, str]
) -> None:
    own = await http.did(rosa, f"{plan}/goals", {"goal": "Sleep through."})
    assert own
    said = {}
    for who in (OKAFOR, TANAKA, rosa):
        shown = await http.get(who, plan)
        said[who.role] = (
            [one["may_change"] for one in shown["goals"]],
            [one["may_end"] for one in shown["activities"]],
            [one["actions"] for one in shown["discussions"]],
        )
    assert said == {
        "referrer": ([True, True], [True], [["close"]]),
        "psychology": ([True, True], [True], [["schedule", "answer"]]),
        "patient": ([False, True], [True], []),
    }


async def test_a_clinician_who_referred_shares_the_plan_too(http: Http, rosa: User, plan: str) -> None:
    await http.get(LINDQVIST, plan, 404)
    command = DraftReferral(
        now=NOW, actor=LINDQVIST.actor, referral_id="referral-9", patient_id=rosa.id, referrer_id=LINDQVIST.id
    )
    await http.core.execute("referral", "referral-9", command)
    await http.did(LINDQVIST, f"{plan}/goals", GOAL)


async def _listed(http: Http, who: User, name: str) -> list[str]:
    return [row["question"] for row in await http.get(who, f"/discussions?list={name}")]


async def test_a_question_is_on_the_list_of_those_who_were_asked_and_of_the_one_who_asked(
    http: Http, plan: str, parts: Mapping[str, str]
) -> None:
    question = [QUESTION["question"]]
    for who, listed in ((TANAKA, question), (MORENO, question), (OKAFOR, []), (LINDQVIST, [])):
        assert await _listed(http, who, "to_answer") == listed
    for who, listed in ((OKAFOR, question), (LINDQVIST, []), (TANAKA, [])):
        assert await _listed(http, who, "mine") == listed
    await http.did(TANAKA, f"{plan}/discussions/{parts['discussion']}/answer", ANSWER)
    assert await _listed(http, TANAKA, "to_answer") == []
    [row] = await http.get(OKAFOR, "/discussions?list=mine")
    assert (row["answer"], row["patient_name"], row["status"]) == (ANSWER["answer"], "Rosa Marin", "answered")
    await http.did(OKAFOR, f"{plan}/discussions/{parts['discussion']}/close")
    assert await _listed(http, OKAFOR, "mine") == []


async def test_psychology_asks_the_pain_clinician_whose_referral_it_is(http: Http, rosa: User, plan: str) -> None:
    await http.did(TANAKA, f"{plan}/discussions", {**QUESTION, "question": "Who prescribes?"})
    assert await _listed(http, OKAFOR, "to_answer") == ["Who prescribes?"]
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    about = {"question": "Which dose?", "wanted_by": "2026-03-08", "referral_id": referral}
    await http.did(TANAKA, f"{plan}/discussions", about)
    rows = await http.get(OKAFOR, "/discussions")
    assert [(row["question"], row["referral_id"]) for row in rows] == [
        ("Which dose?", referral),
        ("Who prescribes?", None),
    ]
    assert await _listed(http, MORENO, "mine") == []
    await http.did(TANAKA, f"/referrals/{referral}/return", {"rationale": "Pacing first."})
    refused = await http.post(TANAKA, f"{plan}/discussions", about)
    assert (refused.status_code, refused.json()["code"]) == (422, "referral-unknown")


async def test_a_discussion_is_not_about_the_referral_of_somebody_else(http: Http, plan: str) -> None:
    other = await http.did(OKAFOR, "/patients", {**REGISTER, "email": "ben@example.org"})
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": other})
    refused = await http.post(OKAFOR, f"{plan}/discussions", {**QUESTION, "referral_id": referral})
    assert refused.json()["code"] == "referral-unknown"


async def test_what_is_wanted_soonest_comes_first_and_what_is_late_says_so(http: Http, rosa: User, plan: str) -> None:
    for day in (12, 4, 9):
        await http.did(OKAFOR, f"{plan}/discussions", {"question": f"By day {day}?", "wanted_by": f"2026-03-{day:02}"})
    assert await _listed(http, TANAKA, "to_answer") == ["By day 4?", "By day 9?", "By day 12?"]
    http.clock.moment += timedelta(days=4)
    await http.core.run_timers("care_plan", care_plan_of(rosa.id))
    rows = await http.get(TANAKA, "/discussions")
    assert [(row["wanted_by"], row["overdue"], row["reminders"]) for row in rows] == [
        ("2026-03-04", True, 1),
        ("2026-03-09", False, 0),
        ("2026-03-12", False, 0),
    ]


async def test_there_is_no_other_list(http: Http) -> None:
    await http.get(TANAKA, "/discussions?list=all", 422)


async def test_free_text_of_a_plan_is_not_readable_in_the_store(http: Http, plan: str, tmp_path: Path) -> None:
    for part, body in (("goals", GOAL), ("activities", ACTIVITY), ("discussions", QUESTION)):
        await http.did(OKAFOR, f"{plan}/{part}", body)
    kept = all_bytes(tmp_path)
    for text in (GOAL["goal"], ACTIVITY["activity"], QUESTION["question"]):
        assert text.encode() not in kept
