"""What every store promises, in the same words for all of them."""

import asyncio

import pytest

from shared.runtime.store.port import Cursor, Json, Mark, Stale, Store, Taken
from tests.runtime.stores import KIND, NOW, event, hold, later, loaded, new, outcome, race

DOTTED = "referral-a.b:c_d-e.1"


async def test_document_comes_back_as_it_was_saved(store: Store) -> None:
    document = new(
        DOTTED,
        version=3,
        last_event="e3",
        state={"a.b": {"$x": None}, "list": [1, 2.5, True], "name": "Zoë"},
        outbox=[event(DOTTED, 3)],
        relayed=2,
        relay_at=NOW,
        seen={"episode-1.2": 4, "$odd": 1},
        requests=[{"key": "k.1", "body": "hash"}],
        held={"remind.1": NOW},
        due_at=NOW + 1,
        keys={"status": "open", "open_key": "p.1|$x"},
    )
    await store.documents.save(document)
    assert await loaded(store, DOTTED) == document
    cleared = later(document, outbox=[], relay_at=None, due_at=None, keys={}, seen={}, held={})
    await store.documents.save(cleared)
    assert await loaded(store, DOTTED) == cleared


async def test_document_never_saved_is_none_and_kinds_are_apart(store: Store) -> None:
    await store.documents.save(new())
    assert await store.documents.load(KIND, "referral-2") is None
    assert await store.documents.load("episode", "referral-1") is None


@pytest.mark.parametrize("rev", [1, 2, 4, 9])
async def test_save_from_another_rev_is_stale_and_changes_nothing(store: Store, rev: int) -> None:
    document = new()
    await store.documents.save(document)
    document = later(document)
    await store.documents.save(document)
    with pytest.raises(Stale):
        await store.documents.save(new(rev=rev, state={"lost": True}))
    assert await loaded(store) == document


async def test_save_of_a_document_that_was_never_created_is_stale(store: Store) -> None:
    with pytest.raises(Stale):
        await store.documents.save(new(rev=2))
    assert await store.documents.load(KIND, "referral-1") is None


async def test_of_twenty_that_race_for_one_save_one_wins_each_round(store: Store) -> None:
    document = new()
    await store.documents.save(document)
    for _ in range(20):
        tries = [later(document, state={"by": caller}) for caller in range(20)]
        ends = await race(outcome(store.documents.save(one)) for one in tries)
        assert sorted(ends) == ["kept"] + ["stale"] * 19
        document = await loaded(store)
        assert document == tries[ends.index("kept")]
    assert document.rev == 21


async def test_of_two_that_create_the_same_document_one_is_stale_even_with_a_unique_key(store: Store) -> None:
    for n in range(20):
        twins = [new(f"referral-{n}", state={"by": by}, keys={"open_key": f"p{n}"}) for by in range(2)]
        assert sorted(await race(outcome(store.documents.save(one)) for one in twins)) == ["kept", "stale"]
        # And so it stays when they do not meet: the repeat must find what it did the first time.
        assert await outcome(store.documents.save(twins[0])) == "stale"


async def test_unique_key_has_exactly_one_holder_under_a_race_of_creations(store: Store) -> None:
    for n in range(5):
        tries = [new(f"referral-{n}.{caller}", keys={"open_key": f"p{n}", "status": "open"}) for caller in range(20)]
        ends = await race(outcome(store.documents.save(one)) for one in tries)
        assert sorted(ends) == ["kept"] + ["open_key"] * 19
        holders = await store.documents.find(KIND, {"open_key": f"p{n}"})
        assert [one.id for one in holders] == [tries[ends.index("kept")].id]


async def test_unique_key_has_exactly_one_holder_under_a_race_of_changes(store: Store) -> None:
    waiting = [new(f"referral-{n}") for n in range(10)]
    for one in waiting:
        await store.documents.save(one)
    ends = await race(outcome(store.documents.save(later(one, keys={"slot": "s1"}))) for one in waiting)
    assert sorted(ends) == ["kept"] + ["slot"] * 9
    for one, end in zip(waiting, ends, strict=True):
        assert (await loaded(store, one.id)).rev == (2 if end == "kept" else 1)


