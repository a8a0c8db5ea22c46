"""A benchmark in a process of its own, so that nothing that ran before it counts."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson


def measured(name: str, folder: Path, referrals: int, requests: int, within: int) -> dict[str, Any]:
    """What `tests.bench.<name>` finds, with its data in `folder`, `within` so many seconds. Raises `RuntimeError`."""
    command = [sys.executable, "-m", f"tests.bench.{name}", "--referrals", str(referrals)]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        to = Path(place) / "bench.json"
        command += ["--requests", str(requests), "--to", str(to)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=within)
        if done.returncode != 0:
            raise RuntimeError(f"the {name} failed:\n{done.stderr[-3000:]}")
        found: dict[str, Any] = orjson.loads(to.read_bytes())[name]
    return found
