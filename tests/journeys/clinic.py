"""A running embedded clinic, and its calendar."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from deploy.embedded import Embedded
from deploy.people import Desk
from shared.runtime.clock import MovedClock


@dataclass
class RunningClinic:
    """`pass_time` moves the clock on and returns once every timer has had its turn."""

    system: Embedded
    clock: MovedClock
    desk: Desk

    def to_morning(self) -> None:
        """Ten o'clock tomorrow: outside quiet hours in every zone that the tests use."""
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        self.clock.offset = datetime.combine(tomorrow, time(10), UTC) - datetime.now(UTC)

    async def pass_time(self, wait: timedelta) -> None:
        await self.system.settle()
        self.clock.offset += wait
        await self.system.settle()
