"""HTTP: translation, roles, ownership and lists, on a real store and with the programmes that are shipped."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.interventions.reactions import series_of
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from shared.runtime.auth import User
from tests.interventions.example import T0
from tests.interventions.service import CONTENT, Http, planned, serving, started

ROSA, OMAR = User("p1", "patient"), User("p2", "patient")
ANA, BEN = User("ana", "psychology"), User("ben", "psychology")
PORTAL, DOC = User("portal", "service"), User("doc", "referrer")
FIRST, SECOND = (place.id for place in CONTENT.catalogue.programme("cbt-pain").order[:2])
FULL: dict[str, dict[str, int]] = {
    "PEG": {str(item): 5 for item in range(1, 4)},
    "PHQ-9": {str(item): 1 for item in range(1, 9)} | {"9": 0},
    "GAD-7": {str(item): 1 for item in range(1, 8)},
}

TALK = {**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), "concern": "low"}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def episode(http: Http) -> str:
    return await started(http, ROSA)


async def answer_all(http: Http, episode: str, occasion: str) -> None:
    for measure, answers in FULL.items():
        body = {"occasion": occasion, "measure": measure, "answers": answers}
        await http.did(ROSA, f"/series/{series_of(episode)}/answers", body)


async def next_kind(http: Http, episode: str) -> str:
    return str((await http.get(ROSA, f"/episodes/{episode}/next"))["kind"])


async def test_a_person_is_led_one_step_at_a_time_from_start_to_finish(http: Http) -> None:
    episode = await planned(http, ROSA)
    assert await next_kind(http, episode) == "waiting_to_start"
    await started(http, ROSA)
    steps: list[str] = []
    while (step := await http.get(ROSA, f"/episodes/{episode}/next"))["kind"] != "await_clinician":
        steps.append(step["kind"])
        if step["kind"] == "questionnaire":
            body = {"occasion": step["occasion"], "measure": step["measure"], "answers": FULL[step["measure"]]}
            await http.did(ROSA, f"/series/{step['series_id']}/answers", body)
        elif step["kind"] == "module":
            await http.did(ROSA, f"/episodes/{episode}/modules/{step['module_id']}/complete")
        else:
            assert step["opens_at"]
            await http.days_pass(5)
    assert (steps.count("questionnaire"), steps.count("module"), steps.count("wait")) == (9, 8, 7)
    ready = await http.get(ANA, "/episodes?list=ready_to_finish")
    assert [(row["id"], row["modules_done"], row["modules_total"]) for row in ready] == [(episode, 8, 8)]
    await http.did(ANA, f"/episodes/{episode}/finish", {"end_reason": "completed", "recommendation": "Walk daily"})
    assert await next_kind(http, episode) == "finished"
    assert await http.get(ANA, "/episodes?list=ready_to_finish") == []
    assert [row["id"] for row in await http.get(ANA, "/episodes?list=finished")] == [episode]
    detail = await http.get(ROSA, f"/episodes/{episode}")
    assert (detail["status"], detail["end_reason"], len(detail["recorded"])) == ("finished", "completed", 9)


async def test_the_next_step_is_in_the_readers_language(http: Http, episode: str) -> None:
    spanish = await http.get(ROSA, f"/episodes/{episode}/next?language=es")
    assert (spanish["language"], spanish["heading"]) == ("es", "Algunas preguntas antes de empezar")
    await answer_all(http, episode, "start")
    module = await http.get(ROSA, f"/episodes/{episode}/next?language=es")
    title = CONTENT.catalogue.programme("cbt-pain").module(FIRST).title
    assert (module["kind"], module["heading"], module["module_id"]) == ("module", title.es, FIRST)
    assert module["explanation"].startswith("Parte 1 de 8.")
    assert (await http.get(ROSA, f"/episodes/{episode}/next?language=fr"))["language"] == "en"


async def test_modules_are_listed_and_read_once_they_are_open(http: Http, episode: str) -> None:
    await http.did(ROSA, f"/episodes/{episode}/modules/{FIRST}/complete")
    rows = await http.get(ROSA, f"/episodes/{episode}/modules")
    assert [row["state"] for row in rows] == ["done"] + ["locked"] * 7
    opens = (T0 + timedelta(days=5)).isoformat().replace("+00:00", "Z")
    assert [row["opens_at"] for row in rows[:3]] == [None, opens, None]
    page = await http.get(ROSA, f"/episodes/{episode}/modules/{FIRST}?language=es")
    module = CONTENT.catalogue.programme("cbt-pain").module(FIRST)
    assert (page["language"], page["content"]["title"]) == ("es", module.title.es)
    assert page["content"]["sessions"][0]["pages"][0]["heading"] == module.pages[0].heading.es
    locked = await http.get(ROSA, f"/episodes/{episode}/modules/{SECOND}", 409)
    assert (locked["code"], locked["detail"]["opens_at"]) == ("module-locked", (T0 + timedelta(days=5)).isoformat())
    assert (await http.get(ANA, f"/episodes/{episode}/modules/{SECOND}"))["state"] == "locked"
    assert (await http.get(ROSA, f"/episodes/{episode}/modules/nine", 422))["code"] == "module-unknown"


async def test_psychology_opens_a_module_early_and_the_patient_cannot(http: Http, episode: str) -> None:
    path = f"/episodes/{episode}/modules/{SECOND}/unlock"
    assert await http.refused(ROSA, path, {"reason": "Please"}) == (403, "forbidden")
    assert await http.refused(ANA, path, {"reason": " "}) == (422, "reason-missing")
    await http.did(ANA, path, {"reason": "Ready for more"})
    assert (await http.get(ROSA, f"/episodes/{episode}/modules"))[1]["state"] == "open"


async def test_actions_say_what_is_possible_and_why_not(http: Http, episode: str) -> None:
    await http.did(ROSA, f"/episodes/{episode}/modules/{FIRST}/complete")
    complete, aside = await http.get(ROSA, f"/episodes/{episode}/actions")
    assert (aside["action"], aside["allowed"], aside["code"]) == ("set_module_aside", False, "module-locked")
    assert (complete["action"], complete["allowed"], complete["code"]) == ("complete_module", False, "module-locked")
    assert (complete["module_id"], complete["why_not"]) == (SECOND, "This part is not open yet.")
    theirs = {one["action"]: one for one in await http.get(ANA, f"/episodes/{episode}/actions")}
    assert theirs["unlock_module"]["allowed"]
    assert theirs["finish_early"]["allowed"]
    assert theirs["finish_completed"]["code"] == "episode-not-ready"


async def test_lists_are_for_their_roles(http: Http, episode: str) -> None:
    other = await planned(http, OMAR, "r2")
    assert [row["id"] for row in await http.get(ANA, "/episodes?list=active")] == [episode]
    assert [row["id"] for row in await http.get(PORTAL, "/episodes?list=planned")] == [other]
    assert [row["id"] for row in await http.get(ROSA, "/episodes?list=mine")] == [episode]
    for who, chosen in ((ROSA, "active"), (ANA, "mine"), (PORTAL, "mine")):
        assert (await http.get(who, f"/episodes?list={chosen}", 409))["code"] == "list-not-allowed"
    await http.get(DOC, "/episodes?list=active", 403)
    await http.get(ANA, "/episodes?list=all", 422)


async def test_the_longest_wait_comes_first(http: Http, episode: str) -> None:
    await http.days_pass(3)
    later = await started(http, OMAR, "r2")
    rows = await http.get(ANA, "/episodes?list=active")
    assert [(row["id"], row["waiting_days"]) for row in rows] == [(episode, 3), (later, 0)]


async def test_nobody_else_finds_a_persons_treatment(http: Http, episode: str) -> None:
    series = series_of(episode)
    for path in (
        f"/episodes/{episode}",
        f"/episodes/{episode}/next",
        f"/series/{series}",
        f"/series/{series}/start/PEG",
    ):
        await http.get(OMAR, path, 404)
        await http.get(DOC, path, 403)
    body = {"occasion": "start", "measure": "PEG", "answers": {"1": 1}}
    assert (await http.refused(OMAR, f"/series/{series}/answers", body))[0] == 404
    assert (await http.refused(OMAR, f"/episodes/{episode}/modules/{FIRST}/complete"))[0] == 404


async def test_a_questionnaire_is_answered_in_pages_and_keeps_what_was_answered(http: Http, episode: str) -> None:
    path = f"/series/{series_of(episode)}"
    await http.did(ROSA, f"{path}/answers", {"occasion": "start", "measure": "PEG", "answers": {"1": 7}})
    page = await http.get(ROSA, f"{path}/start/PEG?language=es")
    assert (page["answers"], page["complete"], page["show_crisis_help"]) == ({"1": 7}, False, False)
    assert page["questions"]
    await http.did(ANA, f"{path}/answers", {"occasion": "start", "measure": "PEG", "answers": {"2": 5, "3": 4}})
    forms = (await http.get(ROSA, path))["forms"]
    peg, phq = forms[0], forms[1]
    assert (peg["answered"], peg["total"], peg["complete"], round(peg["value"], 2)) == (3, 3, True, 5.33)
    assert (phq["answered"], phq["total"], phq["complete"], phq["value"]) == (0, 9, False, None)


@pytest.mark.parametrize("answers", [{}, {"1": "7"}, {"1": True}, {"1": 2.5}, {"one": 2}, {"0": 2}, {"1": None}])
async def test_an_answer_that_is_no_whole_number_is_never_made_into_one(
    http: Http, episode: str, answers: dict[str, Any]
) -> None:
    body = {"occasion": "start", "measure": "PEG", "answers": answers}
    assert (await http.refused(ROSA, f"/series/{series_of(episode)}/answers", body))[0] == 422


async def test_refusals_of_answers_reach_the_sender(http: Http, episode: str) -> None:
    path = f"/series/{series_of(episode)}"
    body: dict[str, Any] = {"occasion": "start", "measure": "PEG", "answers": {"1": 11}}
    assert await http.refused(ROSA, f"{path}/answers", body) == (422, "answer-refused")
    assert await http.refused(ROSA, f"{path}/answers", {**body, "occasion": "end"}) == (409, "measure-not-open")
    assert (await http.get(ROSA, f"{path}/end/PEG", 409))["code"] == "measure-not-open"


async def test_a_worrying_answer_shows_help_at_once_and_calls_a_clinician(http: Http, episode: str) -> None:
    path = f"/series/{series_of(episode)}"
    await http.did(ROSA, f"{path}/answers", {"occasion": "start", "measure": "PHQ-9", "answers": {"9": 2}})
    page = await http.get(ROSA, f"{path}/start/PHQ-9?language=es")
    assert (page["show_crisis_help"], page["crisis_text"]) == (True, "Llame ahora al 999.")
    (row,) = await http.get(ANA, "/risk-alerts?list=open")
    assert (row["measure"], row["item"], row["value"], row["overdue"]) == ("PHQ-9", 9, 2, False)
    alert = f"/risk-alerts/{row['id']}"
    await http.days_pass(0.02)
    late = await http.get(ANA, alert)
    assert (late["level"], late["overdue"]) == (1, True)
    assert await http.refused(ANA, f"{alert}/close", {"plan": "Plan"}) == (409, "not-acknowledged")
    for nobody_on_the_ladder in (ROSA, DOC):
        assert await http.refused(nobody_on_the_ladder, f"{alert}/acknowledge", {}) == (403, "forbidden")
    await http.did(ANA, f"{alert}/acknowledge")
    again = await http.post(BEN, f"{alert}/acknowledge")
    assert (again.status_code, again.json()["detail"]) == (409, {"by": "ana"})
    assert await http.refused(ANA, f"{alert}/close", {"plan": "Plan"}) == (409, "not-assessed")
    assert await http.refused(BEN, f"{alert}/assess", TALK) == (409, "not-the-holder")
    assert await http.refused(ANA, f"{alert}/assess", {**TALK, "thoughts": "perhaps"}) == (422, "invalid")
    assert [one["acknowledged_by"] for one in await http.get(PORTAL, "/risk-alerts?list=acknowledged")] == ["ana"]
    await http.did(ANA, f"{alert}/assess", {**TALK, "note": "Safe at home"})
    assert await http.refused(BEN, f"{alert}/take-over", {}) == (422, "reason-missing")
    await http.did(BEN, f"{alert}/take-over", {"reason": "Ana is ill"})
    taken = await http.get(BEN, alert)
    assert (taken["status"], taken["taken_from"], taken["taken_because"]) == ("acknowledged", "ana", "Ana is ill")
    assert (taken["assessed_by"], taken["assessment"]["note"]) == ("ana", "Safe at home")
    offered = {one["action"]: one["allowed"] for one in await http.get(BEN, f"{alert}/actions")}
    assert offered == {"acknowledge": False, "assess": True, "take_over": False, "close": False}
    await http.did(BEN, f"{alert}/assess", TALK)
    assert [one["assessed_by"] for one in await http.get(PORTAL, "/risk-alerts?list=assessed")] == ["ben"]
    assert await http.refused(BEN, f"{alert}/close", {}) == (422, "plan-missing")
    assert await http.refused(ANA, f"{alert}/close", {"plan": "Plan"}) == (409, "not-the-assessor")
    await http.did(BEN, f"{alert}/close", {"plan": "Safety plan made"})
    closed = await http.get(ANA, alert)
    assert (closed["status"], closed["closed_by"], closed["plan"]) == ("closed", "ben", "Safety plan made")
    await http.get(ROSA, f"{alert}/actions", 403)
    for list_of in ("open", "acknowledged", "assessed"):
        assert await http.get(ANA, f"/risk-alerts?list={list_of}") == []
    await http.get(ROSA, alert, 403)
    await http.get(PORTAL, alert, 403)


async def test_measures_over_time_are_for_the_patient_and_psychology(http: Http, episode: str) -> None:
    path = f"/episodes/{episode}/measures"
    await answer_all(http, episode, "start")
    await http.did(ROSA, f"/episodes/{episode}/modules/{FIRST}/complete")
    for who, status in ((ANA, 200), (ROSA, 200), (OMAR, 404), (DOC, 403), (PORTAL, 403)):
        await http.get(who, path, status)
    peg, phq, gad = (await http.get(ANA, path))["measures"]
    assert [(point["moment"], point["complete"]) for point in peg["points"]] == [("start", True), (FIRST, False)]
    assert (peg["change"]["counts"], peg["points"][1]["value"]) == ("undetermined", None)
    assert (phq["measure"], phq["change"], gad["measure"]) == ("PHQ-9", None, "GAD-7")


async def test_programmes_are_listed_in_the_readers_language(http: Http) -> None:
    listed = {one["id"]: one for one in await http.get(DOC, "/programmes?language=es")}
    assert listed.keys() == {one.id for one in CONTENT.catalogue.programmes}
    programme = listed["cbt-pain"]
    assert (programme["id"], programme["version"], len(programme["modules"])) == ("cbt-pain", 1, 8)
    assert programme["title"] == CONTENT.catalogue.programme("cbt-pain").title.es


async def test_a_timeline_is_for_the_patient_and_psychology(http: Http, episode: str) -> None:
    for who, status in ((ROSA, 200), (ANA, 200), (OMAR, 404), (DOC, 404)):
        await http.get(who, f"/timeline/{ROSA.id}", status)


async def test_of_a_list_only_some_referrals_or_one_patient_are_asked_for(http: Http, episode: str) -> None:
    other = await planned(http, OMAR, "r2")
    row = (await http.get(ANA, "/episodes?list=active"))[0]
    for query, found in (
        (f"active&referral={row['referral_id']}&referral=r2", [episode]),
        ("active&referral=r2", []),
        ("planned&referral=r2&referral=nobody", [other]),
        (f"active&patient={row['patient_id']}", [episode]),
        (f"planned&patient={row['patient_id']}", []),
        (f"ready_to_finish&referral={row['referral_id']}", []),
    ):
        assert [one["id"] for one in await http.get(ANA, f"/episodes?list={query}")] == found, query
    assert [one["id"] for one in await http.get(ROSA, "/episodes?list=mine&referral=r2&patient=p2")] == [episode]
