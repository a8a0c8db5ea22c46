"""Time that passes only when nobody has anything to do: an hour of waiting costs nothing, and every run is the same."""

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Deadlock(Exception):
    """Everybody waits for somebody else."""


class _NeverWaits(selectors.SelectSelector):
    """Answers at once, and lets the loop's time pass instead."""

    passed: float = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Deadlock("nothing is due and nothing is ready")
        if timeout > 0:
            self.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a time of its own, in seconds since `START`. It never looks at a socket or a real clock."""

    def __init__(self) -> None:
        self._selector_of_time = _NeverWaits()
        super().__init__(self._selector_of_time)

    def time(self) -> float:
        return self._selector_of_time.passed

    def jump(self, seconds: float) -> None:
        """Let time pass at once: whatever was due meanwhile is due now."""
        self._selector_of_time.passed += seconds


class WorldClock:
    """The time of the loop as a moment, `offset` seconds wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.offset = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time() + self.offset)


async def wait(seconds: float) -> None:
    """Let virtual time pass."""
    await asyncio.sleep(seconds)
