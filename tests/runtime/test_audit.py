"""Every request that shows or changes a person's data is on record before it is answered."""

from typing import Any

import httpx
import pytest

from shared.runtime.audit.check import check, heads_in
from shared.runtime.store.port import Json
from tests.runtime.faults import Faults, faulty
from tests.runtime.toy_service import ToyService, problem

PERSON = "pat-1"
OTHER = "patient-" + "0" * 20


async def of(toy: ToyService, person: str = PERSON) -> list[Json]:
    """The records about a person, the oldest first."""
    return (await toy.service.store.audit.of_person(person, None, 100))[::-1]


async def all_of(toy: ToyService) -> list[Json]:
    heads = await toy.service.store.audit.heads(10)
    return [one for head in heads for one in await toy.service.store.audit.chain(head["chain"])]


async def asked(toy: ToyService, path: str, role: str = "psychology", id: str = "ana", **more: Any) -> httpx.Response:
    headers = {**toy.as_(role, id), "X-Correlation-Id": "click-1"}
    return await toy.client.get(path, headers=headers, **more)


async def test_a_read_says_when_who_what_of_whom_why_and_how_it_ended(toy: ToyService) -> None:
    id = await toy.created()
    before = toy.clock.now()
    assert (await asked(toy, f"/tallies/{id}")).status_code == 200
    record = (await of(toy))[-1]
    assert {name: record[name] for name in ("actor", "role", "on_behalf_of", "service", "route", "person")} == {
        "actor": "ana",
        "role": "psychology",
        "on_behalf_of": None,
        "service": "referrals",
        "route": "GET /tallies/{id}",
        "person": PERSON,
    }
    assert (record["action"], record["outcome"], record["status"]) == ("read", "done", 200)
    assert (record["purpose"], record["request"], record["what"]) == ("treatment", "click-1", ["tally"])
    assert record["at"][:19] == before.isoformat()[:19]


async def test_a_new_thing_a_change_and_a_refused_change_are_told_apart(toy: ToyService) -> None:
    id = await toy.created()
    for amount in (1, -9):
        headers = toy.as_(idempotency_key=f"k{amount}", if_match="*")
        await toy.client.post(f"/tallies/{id}/change", json={"amount": amount}, headers=headers)
    assert [(one["action"], one["outcome"], one["status"]) for one in await of(toy)] == [
        ("create", "done", 201),
        ("update", "done", 200),
        ("update", "failed", 409),
    ]


async def test_what_is_denied_is_on_record_with_whom_it_was_about(toy: ToyService) -> None:
    id = await toy.created()
    problem(await asked(toy, f"/tallies/{id}", "patient", "pat-2"), 404, "not-found")
    problem(await asked(toy, f"/tallies/{id}", "operator", "op"), 403, "forbidden")
    problem(await toy.client.get(f"/tallies/{id}"), 401, "not-signed-in")
    denied = [one for one in await all_of(toy) if one.get("outcome") == "denied"]
    assert [(one["actor"], one["role"], one["person"], one["status"]) for one in denied] == [
        ("pat-2", "patient", PERSON, 404),
        ("op", "operator", None, 403),
        (None, None, None, 401),
    ]


async def test_the_person_in_the_address_is_named_and_other_text_is_not_kept(toy: ToyService) -> None:
    for name in (OTHER, "Marisol Quintana"):
        problem(await asked(toy, f"/timeline/{name}", "caregiver", "c"), 403, "forbidden")
    named = [one["person"] for one in await all_of(toy) if one.get("outcome") == "denied"]
    assert named == [OTHER, None]


async def test_each_person_of_a_list_has_a_record_and_who_was_left_out_has_none(toy: ToyService) -> None:
    await toy.created(slot="monday")
    await asked(toy, "/tallies", params={"patient": PERSON})
    await asked(toy, "/tallies", "patient", "pat-2", params={"patient": PERSON})
    assert [(one["actor"], one["action"]) for one in await of(toy)] == [("ana", "create"), ("ana", "read")]


