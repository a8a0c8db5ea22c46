"""What every store promises across its end: kept when it was answered, and a plain word when it cannot be reached."""

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.runtime.errors import Unavailable
from shared.runtime.store.mongo import mongo_store
from shared.runtime.store.port import Mark, Store
from shared.runtime.store.sqlite import SqliteEngine, sqlite_store
from tests.parts.server import ROOT, free_port
from tests.runtime.stores import KIND, NOW, OUTLIVING, SCHEMAS, event, hold, loaded, new, open_by_words, outcome

if TYPE_CHECKING:
    from tests.parts.server import Server


async def test_everything_survives_close_and_open(place: list[str]) -> None:
    first = open_by_words(place)
    await first.engine.open(SCHEMAS)
    await first.engine.open(SCHEMAS)
    document = new(version=2, relay_at=NOW, keys={"open_key": "p1"})
    await first.documents.save(document)
    await first.ledger.file([event("a", 1)])
    await first.cursors.hold("a", "referrals", 0, hold(1))
    for mark in (NOW, 5):
        await first.cursors.set_listing_mark("referrals", mark)
    await first.cursors.reject("m", {"n": 1})
    await first.keys.put_new("p", {"key": "k"})
    await first.engine.close()
    await first.engine.close()
    second = open_by_words(place)
    await second.engine.open(SCHEMAS)
    await second.engine.ping()
    assert await loaded(second) == document
    assert await outcome(second.documents.save(new("b", keys={"open_key": "p1"}))) == "open_key"
    assert await second.ledger.history("a") == [event("a", 1)]
    assert [one.hold for one in await second.cursors.holding()] == [hold(1)]
    assert await second.cursors.listing_mark("referrals") == 5
    assert await second.cursors.listing_mark("interventions") is None
    assert await second.cursors.rejected() == [{"id": "m", "n": 1}]
    assert await second.keys.get("p") == {"key": "k"}
    await second.engine.close()


async def test_document_of_a_few_megabytes_is_kept(store: Store) -> None:
    document = new(state={"notes": ["x" * 1000] * 4000})
    await store.documents.save(document)
    assert await loaded(store) == document


async def test_store_that_is_closed_says_so(place: list[str]) -> None:
    store = open_by_words(place)
    with pytest.raises(Unavailable, match="is closed"):
        await store.documents.load(KIND, "a")
    await store.engine.open(SCHEMAS)
    await store.engine.close()
    with pytest.raises(Unavailable, match="is closed"):
        await store.documents.save(new())


async def test_calls_that_meet_the_end_of_the_store_are_all_answered(place: list[str]) -> None:
    store = open_by_words(place)
    for n in range(5):
        await store.engine.open(SCHEMAS)
        early = [asyncio.ensure_future(store.documents.save(new(f"{n}.{k}"))) for k in range(20)]
        await asyncio.sleep(0)
        end = asyncio.ensure_future(store.engine.close())
        await asyncio.sleep(0)
        late = [asyncio.ensure_future(store.documents.load(KIND, f"{n}.{k}")) for k in range(20)]
        late += [asyncio.ensure_future(store.documents.save(new(f"{n}.late.{k}"))) for k in range(20)]
        ends = await asyncio.wait_for(asyncio.gather(*early, *late, return_exceptions=True), 10)
        await end
        assert {type(one).__name__ for one in ends} <= {"NoneType", "Document", "Unavailable"}


@pytest.mark.parametrize("place", OUTLIVING, indirect=True)
async def test_no_acknowledged_write_is_lost_when_the_writer_or_its_server_is_killed(
    place: list[str], request: pytest.FixtureRequest
) -> None:
    command = [sys.executable, "-m", "tests.runtime.stores", *place]
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    acknowledged = [await child.stdout.readline() for _ in range(100)]
    if place[0] == "mongo":
        server: Server = request.getfixturevalue("mongo")
        await asyncio.to_thread(server.kill)
    child.kill()
    acknowledged += (await child.stdout.read()).splitlines(keepends=True)
    await child.wait()
    if place[0] == "mongo":
        await asyncio.to_thread(server.start)
    ids = [line.decode().strip() for line in acknowledged if line.endswith(b"\n")]
    store = open_by_words(place)
    await store.engine.open(SCHEMAS)
    assert len(ids) >= 100
    for id in ids:
        await loaded(store, id)
        assert await store.ledger.history(id) == [event(id, 1)]
    await store.engine.close()


