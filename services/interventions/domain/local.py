"""Days by a clinic's clock: five days later means the same time of day, whatever summer time does in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def days_after(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day in `zone`, `days` later, in UTC.

    A time that summer time leaves out comes later by the jump of the clock; of one that comes twice, the first counts.
    """
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC)
