"""The audit's part of a store: the same on every store."""

import asyncio

from shared.runtime.store.port import Json, Store

ANA = "patient-" + "a" * 20


def record(chain: str, n: int, **fields: object) -> Json:
    return {"chain": chain, "n": n, "at": f"2026-01-01T00:00:{n:02}.000000+00:00", "person": ANA, "hash": "x", **fields}


async def test_records_come_back_in_order_and_from_above_a_number(store: Store) -> None:
    kept = [record("c-1", n, what=["patient"], after=[["c-0", 3, "f"]], actor=None) for n in range(1, 6)]
    await store.audit.append(kept[:3])
    await store.audit.append(kept[3:])
    assert await store.audit.chain("c-1") == kept
    assert await store.audit.chain("c-1", 2, 2) == kept[2:4]
    assert await store.audit.chain("c-2") == []


async def test_a_record_that_is_there_is_never_replaced(store: Store) -> None:
    await store.audit.append([record("c-1", 1), record("c-1", 2)])
    await store.audit.append([record("c-1", 2, hash="other"), record("c-1", 3)])
    assert [one["hash"] for one in await store.audit.chain("c-1")] == ["x", "x", "x"]


async def test_heads_are_the_last_of_each_chain_the_newest_first(store: Store) -> None:
    assert await store.audit.heads(5) == []
    for chain, length in (("c-1", 3), ("c-3", 1), ("c-2", 12)):
        await store.audit.append([record(chain, n) for n in range(1, length + 1)])
    assert [(one["chain"], one["n"]) for one in await store.audit.heads(5)] == [("c-3", 1), ("c-2", 12), ("c-1", 3)]
    assert [one["chain"] for one in await store.audit.heads(2)] == ["c-3", "c-2"]


async def test_what_is_about_one_person_is_paged_from_the_newest(store: Store) -> None:
    at = "2026-01-01T00:00:01.000000+00:00"
    same_moment = [record("c-2", n, at=at) for n in range(1, 12)]
    await store.audit.append([*same_moment, record("c-2", 12, person="patient-b"), record("c-2", 13, person=None)])
    await store.audit.append([record("c-1", 1, at=at), record("c-1", 2)])
    seen: list[tuple[str, int]] = []
    before = None
    while page := await store.audit.of_person(ANA, before, 4):
        before = (page[-1]["at"], page[-1]["chain"], page[-1]["n"])
        seen += [(one["chain"], one["n"]) for one in page]
    assert seen == [("c-1", 2), *[("c-2", n) for n in range(11, 0, -1)], ("c-1", 1)]


async def test_many_chains_are_written_at_once(store: Store) -> None:
    chains = [[record(f"c-{chain}", n) for n in range(1, 51)] for chain in range(8)]
    await asyncio.gather(*(store.audit.append(chain) for chain in chains))
    assert [len(await store.audit.chain(f"c-{chain}")) for chain in range(8)] == [50] * 8
