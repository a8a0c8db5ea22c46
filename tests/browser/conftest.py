"""One running system for the browser tests of a module."""

from collections.abc import Iterator

import pytest

from tests.portal.running import Running, running


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("browser")) as started:
        yield started
