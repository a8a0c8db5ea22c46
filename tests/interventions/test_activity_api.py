"""Activities, practice and tasks over HTTP, with the programmes that are shipped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.runtime.auth import User
from tests.interventions.example import T0
from tests.interventions.service import CONTENT, Http, serving, started

ROSA, OMAR, ANA = User("p1", "patient"), User("p2", "patient"), User("ana", "psychology")
CBT = CONTENT.catalogue.programme("cbt-pain")
RECORD = next(one.id for one in CBT.module("fair-answers").activities if one.worksheet)
FIRST = CBT.modules[0]
PRACTICE = FIRST.practices[0]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def episode(http: Http) -> str:
    return await started(http, ROSA)


async def opened(http: Http, episode: str) -> str:
    """The address of the thought record, whose module a clinician opened early."""
    await http.did(ANA, f"/episodes/{episode}/modules/fair-answers/unlock", {"reason": "Asked for it"})
    return f"/episodes/{episode}/activities/{RECORD}"


def words(text: str) -> dict[str, object]:
    return {"written": [{"field": "thought", "text": text}]}


async def test_what_was_written_is_there_on_another_device(http: Http, episode: str) -> None:
    address = await opened(http, episode)
    empty = await http.get(ROSA, f"{address}?language=es")
    assert empty["language"] == "es"
    assert [doing["state"] for doing in empty["doings"]] == ["due"]
    assert empty["worksheet"]["fields"][1]["label"] == "¿Qué le pasó por la mente?"
    await http.did(ROSA, f"{address}/1", words("I will never manage this"))
    [doing] = (await http.get(ROSA, address))["doings"]
    assert doing["state"] == "in_progress"
    assert [(one["field"], one["text"]) for one in doing["written"]] == [("thought", "I will never manage this")]


async def test_words_that_worry_call_a_clinician_once_and_are_read_by_psychology_only(http: Http, episode: str) -> None:
    address = await opened(http, episode)
    for _ in range(2):
        await http.did(ROSA, f"{address}/1", words("There is no reason to live."))
    [row] = await http.get(ANA, "/risk-alerts?list=open")
    assert (row["source"], row["measure"], "words" in row) == ("words", "", False)
    alert = await http.get(ANA, f"/risk-alerts/{row['id']}")
    assert (alert["activity_id"], alert["number"], alert["field"]) == (RECORD, 1, "thought")
    assert alert["words"] == ["no reason to live"]
    for nobody in (ROSA, OMAR, User("doc", "referrer"), User("portal", "service")):
        await http.get(nobody, f"/risk-alerts/{row['id']}", 403)
    told = (await http.get(ROSA, f"/timeline/{ROSA.id}"))["entries"]
    assert "no reason" not in str(told)
    assert "carepath.activity.risk_words_written.v1" not in {one["type"] for one in told}


async def test_two_devices_do_not_overwrite_each_other(http: Http, episode: str) -> None:
    address = await opened(http, episode)
    first = await http.post(ROSA, f"{address}/1", words("from the phone"), **{"If-Match": '"0"'})
    second = await http.post(ROSA, f"{address}/1", words("from the desk"), **{"If-Match": '"0"'})
    assert (first.status_code, second.status_code) == (200, 412)
    [doing] = (await http.get(ROSA, address))["doings"]
    assert doing["written"][0]["text"] == "from the phone"


async def test_the_same_request_twice_is_one(http: Http, episode: str) -> None:
    address = await opened(http, episode)
    key = {"Idempotency-Key": "the-same-key"}
    for _ in range(2):
        assert (await http.post(ROSA, f"{address}/1", words("once"), **key)).status_code == 200
    [doing] = (await http.get(ROSA, address))["doings"]
    assert doing["version"] == 2


async def test_a_worksheet_that_repeats_is_done_anew_once_the_one_before_is_finished(http: Http, episode: str) -> None:
    address = await opened(http, episode)
    assert await http.refused(ROSA, f"{address}/2", words("second")) == (409, "finish-first")
    await http.did(ROSA, f"{address}/1", words("first") | {"finish": True})
    assert [one["state"] for one in (await http.get(ROSA, address))["doings"]] == ["done", "due"]
    await http.did(ROSA, f"{address}/2", words("second"))
    assert [one["state"] for one in (await http.get(ROSA, address))["doings"]] == ["done", "in_progress"]


async def test_what_is_not_open_cannot_be_written_in_and_nobody_else_reads_it(http: Http, episode: str) -> None:
    address = f"/episodes/{episode}/activities/{RECORD}"
    assert await http.refused(ROSA, f"{address}/1", words("too soon")) == (409, "module-locked")
    await opened(http, episode)
    await http.get(OMAR, address, 404)
    assert (await http.refused(OMAR, f"{address}/1", words("not mine")))[0] == 404


async def test_practice_is_written_down_against_its_dose(http: Http, episode: str) -> None:
    address = f"/episodes/{episode}/practice"
    page = await http.get(ROSA, address)
    assert [(row["id"], row["times"], row["per"], row["today"]) for row in page["practices"]] == [
        (PRACTICE.id, 2, "day", 0)
    ]
    body = {"day": page["today"], "times": 2}
    await http.did(ROSA, f"{address}/{PRACTICE.id}", body)
    await http.did(ROSA, f"{address}/{PRACTICE.id}", body)
    [row] = (await http.get(ROSA, address))["practices"]
    assert (row["today"], row["this_week"]["done"], row["this_week"]["wanted"]) == (2, 2, 14)
    late = {"day": "2030-04-04", "times": 1}
    assert await http.refused(ROSA, f"{address}/{PRACTICE.id}", late) == (409, "day-to-come")
    assert await http.refused(ROSA, f"{address}/thought-record", body) == (422, "practice-unknown")
    assert T0.date().isoformat() == page["today"]


async def test_every_task_says_where_it_stands(http: Http, episode: str) -> None:
    found = await http.get(ROSA, f"/episodes/{episode}/tasks")
    states = {(one["kind"], one["id"]): one["state"] for one in found}
    assert states["questions", "start/PEG"] == "due"
    assert states["module", FIRST.id] == "due"
    assert states["activity", FIRST.activities[0].id] == "due"
    assert states["module", CBT.modules[1].id] == "not_yet_open"
    await http.did(ROSA, f"/episodes/{episode}/activities/{FIRST.activities[0].id}/1", {"rating_before": 5})
    await http.did(ROSA, f"/episodes/{episode}/modules/{FIRST.id}/set-aside", {"reason_code": "not_for_me"})
    states = {(one["kind"], one["id"]): one["state"] for one in await http.get(ROSA, f"/episodes/{episode}/tasks")}
    assert states["module", FIRST.id] == "expired"
    assert states["activity", FIRST.activities[0].id] == "in_progress"
    assert all(one["answer"] for one in found)