async def test_unique_key_that_is_taken_is_named_and_freed_when_it_is_let_go(store: Store) -> None:
    holder, other = new("a", keys={"open_key": "p1"}), new("b", keys={"open_key": "p1"})
    await store.documents.save(holder)
    with pytest.raises(Taken) as refused:
        await store.documents.save(other)
    assert refused.value.key == "open_key"
    # Its holder may be saved with it again.
    holder = later(holder)
    await store.documents.save(holder)
    await store.documents.save(later(holder, keys={}))
    await store.documents.save(other)
    assert await outcome(store.documents.save(new("c", keys={"open_key": "p1"}))) == "open_key"


async def test_unique_keys_not_held_and_other_kinds_do_not_collide(store: Store) -> None:
    await race(store.documents.save(new(f"referral-{n}", keys={"status": "open"})) for n in range(3))
    await store.documents.save(new("a", keys={"open_key": "p1"}))
    await store.documents.save(new("b", kind="episode", keys={"open_key": "p1"}))
    assert len(await store.documents.find(KIND, {"status": "open"})) == 3


async def test_find_takes_all_keys_together_in_order_of_id_up_to_the_limit(store: Store) -> None:
    for id, status, owner in (("c", "open", "x"), ("a", "open", "x"), ("b", "open", "y"), ("B", "open", "x")):
        await store.documents.save(new(id, keys={"status": status, "owner": owner}))
    assert [one.id for one in await store.documents.find(KIND, {"status": "open", "owner": "x"})] == ["B", "a", "c"]
    assert [one.id for one in await store.documents.find(KIND, {"status": "open"}, limit=2)] == ["B", "a"]
    assert [one.id for one in await store.documents.find(KIND, {})] == ["B", "a", "b", "c"]
    assert await store.documents.find(KIND, {"owner": "z"}) == []
    await store.documents.save(later(new("a"), keys={"status": "closed", "owner": "x"}))
    assert [one.id for one in await store.documents.find(KIND, {"status": "open", "owner": "x"})] == ["B", "c"]


async def test_save_after_a_mark_keeps_the_higher_mark(store: Store) -> None:
    document = new(version=2, relay_at=NOW)
    await store.documents.save(document)
    await store.documents.mark_relayed([Mark(KIND, document.id, 2)])
    await store.documents.save(later(document, version=3, relay_at=NOW + 1))
    kept = await loaded(store)
    assert (kept.relayed, kept.relay_at, kept.version) == (2, NOW + 1, 3)
    await store.documents.save(later(kept, relayed=3))
    assert (await loaded(store)).relayed == 3


async def test_mark_of_the_version_removes_relay_at_and_of_an_older_one_leaves_it(store: Store) -> None:
    for id in ("a", "b"):
        await store.documents.save(new(id, version=3, relay_at=NOW))
    await store.documents.mark_relayed([Mark(KIND, "a", 2), Mark(KIND, "b", 3), Mark(KIND, "never", 1)])
    a, b = await loaded(store, "a"), await loaded(store, "b")
    assert (a.relayed, a.relay_at, a.rev) == (2, NOW, 1)
    assert (b.relayed, b.relay_at, b.rev) == (3, None, 1)
    await store.documents.mark_relayed([Mark(KIND, "a", 3), Mark(KIND, "b", 1)])
    a, b = await loaded(store, "a"), await loaded(store, "b")
    assert (a.relayed, a.relay_at) == (3, None)
    assert (b.relayed, b.relay_at) == (3, None)
    assert await store.documents.load(KIND, "never") is None
    await store.documents.mark_relayed([])


