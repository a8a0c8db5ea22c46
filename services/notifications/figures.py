"""Figures of messages that did not arrive, in a month or a quarter. Of people and messages only how many."""

from zoneinfo import ZoneInfo

from shared.contracts import notifications as e
from shared.contracts import reach
from shared.runtime.core import Core
from shared.runtime.figures import Figures, Part, counted, happened, period

_COUNTED = (e.MessageFailed, reach.MessageReturned, reach.MessageRerouted, e.CallFailed)
_FAULTS = ("failed", "returned")
"""Why a message goes by another way that is no wish of anybody."""


class MessageFigures(Figures):
    """`undelivered` are messages that a way could not bring, once each; `rerouted`, those of them that then went by
    another way. `calls_failed` counts calls for help that did not reach the one who was called.
    """

    undelivered: int
    undelivered_because: tuple[Part, ...]
    rerouted: int
    calls_failed: int


async def count(core: Core, name: str, zone: ZoneInfo) -> MessageFigures:
    """Counted now. What is only tried again later is not counted."""
    why: dict[tuple[str, str], str] = {}
    rerouted: set[tuple[str, str]] = set()
    calls = 0
    async for entry in happened(core.store.ledger, period(name, zone), _COUNTED):
        said = entry["data"]
        message = entry["subject"], said.get("message_id", "")
        if entry["type"] == e.CallFailed.TYPE:
            calls += 1
        elif entry["type"] == reach.MessageRerouted.TYPE:
            if said["reason"] in _FAULTS:
                rerouted.add(message)
        elif entry["type"] == reach.MessageReturned.TYPE:
            why[message] = "returned"
        elif said["failure"] != "temporary":
            why[message] = said["failure"]
    return MessageFigures(
        period=name,
        as_of=core.clock.now(),
        undelivered=len(why),
        undelivered_because=counted(list(why.values()), name),
        rerouted=len(rerouted & why.keys()),
        calls_failed=calls,
    )
