"""HTTP: translation, roles, ownership, and the lists, on a real store."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals import views
from services.referrals.domain.referral.later import ReceiveOffer, ReceiveOutcome
from shared.runtime.auth import User
from tests.referrals.people import REACTION, SUMMARY
from tests.referrals.service import Http

OKAFOR, LINDQVIST = User("dr-okafor", "referrer"), User("dr-lindqvist", "referrer")
TANAKA, PORTAL, BYRNE = User("psy-tanaka", "psychology"), User("portal", "service"), User("op-byrne", "operator")
REGISTER = {"name": "Rosa Marin", "email": "rosa@example.org", "birth_date": "1979-05-04", "language": "es"}
LUIS = {"name": "Luis Marin", "email": "Luis@example.org", "relationship": "partner"}
SUBMIT: dict[str, Any] = {
    "reason": "Pain for two years.",
    "goal": "Walk to the market.",
    "priority": "urgent",
    "answers": {"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {"1": 1, "2": 2, "3": 0, "4": 1}},
}
ACCEPT = {"rationale": "Good fit.", "step": 2}


@pytest.fixture
async def rosa(http: Http) -> User:
    id = await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer", "share_back"]})
    return User(id, "patient")


@pytest.fixture
async def submitted(http: Http, rosa: User) -> str:
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    return referral


@pytest.fixture
async def treated(http: Http, rosa: User, submitted: str) -> str:
    await http.did(TANAKA, f"/referrals/{submitted}/accept", ACCEPT)
    await http.did(rosa, f"/referrals/{submitted}/agree")
    await _seat_is_free(http, submitted)
    return submitted


async def _seat_is_free(http: Http, referral: str) -> None:
    """The place says that there is one, while the yes is fresh: treatment begins."""
    until = http.clock.now() + timedelta(days=7)
    said: dict[str, Any] = {"place_id": "place-online-course", "offer_until": until}
    await http.core.execute("referral", referral, ReceiveOffer(now=http.clock.now(), actor=REACTION, **said))


async def _outcome_arrives(http: Http, referral: str) -> None:
    command = ReceiveOutcome(now=http.clock.now(), actor=REACTION, summary=SUMMARY)
    await http.core.execute("referral", referral, command)


async def _rows(http: Http, who: User, worklist: str) -> list[dict[str, Any]]:
    """The first page of a list."""
    page = await http.get(who, f"/referrals?list={worklist}")
    assert page["next"] is None
    assert page["total"] == len(page["rows"])
    rows: list[dict[str, Any]] = page["rows"]
    return rows


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_a_referral_goes_from_draft_to_closed_loop(http: Http, rosa: User, submitted: str) -> None:
    path = f"/referrals/{submitted}"
    await http.did(TANAKA, f"{path}/ask", {"question": "Which medicines?"})
    await http.did(OKAFOR, f"{path}/answer", {"answer": "None now."})
    await http.did(TANAKA, f"{path}/accept", ACCEPT)
    await http.did(rosa, f"{path}/undecided", {"reason_code": "needs_time"})
    await http.did(rosa, f"{path}/agree")
    await _seat_is_free(http, submitted)
    await _outcome_arrives(http, submitted)
    await http.did(OKAFOR, f"{path}/acknowledge")
    shown = await http.get(OKAFOR, path)
    assert shown["status"] == "loop_closed"
    assert shown["programme_id"] == "cbt-pain"
    assert shown["patient_name"] == "Rosa Marin"
    assert shown["summary"]["recommendation"] == SUMMARY.recommendation


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("return", {"rationale": "Pacing first."}, "returned"),
        ("decline", {"rationale": "Full.", "reason_code": "no_capacity"}, "declined"),
    ],
)
async def test_triage_may_say_no(http: Http, submitted: str, action: str, body: dict[str, Any], status: str) -> None:
    await http.did(TANAKA, f"/referrals/{submitted}/{action}", body)
    assert (await http.get(OKAFOR, f"/referrals/{submitted}"))["status"] == status


async def test_a_patient_may_withdraw(http: Http, rosa: User, submitted: str) -> None:
    await http.did(rosa, f"/referrals/{submitted}/withdraw")
    shown = await http.get(rosa, f"/referrals/{submitted}?language=es")
    assert shown["status_sentence"].startswith("Usted decidió no seguir.")


async def test_a_refusal_has_its_code_and_a_sentence(http: Http, submitted: str) -> None:
    answer = await http.post(TANAKA, f"/referrals/{submitted}/accept", {"rationale": " "})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["title"]) == (
        "rationale-missing",
        "Please give the reason for your decision.",
    )


async def test_a_second_open_referral_is_refused_and_allowed_once_the_first_is_over(
    http: Http, rosa: User, submitted: str
) -> None:
    second = {"patient_id": rosa.id}
    answer = await http.post(OKAFOR, "/referrals", second)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-open")
    assert answer.json()["detail"] == {"referral_id": submitted}
    await http.did(OKAFOR, "/referrals", {**second, "pathway": "pain-trauma"})
    await http.did(rosa, f"/referrals/{submitted}/withdraw")
    await http.did(OKAFOR, "/referrals", second)


async def test_the_same_intention_twice_makes_one_referral(http: Http, rosa: User) -> None:
    key = {"Idempotency-Key": "one-click"}
    first = await http.post(OKAFOR, "/referrals", {"patient_id": rosa.id}, **key)
    again = await http.post(OKAFOR, "/referrals", {"patient_id": rosa.id}, **key)
    assert first.json() == again.json()
    assert len(await _rows(http, OKAFOR, "mine")) == 1


async def test_what_was_changed_meanwhile_is_not_overwritten(http: Http, submitted: str) -> None:
    answer = await http.post(TANAKA, f"/referrals/{submitted}/ask", {"question": "Why?"}, **{"If-Match": '"1"'})
    assert answer.status_code == 412


async def test_what_is_not_yours_does_not_exist(http: Http, rosa: User, submitted: str) -> None:
    stranger = User("patient-other", "patient")
    for who in (LINDQVIST, stranger):
        await http.get(who, f"/referrals/{submitted}", 404)
        await http.get(who, f"/referrals/{submitted}/actions", 404)
        await http.get(who, f"/patients/{rosa.id}", 404)
        action = "withdraw" if who is stranger else "enter-in-error"
        assert (await http.post(who, f"/referrals/{submitted}/{action}", {})).status_code == 404
        consent = {"scope": "email", "granted": True}
        assert (await http.post(who, f"/patients/{rosa.id}/consents", consent)).status_code == 404
    assert (await http.post(LINDQVIST, "/referrals", {"patient_id": rosa.id})).status_code == 404
    assert await http.get(LINDQVIST, "/patients") == []


async def test_roles_are_kept_apart(http: Http, rosa: User, submitted: str) -> None:
    accept = {"rationale": "Good fit."}
    for who in (OKAFOR, rosa, PORTAL, BYRNE):
        assert (await http.post(who, f"/referrals/{submitted}/accept", accept)).status_code == 403
    await http.get(BYRNE, f"/referrals/{submitted}", 403)
    await http.get(rosa, "/patients", 403)
    assert (await http.post(TANAKA, "/patients", REGISTER)).status_code == 403


async def test_each_role_has_its_lists(http: Http, rosa: User, submitted: str) -> None:
    expected = {
        "awaiting_triage": (TANAKA, PORTAL),
        "all_open": (TANAKA, PORTAL, OKAFOR),
        "mine": (OKAFOR, rosa),
    }
    for name, readers in expected.items():
        for who in readers:
            assert [row["id"] for row in await _rows(http, who, name)] == [submitted], (name, who)
    for name, who in [("mine", TANAKA), ("awaiting_triage", OKAFOR), ("all_open", rosa)]:
        assert (await http.get(who, f"/referrals?list={name}", 422))["code"] == "list-unknown"
    nothing = {"rows": [], "order": None, "next": None, "total": 0, "looked": None}
    assert (await http.get(LINDQVIST, "/referrals")) == nothing


async def test_a_referral_moves_from_list_to_list(http: Http, rosa: User, submitted: str) -> None:
    async def lists() -> set[str]:
        names = views.ALLOWED["psychology"] - {"all_open"}
        return {name for name in names if await _rows(http, TANAKA, name)}

    path = f"/referrals/{submitted}"
    assert await lists() == {"awaiting_triage"}
    await http.did(TANAKA, f"{path}/ask", {"question": "Which medicines?"})
    assert await lists() == {"waiting_on_referrer"}
    await http.did(OKAFOR, f"{path}/answer", {"answer": "None now."})
    await http.did(TANAKA, f"{path}/take-on")
    assert await lists() == {"awaiting_triage"}
    await http.did(TANAKA, f"{path}/accept", ACCEPT)
    assert await lists() == {"accepted"}
    await http.did(TANAKA, f"{path}/undecided", {"reason_code": "practical"})
    assert await lists() == {"undecided"}
    await http.did(OKAFOR, f"{path}/agree")
    assert await lists() == {"waitlisted", "awaiting_booking"}
    await _seat_is_free(http, submitted)
    assert await lists() == {"in_treatment"}
    await _outcome_arrives(http, submitted)
    assert await lists() == {"outcome_to_read"}


async def test_a_list_tells_how_long_and_whether_too_long(http: Http, submitted: str) -> None:
    http.clock.moment += timedelta(days=6)
    [row] = await _rows(http, TANAKA, "awaiting_triage")
    assert (row["waiting_days"], row["overdue"], row["priority"]) == (6, True, "urgent")


async def test_the_outcome_is_held_back_as_soon_as_sharing_stops(http: Http, rosa: User, treated: str) -> None:
    await _outcome_arrives(http, treated)
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "share_back", "granted": False})
    shown = await http.get(OKAFOR, f"/referrals/{treated}")
    assert (shown["summary"], shown["outcome_note"]) == (None, "The person has chosen not to share the outcome.")
    assert (await http.get(TANAKA, f"/referrals/{treated}"))["summary"] is not None


async def test_a_caregiver_sees_whoever_trusts_them_while_consent_stands(http: Http, rosa: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    [known] = (await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]
    luis = User(known["caregiver_id"], "caregiver")
    path = f"/caregivers/{luis.id}/patients"
    assert await http.get(luis, path) == []
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "caregiver", "granted": True})
    [asked] = await http.get(luis, path)
    assert (asked["name"], asked["status"], asked["open"]) == ("Rosa", "invited", [])
    await http.did(luis, f"/patients/{rosa.id}/caregivers/{luis.id}/answer", {"accept": True})
    [trusting] = await http.get(luis, path)
    assert (trusting["status"], trusting["open"]) == ("accepted", [])
    await http.get(User("caregiver-other", "caregiver"), path, 404)
    await http.did(rosa, f"/patients/{rosa.id}/caregivers/{luis.id}/remove")
    assert await http.get(luis, path) == []


async def test_the_same_address_is_the_same_caregiver(http: Http, rosa: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    await http.did(OKAFOR, f"/patients/{rosa.id}/caregivers", {**LUIS, "email": "luis@EXAMPLE.org"})
    assert len((await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]) == 1


async def test_patients_are_listed_for_those_who_may_see_them(http: Http, rosa: User) -> None:
    for who in (OKAFOR, TANAKA, PORTAL):
        assert [row["id"] for row in await http.get(who, "/patients")] == [rosa.id]


@pytest.mark.parametrize(
    "change",
    [
        {"email": "not an address"},
        {"name": "Rosa\r\nBcc: everybody@example.org"},
        {"name": "  "},
        {"time_zone": "Mars/Olympus"},
        {"nickname": "Ro"},
    ],
)
async def test_a_malformed_registration_is_refused(http: Http, change: dict[str, str]) -> None:
    assert (await http.post(OKAFOR, "/patients", {**REGISTER, **change})).status_code == 422


@pytest.mark.parametrize("value", [True, "3", 2.5, None])
async def test_an_answer_is_a_whole_number_and_nothing_else(http: Http, rosa: User, value: Any) -> None:
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    answers = {**SUBMIT["answers"], "PEG": {"1": 6, "2": 7, "3": value}}
    answer = await http.post(OKAFOR, f"/referrals/{referral}/submit", {**SUBMIT, "answers": answers})
    assert answer.status_code == 422


async def test_nothing_personal_is_stored_readable(http: Http, rosa: User, treated: str, tmp_path: Path) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    await _outcome_arrives(http, treated)
    stored = all_bytes(tmp_path)
    assert treated.encode() in stored
    told = [*REGISTER.values(), LUIS["name"], LUIS["email"], SUBMIT["reason"], SUBMIT["goal"], "Good fit."]
    told = [*(text for text in told if len(text) > 2), str(SUMMARY.recommendation)]
    assert [text for text in told if text.encode() in stored] == []


async def test_an_erased_person_leaves_pages_that_still_open(http: Http, rosa: User, treated: str) -> None:
    await _outcome_arrives(http, treated)
    await http.core.vault.erase(rosa.id)
    assert (await http.get(TANAKA, f"/patients/{rosa.id}"))["name"] is None
    [row] = await _rows(http, OKAFOR, "mine")
    shown = await http.get(OKAFOR, f"/referrals/{treated}")
    assert (row["patient_name"], shown["reason"], shown["summary"]["recommendation"]) == (None, None, None)
    assert shown["readings"][0]["value"] == 7.0
    await http.did(OKAFOR, f"/referrals/{treated}/acknowledge")


async def test_the_timeline_is_for_those_who_see_the_patient(http: Http, rosa: User) -> None:
    await http.get(rosa, f"/timeline/{rosa.id}")
    await http.get(OKAFOR, f"/timeline/{rosa.id}")
    await http.get(LINDQVIST, f"/timeline/{rosa.id}", 404)
