"""Real servers as fixtures. Each test worker starts its own, on first use, and ends it when it is done.

A machine that lacks a part skips its tests and says once what to install; in CI, where CI=true, it fails.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.parts.missing import missing_parts, need

# A run of rules alone should not load the clients of servers it never starts: so each fixture imports its own part.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.parts.mailbox import MailServer
    from tests.parts.server import Server


_LONGEST = "tests/simulation/test_simulation.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that both workers end together: the simulation, real servers, browsers."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if item.nodeid.startswith(_LONGEST):
        return 0
    if any(item.get_closest_marker(name) for name in ("kafka", "mongo", "keycloak")):
        return 1
    return 2 if item.get_closest_marker("browser") else 3


@pytest.fixture(scope="session")
def kafka() -> "Iterator[Server]":
    """A Kafka; make your own topics and groups. A test that takes it away does so in `with kafka.outage():`."""
    from tests.parts.kafka import kafka

    server = need(kafka)
    yield server
    server.close()


@pytest.fixture(scope="session")
def kafka_address(kafka: "Server") -> str:
    return kafka.address


@pytest.fixture(scope="session")
def mongo() -> "Iterator[Server]":
    """A server that speaks MongoDB's protocol; use your own database. `with mongo.outage():` takes it away."""
    from tests.parts.mongo import mongo

    server = need(mongo)
    yield server
    server.close()


@pytest.fixture(scope="session")
def mongo_url(mongo: "Server") -> str:
    return mongo.address


@pytest.fixture
def mail_server() -> "Iterator[MailServer]":
    """An empty mail server in a process of its own, for this test alone."""
    from tests.parts.mailbox import MailServer

    server = MailServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A browser for the plain tests of one module; async ones cannot run there (`tests/parts/browser.py` says why)."""
    from tests.parts.browser import browser

    with ExitStack() as stack:
        yield need(lambda: stack.enter_context(browser()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [one for kind in ("skipped", "error", "failed") for one in terminalreporter.stats.get(kind, [])]
    for reason in missing_parts(str(one.longrepr) for one in reports):
        terminalreporter.write_line(reason, yellow=True, bold=True)
