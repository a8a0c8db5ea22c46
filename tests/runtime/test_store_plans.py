"""No query of the document store reads a whole table: each goes by an index, and a page needs no sorting."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.store.mongo import MongoEngine
from shared.runtime.store.port import Documents, Mark, Store
from shared.runtime.store.sqlite import SqliteEngine
from tests.parts.plans import overhear, plan
from tests.runtime.stores import KIND, NOW, SCHEMAS, later, new, open_by_words


async def every_call(store: Store) -> None:
    """Each method of the document store, each of its statements at least once.

    But for `find` without a key, which is a list of everything by its meaning.
    """
    documents = store.documents
    document = new("a", keys={"line": "x|1", "status": "open"})
    await documents.save(document)
    await documents.save(later(document, keys={"line": "x|2", "status": "open"}))
    await documents.load(KIND, "a")
    await documents.load_many(KIND, ["a", "b"])
    await documents.mark_relayed([Mark(KIND, "a", 1)])
    await documents.save(new("b", relay_at=NOW))
    await documents.claim_unrelayed(KIND, NOW, 5)
    await documents.untold(KIND, 5)
    await documents.due(KIND, NOW, 5)
    for where in ({"status": "open"}, {"open_key": "x"}, {"status": "open", "owner": "x"}):
        await documents.find(KIND, where)
    await documents.page(KIND, "line", "x|", limit=5)
    await documents.page(KIND, "line", "x|", after="x|1", limit=5)
    await documents.count(KIND, "line", "x|", 5)


async def test_sqlite_answers_every_query_by_an_index(tmp_path: Path) -> None:
    plans = await _plans(tmp_path)
    assert len(plans) >= 12
    for query, steps in plans.items():
        searches = [step for step in steps if step.startswith(("SEARCH docs_", "SCAN docs_"))]
        assert searches, query
        assert all(step.startswith("SEARCH") for step in searches), f"{query}\n{steps}"


async def test_sqlite_reads_pages_in_the_order_of_the_index(tmp_path: Path) -> None:
    plans = await _plans(tmp_path)
    pages = {query: plans[query] for query in plans if query.startswith("SELECT") and "in_order_line" in query}
    assert len(pages) == 3
    for query, steps in pages.items():
        assert any("docs_referral_in_order_line" in step for step in steps), query
        assert not any("TEMP B-TREE" in step for step in steps), f"{query}\n{steps}"
        is_count = query.startswith("SELECT count")
        assert any("COVERING INDEX" in step for step in steps) is is_count, f"{query}\n{steps}"


async def test_a_query_without_an_index_is_seen(tmp_path: Path) -> None:
    """So that the tests above can fail."""
    engine = SqliteEngine(tmp_path / "bare.db")
    await engine.open([])
    steps = await plan(engine, "SELECT id FROM ledger WHERE sequence = 1 ORDER BY sequence, body")
    await engine.close()
    assert any(step.startswith("SCAN") for step in steps)
    assert any("TEMP B-TREE" in step for step in steps)


async def _plans(folder: Path) -> dict[str, list[str]]:
    """The plan of every query and change that `every_call` leads to."""
    store = open_by_words(["sqlite", str(folder / "store.db")])
    engine = store.engine
    assert isinstance(engine, SqliteEngine)
    said = overhear(engine)
    await engine.open(SCHEMAS)
    said.clear()
    await every_call(store)
    asked = [text for text in dict.fromkeys(said) if text.startswith(("SELECT", "UPDATE", "DELETE"))]
    plans = {query: await plan(engine, query) for query in asked if f"docs_{KIND}" in query}
    await engine.close()
    return plans


@pytest.mark.mongo
async def test_mongo_answers_every_query_by_the_index_that_is_made_for_it(mongo_url: str, tmp_path: Path) -> None:
    store = open_by_words(["mongo", mongo_url, f"test_plans_{tmp_path.name}"[:40]])
    await store.engine.open(SCHEMAS)
    engine = store.engine
    assert isinstance(engine, MongoEngine)
    asked: list[tuple[Any, ...]] = []
    find = engine.find

    async def overheard(*query: Any, **named: Any) -> list[dict[str, Any]]:
        asked.append((*query, *named.values()))
        return await find(*query, **named)

    engine.find = overheard  # type: ignore[method-assign]
    await every_call(store)
    with engine.reached() as database:
        made = await database[f"docs_{KIND}"].index_information()
        # Of several conditions MongoDB takes the best index; the server that stands in for it here takes none.
        queries = [
            query for query in asked if query[0] == f"docs_{KIND}" and len(query[1]) == 1 and "$or" not in query[1]
        ]
        used = {str(query[1]): await _used(database, *query[:3]) for query in queries}
    await store.engine.close()
    assert made["in_order_line"]["key"] == [("keys.line", 1), ("_id", 1)]
    assert len(used) == 7
    for query, index in used.items():
        assert index in made, f"{query} reads everything"
    assert [index for query, index in used.items() if "keys.line" in query] == ["in_order_line"] * 2


async def _used(database: Any, name: str, which: Any, order: Any = None) -> str | None:
    """The index by which a find goes."""
    told = await database[name].find(which).sort(order if isinstance(order, list) else [("_id", 1)]).explain()
    stages, indexes = [told["queryPlanner"]["winningPlan"]], []
    while stages:
        stage = stages.pop()
        stages += [stage["inputStage"]] if "inputStage" in stage else stage.get("inputStages", [])
        indexes += [stage["indexName"]] if "indexName" in stage else []
    return indexes[0] if indexes else None


def test_every_way_to_look_documents_up_is_tried_above() -> None:
    methods = {name for name in vars(Documents) if not name.startswith("_")}
    assert {name for name in methods if f".{name}(" not in inspect.getsource(every_call)} == set()
