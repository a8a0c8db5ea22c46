"""How much is measured: the whole benchmark, one that ends within a minute, and one for the test of its shape."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`people` are aggregates of a kind. Lengths are seconds; plain ways get smaller amounts, as they take longer."""

    name: str
    rounds: int
    people: int
    seconds: float
    warm: float
    pace: float
    """Hops per second at light load."""
    growth: tuple[int, ...]
    events: int
    plain_events: int
    timers: int
    referrals: int
    """On the worklists; `requests` for each list."""
    requests: int
    page_requests: int
    """For each page of the portal; with 0 none is measured, and no demo is filled for it."""


FULL = Size("full", 5, 1000, 10, 3, 20, (1_000, 10_000, 100_000), 100_000, 3_000, 5_000, 50_000, 200, 60)
QUICK = Size("quick", 1, 200, 1.5, 0.5, 20, (200,), 500, 100, 200, 2_000, 50, 10)
TOY = Size("toy", 1, 10, 0.3, 0.1, 20, (10,), 30, 30, 10, 200, 3, 0)
SIZES = {size.name: size for size in (FULL, QUICK, TOY)}