async def test_marks_of_several_kinds_and_of_one_document_are_all_kept(store: Store) -> None:
    await store.documents.save(new("a", version=3, relay_at=NOW))
    await store.documents.save(new("a", kind="episode", version=2, relay_at=NOW))
    await store.documents.mark_relayed([Mark(KIND, "a", 3), Mark("episode", "a", 2), Mark(KIND, "a", 1)])
    assert (await loaded(store, "a")).relayed == 3
    episode = await store.documents.load("episode", "a")
    assert episode is not None
    assert (episode.relayed, episode.relay_at) == (2, None)


async def test_unrelayed_are_those_overdue_or_too_far_ahead_longest_overdue_first(store: Store) -> None:
    waits = {"b": NOW - 5, "a": NOW, "soon": NOW + 1, "edge": NOW + 60_000, "wrong": NOW + 60_001, "first": NOW - 9}
    for id, relay_at in waits.items():
        await store.documents.save(new(id, relay_at=relay_at, outbox=[event(id, 1)]))
    await store.documents.save(new("none"))
    claimed = await store.documents.claim_unrelayed(KIND, NOW, 3)
    assert [one.id for one in claimed] == ["first", "b", "a"]
    assert claimed[0].outbox == [event("first", 1)]
    assert (await loaded(store, "first")).relay_at == NOW + 30_000
    assert [one.id for one in await store.documents.claim_unrelayed(KIND, NOW, 3)] == ["wrong"]
    assert await store.documents.claim_unrelayed(KIND, NOW, 3) == []


async def test_pollers_that_race_never_claim_the_same_document(store: Store) -> None:
    ids = {f"referral-{n}" for n in range(30)}
    for id in ids:
        await store.documents.save(new(id, relay_at=NOW - 1))
    claims = await race(store.documents.claim_unrelayed(KIND, NOW + n, 30) for n in range(4))
    assert sorted(one.id for claim in claims for one in claim) == sorted(ids)


async def test_untold_are_those_that_wait_to_be_published_whoever_has_claimed_them(store: Store) -> None:
    for id, relay_at in (("b", NOW), ("a", NOW - 1), ("later", NOW + 40_000), ("none", None)):
        await store.documents.save(new(id, version=2, relayed=1, relay_at=relay_at, outbox=[event(id, 2)]))
    await store.documents.save(new("c", kind="episode", relay_at=NOW))
    untold = await store.documents.untold(KIND, 10)
    assert [one.id for one in untold] == ["a", "b", "later"]
    assert (untold[0].relayed, untold[0].outbox) == (1, [event("a", 2)])
    assert [one.id for one in await store.documents.untold(KIND, 2)] == ["a", "b"]
    assert [one.id for one in await store.documents.claim_unrelayed(KIND, NOW, 10)] == ["a", "b"]
    await store.documents.mark_relayed([Mark(KIND, "a", 2)])
    assert [one.id for one in await store.documents.untold(KIND, 10)] == ["b", "later"]


async def test_due_are_those_whose_moment_has_passed_longest_overdue_first(store: Store) -> None:
    for id, due_at in (("b", NOW - 1), ("a", NOW), ("later", NOW + 1), ("first", NOW - 9), ("none", None)):
        await store.documents.save(new(id, due_at=due_at))
    assert await store.documents.due(KIND, NOW, 10) == ["first", "b", "a"]
    assert await store.documents.due(KIND, NOW, 2) == ["first", "b"]
    await store.documents.save(later(new("first"), due_at=None))
    assert await store.documents.due(KIND, NOW, 10) == ["b", "a"]


async def test_history_is_in_order_above_a_number_and_filing_twice_is_filing_once(store: Store) -> None:
    events = [event(DOTTED, n) for n in range(1, 12)]
    await store.ledger.file([*reversed(events), event("other", 1)])
    before = await store.ledger.heads(None)
    await store.ledger.file([*events, {**events[0], "data": {"changed": True}}])
    await store.ledger.file([])
    assert await store.ledger.history(DOTTED) == events
    assert await store.ledger.history(DOTTED, above=9) == events[9:]
    assert await store.ledger.history(DOTTED, above=2, limit=3) == events[2:5]
    assert sorted((await store.ledger.heads(None)).heads) == sorted(before.heads) == [("other", 1), (DOTTED, 11)]


