"""One running system for the live tests, which ends with them: starting it costs more than most of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.contracts.catalogue import PUBLISHERS, topic_of
from tests.live.cluster import Cluster
from tests.parts.mailbox import MailServer
from tests.parts.server import Server

PARTITIONS = 4


@pytest.fixture(scope="session")
def post_office() -> Iterator[MailServer]:
    """A mail server whose log is the witness of what was really sent."""
    server = MailServer()
    server.start()
    yield server
    server.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def cluster(
    kafka: Server, mongo: Server, post_office: MailServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cluster]:
    """Three services on real parts, all ready."""
    await make_topics(kafka.address)
    running = Cluster(tmp_path_factory.mktemp("cluster"), kafka.address, mongo.address, post_office)
    try:
        await running.start()
        yield running
    finally:
        await running.close()


async def make_topics(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [NewTopic(topic_of(name), PARTITIONS, 1) for name in PUBLISHERS if topic_of(name) not in present]
        if missing:
            await admin.create_topics(missing)
    finally:
        await admin.close()
        await asyncio.sleep(0)
