"""Some people of the year that `python -m tests.notifications.year` runs for thousands: CI's share of it."""

from collections import Counter
from secrets import randbits

import pytest

from tests.notifications.year import live


@pytest.mark.parametrize("seed", [2026, None], ids=["fixed", "fresh"])
def test_a_year_keeps_hours_reasons_and_budgets_and_loses_nothing(seed: int | None) -> None:
    chosen = randbits(32) if seed is None else seed
    people = live(40, chosen)
    assert [(person.id, fault) for person in people for fault in person.faults] == [], f"seed {chosen}"
    happened: Counter[str] = sum((person.happened for person in people), Counter())
    wanted = ("message_sent", "message_dropped", "message_withheld", "message_postponed", "message_failed")
    assert all(happened[f"carepath.agenda.{name}.v1"] for name in wanted)
    assert happened["went together"]
    assert happened["was reminded"]
