"""The routes that every service has: its ledger, the operator's, timeline and health."""

import pytest

from shared.runtime import auth
from shared.runtime.errors import Unavailable
from shared.runtime.sources import LedgerSources
from shared.runtime.store.port import Cursor, Hold
from shared.runtime.version import VERSION
from tests.runtime.toy_service import CLINIC, SECRET, ToyService, problem
from tests.runtime.toys import NAME


async def test_the_ledger_is_read_over_http_by_the_services_and_by_nobody_else(toy: ToyService) -> None:
    id = await toy.created()
    while not toy.service.relay.idle:
        await toy.service.relay.publish_offered()
    token = auth.service_token(SECRET, "interventions", toy.clock.now)
    addresses = {"referrals": "http://toy"}
    sources = LedgerSources("interventions", toy.service.store.ledger, addresses, toy.client, token)
    assert dict((await sources.heads("referrals", None)).heads) == {id: 1}
    (entry,) = await sources.history("referrals", id, 0)
    assert (entry["subject"], entry["sequence"]) == (id, 1)
    assert await sources.history("referrals", id, 1) == []
    assert (await sources.heads("referrals", 10**15)).heads == ()
    assert await sources.newest("referrals", [*(f"tally-{n}" for n in range(150)), id]) == {id: 1}
    stranger = LedgerSources("x", toy.service.store.ledger, addresses, toy.client, lambda: "forged")
    with pytest.raises(Unavailable):
        await stranger.heads("referrals", None)


OPERATIONS = ("", "/held", "/held/sum-1", "/rejected")


@pytest.mark.parametrize("role", [role for role in auth.ROLES if role != "operator"])
async def test_nobody_but_an_operator_is_told_how_the_service_does(toy: ToyService, role: str) -> None:
    for path in OPERATIONS:
        problem(await toy.client.get(f"/operations{path}", headers=toy.as_(role)), 403, "forbidden")
        problem(await toy.client.get(f"/operations{path}"), 401, "not-signed-in")
    if role != "service":
        problem(await toy.client.get("/heads?subject=tally-1", headers=toy.as_(role)), 403, "forbidden")


async def test_an_operator_is_told_lag_late_timers_and_what_is_in_force(toy: ToyService) -> None:
    await toy.created(note=NAME)
    operator = toy.as_("operator", "olga")
    answer = await toy.client.get("/operations", headers=operator)
    told = answer.json()
    lag, configuration = told["lag"], told["configuration"]
    # No address of the source is set here.
    assert [(one["source"], one["reached"]) for one in lag["sources"]] == [("interventions", False)]
    assert (lag["untold"]["events"], lag["untold"]["more"]) == (1, False)
    assert lag["untold"]["oldest"].startswith("2026-03-02T09:00")
    assert (told["late"], told["held"], told["rejected"]) == ([], {"held": [], "total": 0, "next": None}, [])
    assert (configuration["version"], configuration["build"]) == (VERSION, "build-1")
    assert configuration["started_at"].startswith("2026-03-02T09:00")
    assert (configuration["clinic"]["name"], configuration["backup"]["folder"]) == (CLINIC.name, None)
    assert SECRET not in answer.text


async def test_a_part_that_cannot_be_told_now_takes_no_other_along(
    toy: ToyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> None:
        raise Unavailable("the store does not answer")

    monkeypatch.setattr(toy.service.operations, "late", away)
    told = (await toy.client.get("/operations", headers=toy.as_("operator", "olga"))).json()
    assert told["late"] is None
    assert told["configuration"]["version"] == VERSION


async def test_held_keys_are_read_page_after_page_or_one_alone(toy: ToyService) -> None:
    cursors = toy.service.store.cursors
    for n in range(3):
        await cursors.hold(f"sum-{n}", "interventions", 0, Hold(1, "poison", "e1", "RuntimeError", "b", n))
    operator = toy.as_("operator", "olga")
    first = (await toy.client.get("/operations/held?limit=2", headers=operator)).json()
    assert ([one["source"] for one in first["held"]], first["total"]) == (["sum-0", "sum-1"], 3)
    query = {"limit": "2", "after": first["next"]}
    rest = (await toy.client.get("/operations/held", params=query, headers=operator)).json()
    assert ([one["source"] for one in rest["held"]], rest["total"], rest["next"]) == (["sum-2"], 3, None)
    one = (await toy.client.get("/operations/held/sum-2", headers=operator)).json()
    assert (one["source"], one["reason"], one["behind"], one["type"]) == ("sum-2", "poison", None, None)
    problem(await toy.client.get("/operations/held/none", headers=operator), 404, "not-found")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "above=x"])
async def test_the_ledger_refuses_what_it_cannot_page(toy: ToyService, query: str) -> None:
    problem(await toy.client.get(f"/ledger/tally-1?{query}", headers=toy.as_("service")), 422, "invalid")


async def test_an_operator_sees_retries_and_discards_what_is_held(toy: ToyService) -> None:
    cursors = toy.service.store.cursors
    await cursors.advance([Cursor("sum-1", "interventions", 1, "e1")])
    await cursors.hold("sum-1", "interventions", 1, Hold(2, "poison", "e2", "RuntimeError", "b", 1))
    operator = toy.as_("operator", "olga")
    (held,) = (await toy.client.get("/operations/held", headers=operator)).json()["held"]
    assert (held["source"], held["sequence"], held["reason"], held["event_id"]) == ("sum-1", 2, "poison", "e2")
    retried = (await toy.client.post("/operations/held/sum-1/retry", headers=operator)).json()
    assert (retried["applied"], retried["held"]["reason"]) == (1, "unreachable")
    path = "/operations/held/sum-1/discard"
    problem(await toy.client.post(path, json={"reason": "no"}, headers=operator), 422, "invalid")
    problem(await toy.client.post(path, json={"reason": "by mistake"}, headers=toy.as_()), 403, "forbidden")
    answer = await toy.client.post(path, json={"reason": "sent by mistake"}, headers=operator)
    assert answer.json()["applied"] == 2
    (record,) = (await toy.client.get("/operations/rejected", headers=operator)).json()["rejected"]
    assert (record["actor"], record["reason"]) == ("operator:olga", "sent by mistake")
    problem(await toy.client.post("/operations/held/none/retry", headers=operator), 404, "not-found")


async def test_a_timeline_tells_when_what_and_who_and_nothing_personal(toy: ToyService) -> None:
    await toy.created(note=NAME)
    await toy.service.relay.file_waiting()
    (entry,) = (await toy.client.get("/timeline/pat-1", headers=toy.as_())).json()["entries"]
    assert (entry["type"], entry["actor"], entry["data"]) == ("toy.tally.changed.v1", "psychology:ana", {})


async def test_health_says_what_is_missing_and_needs_nobody(toy: ToyService) -> None:
    assert (await toy.client.get("/health/live")).json() == {"status": "live"}
    answer = await toy.client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["missing"].keys() == {"kafka"}
    await toy.service.store.engine.close()
    assert (await toy.client.get("/health/ready")).json()["missing"].keys() == {"kafka", "store"}
    assert (await toy.client.get("/health/live")).status_code == 200
