"""Clear answers: every refusal is problem+json with a stable code, and nothing inside leaks out."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.runtime.edge import LARGEST_BODY
from tests.runtime.toy_service import SECRET, ToyService, change, problem
from tests.runtime.toys import NAME


async def test_what_is_created_has_an_id_a_version_and_an_etag(toy: ToyService) -> None:
    answer = await toy.client.post("/tallies", json={"amount": 1}, headers=toy.as_(idempotency_key="key-0"))
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.json() == {"id": answer.json()["id"], "version": 1}
    assert answer.json()["id"].startswith("tally-")


async def test_a_change_of_what_was_seen_is_done(toy: ToyService) -> None:
    answer = await change(toy, await toy.created())
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')


async def test_the_same_key_with_the_same_body_is_done_once_and_answered_alike(toy: ToyService) -> None:
    first, second = await toy.created("key-0"), await toy.created("key-0")
    assert first == second
    answers = [await change(toy, first) for _ in range(3)]
    assert [(a.status_code, a.json()) for a in answers] == [(200, {"id": first, "version": 2})] * 3
    assert (await toy.client.get(f"/tallies/{first}", headers=toy.as_())).json()["total"] == 2


async def test_fifty_presses_of_one_button_at_once_are_one_change(toy: ToyService) -> None:
    id = await toy.created()
    answers = await asyncio.gather(*(change(toy, id) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await toy.client.get(f"/tallies/{id}", headers=toy.as_())).json() == {"id": id, "version": 2, "total": 2}


async def _kept(toy: ToyService, seen: str, key: str) -> httpx.Response:
    return await toy.client.post(
        "/kept/tally-1", json={"amount": 1}, headers=toy.as_(if_match=seen, idempotency_key=key)
    )


async def test_what_there_is_one_of_is_begun_by_its_first_change(toy: ToyService) -> None:
    problem(await _kept(toy, '"1"', "key-1"), 412, "changed-meanwhile")
    first = await _kept(toy, '"0"', "key-2")
    assert (first.status_code, first.headers["etag"], first.json()) == (200, '"1"', {"id": "tally-1", "version": 1})
    assert (await _kept(toy, '"0"', "key-2")).json() == first.json()
    assert problem(await _kept(toy, '"0"', "key-3"), 412, "changed-meanwhile")["version"] == 1
    assert [(await _kept(toy, seen, f"key-{n}")).json()["version"] for n, seen in enumerate(('"1"', "*"), 4)] == [2, 3]


async def test_the_same_key_with_another_body_is_refused(toy: ToyService) -> None:
    id = await toy.created()
    await change(toy, id)
    problem(await change(toy, id, {"amount": 5}), 422, "idempotency-key-reused")
    headers = toy.as_(idempotency_key="key-0")
    problem(await toy.client.post("/tallies", json={"amount": 9}, headers=headers), 422, "idempotency-key-reused")


async def test_the_same_key_of_two_people_is_two_intentions(toy: ToyService) -> None:
    one = await toy.client.post("/tallies", json={"amount": 1}, headers=toy.as_(id="ana", idempotency_key="k"))
    other = await toy.client.post("/tallies", json={"amount": 2}, headers=toy.as_(id="ben", idempotency_key="k"))
    assert one.json()["id"] != other.json()["id"]


@pytest.mark.parametrize("key", ["-", "", "with space", "ü", "x" * 129])
async def test_a_change_needs_a_well_formed_idempotency_key(toy: ToyService, key: str) -> None:
    id = await toy.created()
    headers = [(n.encode(), v.encode()) for n, v in toy.as_(if_match="*").items()]
    if key != "-":
        headers.append((b"idempotency-key", key.encode()))
    answer = await toy.client.post(f"/tallies/{id}/change", json={"amount": 1}, headers=headers)
    problem(answer, 400, "idempotency-key-missing")


async def test_a_change_of_what_somebody_else_has_changed_tells_the_version(toy: ToyService) -> None:
    id = await toy.created()
    await change(toy, id)
    assert problem(await change(toy, id, idempotency_key="key-2"), 412, "changed-meanwhile")["version"] == 2


async def test_a_change_must_say_what_was_seen(toy: ToyService) -> None:
    problem(await change(toy, await toy.created(), if_match="-"), 428, "if-match-missing")


@pytest.mark.parametrize("seen", ["1", 'W/"1"', '"one"', '"-1"', '"1", "2"', '"99999999999"', ""])
async def test_a_version_that_is_none_is_refused(toy: ToyService, seen: str) -> None:
    problem(await change(toy, await toy.created(), if_match=seen), 400, "if-match-malformed")


async def test_a_star_changes_whatever_stands(toy: ToyService) -> None:
    assert (await change(toy, await toy.created(), if_match="*")).status_code == 200


async def test_a_rule_that_says_no_is_told_in_words(toy: ToyService) -> None:
    body = problem(await change(toy, await toy.created(), {"amount": -2}), 409, "below-zero")
    assert (body["title"], body["detail"]) == ("A tally cannot go below zero.", {"amount": -2})


async def test_a_taken_place_is_told_in_words(toy: ToyService) -> None:
    await toy.created("key-a", slot="monday")
    headers = toy.as_(idempotency_key="key-b")
    answer = await toy.client.post("/tallies", json={"amount": 1, "slot": "monday"}, headers=headers)
    problem(answer, 409, "slot-taken")


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b'{"amount": 1', b"{'amount': 1}"])
async def test_what_is_not_json_is_said_to_be_so(toy: ToyService, body: bytes) -> None:
    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    answer = await toy.client.post("/tallies", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("malformed-json", "http-400", "invalid")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_malformed_json_is_named(toy: ToyService) -> None:
    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    problem(await toy.client.post("/tallies", content=b'{"amount":', headers=headers), 400, "malformed-json")


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        ({"amount": "many"}, "body.amount", "int_parsing"),
        ({}, "body.amount", "missing"),
        ({"amount": 1, "admin": True}, "body.admin", "extra_forbidden"),
        ({"amount": -99}, "body.amount", "greater_than_equal"),
        ([], "body", "model_attributes_type"),
    ],
)
async def test_each_wrong_field_is_named_without_what_was_in_it(
    toy: ToyService, body: Any, where: str, what: str
) -> None:
    answer = await toy.client.post("/tallies", json=body, headers=toy.as_(idempotency_key="key-1"))
    assert problem(answer, 422, "invalid")["errors"] == [{"where": where, "what": what}]


async def test_json_nested_without_end_is_an_answer_and_no_crash(toy: ToyService) -> None:
    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    answer = await toy.client.post("/tallies", content=b"[" * 100_000, headers=headers)
    assert answer.status_code in (400, 422)


async def test_an_unknown_route_and_a_wrong_method_are_problems_too(toy: ToyService) -> None:
    problem(await toy.client.get("/nowhere"), 404, "http-404")
    answer = await toy.client.put("/tallies", headers=toy.as_())
    problem(answer, 405, "http-405")
    assert answer.headers["allow"] == "POST"


async def test_a_body_too_large_is_refused_before_it_is_read(toy: ToyService) -> None:
    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    answer = await toy.client.post("/tallies", content=b"x" * (LARGEST_BODY + 1), headers=headers)
    problem(answer, 413, "too-large")


async def test_a_body_too_large_in_pieces_is_refused_as_soon_as_it_is(toy: ToyService) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1024
            yield b" " * 1024

    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    problem(await toy.client.post("/tallies", content=pieces(), headers=headers), 413, "too-large")
    assert sent <= LARGEST_BODY + 2048


async def test_a_body_as_large_as_may_be_is_taken(toy: ToyService) -> None:
    content = json.dumps({"amount": 1}).encode().ljust(LARGEST_BODY)
    headers = toy.as_(idempotency_key="key-1", content_type="application/json")
    assert (await toy.client.post("/tallies", content=content, headers=headers)).status_code == 201


async def test_a_bug_tells_nothing_but_the_correlation_to_look_for(toy: ToyService) -> None:
    answer = await toy.client.get("/bug", headers=toy.as_(x_correlation_id="click-1"))
    problem(answer, 500, "internal")
    assert answer.headers["x-correlation-id"] == "click-1"
    for secret in (NAME, SECRET, "RuntimeError", "Traceback", ".py"):
        assert secret not in answer.text


async def test_a_store_that_is_away_is_said_to_be_away(toy: ToyService) -> None:
    id = await toy.created()
    await toy.service.store.engine.close()
    answer = await toy.client.get(f"/tallies/{id}", headers=toy.as_())
    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    assert "store.db" not in answer.text


async def test_the_correlation_of_a_click_is_found_in_the_answer_and_in_the_event(toy: ToyService) -> None:
    headers = toy.as_(idempotency_key="key-1", x_correlation_id="click-42")
    answer = await toy.client.post("/tallies", json={"amount": 1}, headers=headers)
    assert answer.headers["x-correlation-id"] == "click-42"
    document = await toy.service.store.documents.load("tally", answer.json()["id"])
    assert document is not None
    assert document.outbox[0]["correlation"] == "click-42"
    assert document.outbox[0]["causation"].startswith("request:")


@pytest.mark.parametrize("given", ["", "with space", "a\tb", "x" * 65, "<script>"])
async def test_a_correlation_that_is_none_is_replaced(toy: ToyService, given: str) -> None:
    answer = await toy.client.get("/health/live", headers={"X-Correlation-Id": given})
    assert answer.headers["x-correlation-id"] != given
    assert len(answer.headers["x-correlation-id"]) == 32
