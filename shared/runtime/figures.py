"""Figures of a month or a quarter: what happened in it, counted from the ledger, which has every event for ever.

The work is bounded by what happened in that time, read page after page, and done once in a few minutes. Where a number
is broken down, nobody can be found in it: what is under `FEW` is not said, and only quarters are broken down.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel

from shared.contracts.envelope import Event
from shared.runtime.core import Core
from shared.runtime.store.port import Json, Ledger

FEW = 5
KEPT = timedelta(minutes=5)
_PAGE = 1000
_MOST_PERIODS = 24
_PERIOD = r"^20\d\d-(0[1-9]|1[0-2]|Q[1-4])$"

PeriodName = Annotated[str, Query(alias="period", pattern=_PERIOD)]
"""A month, `2027-05`, or a quarter, `2027-Q2`, by the clinic's calendar."""
T = TypeVar("T", bound=BaseModel)


class Figures(BaseModel):
    """What each service answers: the period, and when it was counted."""

    period: str
    as_of: datetime


class Part(BaseModel):
    """One part of a number. `count` is `None` where it is not said: each of those is `few`, or would tell another."""

    code: str
    count: int | None
    few: bool = False


class Period(NamedTuple):
    """From `since` until right before `until`."""

    since: datetime
    until: datetime


def period(name: str, zone: ZoneInfo) -> Period:
    """The month or quarter of that name where the clinic is. Raises `ValueError`."""
    if not re.match(_PERIOD, name):
        raise ValueError(f"{name} is no month such as 2027-05, and no quarter such as 2027-Q2")
    year, part = int(name[:4]), name[5:]
    first, months = (3 * int(part[1]) - 2, 3) if part.startswith("Q") else (int(part), 1)
    after = year * 12 + first - 1 + months
    return Period(
        datetime(year, first, 1, tzinfo=zone).astimezone(UTC),
        datetime(after // 12, after % 12 + 1, 1, tzinfo=zone).astimezone(UTC),
    )


async def happened(ledger: Ledger, when: Period, kinds: Collection[type[Event]]) -> AsyncIterator[Json]:
    """Events of these kinds in that time, as they are stored: what is personal in them is sealed."""
    types = {kind.TYPE for kind in kinds}
    since, until = (f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in when)
    after: tuple[str, str] | None = None
    while page := await ledger.between(since, until, after=after, limit=_PAGE):
        for entry in page:
            if entry["type"] in types:
                yield entry
        after = page[-1]["time"], page[-1]["id"]


def is_quarter(name: str) -> bool:
    """Whether it names a quarter. What a number is made up of is said of quarters only: by a month held against its
    quarter, few people could be told apart.
    """
    return "Q" in name


def parted(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """A number by its parts: the largest first, then what is not said, by code. Of a number under `FEW` none is there.

    What is under `FEW` is not said, nor are the next larger parts while it could be worked out from the whole. Then
    none of them is called few either, since that would tell how few.
    """
    ordered = sorted(((code, n) for code, n in counts.items() if n), key=lambda one: (-one[1], one[0]))
    if sum(n for _, n in ordered) < FEW:
        return ()
    unsaid = {code: n for code, n in ordered if n < FEW}
    for code, n in reversed(ordered):
        if unsaid and _tells(unsaid.values()):
            unsaid[code] = n
    few = all(n < FEW for n in unsaid.values()) and not _tells(unsaid.values())
    said = [Part(code=code, count=n) for code, n in ordered if code not in unsaid]
    return (*said, *(Part(code=code, count=None, few=few) for code in sorted(unsaid)))


def _tells(unsaid: Collection[int]) -> bool:
    """Whether the sum of what is not said, which anybody can work out, tells one of them, or is few itself."""
    if len(unsaid) < 2 or sum(unsaid) < FEW:
        return True
    return max(unsaid) < FEW and sum(unsaid) in (len(unsaid), len(unsaid) * (FEW - 1))


def counted(codes: Collection[str], name: str) -> tuple[Part, ...]:
    """How often each code is there in the quarter of that name, as parts; none for a month."""
    return parted(Counter(codes)) if is_quarter(name) else ()


class Kept(Generic[T]):
    """The figures of one service that were counted a moment ago, by period."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Core, dict[str, tuple[datetime, T]]] = WeakKeyDictionary()

    async def get(self, core: Core, name: str, count: Callable[[], Awaitable[T]]) -> T:
        """As they were counted within `KEPT`, else counted now."""
        now, kept = core.clock.now(), self._kept.setdefault(core, {})
        if name in kept and timedelta() <= now - kept[name][0] < KEPT:
            return kept[name][1]
        found = await count()
        kept.pop(name, None)
        while len(kept) >= _MOST_PERIODS:
            kept.pop(next(iter(kept)))
        kept[name] = now, found
        return found
