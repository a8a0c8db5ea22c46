"""What happens where a machine lacks a part: the tests that need it are skipped, and in CI they fail."""

import os
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")

MARK = "missing part "


class Missing(Exception):
    """The text names the part and says in one line what to install."""


def need(part: Callable[[], T]) -> T:
    """The part, or the end of the test."""
    try:
        return part()
    except Missing as reason:
        text = f"{MARK}{reason}"
    # Where CI=true everything can be installed, and a suite that passes by skipping would prove nothing.
    if os.environ.get("CI") == "true":
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def missing_parts(outcomes: Iterable[str]) -> list[str]:
    """Each reason once, found in how tests ended, since that is what parallel workers send home."""
    return sorted({found for one in outcomes for found in re.findall(f"{MARK}[^'\\n]*", one)})
