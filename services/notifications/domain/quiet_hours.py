"""Quiet hours by the recipient's own wall clock: a moment is quiet by what it shows, also where it jumps."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.clinic import Hours


def is_quiet(moment: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """From `quiet_from` on, until just before `quiet_to`; equal times mean that no hour is quiet."""
    clock = moment.astimezone(zone).time()
    if hours.quiet_from <= hours.quiet_to:
        return hours.quiet_from <= clock < hours.quiet_to
    return clock >= hours.quiet_from or clock < hours.quiet_to


def next_allowed(moment: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """`moment` itself unless it is quiet; else the first moment after it that is not."""
    while is_quiet(moment, zone, hours):
        moment = _next_showing(hours.quiet_to, moment, zone)
    return moment


def _next_showing(clock: time, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `after` when the wall clock shows `clock`, or jumps over it."""
    local = after.astimezone(zone)
    day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
    for fold in (0, 1):
        shown = datetime.combine(day, clock, zone).replace(fold=fold)
        moment = shown.astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != shown.replace(tzinfo=None):
            return _jump(shown, zone)
        if moment > after:
            return moment
    # No zone is known to come here; the loop above must end all the same.
    return after + timedelta(minutes=1)


def _jump(skipped: datetime, zone: ZoneInfo) -> datetime:
    """When the wall clock jumps over the time `skipped`, to the second."""
    wall = skipped.replace(tzinfo=None)
    before, behind = skipped.replace(fold=1).astimezone(UTC), skipped.replace(fold=0).astimezone(UTC)
    while behind - before > timedelta(seconds=1):
        middle = (before + (behind - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            behind = middle
    return behind
