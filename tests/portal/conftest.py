"""One running system for the tests of a file; each test brings its own people. The sign-in page lists only so many."""

from collections.abc import Iterator

import pytest

from tests.portal.running import Running, running


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("portal")) as started:
        yield started
