"""Rules 1 to 6: one guarded save, decided again when it is lost, once for each intention."""

import asyncio
from datetime import timedelta

import pytest

from shared.contracts.commands import Rejected
from shared.runtime.clock import milliseconds
from shared.runtime.core import Outcome
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.writing import Intention, Origin
from tests.runtime import toys
from tests.runtime.world import World


async def test_an_event_carries_who_why_and_what_came_before(world: World) -> None:
    """Rule 11."""
    await world.change("tally-1", 1, key="key-1")
    await world.change("tally-1", 2, key="key-2")
    await world.referrals.publish()
    first, second = await world.ledger("tally-1")
    assert (first.subject, first.sequence, first.previous) == ("tally-1", 1, None)
    assert (second.sequence, second.previous, second.idempotencykey) == (2, first.id, "key-2")
    assert (second.source, second.correlation, second.causation) == (
        "carepath/referrals",
        "click-key-2",
        "request:key-2",
    )
    assert (second.actor, second.patient, second.time) == ("psychology:ana", "pat-1", world.clock.now())


async def test_several_events_of_one_command_follow_one_another(world: World) -> None:
    """Rule 11: each names the one before it, so that none can be left out unnoticed."""
    notice = toys.Notice(now=world.clock.now(), actor="x:y", times=3)
    assert (await world.referrals.run("tally-1", notice)).version == 3
    await world.hear()
    first, second, third = await world.ledger("tally-1")
    assert [e.sequence for e in (first, second, third)] == [1, 2, 3]
    assert [e.previous for e in (first, second, third)] == [None, first.id, second.id]
    assert len({first.id, second.id, third.id}) == 3
    assert (await world.interventions.cursor("tally-1")).last_id == third.id


async def test_a_save_that_only_notes_what_was_seen_raises_rev(world: World) -> None:
    """Rule 1: who loaded before it must not save over the note."""
    await world.change("tally-1", 1)
    world.builds[1].refuses.add(1)
    await world.hear()
    document = await world.interventions.document("sum-of-all")
    assert (document.version, document.rev, document.seen) == (0, 1, {"tally-1": 1})


async def test_a_process_that_loaded_before_a_note_of_what_was_seen_decides_again(world: World) -> None:
    """Rule 1: the slower of two processes with the same event finds the note of the faster, and adds nothing."""
    await world.change("tally-1", 1)
    await world.referrals.publish()
    records = world.broker.topics["carepath.referrals"]
    other = world.another(world.interventions)
    await asyncio.gather(world.interventions.inbound.handle(records), other.inbound.handle(records))
    assert (await world.interventions.state("sum-of-all")).story == {"tally-1": (1,)}


async def test_two_who_change_the_same_both_get_through(world: World) -> None:
    """Rule 2: the loser of the guard loads and decides again."""
    await world.change("tally-1", 1)
    await asyncio.gather(*(world.change("tally-1", 10, key=f"key-{n}") for n in range(4)))
    assert (await world.referrals.state("tally-1")).total == 41


async def test_who_loses_five_times_is_told_so(world: World) -> None:
    """Rule 2."""
    await world.change("tally-1", 1)
    store = world.referrals.core.store
    save, tries = store.documents.save, []

    async def overtaken(document: object) -> None:
        tries.append(document)
        await world.another(world.referrals).run("tally-1", toys.Notice(now=world.clock.now(), actor="x:y"))
        await save(document)  # type: ignore[arg-type]

    store.documents.save = overtaken  # type: ignore[method-assign]
    with pytest.raises(Conflict):
        await world.change("tally-1", 1)
    assert len(tries) == 5


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_at_the_save_is_one_event_whether_it_was_applied_or_not(world: World, when: str) -> None:
    """Rule 2."""
    await world.change("tally-1", 1, key="key-1")
    world.referrals.faults.fail_next("documents.save", when)  # type: ignore[arg-type]
    outcome = await world.change("tally-1", 2, key="key-2")
    assert world.referrals.faults.fired
    assert (outcome.version, outcome.repeated) == (2, when == "after")
    await world.referrals.publish()
    assert [e.sequence for e in await world.ledger("tally-1")] == [1, 2]


