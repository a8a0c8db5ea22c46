"""The embedded broker does for the demo what the services need of Kafka."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.broker import EmbeddedBroker, SimpleCluster, bundled_library
from shared.contracts.catalogue import topic_of
from shared.runtime.consumer import subscribe
from shared.runtime.inbound import Record

pytestmark = pytest.mark.skipif(bundled_library() is None, reason="only the Linux wheels allow the full control")


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    broker = EmbeddedBroker(partitions=3)
    broker.start()
    broker.create_topic("letters")
    yield broker
    broker.stop()


def producer(broker: EmbeddedBroker) -> AIOKafkaProducer:
    return AIOKafkaProducer(bootstrap_servers=broker.start(), acks="all", enable_idempotence=True)


def consumer(broker: EmbeddedBroker) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        "letters",
        bootstrap_servers=broker.start(),
        group_id="readers",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
        # A member that comes back waits this long, less a second, to be let in.
        session_timeout_ms=2000,
        heartbeat_interval_ms=500,
    )


async def send(producer: AIOKafkaProducer, *values: bytes) -> None:
    for value in values:
        await producer.send_and_wait("letters", value, key=b"one")


async def read(consumer: AIOKafkaConsumer, count: int) -> list[bytes]:
    async with asyncio.timeout(10):
        return [(await consumer.getone()).value for _ in range(count)]


def accepts_connections(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


async def test_a_first_message_arrives_without_a_join_delay(broker: EmbeddedBroker) -> None:
    async with producer(broker) as sending, consumer(broker) as reading:
        await send(sending, b"hello")
        async with asyncio.timeout(1):
            assert await read(reading, 1) == [b"hello"]


async def test_a_topic_has_the_partitions_it_was_given(broker: EmbeddedBroker) -> None:
    broker.create_topic("wide", 7)
    async with producer(broker) as sending:
        assert await sending.partitions_for("letters") == {0, 1, 2}
        assert await sending.partitions_for("wide") == set(range(7))


async def test_a_restarted_consumer_continues_from_its_commit(broker: EmbeddedBroker) -> None:
    async with producer(broker) as sending:
        await send(sending, b"1", b"2", b"3")
        async with consumer(broker) as first:
            assert await read(first, 2) == [b"1", b"2"]
            await first.commit()
        async with consumer(broker) as second:
            assert await read(second, 1) == [b"3"]


async def test_an_outage_delays_a_message_and_loses_none(broker: EmbeddedBroker) -> None:
    address = broker.start()
    async with producer(broker) as sending, consumer(broker) as reading:
        await send(sending, b"before")
        assert await read(reading, 1) == [b"before"]
        broker.down()
        assert not accepts_connections(address)
        waiting = asyncio.create_task(send(sending, b"during"))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        broker.up()
        assert accepts_connections(address)
        assert await read(reading, 1) == [b"during"]
        await waiting


def test_a_stopped_broker_frees_its_port_and_can_start_again() -> None:
    broker = EmbeddedBroker()
    address = broker.start()
    broker.stop()
    assert not accepts_connections(address)
    assert accepts_connections(broker.start())
    broker.stop()


def test_a_topic_that_exists_is_refused_by_name(broker: EmbeddedBroker) -> None:
    with pytest.raises(RuntimeError, match="already exists"):
        broker.create_topic("letters")


async def test_the_simple_way_carries_messages_too() -> None:
    cluster = SimpleCluster()
    cluster.create_topic("letters", 4)
    async with AIOKafkaProducer(bootstrap_servers=cluster.address) as sending:
        assert await sending.partitions_for("letters") == {0, 1, 2, 3}
        await send(sending, b"hello")
    cluster.close()


async def test_a_batch_over_several_partitions_that_fails_comes_again_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the services read: nothing of it is passed over, in whichever partition it lies."""
    monkeypatch.setattr("shared.runtime.consumer._AGAIN_SECONDS", 0)
    broker = EmbeddedBroker(partitions=4)
    address, topic = broker.start(), topic_of("referrals")
    broker.create_topic(topic)
    sent = {f"{number}".encode() for number in range(40)}
    batches: list[list[Record]] = []
    all_again = asyncio.Event()

    async def handle(records: list[Record]) -> None:
        batches.append(records)
        if len(batches) == 1:
            raise RuntimeError("a bug")
        if {record.value for batch in batches[1:] for record in batch} == sent:
            all_again.set()

    member = subscribe(address, "interventions", ("referrals",), handle)
    async with producer(broker) as sending:
        for number in range(40):
            await sending.send_and_wait(topic, f"{number}".encode(), key=b"one", partition=number % 4)
    try:
        await member.start()
        async with asyncio.timeout(30):
            await all_again.wait()
    finally:
        await member.stop()
        broker.stop()
    assert len({record.partition for record in batches[0]}) > 1, "the batch that failed held several partitions"
