"""The journey through the pages, unchanged, on real Kafka, a real MongoDB-wire server and a real mail server."""

import asyncio

import pytest

from deploy.journey import Journey
from tests.live.cluster import PORTAL, Cluster

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_the_whole_way_round_on_real_parts(cluster: Cluster) -> None:
    await cluster.start(PORTAL)
    await asyncio.to_thread(Journey(cluster.addresses[PORTAL], "live").run)
    assert cluster.mail.messages("wilma.live@people.example")
    assert cluster.mail.messages("edda.live@people.example")
