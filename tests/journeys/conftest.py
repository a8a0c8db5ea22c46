"""The embedded system, with a clock that tests move."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from deploy.embedded import Embedded, free_ports
from deploy.people import Desk
from shared.runtime.clock import MovedClock
from tests.journeys.clinic import RunningClinic


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clinic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningClinic]:
    """One system for all journeys of a module; each journey has people of its own."""
    clock = MovedClock()
    system = Embedded(tmp_path_factory.mktemp("clinic"), ports=free_ports(), clock=clock, quick=True)
    await system.start()
    async with httpx.AsyncClient(timeout=30.0) as client:
        running = RunningClinic(system, clock, Desk(client, system.addresses, system.secrets.token_secret, clock))
        running.to_morning()
        yield running
    await system.stop()
