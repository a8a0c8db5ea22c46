"""Quiet hours by the recipient's own wall clock: a moment is quiet by what it shows, also where it jumps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.clinic_agenda import Hours, is_within


def is_quiet(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> bool:
    """Whether it is quiet by any of `hours`."""
    clock = moment.astimezone(zone).time()
    return any(is_within(clock, one) for one in hours)


def last_allowed(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> datetime:
    """`moment` itself unless it is quiet; else the last full minute before it that is not."""
    if not is_quiet(moment, zone, hours):
        return moment
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    while is_quiet(minute, zone, hours):
        minute -= timedelta(minutes=1)
    return minute


def next_allowed(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> datetime:
    """`moment` itself unless it is quiet; else the first full minute after it that is not."""
    if not is_quiet(moment, zone, hours):
        return moment
    # Minute by minute, since a wall clock jumps, goes back and may skip a day: a formula for all that would be long,
    # and a whole night takes a millisecond.
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    while is_quiet(minute, zone, hours):
        minute += timedelta(minutes=1)
    return minute
