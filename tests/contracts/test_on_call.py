"""Whom a call for help goes to at any moment, also where clocks change, and where nobody is on duty."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.clinic import Clinic
from shared.contracts.clinic_on_call import OnCall, Shift, Swap
from shared.contracts.on_call import could_be_called, duties, gaps, next_called, spans
from shared.runtime.settings import load_clinic

SHIPPED = load_clinic(Path("deploy/clinic.yaml"))
A, B, C = SHIPPED.risk_ladder
MADRID = ZoneInfo("Europe/Madrid")
DAY = Shift(starts=time(8), ends=time(20), ladder=(A, B))
NIGHT = Shift(starts=time(20), ends=time(8), ladder=(C,))


def clinic(*rota: Shift, **more: Any) -> Clinic:
    return SHIPPED.model_copy(update={"time_zone": "Europe/Madrid", "on_call": OnCall(rota=rota, **more)})


def madrid(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=MADRID, fold=fold)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("hour", "minute", "ladder"), [(7, 59, (C,)), (8, 0, (A, B)), (19, 59, (A, B)), (20, 0, (C,)), (0, 0, (C,))]
)
def test_a_shift_begins_and_ends_exactly_by_the_clock_of_the_clinic(hour: int, minute: int, ladder: Any) -> None:
    assert duties(clinic(DAY, NIGHT), madrid(2026, 7, 1, hour, minute).astimezone(UTC)) == ladder


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday = Shift(days=("fri",), starts=time(20), ends=time(8), ladder=(C,))
    assert duties(clinic(friday), madrid(2026, 7, 4, 3)) == (C,)
    assert duties(clinic(friday), madrid(2026, 7, 3, 3)) == SHIPPED.risk_ladder


def test_a_rota_of_two_weeks_turns_on_mondays_also_before_its_first() -> None:
    first, second = Shift(week=1, ladder=(A,)), Shift(week=2, ladder=(B,))
    turning = clinic(first, second, weeks=2, from_monday=date(2026, 1, 5))
    assert [duties(turning, madrid(2026, 1, day, 12)) for day in (4, 5, 11, 12, 18, 19)] == [
        (B,),
        (A,),
        (A,),
        (B,),
        (B,),
        (A,),
    ]


def test_an_exception_counts_before_the_rota_and_only_on_its_days() -> None:
    swap = Swap(first=date(2026, 12, 24), last=date(2026, 12, 25), ladder=(B,))
    swapped = clinic(DAY, NIGHT, exceptions=(swap,))
    assert [duties(swapped, madrid(2026, 12, day, 12)) for day in (23, 24, 25, 26)] == [(A, B), (B,), (B,), (A, B)]


def test_the_hour_that_is_shown_twice_has_the_same_people_twice() -> None:
    at_night = clinic(Shift(starts=time(2), ends=time(3), ladder=(C,)))
    ladders = [duties(at_night, madrid(2026, 10, 25, 2, 30, fold=fold)) for fold in (0, 1)]
    assert ladders == [(C,), (C,)]
    (span,) = (one for one in spans(at_night, madrid(2026, 10, 25), madrid(2026, 10, 25, 12)) if not one.gap)
    assert span.ends - span.starts == timedelta(hours=2)


def test_where_the_clock_jumps_nobody_is_missed() -> None:
    halves = clinic(Shift(starts=time(0), ends=time(2), ladder=(A,)), Shift(starts=time(2), ends=time(0), ladder=(B,)))
    assert gaps(halves, madrid(2026, 3, 28), madrid(2026, 3, 30)) == ()
    changes = [(one.starts, one.ladder) for one in spans(halves, madrid(2026, 3, 29), madrid(2026, 3, 30))]
    assert changes == [(datetime(2026, 3, 28, 23, tzinfo=UTC), (A,)), (datetime(2026, 3, 29, 1, tzinfo=UTC), (B,))]


def test_a_gap_is_found_from_its_first_minute_to_its_last_and_the_ladder_stands_in() -> None:
    partly = clinic(DAY)
    (before, after) = gaps(partly, madrid(2026, 7, 1), madrid(2026, 7, 2))
    assert (before.ends, after.starts) == (madrid(2026, 7, 1, 8), madrid(2026, 7, 1, 20))
    assert before.ladder == SHIPPED.risk_ladder


def test_a_clinic_without_a_rota_has_no_gaps() -> None:
    assert gaps(clinic(), madrid(2026, 7, 1), madrid(2026, 7, 8)) == ()
    assert duties(clinic(), madrid(2026, 7, 1)) == SHIPPED.risk_ladder


@settings(deadline=None)
@given(st.integers(0, 365 * 24 * 60), st.integers(0, 72 * 60))
def test_the_list_of_who_is_called_says_the_same_as_each_moment(start: int, minutes: int) -> None:
    whole = clinic(DAY, Shift(days=("fri", "sat"), starts=time(20), ends=time(2, 30), ladder=(C,)))
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start)
    moment = begin + timedelta(minutes=minutes)
    (span,) = (one for one in spans(whole, begin, begin + timedelta(hours=73)) if one.starts <= moment < one.ends)
    assert span.ladder == duties(whole, moment)


def test_nobody_is_called_twice_before_all_on_duty_were_called_and_then_the_last_again() -> None:
    noon, night = madrid(2026, 7, 1, 12), madrid(2026, 7, 1, 22)
    kept = clinic(DAY, Shift(starts=time(20), ends=time(8), ladder=(B, C)))
    assert [next_called(kept, noon, called) for called in ((), (A,), (A, B))] == [A, B, B]
    assert next_called(kept, night, (A, B)) == C


def test_everybody_of_rota_exceptions_and_ladder_could_have_been_called() -> None:
    extra = SHIPPED.staff[0].id
    swap = Swap(first=date(2026, 1, 1), last=date(2026, 1, 1), ladder=(extra,))
    assert could_be_called(clinic(DAY, exceptions=(swap,))) == (A, B, C, extra)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_monday": "2026-01-06"}, "no Monday"),
        ({"rota": [{"week": 2, "ladder": ["x"]}]}, "weeks is 1"),
        ({"exceptions": [{"first": "2026-01-02", "last": "2026-01-01", "ladder": ["x"]}]}, "ends before it begins"),
        ({"rota": [{"starts": "08:00:30", "ladder": ["x"]}]}, "hours and minutes"),
    ],
)
def test_a_rota_that_cannot_be_meant_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        OnCall.model_validate(wrong)


def test_a_rota_that_names_somebody_unknown_is_refused() -> None:
    file = SHIPPED.model_dump() | {"on_call": {"rota": [{"ladder": ["nobody"]}]}}
    with pytest.raises(ValueError, match="on_call names nobody"):
        Clinic.model_validate(file)


def test_the_shipped_rota_has_no_gap_in_a_year() -> None:
    assert gaps(SHIPPED, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)) == ()
