"""`python -m deploy.audit verify`: whether the audit of each service is whole, from its first record to its last.

Ends with 0 where it is, with 1 where a record was changed, taken out, moved or cut off, with 2 where it cannot be read.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from shared.contracts.catalogue import PUBLISHERS
from shared.runtime.audit.check import Report, check, heads_in
from shared.runtime.audit.writer import Head
from shared.runtime.errors import Unavailable
from shared.runtime.service import open_store

_BROKEN, _UNREADABLE = 1, 2
_SHOWN_HEADS = 20
_WITHOUT_HEADS = (
    "No heads were given: a cut at the end of the newest chains cannot be seen. Keep the lines below out of reach of "
    "the stores, or the file of CAREPATH_AUDIT_HEADS, and give them by --heads next time."
)


async def verify(address: str, service: str, known: Sequence[Head]) -> Report:
    """The audit of one service in the store at `address`. Raises `Unavailable` where it cannot be read."""
    if address.startswith("sqlite:"):
        file = Path(address.removeprefix("sqlite:")) / f"{service}.db"
        if not file.is_file():
            raise Unavailable(f"there is no store {file}; give the folder of the data by --store")
    store = open_store(address, service)
    await store.engine.open([])
    try:
        return await check(store.audit, [head for head in known if head.chain.startswith(f"{service}-")])
    finally:
        await store.engine.close()


def told(service: str, report: Report) -> list[str]:
    """The report in words, and the newest heads as lines of JSON that `--heads` takes."""
    verdict = "NOT WHOLE" if report.faults else "whole"
    chains = len(report.heads) + len(report.faults)
    heads = [
        orjson.dumps({"service": service, "chain": head.chain, "n": head.n, "hash": head.hash}).decode()
        for head in report.heads[-_SHOWN_HEADS:]
    ]
    return [
        f"{service}: {verdict}, {report.records} records in {chains} chains",
        *(f"  {fault}" for fault in report.faults),
        *heads,
    ]


def _known(files: Sequence[Path]) -> list[Head]:
    found: list[Head] = []
    for file in files:
        with file.open("rb") as lines:
            found += heads_in(lines)
    return found


async def _verify_all(address: str, services: Sequence[str], known: Sequence[Head]) -> int:
    is_whole = True
    for service in services:
        report = await verify(address, service, known)
        print("\n".join(told(service, report)))
        is_whole = is_whole and not report.faults
    return 0 if is_whole else _BROKEN


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("verify", help="follow every chain, and compare it with the heads kept elsewhere")
    one.add_argument("--store", default=os.environ.get("CAREPATH_STORE", "sqlite:var/demo"), help="as CAREPATH_STORE")
    one.add_argument("--service", action="append", choices=sorted(PUBLISHERS), help="only this one; may be repeated")
    one.add_argument(
        "--heads", action="append", type=Path, default=[], help="a file with heads: CAREPATH_AUDIT_HEADS, logs"
    )
    asked = parser.parse_args(arguments)
    try:
        known = _known(asked.heads)
        if not known:
            print(_WITHOUT_HEADS)
        return asyncio.run(_verify_all(asked.store, asked.service or sorted(PUBLISHERS), known))
    except (Unavailable, OSError) as fault:
        print(f"The audit cannot be read: {fault}", file=sys.stderr)
        return _UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
