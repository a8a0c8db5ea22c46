"""A service killed at the worst moment loses nothing and sends nothing twice. The mail server's log is the witness."""

import asyncio
from collections import Counter

import pytest
import pytest_asyncio

from tests.journeys.flow import Way
from tests.live import audit
from tests.live.cluster import SERVICES, Cluster
from tests.live.crashing import AFTER_MAIL, MOMENTS
from tests.parts.wait import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
]

TOGETHER = 3


async def ways(cluster: Cluster, tag: str) -> list[Way]:
    """Some people at once, so that batches hold more than one event."""
    return [Way(cluster.desk, f"{tag}{number}") for number in range(TOGETHER)]


async def keep_alive(cluster: Cluster) -> None:
    """What an operator's restart policy does."""
    while True:
        await cluster.revive()
        await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undisturbed(cluster: Cluster) -> dict[str, Counter[str]]:
    """What everybody is told when nothing goes wrong."""
    way = Way(cluster.desk, "calm")
    await way.whole_way()
    await cluster.settled()
    await audit.check_way(cluster, way)
    await audit.check_mails(cluster, way)
    return await audit.told(way)


async def test_a_way_that_nothing_disturbs_closes_the_loop(undisturbed: dict[str, Counter[str]]) -> None:
    assert undisturbed["patient"].total() > 10
    assert undisturbed["caregiver"].total() == 3


@pytest.mark.parametrize("moment", MOMENTS)
async def test_services_killed_at_a_moment_lose_and_repeat_nothing(
    cluster: Cluster, moment: str, undisturbed: dict[str, Counter[str]]
) -> None:
    people = await ways(cluster, moment)
    cluster.deaths.clear()
    keeper = asyncio.create_task(keep_alive(cluster))
    try:
        for name in SERVICES:
            cluster.arm(name, moment)
        await asyncio.gather(*(way.whole_way() for way in people))
        await cluster.settled()
        assert sorted(cluster.deaths) == sorted(SERVICES), f"not every service died once at {moment}"
    finally:
        keeper.cancel()
    await audit.check_histories(cluster)
    for way in people:
        await audit.check_way(cluster, way)
        await audit.check_mails(cluster, way)
        assert await audit.told(way) == undisturbed


async def test_killed_between_sending_and_recording_a_mail_it_is_not_sent_again(cluster: Cluster) -> None:
    way = Way(cluster.desk, "mailed")
    cluster.arm("notifications", AFTER_MAIL)
    await way.refer()
    await eventually(lambda: not cluster.alive("notifications"), "the death of notifications", 60)
    before = [mail.message_id for mail in cluster.mail.messages()]
    await cluster.revive()
    await way.accept()
    # A mail is planned with its event, and sent when its timer has come: only then is there something to compare.
    await eventually(lambda: len(cluster.mail.messages()) > len(before), "the mail about the acceptance", 60)
    await cluster.settled()
    after = [mail.message_id for mail in cluster.mail.messages()]
    assert len(set(after)) == len(after) > len(before)
