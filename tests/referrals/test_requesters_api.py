"""Over HTTP: who begins a referral for whom, who sees it while it is a draft, and by what it is found."""

from typing import Any

import pytest

from shared.runtime.auth import User
from tests.referrals.service import Http
from tests.referrals.test_api import BYRNE, LINDQVIST, OKAFOR, PORTAL, REGISTER, SUBMIT, TANAKA

STRANGER = User("patient-other", "patient")


async def _seen_by(http: Http, id: str, *users: User) -> list[User]:
    found = []
    for who in users:
        answer = await http.client.get(f"/referrals/{id}", headers={"Authorization": http._auth(who)["Authorization"]})
        assert answer.status_code in (200, 403, 404), answer.text
        if answer.status_code == 200:
            found.append(who)
    return found


async def _listed(http: Http, who: User, query: str = "") -> list[str]:
    return [row["id"] for row in (await http.get(who, f"/referrals{query}"))["rows"]]


# --- for a colleague -----------------------------------------------------------------------------------------------


async def test_whom_the_clinic_says_so_writes_for_a_colleague(http: Http, rosa: User) -> None:
    for_her: dict[str, Any] = {"patient_id": rosa.id, "on_behalf_of": "dr-okafor"}
    id = await http.did(LINDQVIST, "/referrals", for_her)
    shown = await http.get(OKAFOR, f"/referrals/{id}")
    assert (shown["referrer_id"], shown["author_id"], shown["requester"]) == ("dr-okafor", "dr-lindqvist", "referrer")
    assert await _seen_by(http, id, OKAFOR, LINDQVIST, TANAKA, rosa) == [OKAFOR, LINDQVIST]
    await http.did(LINDQVIST, f"/referrals/{id}/submit", SUBMIT)


async def test_nobody_writes_for_a_colleague_whom_they_do_not_act_for(http: Http) -> None:
    patient = await http.did(LINDQVIST, "/patients", REGISTER)
    for_him = {"patient_id": patient, "on_behalf_of": "dr-lindqvist"}
    answer = await http.post(OKAFOR, "/referrals", for_him)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-delegated")


async def test_a_patient_of_somebody_else_is_not_there(http: Http, rosa: User) -> None:
    assert (await http.post(LINDQVIST, "/referrals", {"patient_id": rosa.id})).status_code == 404
    other = {"patient_id": rosa.id, "on_behalf_of": "dr-lindqvist"}
    assert (await http.post(User("dr-new", "referrer"), "/referrals", other)).status_code == 404
    assert (await http.post(STRANGER, "/referrals", {"patient_id": rosa.id})).status_code == 404


@pytest.mark.parametrize("who", [TANAKA, PORTAL, BYRNE], ids=lambda user: user.role)
async def test_referrals_are_begun_by_pain_clinicians_patients_and_those_they_trust(
    http: Http, rosa: User, who: User
) -> None:
    assert (await http.post(who, "/referrals", {"patient_id": rosa.id})).status_code == 403


# --- for oneself, and for somebody who trusts one ------------------------------------------------------------------


async def test_a_patient_refers_themselves_and_their_clinician_sees_it_once_it_is_sent(http: Http, rosa: User) -> None:
    id = await http.did(rosa, "/referrals", {"patient_id": rosa.id})
    assert await _seen_by(http, id, rosa, PORTAL, OKAFOR, TANAKA, STRANGER) == [rosa, PORTAL]
    assert await _listed(http, rosa) == [id]
    assert await _listed(http, OKAFOR) == []
    await http.did(rosa, f"/referrals/{id}/submit", {**SUBMIT, "priority": "very_urgent"})
    assert await _seen_by(http, id, rosa, PORTAL, OKAFOR, TANAKA, STRANGER) == [rosa, PORTAL, OKAFOR, TANAKA]
    shown = await http.get(TANAKA, f"/referrals/{id}")
    assert (shown["priority"], shown["requester"], shown["referrer_id"]) == ("routine", "patient", "dr-okafor")


async def test_a_caregiver_begins_a_referral_that_the_patient_sends(http: Http, rosa: User, luis: User) -> None:
    id = await http.did(luis, "/referrals", {"patient_id": rosa.id})
    assert await _seen_by(http, id, luis, rosa, OKAFOR, TANAKA) == [rosa]
    assert (await http.post(luis, f"/referrals/{id}/submit", SUBMIT)).status_code == 403
    await http.did(rosa, f"/referrals/{id}/submit", SUBMIT)
    assert (await http.get(TANAKA, f"/referrals/{id}"))["requester"] == "caregiver"


