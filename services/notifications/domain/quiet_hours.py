"""Quiet hours by the recipient's own wall clock: a moment is quiet by what it shows, also where it jumps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.clinic_agenda import Hours, is_within

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def is_quiet(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> bool:
    """Whether it is quiet by any of `hours`."""
    clock = moment.astimezone(zone).time()
    return any(is_within(clock, one) for one in hours)


def last_allowed(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> datetime:
    """`moment` itself unless it is quiet; else the last full minute before it that is not."""
    if not is_quiet(moment, zone, hours):
        return moment
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    while quiet := _surely_quiet(minute, zone, hours, ahead=False):
        minute -= quiet
    return minute


def next_allowed(moment: datetime, zone: ZoneInfo, hours: tuple[Hours, ...]) -> datetime:
    """`moment` itself unless it is quiet; else the first full minute after it that is not."""
    if not is_quiet(moment, zone, hours):
        return moment
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
    while quiet := _surely_quiet(minute, zone, hours, ahead=True):
        minute += quiet
    return minute


def _surely_quiet(minute: datetime, zone: ZoneInfo, hours: tuple[Hours, ...], *, ahead: bool) -> timedelta:
    """For how long it stays quiet at least, or had been until then; nothing where it is not."""
    shown = minute.astimezone(zone)
    one = next((one for one in hours if is_within(shown.time(), one)), None)
    if one is None:
        return timedelta(0)
    clock = shown.replace(tzinfo=None)
    if ahead:
        length = (datetime.combine(clock.date(), one.quiet_to) - clock) % _DAY
        end = minute + length
    else:
        length = (clock - datetime.combine(clock.date(), one.quiet_from)) % _DAY + _MINUTE
        end = minute - length
    # Minute by minute where the wall clock jumps, goes back or skips a day: a formula for all that would be long.
    return length if end.astimezone(zone).utcoffset() == shown.utcoffset() else _MINUTE
