"""A batch that takes longer than Kafka lets a member be silent: the member is put out, and nothing is lost by it."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from confluent_kafka.admin import AdminClient

from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.runtime.consumer import subscribe
from shared.runtime.inbound import Record
from tests.parts.wait import eventually

pytestmark = pytest.mark.kafka

NAME = "slow"
COUNT = 20


async def make_topic(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(topic_of(NAME), 1, 1)])
    await admin.close()


async def fill(address: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all")
    await producer.start()
    for number in range(count):
        await producer.send_and_wait(topic_of(NAME), str(number).encode())
    await producer.stop()


async def test_a_batch_longer_than_the_poll_interval_loses_nothing(
    kafka_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PUBLISHERS, NAME, PUBLISHERS["referrals"])
    await make_topic(kafka_address)
    await fill(kafka_address, COUNT)
    put_out, batches = asyncio.Event(), list[list[int]]()

    async def handle(records: list[Record]) -> None:
        batches.append([record.offset for record in records])
        if len(batches) == 1:
            await put_out.wait()

    admin = AdminClient({"bootstrap.servers": kafka_address})

    def members() -> int:
        (group,) = admin.describe_consumer_groups([NAME]).values()
        return len(group.result().members)

    broker = subscribe(kafka_address, NAME, (NAME,), handle)
    (subscriber,) = broker.subscribers
    subscriber._connection_args["max_poll_interval_ms"] = 1500
    await broker.start()
    try:
        await eventually(lambda: batches, "the first batch", 30)
        await eventually(lambda: asyncio.to_thread(lambda: members() == 0), "the slow member to be put out", 60, 0.2)
        put_out.set()
        await fill(kafka_address, 1)
        await eventually(lambda: max(map(max, batches)) == COUNT, "what was said after it", 60)
        assert {offset for batch in batches for offset in batch} == set(range(COUNT + 1))
    finally:
        await broker.stop()
