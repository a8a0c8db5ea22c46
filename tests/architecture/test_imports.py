"""Who may import what (docs/architecture.md) is checked by the same contracts as `make lint`."""

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT


def test_every_import_keeps_to_the_rules(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    broken = lint_imports(no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out
