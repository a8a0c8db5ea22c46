"""Whatever is done to them, in whatever order: every store gives the same answers.

CAREPATH_TEST_EXAMPLES asks for more examples than the usual few, and then for new ones each time.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from tests.runtime.operations import CONTENTS, OPERATIONS, Operation
from tests.runtime.sides import Side, settled

EXAMPLES = int(os.environ.get("CAREPATH_TEST_EXAMPLES", "0"))


def examples(usual: int) -> settings:
    return settings(
        max_examples=EXAMPLES or usual,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
async def in_process(tmp_path: Path) -> AsyncIterator[list[Side]]:
    async with opened(["simulated", str(tmp_path)], ["sqlite", str(tmp_path / "store.db")]) as sides:
        yield sides


@pytest.fixture
async def all_three(in_process: list[Side], mongo_url: str) -> AsyncIterator[list[Side]]:
    async with opened(["mongo", mongo_url, f"test_{uuid4().hex[:12]}"]) as sides:
        yield [*in_process, *sides]


@examples(60)
@given(OPERATIONS)
async def test_simulated_store_and_sqlite_agree(in_process: list[Side], operations: list[Operation]) -> None:
    await agree(in_process, operations)


@pytest.mark.mongo
@examples(30)
@given(OPERATIONS)
async def test_all_stores_agree(all_three: list[Side], operations: list[Operation]) -> None:
    await agree(all_three, operations)


async def agree(sides: Sequence[Side], operations: Sequence[Operation]) -> None:
    for side in sides:
        await side.clear()
    for operation in (*operations, *CONTENTS):
        call = await settled(operation, sides[0].store)
        answers = [(side.name, await side.answer(call)) for side in sides]
        assert [one for one in answers if one[1] != answers[0][1]] == [], f"{operation} on {answers[0]}"


@asynccontextmanager
async def opened(*places: list[str]) -> AsyncIterator[list[Side]]:
    async with AsyncExitStack() as stack:
        sides = [Side(place) for place in places]
        for side in sides:
            await side.open()
            stack.push_async_callback(side.close)
        yield sides
