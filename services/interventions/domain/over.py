"""The list of what is over, the newest first, by a key in whose order a store reads it."""

from datetime import datetime

OVER = "over"
PREFIX = "over|"
_LAST = 10**14
"""Milliseconds far beyond any date."""


def newest_first(at: datetime) -> str:
    """The place of what was over at that moment."""
    return f"{PREFIX}{_LAST - int(at.timestamp() * 1000):015d}"
