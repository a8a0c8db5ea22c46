"""One running system for all tests of a worker; each test brings its own people."""

from collections.abc import Iterator

import pytest

from tests.portal.running import Running, running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("portal")) as started:
        yield started
