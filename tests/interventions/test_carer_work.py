"""What psychology sees of caregivers: how they said they are, where to call them, and what is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.runtime.auth import User
from tests.interventions.service import CONTENT, Http, serving
from tests.interventions.test_carers import ANA, FINE, HOME, LUIS, MARTA, ROSA, Asked, accept, create, rings

WORRYING = {"about_id": ROSA.id, "text": "She says there is no reason to live."}
PLAIN = {"about_id": ROSA.id, "text": "She sleeps in her clothes."}
STAFF_ONLY = ("/caregiver-support", "/caregiver-support/over", "/caregiver-words", "/caregiver-words/over")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as http:
        http.core.permissions = Asked(luis=frozenset(), marta=frozenset())
        await accept(http, LUIS)
        await accept(http, MARTA)
        yield http


async def test_a_bad_check_comes_with_its_answers_and_a_number_to_call(http: Http) -> None:
    body = {"answers": {"sleep": "always"}, "safe": "no", "phone": " 020 7946 0123 "}
    await http.did(LUIS, f"{HOME}/check", body)
    [row] = await http.get(ANA, "/caregiver-support")
    assert (row["urgent"], row["source"], row["phone"]) == (True, "check", "020 7946 0123")
    assert (row["check"]["answers"], row["check"]["safe"]) == ({"sleep": "always"}, "no")


async def test_nobody_elses_check_is_read(http: Http) -> None:
    """They were promised that the team reads it only if they ask for support or are not safe."""
    await http.did(LUIS, f"{HOME}/check", {"answers": {"sleep": "always", "worry": "always"}, "safe": "not_sure"})
    assert await http.get(ANA, "/caregiver-support") == []
    await http.get(ANA, f"/caregiver-people/{LUIS.id}", status=404)
    await create(http, LUIS, f"{HOME}/words", PLAIN)
    person = await http.get(ANA, f"/caregiver-people/{LUIS.id}")
    assert (len(person["words"]), person["checks"]) == (1, [])
    await create(http, LUIS, f"{HOME}/support", {"kind": "phone"})
    assert len((await http.get(ANA, f"/caregiver-people/{LUIS.id}"))["checks"]) == 1


async def test_what_was_read_answered_and_closed_is_found_again_with_who_and_when(http: Http) -> None:
    await http.did(LUIS, f"{HOME}/check", FINE)
    await create(http, LUIS, f"{HOME}/words", {**PLAIN, "phone": "111"})
    await create(http, LUIS, f"{HOME}/support", {"kind": "meeting", "phone": "222"})
    await create(http, MARTA, f"/caregivers/{MARTA.id}/words", PLAIN)
    word = next(one for one in await http.get(ANA, "/caregiver-words") if one["caregiver_id"] == LUIS.id)
    [asked] = await http.get(ANA, "/caregiver-support")
    read_at = http.clock.moment
    await http.did(ANA, f"/caregiver-words/{word['id']}/read")
    await rings(http, "caregiver_word", hours=1)
    await http.did(User("ben", "psychology"), f"/caregiver-words/{word['id']}/reply", {"text": "Thank you."})
    path = f"/caregiver-support/{asked['id']}"
    await http.did(ANA, f"{path}/take")
    await http.did(ANA, f"{path}/answer", {"kind": "phone", "words": "We call."})
    await http.did(ANA, f"{path}/close")
    person = await http.get(ANA, f"/caregiver-people/{LUIS.id}")
    [kept] = person["words"]
    assert (kept["reader_id"], kept["replied_by"], kept["reply"]) == ("ana", "ben", "Thank you.")
    assert kept["read_at"] == read_at.isoformat().replace("+00:00", "Z")
    assert kept["replied_at"] > kept["read_at"]
    [closed] = person["requests"]
    assert (closed["taken_by"], closed["answered_by"], closed["closed_by"]) == ("ana", "ana", "ana")
    assert all(closed[name] for name in ("taken_at", "answered_at", "closed_at"))
    assert (len(person["checks"]), person["phone"]) == (1, "111" if word["sent_at"] > asked["asked_at"] else "222")
    assert [one["id"] for one in (await http.get(ANA, "/caregiver-words/over"))["rows"]] == [word["id"]]
    assert [one["id"] for one in (await http.get(ANA, "/caregiver-support/over"))["rows"]] == [asked["id"]]


async def test_what_is_over_comes_page_after_page_the_newest_first(http: Http) -> None:
    for _ in range(3):
        await create(http, LUIS, f"{HOME}/words", PLAIN)
        [word] = await http.get(ANA, "/caregiver-words")
        await rings(http, "caregiver_word", minutes=1)
        await http.did(ANA, f"/caregiver-words/{word['id']}/read")
    first = await http.get(ANA, "/caregiver-words/over?limit=2")
    rest = await http.get(ANA, f"/caregiver-words/over?limit=2&after={first['next']}")
    when = [one["read_at"] for one in (*first["rows"], *rest["rows"])]
    assert (len(first["rows"]), len(rest["rows"]), rest["next"]) == (2, 1, None)
    assert when == sorted(when, reverse=True)


async def test_a_word_that_worries_comes_first_with_its_clock_until_somebody_has_read_it(http: Http) -> None:
    """As with a risk alert: somebody must take it on by a certain time, or the next of the ladder is called."""
    await create(http, LUIS, f"{HOME}/words", PLAIN)
    await create(http, LUIS, f"{HOME}/words", WORRYING)
    first, second = await http.get(ANA, "/caregiver-words")
    assert (first["worrying"], first["level"], second["worrying"]) == (True, 0, False)
    assert first["read_due"] is not None
    assert second["read_due"] is None
    clocks = CONTENT.clinic.clocks
    assert await rings(http, "caregiver_word", minutes=clocks.risk_acknowledge_minutes - 1) == []
    assert await rings(http, "caregiver_word", minutes=1) == ["CaregiverWordWorries"]
    assert await rings(http, "caregiver_word", minutes=clocks.risk_escalate_minutes) == ["CaregiverWordWorries"]
    late = (await http.get(ANA, "/caregiver-words"))[0]
    assert (late["id"], late["level"]) == (first["id"], 2)
    assert late["read_due"] > first["read_due"]
    await http.did(ANA, f"/caregiver-words/{first['id']}/read")
    assert await rings(http, "caregiver_word", minutes=60) == []
    [kept] = (await http.get(ANA, "/caregiver-words/over"))["rows"]
    assert (kept["worrying"], kept["reader_id"], kept["read_due"]) == (True, "ana", None)
    assert await http.core.find("risk_alert", {"patient_id": ROSA.id}) == []


async def test_what_nobody_has_taken_stands_before_what_somebody_has(http: Http) -> None:
    for who in (LUIS, MARTA):
        await http.did(who, f"/caregivers/{who.id}/check", {"answers": {}, "safe": "no"})
    await create(http, LUIS, f"{HOME}/support", {"kind": "phone"})
    taken = (await http.get(ANA, "/caregiver-support"))[0]
    await http.did(ANA, f"/caregiver-support/{taken['id']}/take")
    rows = await http.get(ANA, "/caregiver-support")
    assert [(row["urgent"], row["status"]) for row in rows] == [(True, "open"), (True, "taken"), (False, "open")]


async def test_only_psychology_reads_any_of_it(http: Http) -> None:
    await create(http, LUIS, f"{HOME}/words", PLAIN)
    for who in (LUIS, ROSA, User("doc", "referrer"), User("op", "operator")):
        for path in (*STAFF_ONLY, f"/caregiver-people/{LUIS.id}"):
            await http.get(who, path, status=403)
    assert (await http.get(LUIS, f"{HOME}/about"))["phone"] is None
    await http.get(MARTA, f"{HOME}/about", status=404)


async def test_a_number_is_asked_once_and_the_newest_counts(http: Http) -> None:
    await create(http, LUIS, f"{HOME}/words", {**PLAIN, "phone": "111"})
    await rings(http, "caregiver_word", minutes=1)
    await http.did(LUIS, f"{HOME}/check", {**FINE, "phone": "222"})
    await rings(http, "caregiver_word", minutes=1)
    await create(http, LUIS, f"{HOME}/support", {"kind": "phone"})
    assert await http.get(LUIS, f"{HOME}/about") == {"phone": "222", "young": False}