async def test_a_store_that_stays_away_is_said_to_be_away(world: World) -> None:
    await world.change("tally-1", 1)
    await world.referrals.store.engine.close()
    with pytest.raises(Unavailable):
        await world.change("tally-1", 2, key="key-2")


async def test_a_save_asks_for_a_relay_30_s_ahead_and_drops_what_is_published(world: World) -> None:
    """Rule 3."""
    await world.change("tally-1", 1)
    await world.change("tally-1", 2)
    ahead = milliseconds(world.clock.now() + timedelta(seconds=30))
    document = await world.referrals.document("tally-1")
    assert ([e["sequence"] for e in document.outbox], document.relay_at) == ([1, 2], ahead)
    await world.referrals.publish()
    await world.change("tally-1", 3)
    document = await world.referrals.document("tally-1")
    assert ([e["sequence"] for e in document.outbox], document.relayed) == ([3], 2)


async def test_a_save_with_nothing_left_to_publish_asks_for_no_relay(world: World) -> None:
    """Rule 3."""
    await world.change("tally-1", 1)
    await world.referrals.publish()
    await world.change("tally-1", 0, key="nothing")
    document = await world.referrals.document("tally-1")
    assert (document.outbox, document.relay_at) == ([], None)


async def test_a_save_without_events_hands_over_what_an_earlier_process_left(world: World) -> None:
    """Rules 3 and 4: it moves `relay_at` ahead, so nobody else would look for a while, and again with the next one."""
    await world.change("tally-1", 1)
    world.referrals.restart()
    await world.change("tally-1", 0, key="nothing")
    await world.referrals.publish()
    assert len(await world.ledger("tally-1")) == 1


async def test_nothing_is_handed_to_the_relay_before_its_commit(world: World) -> None:
    """Rule 4: what is lost in the commit must not be published."""
    world.referrals.faults.plan(1, "crash", "before", lambda name: name == "documents.save")
    await world.survive(lambda: world.change("tally-1", 5, key="key-1"))
    await world.referrals.publish()
    assert [e.data["amount"] for e in await world.ledger("tally-1")] == [5]
    offered: list[object] = []
    world.referrals.core._offer = offered.append
    world.referrals.faults.fail_next("documents.save")
    world.builds[0].before_decide = lambda: offered.append("decided")
    await world.change("tally-1", 6, key="key-2")
    assert offered[:2] == ["decided", "decided"]
    assert len(offered) == 3


async def test_the_same_key_is_answered_once(world: World) -> None:
    """Rule 5."""
    first = await world.change("tally-1", 1, key="key-1")
    again = await world.change("tally-1", 1, key="key-1")
    assert (first.repeated, again.repeated, again.events) == (False, True, ())
    assert (await world.referrals.state("tally-1")).total == 1


async def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    """Rule 5."""
    await world.change("tally-1", 1, key="key-1")
    with pytest.raises(Rejected, match="idempotency-key-reused"):
        await world.change("tally-1", 2, key="key-1")


async def test_a_refused_request_may_be_sent_again_with_the_same_key(world: World) -> None:
    """Rule 5: only what was accepted is kept."""
    await world.change("tally-1", 1)
    with pytest.raises(Rejected, match="below-zero"):
        await world.change("tally-1", -1, key="key-1")
    assert not (await world.change("tally-1", 1, key="key-1")).repeated


async def test_a_request_that_changed_nothing_is_kept_and_never_does_later_what_it_did_not_do(world: World) -> None:
    """Rule 5: a late repeat of a no-op would otherwise be an effect, and its key could be used for another body."""
    await world.change("tally-1", 1)
    assert (await world.change("tally-1", 0, key="key-1")).version == 1
    assert (await world.change("tally-1", 0, key="key-1")).repeated
    with pytest.raises(Rejected, match="idempotency-key-reused"):
        await world.change("tally-1", 7, key="key-1")


