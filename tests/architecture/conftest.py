"""One clinic for all tests that ask who reaches what. They change nothing in it."""

from collections.abc import Iterator

import pytest

from tests.architecture import caregiver_world
from tests.architecture.caregiver_world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with caregiver_world.made(tmp_path_factory.mktemp("access")) as world:
        yield world
