"""An audit that somebody changed is found out, and the first wrong record is named."""

import asyncio
import contextlib

import pytest
from pymongo import MongoClient

from deploy import audit as command
from shared.runtime.audit.check import check, heads_in
from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Json, Store
from tests.runtime.faults import Crash, Faults, faulty
from tests.runtime.stores import open_by_words, race
from tests.runtime.tampering import TAMPERING, WHO, everything, forged, log, look, put_in_place, written


async def test_what_nobody_touched_is_whole(store: Store) -> None:
    heads = await written(store)
    report = await check(store.audit, heads)
    assert (report.faults, report.records, report.heads) == ([], 20, heads)


@pytest.mark.parametrize("how", TAMPERING)
async def test_what_was_changed_is_named_by_its_first_record(store: Store, place: list[str], how: str) -> None:
    tamper, n = TAMPERING[how]
    await written(store)
    records = await everything(store)
    tamper(records)
    put_in_place(place, records)
    [fault] = (await check(store.audit)).faults
    assert (fault.chain, fault.n) == (records[5]["chain"], n)


@pytest.mark.parametrize("left", [9, 4, 1])
async def test_a_cut_at_the_end_is_found_by_the_chain_that_was_opened_later(
    store: Store, place: list[str], left: int
) -> None:
    await written(store)
    records = await everything(store)
    put_in_place(place, [*records[:left], *records[10:]])
    [fault] = (await check(store.audit)).faults
    assert (fault.chain, fault.n) == (records[0]["chain"], left + 1)
    assert "had 10 records at least" in fault.problem


async def test_a_cut_at_the_end_of_the_newest_chain_is_found_by_a_head_kept_elsewhere(
    store: Store, place: list[str]
) -> None:
    heads = await written(store)
    records = await everything(store)
    put_in_place(place, records[:-3])
    assert (await check(store.audit)).faults == []
    [fault] = (await check(store.audit, heads)).faults
    assert (fault.chain, fault.n) == (heads[1].chain, 8)


async def test_a_chain_that_is_gone_is_named(store: Store, place: list[str]) -> None:
    heads = await written(store)
    put_in_place(place, (await everything(store))[10:])
    [fault] = (await check(store.audit)).faults
    assert fault.chain == heads[0].chain
    assert "the whole chain is gone" in fault.problem


def _nobody_looked(record: Json) -> Json:
    return {**record, "actor": "nobody"} if record.get("actor") else record


async def test_an_audit_written_anew_with_fitting_hashes_is_found_by_a_head(store: Store, place: list[str]) -> None:
    heads = await written(store)
    put_in_place(place, forged(await everything(store), _nobody_looked))
    faults = (await check(store.audit, heads)).faults
    assert [fault.chain for fault in faults] == [head.chain for head in heads]


async def test_instances_that_write_at_once_have_each_a_chain_and_lose_nothing(store: Store) -> None:
    logs = [log(store.audit, f"instance-{n}") for n in range(4)]
    await race(one.record([look(person, request=f"r{n}")]) for n in range(25) for one in logs for person in WHO)
    report = await check(store.audit)
    assert report.faults == []
    assert len(report.heads) == 4
    assert report.records == 4 * (25 * 3 + 1)


async def test_records_that_come_together_share_a_write(store: Store) -> None:
    faults = Faults()
    audit = log(faulty(store, faults).audit, "one")
    await race(audit.record([look(person)]) for person in WHO * 100)
    assert faults.calls.count("audit.append") <= 4
    assert (await check(store.audit)).records == 301


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_outcome_that_is_not_known_leaves_no_gap_and_no_double(store: Store, when: str) -> None:
    faults = Faults()
    audit = log(faulty(store, faults).audit, "one")
    await audit.record([look(WHO[0])])
    faults.fail_next("audit.append", "after" if when == "after" else "before")
    with pytest.raises(Exception, match="cannot be written"):
        await audit.record([look(WHO[1], request="unsure")])
    await audit.ready()
    await audit.record([look(WHO[2])])
    report = await check(store.audit)
    assert (report.faults, report.records) == ([], 4)
    assert [one["request"] for one in await store.audit.of_person(WHO[1], None, 9)] == ["unsure"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
async def test_a_crash_leaves_a_whole_chain_and_the_next_process_another(store: Store, at: int, when: str) -> None:
    faults = Faults()
    audit = log(faulty(store, faults).audit, "one")
    faults.plan(at, "crash", "after" if when == "after" else "before", lambda name: name == "audit.append")
    for person in WHO:
        with contextlib.suppress(Unavailable, Crash):
            await audit.record([look(person)])
    await log(store.audit, "two").record([look(WHO[0])])
    report = await check(store.audit)
    assert report.faults == []
    assert len(report.heads) == 2 - (at == 1 and when == "before")


def test_heads_are_read_from_files_and_logs_and_the_rest_is_passed_over() -> None:
    lines = [b'{"event": "audit_head", "chain": "c", "n": 3, "hash": "ff"}\n', b"no json", b'{"chain": "d"}', b"[]"]
    assert [(head.chain, head.n, head.hash) for head in heads_in(lines)] == [("c", 3, "ff")]


@pytest.mark.mongo
def test_the_command_reads_mongo_too(mongo_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["mongo", mongo_url, "carepath_referrals"]

    async def write() -> list[Json]:
        store = open_by_words(place)
        await store.engine.open([])
        await written(store)
        records = await everything(store)
        await store.engine.close()
        return records

    with MongoClient[Json](mongo_url) as client:
        client.drop_database(place[2])
        records = asyncio.run(write())
        asked = ["verify", "--store", mongo_url, "--service", "referrals"]
        assert command.main(asked) == 0
        put_in_place(place, records[:5] + records[6:])
        assert command.main(asked) == 1
        client.drop_database(place[2])
    assert "record 6: it is missing" in capsys.readouterr().out
