"""Wait for a condition, never for a length of time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, timeout: float = 10, every: float = 0.05) -> T:
    """Ask until the answer is true, and return it; blocks, so an async test uses `eventually`."""
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout:g} s")
        time.sleep(every)
    return answer


async def eventually(
    condition: Callable[[], T | Awaitable[T]],
    what: str,
    timeout: float = 10,  # noqa: ASYNC109 - a failed wait must say what it waited for
    every: float = 0.02,
) -> T:
    """The same for async tests; the condition may be a plain or an async function."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        value = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout:g} s")
        await asyncio.sleep(every)
