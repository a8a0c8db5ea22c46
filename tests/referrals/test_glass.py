"""Where a clinic has several teams: each sees its own patients, and opens another's record only in need."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.contracts.clinic import Clinic
from shared.runtime.auth import User, service_token
from shared.runtime.errors import Unavailable
from shared.runtime.treating import AsksWhoTreats
from tests.referrals.people import CLINIC
from tests.referrals.service import SECRET, Http, serving
from tests.referrals.test_api import ACCEPT, OKAFOR, REGISTER, SUBMIT, TANAKA

VIDEO = "place-video-sessions"
MORENO, HADDAD = User("psy-moreno", "psychology"), User("lead-haddad", "psychology")
BY_CLAIM = User("psy-new", "psychology", ("north",))
OTHERS = [one.id for one in CLINIC.places if one.id != VIDEO]
TEAMS: list[dict[str, Any]] = [
    {"id": "south", "name": "South", "staffs": OTHERS, "triages": True, "members": ["psy-tanaka"]},
    {"id": "north", "name": "North", "staffs": [VIDEO], "members": ["psy-moreno"]},
]
REASON = {"reason": "She is in our waiting room and unwell."}


def with_teams(**more: Any) -> Clinic:
    access = {"teams": TEAMS, "safety_leads": ["lead-haddad"], **more}
    return Clinic.model_validate({**CLINIC.model_dump(), "access": access})


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path, with_teams()) as client:
        yield client


@pytest.fixture
async def submitted(http: Http, rosa: User) -> str:
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    return referral


async def _sees(http: Http, who: User, patient: User, referral: str) -> bool:
    """By every way: the record, the referral, the list and the history all say the same."""
    found = [
        await http.client.get(path, headers=http._auth(who))
        for path in (f"/patients/{patient.id}", f"/referrals/{referral}", f"/timeline/{patient.id}")
    ]
    listed = [row["id"] for row in await http.get(who, "/patients")]
    answers = {one.status_code == 200 for one in found} | {patient.id in listed}
    assert len(answers) == 1, [one.status_code for one in found]
    return answers.pop()


async def test_who_is_referred_belongs_to_triage_and_then_to_whoever_staffs_their_place(
    http: Http, rosa: User, submitted: str
) -> None:
    assert await _sees(http, TANAKA, rosa, submitted)
    for other in (MORENO, HADDAD, BY_CLAIM):
        assert not await _sees(http, other, rosa, submitted)
        assert (await http.post(other, f"/referrals/{submitted}/accept", ACCEPT)).status_code == 404
        withdrawn = {"scope": "refer", "granted": False}
        assert (await http.post(other, f"/patients/{rosa.id}/consents", withdrawn)).status_code == 404
    await http.did(TANAKA, f"/referrals/{submitted}/accept", ACCEPT)
    await http.did(rosa, f"/referrals/{submitted}/agree", {"place_id": VIDEO})
    assert (await http.core.load("referral", submitted)).state.place_id == VIDEO
    assert await _sees(http, MORENO, rosa, submitted)
    assert await _sees(http, BY_CLAIM, rosa, submitted)
    assert await _sees(http, TANAKA, rosa, submitted), "who decided is named on the case"
    assert not await _sees(http, HADDAD, rosa, submitted)
    assert (await http.get(OKAFOR, f"/patients/{rosa.id}"))["id"] == rosa.id


async def test_a_record_is_opened_in_need_for_an_hour_for_one_person(http: Http, rosa: User, submitted: str) -> None:
    await http.did(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
    assert await _sees(http, MORENO, rosa, submitted)
    assert not await _sees(http, HADDAD, rosa, submitted)
    [row] = await http.get(rosa, f"/patients/{rosa.id}/glass")
    assert (row["staff_id"], row["reason"], row["open"]) == (MORENO.id, REASON["reason"], True)
    told = (await http.get(rosa, f"/timeline/{rosa.id}"))["entries"]
    [opened] = [one for one in told if one["type"] == "carepath.patient.glass_broken.v1"]
    assert opened["actor"] == "psychology:psy-moreno"
    http.clock.moment += timedelta(minutes=60)
    assert not await _sees(http, MORENO, rosa, submitted)


async def test_it_needs_a_reason_and_a_record_of_somebody_elses_team(http: Http, rosa: User, submitted: str) -> None:
    path = f"/patients/{rosa.id}/break-glass"
    for body in ({}, {"reason": "   "}, {**REASON, "until": "2030-01-01"}):
        assert (await http.post(MORENO, path, body)).status_code == 422
    refused = await http.post(TANAKA, path, REASON)
    assert (refused.status_code, refused.json()["code"]) == (409, "glass-not-needed")
    assert (await http.post(MORENO, "/patients/patient-none/break-glass", REASON)).status_code == 404
    for nobody in (OKAFOR, rosa, User("op-byrne", "operator"), User("portal", "service")):
        assert (await http.post(nobody, path, REASON)).status_code == 403


async def test_a_safety_lead_looks_at_it_and_it_closes(http: Http, rosa: User, submitted: str) -> None:
    opened = await http.did(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
    for other in (MORENO, TANAKA):
        await http.get(other, "/glass", 404)
        assert (await http.post(other, f"/glass/{opened}/review", {"verdict": "justified"})).status_code == 404
    [row] = await http.get(HADDAD, "/glass")
    assert (row["glass_id"], row["reason"], row["overdue"]) == (opened, REASON["reason"], False)
    await http.did(HADDAD, f"/glass/{opened}/review", {"verdict": "not_justified", "note": "Please call first."})
    assert await http.get(HADDAD, "/glass") == []
    assert not await _sees(http, MORENO, rosa, submitted)
    [row] = await http.get(rosa, f"/patients/{rosa.id}/glass")
    assert (row["verdict"], row["note"]) == ("not_justified", None)
    again = await http.post(HADDAD, f"/glass/{opened}/review", {"verdict": "justified"})
    assert (again.status_code, again.json()["code"]) == (409, "glass-is-reviewed")


async def test_what_nobody_looked_at_is_overdue_after_three_days(http: Http, rosa: User, submitted: str) -> None:
    opened = await http.did(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
    http.clock.moment += timedelta(hours=71, minutes=59)
    await http.core.run_timers("glass", opened)
    assert not (await http.get(HADDAD, "/glass"))[0]["overdue"]
    http.clock.moment += timedelta(minutes=1)
    await http.core.run_timers("glass", opened)
    assert (await http.get(HADDAD, "/glass"))[0]["overdue"]
    assert (await http.core.load("glass", opened)).version == 2


async def test_nobody_looks_at_what_they_opened_themselves(tmp_path: Path) -> None:
    async with serving(tmp_path, with_teams(safety_leads=["psy-moreno", "lead-haddad"])) as http:
        rosa = User(await http.did(OKAFOR, "/patients", REGISTER), "patient")
        opened = await http.did(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
        own = await http.post(MORENO, f"/glass/{opened}/review", {"verdict": "justified"})
        assert (own.status_code, own.json()["code"]) == (409, "glass-is-your-own")
        await http.did(HADDAD, f"/glass/{opened}/review", {"verdict": "justified"})


async def test_other_services_ask_who_treats_and_show_nothing_without_an_answer(
    http: Http, rosa: User, submitted: str
) -> None:
    def asks(address: str, secret: str = SECRET) -> AsksWhoTreats:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=http.service.app()))
        return AsksWhoTreats({"referrals": address}, client, service_token(secret, "interventions", http.clock.now))

    here = asks("http://referrals")
    assert await here.treated(TANAKA, [rosa.id]) == {rosa.id}
    assert await here.treated(MORENO, [rosa.id]) == frozenset()
    await http.did(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
    assert await here.treated(MORENO, [rosa.id, "patient-other"]) == {rosa.id}
    for away in (asks("http://referrals/elsewhere"), asks("http://referrals", "a secret that is not known there")):
        with pytest.raises(Unavailable, match="nothing of patients is shown"):
            await away.treated(TANAKA, [rosa.id])
    await http.get(User("portal", "service"), f"/treated?staff_id=x&patient={rosa.id}", 404)


async def test_without_teams_all_of_psychology_is_one(tmp_path: Path) -> None:
    async with serving(tmp_path) as http:
        rosa = User(await http.did(OKAFOR, "/patients", REGISTER), "patient")
        assert (await http.get(MORENO, f"/patients/{rosa.id}"))["id"] == rosa.id
        refused = await http.post(MORENO, f"/patients/{rosa.id}/break-glass", REASON)
        assert refused.json()["code"] == "glass-not-needed"


@pytest.mark.parametrize(
    ("access", "told"),
    [
        ({"teams": [{**TEAMS[0], "triages": False}, TEAMS[1]]}, "no team triages"),
        ({"teams": TEAMS[:1]}, f"no team staffs {VIDEO}"),
        ({"teams": [*TEAMS, {"id": "x", "name": "X", "staffs": ["place-none"]}]}, "place-none"),
        ({"teams": [{**TEAMS[0], "members": ["dr-okafor"]}, TEAMS[1]]}, "dr-okafor"),
        ({"safety_leads": ["op-byrne"]}, "op-byrne"),
    ],
)
def test_a_clinic_where_somebody_would_be_nobodys_does_not_start(access: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        with_teams(**access)
