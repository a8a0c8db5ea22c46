"""The three kinds of schedule, and the five states of a task, each at its boundary."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.interventions.domain.schedule import Schedule, Window, windows

MADRID = ZoneInfo("Europe/Madrid")
OPENED = datetime(2030, 3, 27, 18, 0, tzinfo=MADRID)
ANCHORS = {"module_opened": OPENED.astimezone(UTC)}
MOMENT = timedelta(microseconds=1)


def local(*found: Window) -> list[tuple[str, str | None]]:
    """Opening and closing, by the clock on the wall in Madrid."""
    return [(_wall(one.opens_at) or "", _wall(one.closes_at)) for one in found]


def _wall(at: datetime | None) -> str | None:
    return at.astimezone(MADRID).strftime("%a %d %H:%M") if at else None


def test_on_a_date_from_midnight_for_so_many_days_over_summer_time() -> None:
    found = windows(Schedule(on=date(2030, 3, 30), open_days=2), {}, MADRID)
    assert local(*found) == [("Sat 30 00:00", "Mon 01 00:00")]
    [one] = found
    assert one.closes_at is not None
    assert one.closes_at - one.opens_at == timedelta(hours=47)


def test_so_many_days_after_something_at_the_same_time_of_day() -> None:
    found = windows(Schedule(days_after=5, of="module_opened", open_days=7), ANCHORS, MADRID)
    assert local(*found) == [("Mon 01 18:00", "Mon 08 18:00")]
    assert windows(Schedule(days_after=5, of="module_ended"), ANCHORS, MADRID) == ()


def test_on_days_of_the_week_until_it_comes_again() -> None:
    found = windows(Schedule(weekly=("mon", "thu"), weeks=2), ANCHORS, MADRID)
    assert local(*found) == [
        ("Thu 28 00:00", "Mon 01 00:00"),
        ("Mon 01 00:00", "Thu 04 00:00"),
        ("Thu 04 00:00", "Mon 08 00:00"),
        ("Mon 08 00:00", "Mon 15 00:00"),
    ]


def test_on_days_of_the_week_for_one_day_each_the_first_day_included() -> None:
    found = windows(Schedule(weekly=("wed",), weeks=2, open_days=1), ANCHORS, MADRID)
    assert local(*found) == [("Wed 27 00:00", "Thu 28 00:00"), ("Wed 03 00:00", "Thu 04 00:00")]


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/New_York", "Asia/Kolkata"])
def test_a_day_of_the_week_is_that_of_the_clinic(zone: str) -> None:
    there = ZoneInfo(zone)
    late = datetime(2030, 6, 3, 23, 30, tzinfo=there)
    [one] = windows(Schedule(weekly=("mon",), open_days=1), {"module_opened": late.astimezone(UTC)}, there)
    assert one.opens_at.astimezone(there).strftime("%a %H:%M") == "Mon 00:00"
    assert one.opens_at <= late


@pytest.mark.parametrize(
    "fields", [{}, {"on": date(2030, 1, 1), "days_after": 3}, {"weekly": ("mon",), "days_after": 0}]
)
def test_a_schedule_is_one_of_three(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="one of"):
        Schedule.model_validate(fields)


WINDOW = Window(opens_at=OPENED, closes_at=OPENED + timedelta(days=2))


@pytest.mark.parametrize(
    ("now", "begun", "done", "state"),
    [
        (OPENED - MOMENT, False, False, "not_yet_open"),
        (OPENED, False, False, "due"),
        (OPENED, True, False, "in_progress"),
        (OPENED + timedelta(days=2) - MOMENT, False, False, "due"),
        (OPENED + timedelta(days=2), False, False, "expired"),
        (OPENED + timedelta(days=2), True, False, "expired"),
        (OPENED + timedelta(days=9), True, True, "done"),
        (OPENED - timedelta(days=9), True, True, "done"),
    ],
)
def test_five_states(now: datetime, begun: bool, done: bool, state: str) -> None:
    assert WINDOW.state(now, begun=begun, done=done) == state


def test_without_an_end_it_never_expires() -> None:
    assert Window(opens_at=OPENED).state(OPENED + timedelta(days=9999), begun=False, done=False) == "due"
