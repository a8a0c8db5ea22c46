"""Questions to psychology over HTTP: roles, ownership, consent, lists, on a real store."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.aggregate import derived_id
from shared.runtime.auth import User
from tests.referrals.service import Http

OKAFOR, LINDQVIST = User("dr-okafor", "referrer"), User("dr-lindqvist", "referrer")
TANAKA, PORTAL, BYRNE = User("psy-tanaka", "psychology"), User("portal", "service"), User("op-byrne", "operator")
REGISTER = {"name": "Rosa Marin", "email": "rosa@example.org", "birth_date": "1979-05-04", "language": "es"}
QUESTION: dict[str, Any] = {"question": "How can I bring up psychology?", "topic": "how_to_talk"}
ANSWER = {"answer": "Begin with her sleep.", "suggests_referral": True}


@pytest.fixture
async def rosa(http: Http) -> User:
    """She has agreed to nothing."""
    return User(await http.did(OKAFOR, "/patients", REGISTER), "patient")


@pytest.fixture
async def asked(http: Http, rosa: User) -> str:
    return await _ask(http, rosa)


async def _ask(http: Http, about: User, **more: Any) -> str:
    return await http.did(OKAFOR, "/advice", {**QUESTION, "patient_id": about.id, **more})


async def _consents(http: Http, rosa: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "refer", "granted": True})


def _all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def _refusal(http: Http, who: User, path: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    answer = await http.post(who, path, body)
    return answer.status_code, answer.json()["code"]


async def test_a_question_goes_back_and_forth_and_is_closed_without_any_consent(http: Http, asked: str) -> None:
    path = f"/advice/{asked}"
    await http.did(TANAKA, f"{path}/ask_back", {"question": "Has she had support before?"})
    await http.did(OKAFOR, f"{path}/explain", {"explanation": "Never."})
    await http.did(TANAKA, f"{path}/answer", ANSWER)
    await http.did(OKAFOR, f"{path}/close", {"reason_code": "answered_enough"})
    shown = await http.get(OKAFOR, f"{path}?language=es")
    assert (shown["status"], shown["status_sentence"]) == ("closed", "Cerrada.")
    assert (shown["patient_name"], shown["suggests_referral"]) == ("Rosa Marin", True)
    assert [(turn["kind"], turn["by"], turn["text"]) for turn in shown["thread"]] == [
        ("asked", "dr-okafor", QUESTION["question"]),
        ("asked_back", "psy-tanaka", "Has she had support before?"),
        ("explained", "dr-okafor", "Never."),
        ("answered", "psy-tanaka", ANSWER["answer"]),
    ]


async def test_one_asks_about_ones_own_patients_who_are_known(http: Http, rosa: User) -> None:
    for who, patient in ((LINDQVIST, rosa.id), (OKAFOR, "patient-nobody")):
        body = {**QUESTION, "patient_id": patient}
        assert await _refusal(http, who, "/advice", body) == (404, "not-found")
    assert (await http.post(TANAKA, "/advice", {**QUESTION, "patient_id": rosa.id})).status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"question": " "}, "question-missing"),
        ({"topic": "weather"}, "invalid"),
        ({"urgent": True}, "invalid"),
        ({"question": "x" * 4001}, "invalid"),
    ],
)
async def test_a_question_that_is_not_whole_is_refused(
    http: Http, rosa: User, change: dict[str, Any], code: str
) -> None:
    assert await _refusal(http, OKAFOR, "/advice", {**QUESTION, "patient_id": rosa.id, **change}) == (422, code)


async def test_the_same_intention_twice_asks_once(http: Http, rosa: User) -> None:
    key, body = {"Idempotency-Key": "one-click"}, {**QUESTION, "patient_id": rosa.id}
    first, again = [await http.post(OKAFOR, "/advice", body, **key) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await http.get(OKAFOR, "/advice")) == 1


async def test_what_was_changed_meanwhile_is_not_overwritten(http: Http, asked: str) -> None:
    await http.did(TANAKA, f"/advice/{asked}/ask_back", {"question": "Since when?"})
    answer = await http.post(TANAKA, f"/advice/{asked}/answer", ANSWER, **{"If-Match": '"1"'})
    assert answer.status_code == 412


async def test_a_referral_is_made_only_of_a_person_who_agreed_to_it(http: Http, rosa: User, asked: str) -> None:
    path = f"/advice/{asked}"
    told = {row["action"]: row["why_not"] for row in await http.get(OKAFOR, f"{path}/actions")}
    assert told["convert"] == "consent-missing"
    assert await _refusal(http, OKAFOR, f"{path}/convert") == (422, "consent-missing")
    await _consents(http, rosa)
    await http.did(OKAFOR, f"{path}/convert")
    shown = await http.get(OKAFOR, path)
    assert shown["referral_id"] == derived_id("referral", asked)
    assert (shown["status"], shown["authority"], shown["converted_by"]) == ("converted", "referrer", "dr-okafor")


async def test_psychology_makes_a_referral_only_where_it_was_authorised(http: Http, rosa: User, asked: str) -> None:
    await _consents(http, rosa)
    allowed = await _ask(http, rosa, may_convert=True)
    assert await _refusal(http, TANAKA, f"/advice/{asked}/convert") == (409, "conversion-not-authorised")
    await http.did(TANAKA, f"/advice/{allowed}/convert")
    shown = await http.get(TANAKA, f"/advice/{allowed}")
    assert (shown["authority"], shown["converted_by"]) == ("authorised", "psy-tanaka")


async def test_a_reason_that_does_not_fit_is_refused(http: Http, asked: str) -> None:
    body = {"reason_code": "answered_enough"}
    assert await _refusal(http, OKAFOR, f"/advice/{asked}/close", body) == (422, "close-reason-invalid")
    assert (await http.get(TANAKA, f"/advice/{asked}"))["close_reasons"] == ["entered_in_error"]


async def test_a_question_of_another_does_not_exist_and_patients_have_none(http: Http, rosa: User, asked: str) -> None:
    for path in (f"/advice/{asked}", f"/advice/{asked}/actions"):
        await http.get(LINDQVIST, path, 404)
        for who in (rosa, PORTAL, BYRNE):
            await http.get(who, path, 403)
    close = {"reason_code": "entered_in_error"}
    assert (await http.post(LINDQVIST, f"/advice/{asked}/close", close)).status_code == 404
    assert (await http.post(LINDQVIST, f"/advice/{asked}/convert")).status_code == 404
    assert (await http.post(rosa, f"/advice/{asked}/close", close)).status_code == 403
    assert (await http.post(OKAFOR, f"/advice/{asked}/answer", ANSWER)).status_code == 403
    assert (await http.post(TANAKA, f"/advice/{asked}/explain", {"explanation": "x"})).status_code == 403
    assert await http.get(LINDQVIST, "/advice") == []
    await http.get(rosa, "/advice", 403)


async def test_a_question_moves_from_list_to_list(http: Http, asked: str) -> None:
    async def lists(who: User, *names: str) -> set[str]:
        return {name for name in names if await http.get(who, f"/advice?list={name}")}

    psychology, referrer = ("to_answer", "answered", "open"), ("mine", "answered", "open")
    assert await lists(TANAKA, *psychology) == {"to_answer", "open"}
    assert await lists(OKAFOR, *referrer) == {"mine", "open"}
    await http.did(TANAKA, f"/advice/{asked}/ask_back", {"question": "Since when?"})
    assert await lists(TANAKA, *psychology) == {"open"}
    await http.did(TANAKA, f"/advice/{asked}/answer", ANSWER)
    assert await lists(TANAKA, *psychology) == {"answered", "open"}
    assert await lists(OKAFOR, *referrer) == {"mine", "answered", "open"}
    await http.did(TANAKA, f"/advice/{asked}/close", {"reason_code": "answered_enough"})
    assert await lists(TANAKA, *psychology) == set()
    assert await lists(OKAFOR, *referrer) == {"mine"}


async def test_each_role_has_its_lists(http: Http, asked: str) -> None:
    for who, name in ((TANAKA, "mine"), (OKAFOR, "to_answer")):
        assert (await http.get(who, f"/advice?list={name}", 422))["code"] == "list-unknown"
    assert [row["id"] for row in await http.get(TANAKA, "/advice")] == [asked]


async def test_what_is_due_first_comes_first_and_says_whether_it_is_too_late(
    http: Http, rosa: User, asked: str
) -> None:
    http.clock.moment += timedelta(days=1)
    later = await _ask(http, rosa)
    http.clock.moment += timedelta(days=4)
    rows = await http.get(TANAKA, "/advice?list=to_answer")
    assert [(row["id"], row["overdue"]) for row in rows] == [(asked, True), (later, False)]


async def test_nothing_that_was_said_is_stored_readable(http: Http, asked: str, tmp_path: Path) -> None:
    await http.did(TANAKA, f"/advice/{asked}/ask_back", {"question": "Has she had support before?"})
    await http.did(OKAFOR, f"/advice/{asked}/explain", {"explanation": "Her family would mind."})
    await http.did(TANAKA, f"/advice/{asked}/answer", ANSWER)
    stored = _all_bytes(tmp_path)
    assert asked.encode() in stored
    said = (QUESTION["question"], "Has she had support before?", "Her family would mind.", ANSWER["answer"])
    assert [text for text in said if str(text).encode() in stored] == []


async def test_a_question_about_an_erased_person_still_opens_and_can_be_closed(
    http: Http, rosa: User, asked: str
) -> None:
    await http.core.vault.erase(rosa.id)
    shown = await http.get(TANAKA, f"/advice/{asked}")
    assert (shown["patient_name"], shown["thread"][0]["text"], shown["topic"]) == (None, None, "how_to_talk")
    assert await _refusal(http, TANAKA, f"/advice/{asked}/answer", ANSWER) == (409, "person-erased")
    await http.did(OKAFOR, f"/advice/{asked}/close", {"reason_code": "no_longer_needed"})