async def test_what_concerns_nobody_leaves_nothing(toy: ToyService) -> None:
    for path in ("/health/live", "/asyncapi.json", "/nowhere"):
        await toy.client.get(path)
    await asked(toy, "/operations/held", "operator")
    assert [one["action"] for one in await all_of(toy)] == ["open"]


async def test_a_bug_is_on_record_where_it_touched_somebody(toy: ToyService) -> None:
    assert (await asked(toy, "/bug")).status_code == 500
    assert [one["action"] for one in await all_of(toy)] == ["open"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_without_a_record_nothing_is_shown(toy: ToyService, when: Any) -> None:
    id = await toy.created()
    faults = Faults()
    toy.service.audit._store = faulty(toy.service.store, faults).audit
    faults.fail_next("audit.append", when)
    answer = await asked(toy, f"/tallies/{id}")
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"]
    assert "total" not in answer.text
    assert (await asked(toy, f"/tallies/{id}")).status_code == 200
    assert (await check(toy.service.store.audit)).faults == []
    assert [one["action"] for one in await of(toy)] == ["create", "read", "read"]


async def test_while_no_record_can_be_written_nothing_is_begun(toy: ToyService) -> None:
    id = await toy.created()
    faults = Faults()
    toy.service.audit._store = faulty(toy.service.store, faults).audit
    for n in range(3):
        faults.fail_next("audit.append")
        headers = toy.as_(idempotency_key=f"key-{n}x", if_match="*")
        problem(await toy.client.post(f"/tallies/{id}/change", json={"amount": 1}, headers=headers), 503, "unavailable")
    found = await asked(toy, f"/tallies/{id}")
    assert found.json()["total"] == 2, "the first was under way; the others were refused before they began"
    assert [one["action"] for one in await of(toy)] == ["create", "update", "read"]


async def test_the_head_is_told_outside_of_the_store_once_it_moved(toy: ToyService, tmp_path: Any) -> None:
    file = tmp_path / "kept" / "heads.jsonl"
    toy.service.audit._heads_file = file
    await toy.created()
    for _ in range(2):
        await toy.service.audit.tell_head()
    [head] = heads_in(file.read_bytes().splitlines())
    [last] = await toy.service.store.audit.heads(1)
    assert (head.chain, head.n, head.hash) == (last["chain"], last["n"], last["hash"])


async def test_patients_read_who_looked_at_them_and_nobody_elses(toy: ToyService) -> None:
    id = await toy.created()
    await asked(toy, f"/tallies/{id}")
    await asked(toy, f"/tallies/{id}", "patient", PERSON)
    mine = await asked(toy, "/audit", "patient", PERSON, params={"patient": PERSON, "limit": 2})
    assert [one["actor"] for one in mine.json()["records"]] == [PERSON, "ana"]
    rest = await asked(toy, "/audit", "operator", "op", params={"patient": PERSON, "before": mine.json()["next"]})
    assert [one["action"] for one in rest.json()["records"]] == ["create"]
    for path in ("/audit", "/audit/days"):
        problem(await asked(toy, path, "patient", PERSON, params={"patient": OTHER}), 404, "not-found")
        problem(await asked(toy, path, params={"patient": PERSON}), 403, "forbidden")
    assert [one["outcome"] for one in await of(toy, OTHER)] == ["denied", "denied"]
    problem(await asked(toy, "/audit", "operator", params={"patient": PERSON, "before": "x"}), 422, "cursor-invalid")


async def test_looks_are_told_by_day_and_person_from_first_to_last(toy: ToyService) -> None:
    id = await toy.created()
    for hours in (1, 2):
        toy.clock.move(minutes=hours)
        await asked(toy, f"/tallies/{id}")
    await asked(toy, f"/tallies/{id}", "service", "interventions")
    await asked(toy, f"/tallies/{id}", "patient", PERSON)
    page = (await asked(toy, "/audit/days", "patient", PERSON, params={"patient": PERSON})).json()
    [looks] = page["looks"]
    assert (looks["actor"], looks["read"], looks["changed"], looks["what"]) == ("ana", True, True, ["tally"])
    assert looks["first"] < looks["last"]
    assert page["earlier"] is None