@pytest.mark.parametrize("published", [False, True])
async def test_a_key_older_than_the_fifty_kept_is_found_in_outbox_or_ledger(any_world: World, published: bool) -> None:
    """Rule 5."""
    for n in range(52):
        await any_world.change("tally-1", 1, key=f"key-{n}")
    document = await any_world.referrals.document("tally-1")
    assert "key-0" not in {request["key"] for request in document.requests}
    if published:
        await any_world.referrals.publish()
        await any_world.change("tally-1", 1, key="one-more")
        assert len((await any_world.referrals.document("tally-1")).outbox) == 1
    assert (await any_world.change("tally-1", 1, key="key-0")).repeated
    assert (await any_world.referrals.state("tally-1")).total == 52 + published


async def test_the_key_is_looked_at_before_the_version(world: World) -> None:
    """Rule 5: the repeat of a request that was done is no conflict, though the version has moved by it."""
    await world.change("tally-1", 1)
    command = toys.Change(now=world.clock.now(), actor="psychology:ana", amount=2)
    origin = Origin("c", "c", request=Intention("key-1", "body"), expected=1)
    await world.referrals.run("tally-1", command, origin)
    assert (await world.referrals.run("tally-1", command, origin)).repeated
    with pytest.raises(Conflict) as lost:
        await world.referrals.run("tally-1", command, Origin("c", "c", request=Intention("k", "b"), expected=1))
    assert lost.value.version == 2


async def test_twins_of_one_creation_are_one_thing(any_world: World) -> None:
    """Rules 2, 5 and 6: the twin holds the unique key as well, and must not be mistaken for somebody else."""
    nodes = [any_world.referrals, *(any_world.another(any_world.referrals) for _ in range(5))]
    command = toys.Change(now=any_world.clock.now(), actor="psychology:ana", slot="monday")
    origin = Origin("c", "c", request=Intention("key-1", "body"))
    outcomes: list[Outcome] = await asyncio.gather(*(node.run("tally-1", command, origin) for node in nodes))
    assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True, True, True, True]
    assert {outcome.version for outcome in outcomes} == {1}


async def test_of_two_who_want_the_same_unique_key_one_is_refused_by_name(any_world: World) -> None:
    """Rule 6."""
    answers = await asyncio.gather(
        *(any_world.change(f"tally-{n}", slot="monday", key=f"key-{n}") for n in range(4)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Rejected)]
    assert [fault.code for fault in refused] == ["slot-taken"] * 3


async def test_a_unique_key_is_free_again_once_it_is_no_longer_held(any_world: World) -> None:
    """Rule 6."""
    await any_world.change("tally-1", slot="monday")
    await any_world.change("tally-1", slot=None)
    await any_world.change("tally-2", slot="monday")
    assert (await any_world.referrals.state("tally-2")).slot == "monday"


async def test_an_event_too_large_is_refused_before_the_save_and_leaves_no_gap(world: World) -> None:
    """A small one of the same key goes on."""
    await world.change("tally-1", 1)
    with pytest.raises(Rejected, match="too-large"):
        await world.change("tally-1", 2, padding="x" * 600_000)
    await world.change("tally-1", 3)
    await world.hear()
    assert (await world.interventions.state("sum-of-tally-1")).story == {"tally-1": (1, 2)}


async def test_what_somebody_may_not_see_is_not_found(world: World) -> None:
    await world.change("tally-1", 1)
    command = toys.Change(now=world.clock.now(), actor="psychology:ana", amount=2)
    with pytest.raises(NotFound):
        await world.referrals.run("tally-1", command, Origin("c", "c", may=lambda _: False))
    with pytest.raises(NotFound):
        await world.referrals.run("tally-9", command, Origin("c", "c", may=lambda _: True))


async def test_only_declared_keys_are_queried(world: World) -> None:
    await world.change("tally-1", slot="monday")
    await world.change("tally-2", slot="friday")
    assert [found.id for found in await world.referrals.core.find("tally", {"slot": "friday"})] == ["tally-2"]
    with pytest.raises(ValueError, match="not queried by total"):
        await world.referrals.core.find("tally", {"total": "1"})


async def test_a_document_that_only_notes_what_was_seen_does_not_exist_for_people(world: World) -> None:
    await world.change("tally-1", 1)
    world.builds[1].refuses.add(1)
    await world.hear()
    with pytest.raises(NotFound):
        await world.interventions.core.load("sum", "sum-of-all")
    assert await world.interventions.core.find("sum", {}) == []
