"""Figures of messages: those that a way could not bring count once, with why; what is only tried again does not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import notifications as e
from shared.contracts import reach
from shared.contracts.envelope import Event
from shared.runtime.auth import User
from tests.notifications.people import MORNING
from tests.notifications.service import Http, serving
from tests.notifications.test_api import BYRNE, TANAKA_USER

PERIOD = f"/figures?period={MORNING:%Y-%m}"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as service:
        yield service


def entry(kind: type[Event], n: int, **data: Any) -> dict[str, Any]:
    """An event of the one agenda, as the ledger has it."""
    return {
        "id": f"agenda/{n}",
        "type": kind.TYPE,
        "subject": "agenda",
        "sequence": n,
        "patient": None,
        "idempotencykey": None,
        "time": f"{MORNING:%Y-%m-%dT%H:%M:%SZ}",
        "data": data,
    }


async def test_a_message_that_does_not_arrive_counts_once_with_why(http: Http) -> None:
    failed = [entry(e.MessageFailed, n, message_id=f"m{n}", failure="permanent") for n in range(1, 7)]
    again = entry(e.MessageFailed, 10, message_id="m10", failure="temporary")
    back = [entry(reach.MessageReturned, n, message_id="m11", failure="permanent") for n in (11, 12)]
    other = entry(reach.MessageRerouted, 13, message_id="m11", before="sms", reason="returned")
    unread = entry(reach.MessageRerouted, 14, message_id="m14", before="sms", reason="unread")
    await http.core.store.ledger.file([*failed, again, *back, other, unread, entry(e.CallFailed, 15)])
    found = await http.get(BYRNE, PERIOD)
    assert (found["undelivered"], found["rerouted"], found["calls_failed"]) == (7, 1, 1)
    assert found["undelivered_because"] == []
    quarter = await http.get(BYRNE, f"/figures?period={MORNING:%Y}-Q{(MORNING.month + 2) // 3}")
    assert [(one["code"], one["count"]) for one in quarter["undelivered_because"]] == [
        ("permanent", None),
        ("returned", None),
    ]


async def test_figures_of_messages_are_for_those_who_lead_or_run_the_service(http: Http) -> None:
    assert (await http.get(TANAKA_USER, PERIOD))["undelivered"] == 0
    for role in ("patient", "caregiver", "referrer", "service"):
        await http.get(User("x", role), PERIOD, 403)
