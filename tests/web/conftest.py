"""A toy service, reached in memory, and log lines that a test can read."""

from tests.runtime.conftest import quiet, toy, toy_events

__all__ = ["quiet", "toy", "toy_events"]
