"""`make bench`: Carepath beside a hand-written floor and a plain outbox, on one disk and one kind of broker.

Prints a table and writes var/bench.json. Nothing here passes or fails by time; docs/benchmark.md says what it means.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import orjson

from tests.bench import machine, pages, report, worklists
from tests.bench.plan import FULL, SIZES, Size
from tests.bench.run import Row, rows


def measure(size: Size, folder: Path) -> dict[str, Any]:
    """All figures of one run. Its data go to `folder`, whose disk is the one that is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Row] = []
    with tempfile.TemporaryDirectory(dir=folder) as place:
        before = machine.described(Path(place))
        for row in rows(size, Path(place)):
            taken.append(row)
            told = {name: value for name, value in row.items() if name != "milliseconds"}
            print("  ".join(f"{name}={value}" for name, value in told.items()), flush=True)
        lists = worklists.measured(Path(place), size.referrals, size.requests)
        of_portal = pages.measured(Path(place), size.referrals, size.page_requests) if size.page_requests else None
        after = machine.described(Path(place))
    return {
        **report.ratios(taken),
        "size": size.name,
        "machine": {"before": before, "after": after},
        "versions": machine.versions(),
        "exactly_once": all(row["exactly_once"] for row in taken),
        "table": report.table(taken).splitlines(),
        "rows": taken,
        "worklists": lists,
        "pages": of_portal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--size", choices=SIZES, default=FULL.name)
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args()
    found = measure(SIZES[asked.size], asked.to.parent)
    asked.to.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    of_portal = pages.table(found["pages"]) if found["pages"] else []
    print("\n".join(["", *found["table"], "", *worklists.table(found["worklists"]), "", *of_portal, ""]))
    for name in ("ratio_to_floor", "ratio_to_plain", "p95_ratio_to_floor", "exactly_once"):
        print(f"{name}: {found[name]}")


if __name__ == "__main__":
    main()
