"""Makes the story of a failing run short: takes steps and troubles away for as long as it still fails."""

from collections.abc import Callable

from tests.simulation.plan import Plan, Step
from tests.simulation.troubles import Trouble

Item = Step | Trouble


def shrink(plan: Plan, fails: Callable[[Plan], bool], runs: int = 150) -> Plan:
    """A part of `plan` that fails too, found in at most `runs` runs (delta debugging, Zeller and Hildebrandt 2002)."""
    items: list[Item] = sorted((*plan.steps, *plan.troubles), key=lambda item: item.at)
    pieces = 2
    while len(items) > 1 and runs > 0:
        size = max(1, len(items) // pieces)
        for start in range(0, len(items), size):
            fewer = items[:start] + items[start + size :]
            runs -= 1
            if fails(_of(plan, fewer)):
                items, pieces = fewer, max(2, pieces - 1)
                break
            if runs <= 0:
                break
        else:
            if size == 1:
                break
            pieces = min(len(items), pieces * 2)
    return _of(plan, items)


def _of(plan: Plan, items: list[Item]) -> Plan:
    steps = tuple(item for item in items if isinstance(item, Step))
    return plan.but(steps, tuple(item for item in items if isinstance(item, Trouble)))
