"""Looks for known faults in the packages of the locks: `python -m deploy.packages [--if-reachable]`.

pip-audit asks the package index for what is known of each package. An index that knows nothing at all answers as if all
were well, so one package is asked for first; where there is no answer, nothing is said to be sound.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")
_PROBE = "jinja2==3.1.2\n"
"""A version with faults that have long been known: whoever does not name them knows none."""
_UNREACHABLE = 3


@dataclass(frozen=True)
class Verdict:
    """`faults` are lines about packages with known faults, `unknown` are packages of which nothing could be learned."""

    faults: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def verdict(report: Mapping[str, Any]) -> Verdict:
    """What pip-audit's JSON says."""
    faults, unknown = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
        for one in package.get("vulns", ()):
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            faults.append(f"{package['name']} {package['version']}: {one['id']}, mended in {mended}")
    return Verdict(tuple(faults), tuple(unknown))


def ask(*arguments: str) -> Verdict | None:
    """pip-audit's answer, or None where it got none."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
        *arguments,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return verdict(json.loads(ended.stdout))
    except (ValueError, KeyError):
        return None


def is_reachable() -> bool:
    """Whether the database of known faults answers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text(_PROBE, encoding="utf-8")
        found = ask("--no-deps", "-r", str(path))
    return found is not None and bool(found.faults)


def told(found: Sequence[Verdict | None]) -> tuple[int, list[str]]:
    """The exit code, and the lines to print, for the answers about all locks."""
    faults = [line for one in found if one for line in one.faults]
    unknown = sorted({name for one in found if one for name in one.unknown})
    lines = list(dict.fromkeys(faults))
    if unknown:
        lines.append(f"Nothing could be learned of: {', '.join(unknown)}.")
    if None in found:
        lines.append("pip-audit gave no answer about a lock; run it again.")
    if lines:
        return 1, [*lines, "Raise what is faulty in pyproject.toml, then `make lock` and `make test`."]
    return 0, ["No known faults in what is locked."]


def main() -> None:
    """Look, say what was found, and end with 1 for faults, 3 where nothing could be looked at."""
    if not is_reachable():
        print("NOT AUDITED: the database of known faults cannot be reached. Run `make packages` where it can be.")
        sys.exit(0 if "--if-reachable" in sys.argv else _UNREACHABLE)
    code, lines = told([ask("--require-hashes", "-r", lock) for lock in LOCKS])
    print("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