async def test_failing_member_of_a_group_does_not_harm_the_others(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "store.db")
    await store.engine.open(SCHEMAS)
    await store.documents.save(new("taken", keys={"open_key": "p1"}))

    def broken(connection: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    assert isinstance(store.engine, SqliteEngine)
    with pytest.raises(TypeError, match="may not leave"):
        await store.engine.write(lambda connection: connection.execute("SELECT 1"))
    saves = [store.documents.save(new(f"a{n}")) for n in range(10)]
    refused = [store.documents.save(new("taken")), store.documents.save(new("other", keys={"open_key": "p1"}))]
    ends = await asyncio.gather(*saves, *refused, store.engine.write(broken), return_exceptions=True)
    assert [type(end).__name__ for end in ends] == ["NoneType"] * 10 + ["Stale", "Taken", "ZeroDivisionError"]
    assert len(await store.documents.find(KIND, {})) == 11
    await store.engine.close()


async def test_sqlite_files_events_in_the_very_commit_that_saves_them_and_only_then(tmp_path: Path) -> None:
    """Rules 4 and 7: a save that loses files nothing, and what the relay files again costs no write."""
    store = sqlite_store(tmp_path / "store.db")
    await store.engine.open(SCHEMAS)
    first, lost = event("referral-1", 1), event("referral-1", 2)
    await store.documents.save(new(outbox=[first]))
    assert await outcome(store.documents.save(new(outbox=[lost]))) == "stale"
    assert await outcome(store.documents.save(new(rev=3, outbox=[first, lost]))) == "stale"
    assert await store.ledger.history("referral-1") == [first]
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await asyncio.wait_for(store.ledger.file([first]), 5)
    other.close()
    await store.engine.close()


async def test_caller_that_gives_up_does_not_harm_the_group(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "store.db")
    await store.engine.open(SCHEMAS)
    for n in range(50):
        saves = [asyncio.ensure_future(store.documents.save(new(f"a{n}.{k}"))) for k in range(10)]
        # A turn for each, so that the cancellation falls before, within and after the group's commit.
        for _ in range(n % 5):
            await asyncio.sleep(0)
        saves[3].cancel()
        ends = await asyncio.wait_for(asyncio.gather(*saves, return_exceptions=True), 5)
        assert [end for k, end in enumerate(ends) if k != 3] == [None] * 9
    await store.engine.close()


async def test_writing_that_ends_by_a_bug_leaves_nobody_waiting_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store(tmp_path / "store.db")
    await store.engine.open(SCHEMAS)
    assert isinstance(store.engine, SqliteEngine)

    async def broken(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(store.engine, "_write_group", broken)
        writes = [store.documents.save(new("a")), store.documents.save(new("b"))]
        ends = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(end) for end in ends] == [Unavailable, Unavailable]
    await store.documents.save(new("a"))
    assert await store.documents.load(KIND, "a") is not None
    await store.engine.close()


async def test_writer_waits_for_another_process_without_stopping_the_others(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "store.db")
    await store.engine.open(SCHEMAS)
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    save = asyncio.ensure_future(store.documents.save(new("a")))
    for _ in range(3):
        await store.engine.ping()
    assert not save.done()
    other.execute("COMMIT")
    await asyncio.wait_for(save, 10)
    other.close()
    await loaded(store, "a")
    await store.engine.close()


async def test_file_that_cannot_be_opened_names_the_remedy(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no database")
    for path in (in_the_way, in_the_way / "store.db"):
        with pytest.raises(Unavailable, match=r"cannot open the store .*can its folder be written\?"):
            await sqlite_store(path).engine.open(SCHEMAS)


async def test_server_that_cannot_be_reached_names_the_remedy_and_no_password() -> None:
    url = f"mongodb://clinic:se%40cret@127.0.0.1:{free_port()}/?directConnection=true"
    with pytest.raises(Unavailable, match=r"the store x at mongodb://127.*is MongoDB running there") as refused:
        await mongo_store(url, "x").engine.open(SCHEMAS)
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    "weaker", ["w=1", "w=0", "w=2", "journal=false", "readConcernLevel=local", "readPreference=secondaryPreferred"]
)
async def test_address_that_asks_for_weaker_guarantees_is_refused(weaker: str) -> None:
    with pytest.raises(Unavailable, match="remove w, journal, readConcernLevel and readPreference"):
        await mongo_store(f"mongodb://127.0.0.1:1/?{weaker}", "x").engine.open(SCHEMAS)


@pytest.mark.parametrize("address", ["mongodb://", "mongodb://127.0.0.1:port", "mongodb://a:b@c@127.0.0.1"])
async def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Unavailable, match="are address and password right"):
        await mongo_store(address, "x").engine.open(SCHEMAS)


@pytest.mark.mongo
@pytest.mark.parametrize("fine", ["w=majority", "journal=true", "readConcernLevel=majority", "readPreference=primary"])
async def test_address_that_asks_for_our_guarantees_is_taken(mongo_url: str, fine: str) -> None:
    store = mongo_store(f"{mongo_url}{'&' if '?' in mongo_url else '/?'}{fine}", "test_fine")
    await store.engine.open(())
    await store.engine.close()


@pytest.mark.mongo
async def test_server_that_goes_away_is_unavailable_and_comes_back_to_the_same_store(mongo: "Server") -> None:
    store: Store = mongo_store(mongo.address, "test_outage")
    await store.engine.open(SCHEMAS)
    await asyncio.to_thread(mongo.kill)
    try:
        with pytest.raises(Unavailable, match="is MongoDB running there"):
            await store.documents.mark_relayed([Mark(KIND, "a", 1)])
    finally:
        await asyncio.to_thread(mongo.start)
    assert await store.documents.load(KIND, "a") is None
    await store.engine.close()
