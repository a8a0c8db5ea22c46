"""What the services log is listened to: a stack trace that is not about something being away is a bug."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from shared.runtime.errors import Conflict, Unavailable
from tests.simulation.record import Record

_EXPECTED = (Unavailable, Conflict, TimeoutError)


@contextmanager
def listening(record: Record) -> Iterator[None]:
    """Blame whoever logs an exception that nobody should meet; be silent about the rest."""

    def hear(logger: Any, name: str, fields: Any) -> Any:
        event = fields.get("event")
        fault = sys.exc_info()[1] if fields.get("exc_info") else None
        if fault is not None and not isinstance(fault, _EXPECTED):
            record.blame(f"{event}: {type(fault).__name__}: {fault}")
        if event == "source_went_back" or (event == "batch_given_back" and name == "error"):
            record.blame(f"{event}: {fields}")
        if event == "key_held" and fields["reason"] != "unreachable":
            record.blame(f"an event was held for good ({fields['reason']}): {fields['error']}")
        record.happened[f"log {event}"] += 1
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[hear],
        wrapper_class=structlog.make_filtering_bound_logger(30),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)
