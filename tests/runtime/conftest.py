"""Every store, under the same tests."""

import logging
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
import structlog

from shared.contracts.catalogue import EVENT_TYPES, PUBLISHERS
from shared.runtime.logs import configure_logs
from shared.runtime.store.port import Store
from tests.runtime.stores import EVERY, SCHEMAS, open_by_words
from tests.runtime.toy_service import ToyService, toy_service
from tests.runtime.toys import EVENTS
from tests.runtime.world import World


@pytest.fixture(params=EVERY)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Where an empty store of this test's own is."""
    if request.param != "mongo":
        yield [request.param, str(tmp_path / "store.db")]
        return
    from pymongo import MongoClient

    url, database = request.getfixturevalue("mongo_url"), f"test_{uuid4().hex[:12]}"
    yield ["mongo", url, database]
    with MongoClient[dict[str, object]](url) as client:
        client.drop_database(database)


@pytest.fixture
async def store(place: list[str]) -> AsyncIterator[Store]:
    store = open_by_words(place)
    await store.engine.open(SCHEMAS)
    yield store
    await store.engine.close()


@pytest.fixture(params=EVERY)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Store]]:
    """A store for each service and the vault, on every kind of store; not open yet."""
    names = ("referrals", "interventions", "vault")
    if request.param != "mongo":
        yield {name: open_by_words([request.param, str(tmp_path / f"{name}.db")]) for name in names}
        return
    from pymongo import MongoClient

    url, prefix = request.getfixturevalue("mongo_url"), f"test_{uuid4().hex[:12]}"
    yield {name: open_by_words(["mongo", url, f"{prefix}_{name}"]) for name in names}
    with MongoClient[dict[str, object]](url) as client:
        for name in names:
            client.drop_database(f"{prefix}_{name}")


@pytest.fixture
async def world(tmp_path: Path, toy_events: None) -> AsyncIterator[World]:
    """Two services on SQLite."""
    names = ("referrals", "interventions", "vault")
    world = World({name: open_by_words(["sqlite", str(tmp_path / f"{name}.db")]) for name in names})
    await world.open()
    yield world
    await world.close()


@pytest.fixture
async def any_world(stores: dict[str, Store], toy_events: None) -> AsyncIterator[World]:
    """Two services, on every kind of store."""
    world = World(stores)
    await world.open()
    yield world
    await world.close()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Log lines go where the tests of the logs can read them, as in a running service, and not to the terminal."""
    configure_logs("INFO", StringIO())
    yield
    logging.getLogger().handlers.clear()
    structlog.reset_defaults()


@pytest.fixture
def toy_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toys' events are known to this build."""
    for service, events in EVENTS.items():
        monkeypatch.setitem(PUBLISHERS, service, (*PUBLISHERS[service], *events))
        for event in events:
            monkeypatch.setitem(EVENT_TYPES, event.TYPE, event)


@pytest.fixture
async def toy(tmp_path: Path, toy_events: None) -> AsyncIterator[ToyService]:
    """A service's HTTP side, in memory."""
    async with toy_service(tmp_path) as toy:
        yield toy
