"""`make planted`: plants each fault and writes down after how many runs the simulator found it."""

import argparse
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.simulation.planted.every import EVERY
from tests.simulation.planted.fault import Planted

FOUND = Path(__file__).with_name("found.json")
TABLE = Path("docs/simulation.md")
_BEGIN, _END = "<!-- planted faults -->", "<!-- end of planted faults -->"
_SEEDS, _SECONDS, _PATIENCE = 60, 120, 400
_KINDS = (
    "circle-post|circle-member|circle|group|membership|"
    "risk|episode|series|referral|advice|patient|agenda|caregiver|message"
)

Found = dict[str, Any]


def main() -> int:
    """0 if every fault was found, or it is said why it cannot be."""
    parser = argparse.ArgumentParser(prog="make planted", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults to hunt; all, if none is named")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="processor time to spend on each")
    asked = parser.parse_args()
    names = asked.names or list(EVERY)
    found: dict[str, Found] = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    with ThreadPoolExecutor(asked.workers) as pool:
        hunts = {pool.submit(_search, EVERY[name], asked.seconds): name for name in names}
        for done in as_completed(hunts):
            name = hunts[done]
            found[name] = done.result()
            print(f"{name}: {_told(found[name])}", flush=True)
            write(found)
    missed = [name for name in names if found[name]["seed"] is None and not EVERY[name].unseen]
    print(f"{len(names) - len(missed)} of {len(names)} were found or explained.", *missed, sep="\n  ")
    return 1 if missed else 0


def _search(fault: Planted, seconds: float) -> Found:
    result = hunt(fault.name, 1, _SEEDS, seconds)
    if result["seed"] is None and fault.test:
        command = [sys.executable, "-m", "tests.simulation.planted.apply", fault.name, fault.test]
        result["test_fails"] = subprocess.run(command, capture_output=True, check=False).returncode == 1
    return result


def hunt(name: str, first: int, last: int, seconds: float) -> Found:
    """Run seeds with the fault in a process of its own: the first that breaks a rule, how many ran, and the words."""
    command = [sys.executable, "-m", "tests.simulation.planted.apply", name, str(first), str(last), str(seconds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return {"seed": None, "ran": 0, "words": "a run did not come to an end"}
    if done.returncode:
        raise RuntimeError(f"{name} did not run:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def write(found: dict[str, Found]) -> None:
    """Keep what was found, and the table that people read."""
    kept = {name: found[name] for name in EVERY if name in found}
    FOUND.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    before, _, rest = TABLE.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    TABLE.write_text(f"{before}{_BEGIN}\n{_table(kept)}{_END}{after}", encoding="utf-8")


def _table(found: dict[str, Found]) -> str:
    seen = [EVERY[name] for name in found]
    caught = sum(found[fault.name]["seed"] is not None for fault in seen)
    left = len(EVERY) - len(seen)
    lines = [
        f"{caught} of {len(seen)} planted faults were found, half of them by run {_median(found)}."
        + (f" {left} more are written down and still to be hunted." if left else "")
        + "\n",
        "| Rule | Fault | What the program does then | Runs | What the simulator said |",
        "|---|---|---|---|---|",
    ]
    for fault in sorted(seen, key=lambda fault: int(fault.rule or 99)):
        lines.append(_row(fault, found[fault.name]))
    return "\n".join([*lines, ""])


def _row(fault: Planted, result: Found) -> str:
    runs = "–" if result["seed"] is None else result["ran"]
    words = _why_not(fault, result) if result["seed"] is None else plain(result["words"])
    return f"| {fault.rule or '–'} | `{fault.name}` | {fault.why} | {runs} | {words} |"


def _why_not(fault: Planted, result: Found) -> str:
    """Why the simulator does not see it, and which test does."""
    test = fault.test.partition("::")[2] or fault.test
    seen = f" Seen by `{test}`." if result.get("test_fails") else ""
    open_still = f"Not found in {result['ran']} runs, and not explained yet."
    return f"{fault.unseen or open_still}{seen}"


def plain(words: str) -> str:
    """A violation without what differs from run to run."""
    words = re.sub(rf"\b({_KINDS})-[0-9a-f]{{20}}", r"\1", words)
    words = re.sub(r"[{|].*", "…", words.splitlines()[0])
    return words if len(words) <= 110 else words[:109].rstrip() + "…"


def _median(found: dict[str, Found]) -> int:
    runs = sorted(result["ran"] for result in found.values() if result["seed"] is not None)
    return runs[len(runs) // 2] if runs else 0


def _told(result: Found) -> str:
    if result["seed"] is None:
        return f"not found in {result['ran']} runs, test fails: {result.get('test_fails')}"
    return f"found by seed {result['seed']}: {result['words']}"


if __name__ == "__main__":
    sys.exit(main())
