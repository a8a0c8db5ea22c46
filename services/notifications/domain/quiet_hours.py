"""Quiet hours by the recipient's own wall clock: a moment is quiet by what it shows, also where it jumps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.clinic import Hours


def is_quiet(moment: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """From `quiet_from` on, until just before `quiet_to`; equal times mean that no hour is quiet."""
    clock = moment.astimezone(zone).time()
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= clock < hours.quiet_to
    return clock >= hours.quiet_from or clock < hours.quiet_to


def next_allowed(moment: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """`moment` itself unless it is quiet; else the first full minute after it that is not."""
    if not is_quiet(moment, zone, hours):
        return moment
    # Minute by minute, since a wall clock jumps, goes back and may skip a day: a formula for all that would be long,
    # and a whole night takes a millisecond.
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    while is_quiet(minute, zone, hours):
        minute += timedelta(minutes=1)
    return minute
