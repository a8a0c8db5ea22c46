"""The clock that the runtime hands to everything else."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, always in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """The machine's clock, moved: for seeding a demo clinic, and for tests that need a week to pass."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, as stores keep time."""
    return int(moment.timestamp() * 1000)
