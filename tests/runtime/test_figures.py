"""Figures of a time: its bounds where the clinic is, what happened in it, what is not said, and how long it counts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Event
from shared.runtime.figures import FEW, KEPT, Figures, Kept, Part, Period, counted, happened, parted, period
from shared.runtime.store.port import Store
from tests.runtime.stores import event

MADRID = ZoneInfo("Europe/Madrid")


class Wanted(Event):
    TYPE: ClassVar[str] = "wanted"


def test_a_month_and_a_quarter_begin_and_end_at_midnight_where_the_clinic_is() -> None:
    assert period("2027-05", MADRID) == Period(
        datetime(2027, 4, 30, 22, tzinfo=UTC), datetime(2027, 5, 31, 22, tzinfo=UTC)
    )
    assert period("2027-Q4", MADRID) == Period(
        datetime(2027, 9, 30, 22, tzinfo=UTC), datetime(2027, 12, 31, 23, tzinfo=UTC)
    )


@pytest.mark.parametrize("name", ["2027", "2027-13", "2027-Q5", "27-01", "2027-1", "2027-05-01", "x"])
def test_what_is_no_month_and_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no month"):
        period(name, MADRID)


async def test_what_happened_is_read_whole_and_only_in_that_time(store: Store) -> None:
    times = ("2027-04-30T21:59:59.999999Z", "2027-04-30T22:00:00Z", "2027-05-31T21:59:59Z", "2027-05-31T22:00:00Z")
    kinds = [event(f"a{n}", 1, time=time, type="wanted") for n, time in enumerate(times)]
    await store.ledger.file([*kinds, event("other", 1, time=times[1], type="other")])
    found = [one["subject"] async for one in happened(store.ledger, period("2027-05", MADRID), (Wanted,))]
    assert found == ["a1", "a2"]


def told(**counts: int) -> dict[str, int | None]:
    return {one.code: one.count for one in parted(counts)}


def test_what_is_few_is_not_said_and_cannot_be_worked_out() -> None:
    assert told(a=12, b=7) == {"a": 12, "b": 7}
    assert told(a=12, b=7, c=3, d=2) == {"a": 12, "b": 7, "c": None, "d": None}
    assert told(a=12, b=7, c=3) == {"a": 12, "b": None, "c": None}
    assert told(a=FEW, b=FEW - 1) == {"a": None, "b": None}
    assert [one.few for one in parted({"a": 12, "c": 3, "b": 2})] == [False, True, True]


def test_a_number_of_few_people_is_not_broken_down_at_all() -> None:
    assert told(a=1, b=0) == told(a=2, b=2) == {}
    assert parted({"a": 3, "b": 2}) == (
        Part(code="a", count=None, few=True),
        Part(code="b", count=None, few=True),
    )


def test_how_few_is_not_told_by_what_stands_beside_it() -> None:
    """A sum that leaves one way only, an order by size, or "few" beside what is no few part would tell."""
    assert told(a=9, b=4, c=4) == {"a": None, "b": None, "c": None}
    assert [one.few for one in parted({"a": 5, "b": 1})] == [False, False]
    assert [one.few for one in parted({"a": 4, "b": 4})] == [False, False]
    assert [one.code for one in parted({"z": 9, "m": 2, "b": 1, "a": 3})] == ["z", "a", "b", "m"]


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 7), max_size=4))
def test_no_part_under_few_follows_from_the_whole_and_what_is_said(counts: dict[str, int]) -> None:
    """Every way to fill in what is not said is tried: for each part that is called few there is more than one."""
    parts, whole = parted(counts), sum(counts.values())
    hidden = [one for one in parts if one.count is None]
    assert all(one.count is None or one.count >= FEW for one in parts)
    left = whole - sum(one.count or 0 for one in parts)
    ranges = [range(1, FEW) if one.few else range(1, left + 1) for one in hidden]
    if len(hidden) < 4:
        ways = [way for way in product(*ranges) if sum(way) == left]
        for place, one in enumerate(hidden):
            assert len({way[place] for way in ways}) > 1 or counts[one.code] >= FEW


def test_a_month_is_not_broken_down_so_its_quarter_tells_nothing_of_it() -> None:
    codes = ["a"] * 12 + ["b"] * 7
    assert counted(codes, "2027-05") == ()
    assert counted(codes, "2027-Q2") == (Part(code="a", count=12), Part(code="b", count=7))


@dataclass
class Clock:
    moment: datetime = datetime(2027, 5, 3, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Counting:
    """A core of which only the clock is asked, and how often it was counted."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.times = 0

    async def count(self) -> Figures:
        self.times += 1
        return Figures(period="2027-05", as_of=self.clock.now())


async def test_figures_count_for_a_few_minutes_and_each_service_has_its_own() -> None:
    kept: Kept[Figures] = Kept()
    one, other = Counting(), Counting()

    async def ask(core: Any, name: str = "2027-05") -> datetime:
        return (await kept.get(core, name, core.count)).as_of

    first = await ask(one)
    one.clock.moment += KEPT - timedelta(seconds=1)
    assert await ask(one) == first
    await ask(other)
    assert (one.times, other.times) == (1, 1)
    one.clock.moment += timedelta(seconds=1)
    assert await ask(one) == one.clock.now()
    one.clock.moment -= timedelta(days=1)
    assert await ask(one) == one.clock.now()
    for n in range(1, 40):
        await ask(one, f"20{n:02}-01")
    before = one.times
    await ask(one, "2039-01")
    assert one.times == before
    await ask(one, "2001-01")
    assert one.times == before + 1
