"""Over HTTP: who has to be called, the log of contacts, and the welcome of whoever comes back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.interventions import words
from services.interventions.reactions import series_of
from shared.runtime.auth import User
from tests.interventions.service import Http, serving, started

ROSA, OMAR = User("p1", "patient"), User("p2", "patient")
ANA, PORTAL = User("ana", "psychology"), User("portal", "service")
TO_CALL = "/engagements?list=to_call"
NO_ANSWER = {"kind": "phone", "reached": False, "minutes": 3, "note": "No answer."}
TALKED = {"kind": "phone", "reached": True, "minutes": 12}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def episode(http: Http) -> str:
    return await started(http, ROSA)


async def quiet_for(http: Http, days: int) -> None:
    for _ in range(days):
        await http.days_pass(1)


async def engagement(http: Http, episode: str) -> Any:
    return await http.get(ANA, f"/episodes/{episode}/engagement")


async def answer(http: Http, episode: str) -> None:
    body = {"occasion": "start", "measure": "PEG", "answers": {"1": 5}}
    await http.did(ROSA, f"/series/{series_of(episode)}/answers", body)


async def test_who_is_quiet_for_long_is_on_the_list_until_a_call_reaches_them(http: Http, episode: str) -> None:
    await quiet_for(http, 14)
    assert await http.get(ANA, TO_CALL) == []
    await quiet_for(http, 1)
    (row,) = await http.get(ANA, TO_CALL)
    assert (row["episode_id"], row["patient_id"], row["attempts"], row["quiet_days"]) == (episode, "p1", 0, 14)
    await http.did(ANA, f"/episodes/{episode}/contacts", NO_ANSWER)
    (row,) = await http.get(PORTAL, TO_CALL)
    assert row["attempts"] == 1
    await http.did(ANA, f"/episodes/{episode}/contacts", TALKED)
    assert await http.get(ANA, TO_CALL) == []
    page = await engagement(http, episode)
    assert page["minutes_total"] == 15
    assert [(one["reached"], one["note"]) for one in page["contacts"]] == [(True, None), (False, "No answer.")]


async def test_the_page_says_what_follows_and_when(http: Http, episode: str) -> None:
    page = await engagement(http, episode)
    assert (page["status"], page["next_step"], page["active_on"]) == ("active", "nudge", None)
    await quiet_for(http, 8)
    assert (await engagement(http, episode))["next_step"] == "coach_call"
    await http.did(ANA, f"/episodes/{episode}/finish", {"end_reason": "stopped_by_patient"})
    page = await engagement(http, episode)
    assert (page["status"], page["next_step"], page["next_at"]) == ("ended", None, None)
    assert await http.refused(ANA, f"/episodes/{episode}/contacts", TALKED) == (409, "episode-closed")


async def test_who_comes_back_is_welcomed_until_the_end_of_that_day(http: Http, episode: str) -> None:
    async def welcome(language: str = "en") -> Any:
        return (await http.get(ROSA, f"/episodes/{episode}/next?language={language}"))["welcome"]

    assert await welcome() is None
    await quiet_for(http, 8)
    assert await welcome() == words.WELCOME.en
    await answer(http, episode)
    assert await welcome("es") == words.WELCOME.es
    page = await engagement(http, episode)
    assert page["active_on"] == (http.clock.now()).date().isoformat()
    await quiet_for(http, 1)
    assert await welcome() is None


async def test_what_a_person_does_keeps_them_off_the_list(http: Http, episode: str) -> None:
    for _ in range(6):
        await quiet_for(http, 7)
        await answer_differently(http, episode)
        assert await http.get(ANA, TO_CALL) == []
    assert (await engagement(http, episode))["next_step"] == "nudge"


async def answer_differently(http: Http, episode: str) -> None:
    value = (http.clock.now().toordinal() // 7) % 10
    body = {"occasion": "start", "measure": "PEG", "answers": {"1": value}}
    await http.did(ROSA, f"/series/{series_of(episode)}/answers", body)


async def test_a_contact_is_kept_once_and_on_what_was_seen(http: Http, episode: str) -> None:
    path, same = f"/episodes/{episode}/contacts", {"Idempotency-Key": "once"}
    version = (await engagement(http, episode))["version"]
    first = await http.post(ANA, path, TALKED, **same, **{"If-Match": f'"{version}"'})
    again = await http.post(ANA, path, TALKED, **same, **{"If-Match": f'"{version}"'})
    assert first.status_code == again.status_code == 200
    assert (await engagement(http, episode))["minutes_total"] == 12
    stale = await http.post(ANA, path, TALKED, **{"If-Match": f'"{version}"'})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    "wrong", [{"minutes": 241}, {"minutes": -1}, {"kind": "letter"}, {"reached": None}, {"mood": "good"}]
)
async def test_what_is_no_contact_is_refused(http: Http, episode: str, wrong: dict[str, Any]) -> None:
    assert (await http.refused(ANA, f"/episodes/{episode}/contacts", {**TALKED, **wrong}))[0] == 422


async def test_only_psychology_reads_and_writes_contacts(http: Http, episode: str) -> None:
    for who in (ROSA, OMAR, User("doc", "referrer")):
        await http.get(who, f"/episodes/{episode}/engagement", 403)
        await http.get(who, TO_CALL, 403)
        assert (await http.refused(who, f"/episodes/{episode}/contacts", TALKED))[0] == 403
    assert (await http.refused(PORTAL, f"/episodes/{episode}/contacts", TALKED))[0] == 403
    await http.get(ANA, "/episodes/nobody/engagement", 404)


async def test_a_patient_does_not_read_in_their_history_that_they_were_quiet(http: Http, episode: str) -> None:
    await quiet_for(http, 16)
    await http.did(ANA, f"/episodes/{episode}/contacts", TALKED)
    await answer(http, episode)

    async def kinds(who: User) -> set[str]:
        entries = (await http.get(who, "/timeline/p1"))["entries"]
        return {one["type"].split(".")[2] for one in entries if one["type"].startswith("carepath.engagement")}

    hidden = {"patient_quiet", "patient_returned", "contact_logged", "patient_reached"}
    assert hidden <= await kinds(ANA)
    assert not hidden & await kinds(ROSA)


async def test_a_patient_takes_a_break_and_nothing_follows_until_it_is_over(http: Http, episode: str) -> None:
    until = (http.clock.now() + timedelta(days=14)).date().isoformat()
    assert await http.refused(OMAR, f"/episodes/{episode}/break", {"until": until}) == (404, "not-found")
    await http.did(ROSA, f"/episodes/{episode}/break", {"until": until})
    assert (await http.get(ROSA, f"/episodes/{episode}/next"))["break_until"] == until
    assert (await engagement(http, episode))["break_until"] == until
    await quiet_for(http, 14)
    assert (await http.get(ROSA, f"/episodes/{episode}/next"))["welcome"] is None
    await quiet_for(http, 8)
    step = await http.get(ROSA, f"/episodes/{episode}/next")
    assert (step["welcome"], step["break_until"]) == (words.WELCOME.en, None)
    past = {"until": "2030-01-01"}
    assert await http.refused(ROSA, f"/episodes/{episode}/break", past) == (422, "break-invalid")
