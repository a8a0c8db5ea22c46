"""Where the stores once gave different answers, as `test_store_agreement.py` found them."""

from itertools import permutations

from shared.runtime.store.port import Cursor, Store
from tests.runtime.stores import KIND, NOW, event, loaded, new


async def test_events_of_one_moment_come_in_order_of_number_then_subject(store: Store) -> None:
    """One event often leads to several: then all of them bear its time."""
    moment = {"time": "2026-01-01T00:00:00Z"}
    names = [("B", 1), ("a", 1), ("c", 1), ("B", 2)]
    for n, order in enumerate(permutations(names)):
        await store.ledger.file([event(f"{s}{n}", k, patient=f"p{n}", **moment) for s, k in order])
        wanted = [f"{s}{n}/{k}" for s, k in names]
        assert [one["id"] for one in await store.ledger.of_patient(f"p{n}")] == wanted
        assert [one["id"] for one in await store.ledger.of_patient(f"p{n}", limit=2)] == wanted[-2:]


async def test_claimed_document_is_answered_as_it_was_found(store: Store) -> None:
    document = new(relay_at=NOW - 5)
    await store.documents.save(document)
    assert await store.documents.claim_unrelayed(KIND, NOW, 1) == [document]
    assert (await loaded(store)).relay_at == NOW + 30_000


async def test_cursor_of_a_source_never_heard_of_can_be_advanced_to_nothing(store: Store) -> None:
    await store.cursors.advance([Cursor("a", "referrals", 0, "")])
    assert await store.cursors.get(["a"]) == {"a": Cursor("a", "referrals", 0, "")}
