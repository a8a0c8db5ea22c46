"""Days by a clinic's clock: five days later means the same time of day, whatever summer time does in between."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def days_after(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day in `zone`, `days` later, in UTC.

    A time that summer time leaves out comes later by the jump of the clock; of one that comes twice, the first counts.
    """
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def months_after(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same day of the month and time of day in `zone`, `months` later, in UTC; its last day where it is shorter."""
    wall = at.astimezone(zone).replace(tzinfo=None)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day, tzinfo=zone).astimezone(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day that it is in `zone`."""
    return at.astimezone(zone).date()


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """When `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
