"""A missing part is said, once, and never passes for success in CI."""

import pytest

from tests.parts.kafka import java_command
from tests.parts.missing import Missing, missing_parts, need


def absent() -> None:
    raise Missing("kafka: install Java")


def test_a_missing_part_skips_its_test_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="missing part kafka: install Java"):
        need(absent)


def test_a_missing_part_fails_its_test_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="missing part kafka: install Java"):
        need(absent)


def test_the_summary_names_each_missing_part_once() -> None:
    skipped = "('conftest.py', 30, 'Skipped: missing part kafka: install Java')"
    assert missing_parts([skipped, "missing part mongo: install it\n", skipped, "other"]) == [
        "missing part kafka: install Java",
        "missing part mongo: install it",
    ]


def test_a_machine_without_java_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Missing, match="install Java 17 and Maven"):
        java_command()
