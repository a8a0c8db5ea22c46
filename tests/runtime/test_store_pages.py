"""What every store promises of lists that grow with the clinic: pages, counts, and many by their ids."""

from pathlib import Path

from shared.runtime.store.port import Schema, Store
from tests.runtime.stores import KIND, SCHEMAS, later, loaded, new, open_by_words


async def test_pages_are_in_order_of_the_key_within_its_prefix(store: Store) -> None:
    lines = ["a|1|z", "a|2|y", "a|10|x", "b|1|w", "a", "A|1|v", "a|é", "a|🙂", "a|\ufb01"]
    for n, line in enumerate(lines):
        await store.documents.save(new(f"referral-{n}", keys={"line": line}))
    await store.documents.save(new("none", keys={"status": "open"}))
    await store.documents.save(new("other", kind="episode", keys={"line": "a|1"}))
    wanted = sorted((line for line in lines if line.startswith("a|")), key=lambda line: line.encode())
    page = await store.documents.page(KIND, "line", "a|", limit=50)
    assert [one.keys["line"] for one in page] == wanted
    seen: list[str] = []
    while some := await store.documents.page(KIND, "line", "a|", after=seen[-1] if seen else None, limit=2):
        seen += [one.keys["line"] for one in some]
    assert seen == wanted
    assert await store.documents.page(KIND, "line", "c", limit=50) == []
    assert len(await store.documents.page(KIND, "line", "", limit=50)) == len(lines)


async def test_a_page_begins_within_its_prefix_wherever_after_is(store: Store) -> None:
    for line in ("a|1", "b|1", "b|2", "c|1"):
        await store.documents.save(new(line, keys={"line": line}))
    for after, found in {"": 2, "a|1": 2, "b|": 2, "b|1": 1, "b|1x": 1, "b|2": 0, "c|1": 0, "\U0010ffff": 0}.items():
        assert len(await store.documents.page(KIND, "line", "b|", after=after, limit=9)) == found, after


async def test_a_page_follows_what_is_saved_anew(store: Store) -> None:
    document = new("a", keys={"line": "open|1"})
    await store.documents.save(document)
    await store.documents.save(later(document, keys={"line": "over|1"}))
    assert await store.documents.page(KIND, "line", "open|", limit=9) == []
    [moved] = await store.documents.page(KIND, "line", "over|", limit=9)
    await store.documents.save(later(moved, keys={}))
    assert await store.documents.page(KIND, "line", "", limit=9) == []


async def test_documents_are_counted_up_to_a_bound(store: Store) -> None:
    for n in range(5):
        await store.documents.save(new(f"{n}", keys={"line": f"a|{n}"}))
    await store.documents.save(new("b", keys={"line": "b|0"}))
    assert await store.documents.count(KIND, "line", "a|", 9) == 5
    assert await store.documents.count(KIND, "line", "a|", 3) == 3
    assert await store.documents.count(KIND, "line", "c|", 9) == 0


async def test_many_are_loaded_at_once_in_order_of_id(store: Store) -> None:
    for id in ("b", "a", "a.b:c_d-e.1"):
        await store.documents.save(new(id, state={"of": id}))
    many = ["a.b:c_d-e.1", "b", "a", "b", *(f"never-{n}" for n in range(600))]
    for ids in (many[:5], many):
        assert [one.id for one in await store.documents.load_many(KIND, ids)] == ["a", "a.b:c_d-e.1", "b"]
    assert await store.documents.load_many(KIND, ["a"]) == [await loaded(store, "a")]
    assert await store.documents.load_many(KIND, []) == []
    assert await store.documents.load_many("episode", ["a"]) == []


async def test_vault_keys_of_many_are_read_in_one_look(store: Store) -> None:
    await store.keys.put_new("p.1", {"key": "1"})
    await store.keys.replace("p.2", {"destroyed": "2026-01-01"})
    many = ["p.2", "p.1", "p.2", *(f"p.never{n}" for n in range(600))]
    for persons in (many[:4], many):
        assert await store.keys.get_many(persons) == {"p.1": {"key": "1"}, "p.2": {"destroyed": "2026-01-01"}}
    assert await store.keys.get_many([]) == {}


async def test_a_file_without_an_ordered_key_gets_it_for_what_it_holds(tmp_path: Path) -> None:
    place = ["sqlite", str(tmp_path / "store.db")]
    before = open_by_words(place)
    await before.engine.open([Schema(KIND, ("status",))])
    for n in (2, 1):
        await before.documents.save(new(f"{n}", keys={"line": f"a|{n}"}))
    await before.engine.close()
    for _ in range(2):
        after = open_by_words(place)
        await after.engine.open(SCHEMAS)
        assert [one.id for one in await after.documents.page(KIND, "line", "a|", limit=9)] == ["1", "2"]
        assert await after.documents.count(KIND, "line", "a|", 9) == 2
        await after.engine.close()