async def test_filings_that_race_keep_every_event_once(store: Store) -> None:
    events = [event("a", n) for n in range(1, 30)]
    await race(store.ledger.file(events[n % 5 :]) for n in range(8))
    assert await store.ledger.history("a") == events


async def test_events_of_a_patient_are_the_newest_oldest_first(store: Store) -> None:
    times = {("a", 1): "01", ("b", 1): "02", ("a", 2): "02", ("b", 2): "03"}
    events = [event(s, n, patient="p.1", time=f"2026-01-{day}T00:00:00Z") for (s, n), day in times.items()]
    await store.ledger.file([*events, event("c", 1, patient="p2"), event("d", 1)])
    assert [one["id"] for one in await store.ledger.of_patient("p.1")] == ["a/1", "b/1", "a/2", "b/2"]
    assert [one["id"] for one in await store.ledger.of_patient("p.1", limit=2)] == ["a/2", "b/2"]


async def test_events_of_a_time_are_read_page_after_page(store: Store) -> None:
    days = {1: "01", 2: "02", 3: "02", 4: "03", 5: "04"}
    events = [event("a", n, time=f"2026-01-{day}T00:00:00Z") for n, day in days.items()]
    await store.ledger.file(list(reversed(events)))
    whole = await store.ledger.between("2026-01-01T00:00:00", "2026-01-04T00:00:00")
    assert whole == events[:4]
    read: list[Json] = []
    while page := await store.ledger.between(
        "2026-01-02", "2026-01-04", after=(read[-1]["time"], read[-1]["id"]) if read else None, limit=2
    ):
        read += page
    assert read == events[1:4]
    early = await store.ledger.between("2026-01-03", "2026-01-05", after=("2026-01-01T00:00:00Z", "a/1"))
    assert early == events[3:]


async def test_event_is_found_by_the_request_that_caused_it(store: Store) -> None:
    keys = ["k1", "$time", "$time", None]
    await store.ledger.file([event("a", n, idempotencykey=key) for n, key in reversed(list(enumerate(keys, 1)))])
    assert await store.ledger.with_key("a", "$time") == event("a", 2, idempotencykey="$time")
    assert await store.ledger.with_key("b", "$time") is None


async def test_heads_are_listed_since_a_moment_of_the_stores_own_clock(store: Store) -> None:
    assert (await store.ledger.heads(None)).heads == ()
    await store.ledger.file([event("a", n) for n in (1, 2, 3)] + [event("b", 1)])
    everything = await store.ledger.heads(None)
    assert sorted(everything.heads) == [("a", 3), ("b", 1)]
    assert sorted((await store.ledger.heads(everything.now - 60_000)).heads) == [("a", 3), ("b", 1)]
    assert (await store.ledger.heads(everything.now + 60_000)).heads == ()
    # Its clock goes on, and what is filed from here on is at or after the mark that the listing gave.
    mark = (await store.ledger.heads(None)).now
    while (await store.ledger.heads(None)).now <= mark:
        await asyncio.sleep(0)
    await store.ledger.file([event("a", 4), event("b", 1)])
    assert (await store.ledger.heads(mark + 1)).heads == (("a", 4),)


async def test_the_newest_number_is_told_of_each_that_has_filed_something(store: Store) -> None:
    await store.ledger.file([event("a", n) for n in (2, 3, 1)] + [event(DOTTED, 1), event("c", 7)])
    assert await store.ledger.newest(["a", DOTTED, "never", "a"]) == {"a": 3, DOTTED: 1}
    assert await store.ledger.newest([]) == {}
    many = [f"x{n}" for n in range(600)]
    assert await store.ledger.newest([*many, "c"]) == {"c": 7}