async def test_a_caregiver_begins_nothing_once_they_are_not_trusted(http: Http, rosa: User, luis: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "caregiver", "granted": False})
    assert (await http.post(luis, "/referrals", {"patient_id": rosa.id})).status_code == 404


async def test_a_draft_of_a_clinician_is_hidden_from_the_patient_and_from_psychology(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    assert await _seen_by(http, id, OKAFOR, PORTAL, rosa, TANAKA) == [OKAFOR, PORTAL]
    for who in (rosa, TANAKA):
        assert await _listed(http, who) == []
        await http.get(who, f"/referrals/{id}/actions", 404)
        assert (await http.post(who, f"/referrals/{id}/withdraw")).status_code == 404


async def test_a_trusted_person_is_not_told_that_there_is_a_referral(http: Http, rosa: User, luis: User) -> None:
    sent = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{sent}/submit", SUBMIT)
    answer = await http.post(rosa, "/referrals", {"patient_id": rosa.id})
    assert (answer.status_code, answer.json()["code"]) == (409, "already-open")
    assert answer.json()["detail"] == {"referral_id": sent}
    suggested = await http.did(luis, "/referrals", {"patient_id": rosa.id})
    answer = await http.post(rosa, f"/referrals/{suggested}/submit", SUBMIT)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-open")


async def test_a_trusted_person_writes_one_draft_at_a_time(http: Http, rosa: User, luis: User) -> None:
    first = await http.did(luis, "/referrals", {"patient_id": rosa.id})
    answer = await http.post(luis, "/referrals", {"patient_id": rosa.id})
    assert (answer.status_code, answer.json()["code"]) == (409, "draft-exists")
    await http.did(rosa, f"/referrals/{first}/discard")
    await http.did(luis, "/referrals", {"patient_id": rosa.id})


async def test_of_two_drafts_only_one_is_sent_while_it_is_open(http: Http, rosa: User) -> None:
    first, second = [await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id}) for _ in range(2)]
    await http.did(OKAFOR, f"/referrals/{first}/submit", SUBMIT)
    answer = await http.post(OKAFOR, f"/referrals/{second}/submit", SUBMIT)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-open")
    await http.did(rosa, f"/referrals/{first}/withdraw")
    await http.did(OKAFOR, f"/referrals/{second}/submit", SUBMIT)


async def test_without_consent_to_be_referred_nothing_is_sent(http: Http, rosa: User) -> None:
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "refer", "granted": False})
    told = await http.get(OKAFOR, f"/referrals/{referral}/actions")
    assert {row["action"]: row["why_not"] for row in told}["submit"] == "consent-missing"
    answer = await http.post(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    assert answer.json()["code"] == "consent-missing"


# --- by what it is found -------------------------------------------------------------------------------------------


async def test_a_referral_is_found_by_either_number_by_those_who_may_see_it(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id, "placer": "PC-77"})
    number = (await http.get(OKAFOR, f"/referrals/{id}"))["number"]
    for identifier in ("PC-77", number):
        found = await http.get(OKAFOR, f"/referrals?identifier={identifier}")
        assert ([row["id"] for row in found["rows"]], found["total"], found["next"]) == ([id], 1, None)
        for who in (TANAKA, LINDQVIST, rosa, STRANGER):
            assert await _listed(http, who, f"?identifier={identifier}") == [], who
    await http.did(OKAFOR, f"/referrals/{id}/submit", SUBMIT)
    for who, seen in ((TANAKA, [id]), (rosa, [id]), (LINDQVIST, []), (STRANGER, [])):
        assert await _listed(http, who, f"?identifier={number}") == seen, who


async def test_the_same_number_of_the_referring_side_may_be_on_two_and_no_number_finds_none(
    http: Http, rosa: User
) -> None:
    two = {
        await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id, "placer": "PC-77", "pathway": pathway})
        for pathway in ("pain-psychology", "pain-trauma")
    }
    assert set(await _listed(http, OKAFOR, "?identifier=PC-77")) == two
    assert await _listed(http, OKAFOR, "?identifier=PC-78") == []
    assert await _listed(http, OKAFOR, "?identifier=pc-77") == []


async def test_a_redirected_referral_goes_on_under_another_id_that_it_names(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{id}/submit", SUBMIT)
    await http.did(TANAKA, f"/referrals/{id}/redirect", {"to": "pain-trauma", "rationale": "Trauma comes first."})
    shown = await http.get(OKAFOR, f"/referrals/{id}")
    assert shown["status"] == "redirected"
    assert shown["continued_as"] not in (None, id)
