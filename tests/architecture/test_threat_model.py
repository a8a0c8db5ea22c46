"""Every row of the threat model names tests, and every test that it names is there and is run."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "docs/threat-model.md"
NAMED = re.compile(r"`((?:tests/)?[a-z_/]+\.py)::(test_\w+)`")
ROW = re.compile(r"^\| (?!---|#|Threat)(.+?) \|(.*)\|$", re.MULTILINE)


def named() -> set[tuple[str, str]]:
    """The tests that the document names, as file and function."""
    text = MODEL.read_text(encoding="utf-8")
    return {(path if path.startswith("tests/") else f"tests/{path}", name) for path, name in NAMED.findall(text)}


@cache
def collected(files: tuple[str, ...]) -> set[tuple[str, str]]:
    """What pytest itself finds in these files."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", "-p", "no:cacheprovider", *files]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert listed.returncode == 0, listed.stdout[-2000:] + listed.stderr[-2000:]
    found = set()
    for line in listed.stdout.splitlines():
        path, _, rest = line.partition("::")
        if rest:
            found.add((path, rest.rpartition("::")[2].partition("[")[0]))
    return found


def test_every_test_that_the_model_names_is_there_and_is_run() -> None:
    wanted = named()
    assert len(wanted) > 40
    gone = sorted(file for file, _ in wanted if not (ROOT / file).exists())
    assert not gone, f"docs/threat-model.md names files that are gone: {gone}"
    missing = wanted - collected(tuple(sorted({file for file, _ in wanted})))
    assert not missing, f"docs/threat-model.md names tests that pytest does not find: {sorted(missing)}"


def test_every_row_names_a_test_that_proves_it() -> None:
    rows = ROW.findall(MODEL.read_text(encoding="utf-8"))
    assert len(rows) > 30
    bare = [threat for threat, rest in rows if not NAMED.search(rest)]
    assert not bare, f"these rows of docs/threat-model.md name no test: {bare}"
