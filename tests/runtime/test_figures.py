"""Figures of a time: its bounds where the clinic is, what happened in it, what is not said, and how long it counts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

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
    assert told(a=1, b=0) == {"a": None}
    assert [one.few for one in parted({"a": 12, "b": 7, "c": 3})] == [False, False, True]
    assert counted(["b", "a", "b"]) == (Part(code="b", count=None, few=True), Part(code="a", count=None, few=True))


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
