"""Practice at home: the number for a day, and the dose week by week."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.interventions.domain.practice.commands import LogPractice
from services.interventions.domain.practice.dose import Dose, adherence, weeks
from services.interventions.domain.practice.state import PracticeDay
from shared.contracts.interventions import PracticeLogged
from tests.given import given
from tests.interventions import example as ex

OF = {"log_id": "l1", "episode_id": "e1", "patient_id": "p1"}
TODAY = ex.T0.date()
DAILY, WEEKLY = Dose(times=2, per="day"), Dose(times=3, per="week")


def log(times: int, day: date = TODAY, now: datetime = ex.T0) -> LogPractice:
    return ex.command(LogPractice, ex.PATIENT, now, **OF, practice_id="breathe", day=day, times=times)


def logged(times: int, day: date = TODAY, now: datetime = ex.T0) -> PracticeLogged:
    return PracticeLogged(at=now, **OF, practice_id="breathe", day=day, times=times)


def days(*times: int, since: date = TODAY) -> list[PracticeDay]:
    return [
        PracticeDay(practice_id="breathe", day=since + timedelta(days=ahead), times=one)
        for ahead, one in enumerate(times)
    ]


def test_the_number_is_for_the_whole_day_and_may_be_corrected() -> None:
    once = given(ex.PRACTICE).when(log(2)).then(logged(2))
    once.when(log(2)).then()
    corrected = once.when(log(1)).then(logged(1))
    assert corrected.state.times("breathe", TODAY) == 1
    assert corrected.when(log(0)).happened().state.times("breathe", TODAY) == 0


def test_nothing_is_nothing_also_on_a_day_that_nobody_wrote_down() -> None:
    given(ex.PRACTICE).when(log(0)).then()


def test_a_day_to_come_or_long_ago_is_refused() -> None:
    given(ex.PRACTICE).when(log(1, TODAY + timedelta(days=1))).refused("day-to-come")
    given(ex.PRACTICE).when(log(1, TODAY - timedelta(days=32))).refused("day-too-long-ago", days=31)
    assert given(ex.PRACTICE).when(log(1, TODAY - timedelta(days=31))).events()


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("America/New_York", datetime(2030, 3, 5, 3, 0, tzinfo=UTC), date(2030, 3, 4)),
        ("Europe/Madrid", datetime(2030, 3, 4, 23, 30, tzinfo=UTC), date(2030, 3, 5)),
        ("Pacific/Auckland", datetime(2030, 3, 4, 12, 0, tzinfo=UTC), date(2030, 3, 5)),
    ],
)
def test_today_is_today_where_the_clinic_is(zone: str, now: datetime, today: date) -> None:
    practice = ex.aggregates_of(ex.SHORT, zone=zone)[4]
    assert given(practice).when(log(1, today, now)).events()
    given(practice).when(log(1, today + timedelta(days=1), now)).refused("day-to-come")


def test_a_daily_dose_is_not_made_up_for_on_another_day() -> None:
    [week] = weeks(DAILY, "breathe", TODAY, TODAY + timedelta(days=6), days(14, 0, 0, 0, 0, 0, 0))
    assert (week.done, week.wanted, week.days, week.share) == (14, 14, 1, 2 / 14)


def test_a_weekly_dose_may_be_spread_over_the_week_and_more_is_not_more_than_all() -> None:
    [week] = weeks(WEEKLY, "breathe", TODAY, TODAY + timedelta(days=6), days(0, 1, 0, 2, 0, 5))
    assert (week.done, week.wanted, week.share) == (8, 3, 1.0)


def test_weeks_begin_on_the_day_it_was_given_and_only_those_that_are_over_count() -> None:
    found = weeks(WEEKLY, "breathe", TODAY, TODAY + timedelta(days=14), days(*[1] * 7, 0, 0, 0, 0, 0, 0, 3, 3))
    assert [(week.done, week.over) for week in found] == [(7, True), (3, True), (3, False)]
    assert adherence(found) == 1.0
    assert adherence(weeks(WEEKLY, "breathe", TODAY, TODAY + timedelta(days=6), [])) is None
    assert adherence(weeks(WEEKLY, "breathe", TODAY, TODAY + timedelta(days=7), [])) == 0.0


def test_another_practice_does_not_count() -> None:
    [week] = weeks(WEEKLY, "walk", TODAY, TODAY, days(3))
    assert (week.done, week.share) == (0, 0.0)