async def test_cursor_never_goes_back_and_its_parts_move_together(store: Store) -> None:
    assert await store.cursors.get([DOTTED, "b"]) == {}
    await race(store.cursors.advance([Cursor(DOTTED, "referrals", n, f"e{n}")]) for n in (7, 20, 3, 11, *range(1, 17)))
    assert await store.cursors.get([DOTTED, "b"]) == {DOTTED: Cursor(DOTTED, "referrals", 20, "e20")}
    await store.cursors.advance([Cursor(DOTTED, "referrals", 19, "e19")])
    await store.cursors.advance([Cursor(DOTTED, "referrals", 20, "other")])
    assert (await store.cursors.get([DOTTED]))[DOTTED] == Cursor(DOTTED, "referrals", 20, "e20")


async def test_hold_is_set_and_released_only_where_the_cursor_stands(store: Store) -> None:
    await store.cursors.advance([Cursor("a", "referrals", 4, "e4")])
    assert not await store.cursors.hold("a", "referrals", 3, hold(4))
    assert not await store.cursors.hold("a", "referrals", 5, hold(6))
    assert await store.cursors.hold("a", "referrals", 4, hold(5, event_id=None))
    [held] = await store.cursors.holding()
    assert held == Cursor("a", "referrals", 4, "e4", hold(5, event_id=None))
    assert await store.cursors.hold("a", "referrals", 4, hold(5, reason="unreachable"))
    assert not await store.cursors.release("a", 3)
    assert (await store.cursors.get(["a"]))["a"].held == hold(5, reason="unreachable")
    assert await store.cursors.release("a", 4)
    assert (await store.cursors.get(["a"]))["a"] == Cursor("a", "referrals", 4, "e4")
    assert await store.cursors.holding() == []


async def test_hold_of_a_source_never_heard_of_stands_at_nothing(store: Store) -> None:
    assert not await store.cursors.hold("a", "referrals", 2, hold(3))
    assert not await store.cursors.release("a", 0)
    assert await store.cursors.get(["a"]) == {}
    assert await race(store.cursors.hold("a", "referrals", 0, hold(1)) for _ in range(5)) == [True] * 5
    assert await store.cursors.holding() == [Cursor("a", "referrals", 0, None, hold(1))]


async def test_hold_that_the_cursor_has_passed_counts_no_more(store: Store) -> None:
    assert await store.cursors.hold("a", "referrals", 0, hold(1))
    assert await store.cursors.hold("b", "referrals", 0, hold(1))
    await store.cursors.advance([Cursor("a", "referrals", 1, "e1")])
    assert [one.source for one in await store.cursors.holding()] == ["b"]
    assert (await store.cursors.get(["a"]))["a"].held is None


async def test_rejected_message_is_kept_once_newest_first(store: Store) -> None:
    for n in (3, 1, 2):
        await store.cursors.reject(f"topic.0/{n}", {"n": n, "a.b": "$x"})
    await store.cursors.reject("topic.0/3", {"n": "again"})
    assert [one["n"] for one in await store.cursors.rejected()] == [2, 1, 3]
    assert await store.cursors.rejected(limit=1) == [{"id": "topic.0/2", "n": 2, "a.b": "$x"}]


async def test_vault_key_is_made_once_and_all_who_race_get_the_one_that_is_kept(store: Store) -> None:
    assert await store.keys.get("p.1") is None
    entries = await race(store.keys.put_new("p.1", {"key": f"{n}"}) for n in range(20))
    kept = await store.keys.get("p.1")
    assert kept is not None
    assert entries == [kept] * 20
    await store.keys.replace("p.1", {"destroyed": "2026-01-01"})
    assert await store.keys.put_new("p.1", {"key": "new"}) == {"destroyed": "2026-01-01"}
    await store.keys.replace("p.2", {"key": "made"})
    assert await store.keys.get("p.2") == {"key": "made"}
