"""Some people of the year that `python -m tests.notifications.year` runs for thousands: CI's share of it."""

from collections import Counter
from secrets import randbits

import pytest

from tests.notifications.year import live

EVENTS = (
    *("message_sent", "message_dropped", "message_withheld", "message_postponed", "message_failed", "message_read"),
    *("message_rerouted", "message_returned", "message_left_unread", "reach_chosen", "channel_started"),
)
ELSE = (
    *("went together", "was reminded", "handed over by email", "handed over by sms", "handed over by push"),
    *("went another way: unread", "went another way: failed", "went another way: returned"),
    *("channel stopped: asked", "channel stopped: returned"),
)


@pytest.mark.parametrize("seed", [2026, None], ids=["fixed", "fresh"])
def test_a_year_keeps_hours_reasons_ways_and_budgets_and_loses_nothing(seed: int | None) -> None:
    chosen = randbits(32) if seed is None else seed
    people = live(60, chosen)
    faults = [(person.id, fault) for person in people for fault in person.witness.faults]
    assert faults == [], f"seed {chosen}"
    # Of so few people a fresh seed may once leave out what is rare.
    if seed is None:
        return
    happened: Counter[str] = sum((person.witness.happened for person in people), Counter())
    wanted = (*(f"carepath.agenda.{name}.v1" for name in EVENTS), *ELSE)
    assert [name for name in wanted if not happened[name]] == []
