"""Limits of the program that some runs make small: what happens beyond a limit would else hardly ever happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

from shared.runtime import core, writing


@contextmanager
def turned(seed: int) -> Iterator[None]:
    """For one run: how many requests a document remembers, and how many marks of what it has seen."""
    rng = Random(f"{seed} knobs")
    requests = rng.choice((4, writing.REQUESTS_KEPT))
    marks = rng.choice((2, writing._SEEN_KEPT))
    with (
        patch.object(core, "REQUESTS_KEPT", requests),
        patch.object(writing, "REQUESTS_KEPT", requests),
        patch.object(writing, "_SEEN_KEPT", marks),
    ):
        yield
