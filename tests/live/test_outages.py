"""Brokers that go away or come back empty, and what stands in the bytes of topics, stores and logs."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts.catalogue import topic_of
from tests.journeys.flow import Way
from tests.live import audit
from tests.live.cluster import SERVICES, Cluster
from tests.live.conftest import PARTITIONS, make_topics
from tests.parts.server import Server

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
]

PLANTED = (b"Quackenbush", b"Zanzibar", b"to dance at a wedding", b"1971-05-17")


async def test_work_goes_on_while_kafka_is_away_and_arrives_once_it_is_back(cluster: Cluster, kafka: Server) -> None:
    way = Way(cluster.desk, "away")
    async with kafka.away():
        await way.refer()
        await way.accept()
    await way.agree()
    await way.treat()
    await way.finish()
    await way.acknowledge()
    await cluster.settled()
    await audit.check_way(cluster, way)


async def test_a_broker_that_comes_back_empty_loses_nothing(cluster: Cluster, kafka: Server) -> None:
    way = Way(cluster.desk, "emptied")
    await way.refer()
    await way.accept()
    async with kafka.away(emptied=True):
        await way.agree()
    await make_topics(kafka.address)
    await way.treat()
    await way.finish()
    await way.acknowledge()
    await cluster.settled()
    await audit.check_histories(cluster)
    await audit.check_way(cluster, way)


async def test_a_planted_name_stands_in_no_topic_no_store_and_no_log(
    cluster: Cluster, kafka: Server, mongo: Server
) -> None:
    way = Way(cluster.desk, "planted")
    await way.whole_way()
    await cluster.settled()
    messages = await _everything_on(kafka.address)
    assert len(messages) > 50
    kept = _bytes_of(cluster, mongo)
    assert way.patient_id.encode() in kept
    for name in PLANTED:
        assert not any(name.lower() in message.lower() for message in messages), name
        assert name.lower() not in kept.lower(), name


def _bytes_of(cluster: Cluster, mongo: Server) -> bytes:
    """The store's own files, where they are on this machine, and the services' logs."""
    data = getattr(mongo, "data", None)
    files = [path for path in data.rglob("*") if path.is_file()] if data else []
    return b"".join(_read(path) for path in [*files, *(cluster.folder / f"{name}.log" for name in SERVICES)])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        # The server takes files away that it has written into others meanwhile.
        return b""


async def _everything_on(address: str) -> list[bytes]:
    """The bytes of every message on every topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic_of(name), number) for name in SERVICES for number in range(PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[bytes] = []
        async with asyncio.timeout(60):
            while any([await consumer.position(one) < ends[one] for one in partitions]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(record.key or b"") + (record.value or b"") for record in records]
        return found
    finally:
        await consumer.stop()
