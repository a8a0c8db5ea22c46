"""Who may import what (docs/architecture.md) is checked by the same contracts as `make lint`."""

import subprocess
import sys

from tests.architecture.source import ROOT

# In a process of its own: the linter's set-up of logging disables the loggers of whoever calls it.
LINTER = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


def test_every_import_keeps_to_the_rules() -> None:
    done = subprocess.run([sys.executable, "-c", LINTER], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
