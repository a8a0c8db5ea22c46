"""When an e-mail may go out, by the recipient's own wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.quiet_hours import is_quiet, last_allowed, next_allowed
from shared.contracts.clinic_agenda import Hours, leaves_an_hour

LONDON, MADRID, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
NIGHT = Hours(quiet_from=time(20), quiet_to=time(8))
MIDDAY = Hours(quiet_from=time(13), quiet_to=time(15))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def hours(start: str, end: str) -> tuple[Hours, ...]:
    return (Hours(quiet_from=time.fromisoformat(start), quiet_to=time.fromisoformat(end)),)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("19:59:59", False), ("20:00", True), ("23:59", True), ("00:00", True), ("07:59:59", True), ("08:00", False)],
)
def test_a_window_over_midnight_is_quiet_from_its_start_until_just_before_its_end(clock: str, quiet: bool) -> None:
    moment = datetime.combine(date(2026, 1, 15), time.fromisoformat(clock), LONDON)
    assert is_quiet(moment, LONDON, (NIGHT,)) is quiet


@pytest.mark.parametrize(("clock", "quiet"), [("12:59", False), ("13:00", True), ("14:59", True), ("15:00", False)])
def test_a_window_within_a_day_is_quiet_inside_only(clock: str, quiet: bool) -> None:
    moment = datetime.combine(date(2026, 1, 15), time.fromisoformat(clock), LONDON)
    assert is_quiet(moment, LONDON, (MIDDAY,)) is quiet


def test_equal_times_mean_that_no_hour_is_quiet() -> None:
    never = hours("08:00", "08:00")
    assert not is_quiet(utc(2026, 1, 15, 8), LONDON, never)
    assert next_allowed(utc(2026, 1, 15, 8), LONDON, never) == utc(2026, 1, 15, 8)
    assert next_allowed(utc(2026, 1, 15, 3), LONDON, never) == utc(2026, 1, 15, 3)


def test_a_moment_outside_the_window_stays_as_it_is() -> None:
    moment = utc(2026, 1, 15, 12, 34, 56)
    assert next_allowed(moment, LONDON, (NIGHT,)) == moment


def test_the_evening_waits_for_the_next_morning_and_the_small_hours_for_the_same_one() -> None:
    assert next_allowed(utc(2026, 1, 15, 22), LONDON, (NIGHT,)) == utc(2026, 1, 16, 8)
    assert next_allowed(utc(2026, 1, 16, 3), LONDON, (NIGHT,)) == utc(2026, 1, 16, 8)


def test_seconds_within_a_quiet_minute_are_waited_over() -> None:
    moment = utc(2026, 1, 15, 20, 0, 59) + timedelta(microseconds=7)
    assert next_allowed(moment, LONDON, hours("20:00", "20:01")) == utc(2026, 1, 15, 20, 1)


def test_the_recipients_own_zone_counts() -> None:
    assert next_allowed(utc(2026, 1, 15, 19, 30), LONDON, (NIGHT,)) == utc(2026, 1, 15, 19, 30)
    assert next_allowed(utc(2026, 1, 15, 19, 30), MADRID, (NIGHT,)) == utc(2026, 1, 16, 7)
    assert next_allowed(utc(2026, 1, 15, 10), NEW_YORK, (NIGHT,)) == utc(2026, 1, 15, 13)


def test_the_night_before_summer_time_ends_an_hour_earlier() -> None:
    assert next_allowed(utc(2026, 3, 28, 22), LONDON, (NIGHT,)) == utc(2026, 3, 29, 7)


def test_the_night_before_winter_time_ends_an_hour_later() -> None:
    assert next_allowed(utc(2026, 10, 24, 22), LONDON, (NIGHT,)) == utc(2026, 10, 25, 8)
    assert next_allowed(utc(2026, 10, 24, 6), LONDON, (NIGHT,)) == utc(2026, 10, 24, 7)


def test_an_opening_that_the_clock_jumps_over_is_the_jump_itself() -> None:
    # New York, 8 March 2026: 02:00 becomes 03:00 at 07:00 UTC.
    assert next_allowed(utc(2026, 3, 8, 4), NEW_YORK, hours("22:00", "02:30")) == utc(2026, 3, 8, 7)


def test_a_window_that_the_clock_jumps_over_is_never_quiet() -> None:
    assert next_allowed(utc(2026, 3, 8, 7), NEW_YORK, hours("02:15", "02:45")) == utc(2026, 3, 8, 7)


def test_an_opening_that_comes_twice_opens_at_the_first_and_again_after_the_clock_went_back() -> None:
    # New York, 1 November 2026: 01:30 is at 05:30 and at 06:30 UTC.
    window = hours("22:00", "01:30")
    assert next_allowed(utc(2026, 11, 1, 4), NEW_YORK, window) == utc(2026, 11, 1, 5, 30)
    assert next_allowed(utc(2026, 11, 1, 6, 10), NEW_YORK, window) == utc(2026, 11, 1, 6, 30)


def test_a_night_into_a_leap_day_ends_on_the_leap_day() -> None:
    assert next_allowed(utc(2028, 2, 28, 22), LONDON, (NIGHT,)) == utc(2028, 2, 29, 8)
    assert next_allowed(utc(2028, 2, 29, 22), LONDON, (NIGHT,)) == utc(2028, 3, 1, 8)
    assert next_allowed(utc(2027, 2, 28, 22), LONDON, (NIGHT,)) == utc(2027, 3, 1, 8)


def test_a_day_that_a_country_skipped_is_waited_over() -> None:
    # Samoa went from 29 to 31 December 2011.
    apia = ZoneInfo("Pacific/Apia")
    late = datetime(2011, 12, 29, 21, tzinfo=apia)
    assert next_allowed(late, apia, (NIGHT,)) == datetime(2011, 12, 31, 8, tzinfo=apia).astimezone(UTC)


CLOCK = st.times().map(lambda t: t.replace(second=0, microsecond=0))
WINDOW = st.builds(Hours, quiet_from=CLOCK, quiet_to=CLOCK)
JUMPS = {
    "Europe/London": (utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)),
    "America/New_York": (utc(2026, 3, 8, 7), utc(2026, 11, 1, 6)),
    "Australia/Lord_Howe": (utc(2026, 4, 4, 15), utc(2026, 10, 3, 15, 30)),
    "Pacific/Apia": (utc(2011, 12, 30, 10),),
    "Asia/Kathmandu": (utc(2026, 6, 1),),
}
"""Moments at which a clock jumps, by half an hour or a whole day too; in Kathmandu none does."""


@settings(max_examples=300, deadline=None)
@given(
    jump=st.sampled_from([(zone, jump) for zone, jumps in JUMPS.items() for jump in jumps]),
    minutes=st.integers(-40 * 60, 40 * 60),
    windows=st.lists(WINDOW, min_size=1, max_size=2).map(tuple).filter(leaves_an_hour),
)
def test_the_wait_ends_at_the_first_minute_that_is_not_quiet_and_an_earlier_one_at_the_last(
    jump: tuple[str, datetime], minutes: int, windows: tuple[Hours, ...]
) -> None:
    place, moment = ZoneInfo(jump[0]), jump[1] + timedelta(minutes=minutes)
    for found, step in ((next_allowed, 1), (last_allowed, -1)):
        expected = moment
        while is_quiet(expected, place, windows):
            expected += timedelta(minutes=step)
        assert found(moment, place, windows) == expected
