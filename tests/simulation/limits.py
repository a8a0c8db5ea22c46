"""The runtime's limits made small, so that a short run meets them: pages, windows, and how much is remembered."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from shared.runtime import core, relay, sources, sweeps, writing

REQUESTS = 5
_SMALL = (
    (core, "REQUESTS_KEPT", REQUESTS),
    (writing, "REQUESTS_KEPT", REQUESTS),
    (writing, "_SEEN_KEPT", 3),
    (sources, "_PAGE", 4),
    (relay, "_WINDOW", 6),
    (sweeps, "_DUE_AT_ONCE", 3),
)


@contextmanager
def small_limits() -> Iterator[None]:
    """While it lasts."""
    with ExitStack() as stack:
        for module, name, value in _SMALL:
            stack.enter_context(patch.object(module, name, value))
        yield
