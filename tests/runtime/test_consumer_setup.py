"""FastStream is set up so that nothing is committed before it is applied, and no two members work at once."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from faststream import AckPolicy

from shared.contracts.catalogue import PUBLISHERS
from shared.runtime import consumer
from shared.runtime.consumer import BATCH_SECONDS, REBALANCE_MS, Gate, subscribe
from shared.runtime.errors import Unavailable
from shared.runtime.inbound import Record

TOPICS = ["carepath.referrals", "carepath.notifications"]


async def nothing(_: list[Record]) -> None:
    return None


def broker(handle: Any = nothing) -> Any:
    return subscribe("127.0.0.1:1", "interventions", ("referrals", "notifications"), handle)


def the_subscriber(handle: Any = nothing) -> Any:
    (subscriber,) = broker(handle).subscribers
    return subscriber


def test_no_subscriber_commits_by_itself() -> None:
    """Any other policy commits what failed, or loops without a pause."""
    for subscriber in broker().subscribers:
        assert subscriber.ack_policy is AckPolicy.MANUAL
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"
        assert subscriber.group_id == "interventions"


def test_one_subscriber_reads_all_topics_that_a_service_listens_to() -> None:
    assert [topic.name for topic in the_subscriber().topics] == TOPICS


def test_no_topic_is_ever_made_by_the_consumer() -> None:
    """It would have one partition and one replica, and a forgotten topic would not be noticed."""
    subscriber = the_subscriber()
    assert not [topic.name for topic in subscriber.topics if topic.declare]
    assert subscriber.topics_to_create == []


def test_a_batch_is_given_back_well_before_a_rebalance_would_end_without_it() -> None:
    connection = the_subscriber()._connection_args
    assert connection["rebalance_timeout_ms"] == REBALANCE_MS
    assert BATCH_SECONDS * 1000 <= REBALANCE_MS / 2


def test_a_rebalance_waits_at_the_gate() -> None:
    assert isinstance(the_subscriber()._listener, Gate)


async def test_the_gate_waits_for_the_batch_in_hand_and_is_closed_until_partitions_are_given() -> None:
    gate = Gate()
    await gate.lock.acquire()
    revoked = asyncio.create_task(gate.on_partitions_revoked(()))
    await asyncio.sleep(0)
    assert (gate.epoch, revoked.done()) == (1, False)
    gate.lock.release()
    await revoked
    assert gate.lock.locked()
    await gate.on_partitions_assigned(())
    assert not gate.lock.locked()


async def test_partitions_given_without_a_revocation_change_nothing() -> None:
    """The first assignment of a process."""
    gate = Gate()
    await gate.on_partitions_assigned(())
    assert not gate.lock.locked()


async def test_a_second_revocation_before_an_assignment_does_not_wait_for_itself() -> None:
    gate = Gate()
    await gate.on_partitions_revoked(())
    await asyncio.wait_for(gate.on_partitions_revoked(()), 1)
    await gate.on_partitions_assigned(())
    assert (gate.epoch, gate.lock.locked()) == (2, False)


class Message:
    """What FastStream hands over, and what was answered."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    async def ack(self) -> None:
        self.answers.append("ack")

    async def nack(self) -> None:
        self.answers.append("nack")


def batch() -> list[Any]:
    return [SimpleNamespace(topic="t", partition=1, offset=n, key=b"k", value=b"v", headers=None) for n in (7, 8)]


def handler_of(subscriber: Any) -> Any:
    """The function itself, as it was written."""
    return subscriber.calls[0].handler._original_call


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "_AGAIN_SECONDS", 0)


async def test_a_batch_is_acknowledged_after_it_was_applied() -> None:
    message, applied = Message(), []

    async def handle(records: list[Record]) -> None:
        assert message.answers == []
        applied.extend(records)

    await handler_of(the_subscriber(handle))(batch(), message)
    assert applied == [Record("t", 1, 7, b"k", b"v"), Record("t", 1, 8, b"k", b"v")]
    assert message.answers == ["ack"]


@pytest.mark.parametrize("fault", [Unavailable("away"), TimeoutError(), RuntimeError("a bug"), KeyError("x")])
async def test_a_batch_that_fails_is_given_back_whatever_it_was(no_pause: None, fault: Exception) -> None:
    """Under manual acknowledgement, a batch that is not given back would be passed over."""
    message = Message()

    async def handle(_: list[Record]) -> None:
        raise fault

    await handler_of(the_subscriber(handle))(batch(), message)
    assert message.answers == ["nack"]


async def test_a_batch_that_takes_too_long_is_given_back(no_pause: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "BATCH_SECONDS", 0.01)
    message, forever = Message(), asyncio.Event()

    async def handle(_: list[Record]) -> None:
        await forever.wait()

    await handler_of(the_subscriber(handle))(batch(), message)
    assert message.answers == ["nack"]


async def test_a_batch_read_before_a_revocation_is_not_worked_on_after_it() -> None:
    message, applied = Message(), []

    async def handle(records: list[Record]) -> None:
        applied.extend(records)

    subscriber = the_subscriber(handle)
    gate: Gate = subscriber._listener
    await gate.lock.acquire()
    waiting = asyncio.create_task(handler_of(subscriber)(batch(), message))
    revoked = asyncio.create_task(gate.on_partitions_revoked(()))
    await asyncio.sleep(0)
    gate.lock.release()
    await asyncio.sleep(0)
    await gate.on_partitions_assigned(())
    await asyncio.gather(waiting, revoked, return_exceptions=True)
    assert applied == []
    assert message.answers == []


async def test_the_parser_looks_into_nothing() -> None:
    """One header or value that cannot be read must not stop or lose its batch."""
    reader = SimpleNamespace(_consumer="the consumer")

    class Original:
        _consumer = reader._consumer

        def parse(self) -> None: ...

    bad = [SimpleNamespace(offset=1, value=None, headers=[("x", None), ("y", b"\xff")], key=None)]
    message: Any = await consumer._raw_parser(bad, Original().parse)
    assert message.raw_message == tuple(bad)
    assert message.consumer == "the consumer"
    assert await consumer._records(message) == tuple(bad)


@pytest.mark.parametrize("group", sorted(PUBLISHERS))
def test_every_service_can_subscribe_to_every_other(group: str) -> None:
    others = tuple(name for name in PUBLISHERS if name != group)
    assert len(subscribe("127.0.0.1:1", group, others, nothing).subscribers) == 1
