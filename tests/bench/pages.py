"""How long pages of the portal take, over a clinic's whole history of referrals: `make bench PAGES=1`.

The whole system runs as `make demo` runs it, on SQLite; its referrals are written as `worklists.py` writes them. Pages
are asked for over HTTP, one after the other. Treatments and messages are few here.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson

from deploy.embedded import Embedded, free_ports
from shared.runtime.auth import User, issue
from shared.runtime.clock import SystemClock
from shared.runtime.logs import configure_logs
from shared.runtime.service import spare_the_collector
from tests.bench import machine
from tests.bench.load import percentiles
from tests.bench.plan import FULL
from tests.bench.system import person_id
from tests.bench.worklists import fill

Row = dict[str, Any]

_REFERRER, _PSYCHOLOGY = User("referrer-7", "referrer"), User("psy-moreno", "psychology")
_OPERATOR, _PATIENT = User("op-byrne", "operator"), User(person_id(7), "patient")
_WAITING = "referral-000000"
_PAGES: dict[User, tuple[str, ...]] = {
    _REFERRER: ("/", "/mine/open", "/mine/all", "/mine/all?contains=Zz", "/patients", f"/patients/{person_id(7)}"),
    _PSYCHOLOGY: (
        *("/", "/waiting/triage", "/waiting/treatment", "/waiting/treatment?sort=name", "/caseload"),
        *("/figures", f"/referrals/{_WAITING}", f"/patients/{person_id(0)}"),
    ),
    _OPERATOR: ("/",),
    _PATIENT: ("/", "/programme", "/inbox", "/privacy", "/help"),
}


async def measure(folder: Path, referrals: int, requests: int) -> Row:
    """Each page `requests` times."""
    spare_the_collector()
    clock = SystemClock()
    system = Embedded(folder, ports=free_ports(), clock=clock)
    await system.start()
    try:
        await fill(next(one for one in system.services if one.parts.name == "referrals"), referrals)
        async with httpx.AsyncClient(base_url=system.addresses["portal"], trust_env=False, timeout=30.0) as client:
            rows = []
            for user, pages in _PAGES.items():
                token = issue(system.secrets.token_secret, user, clock.now(), timedelta(hours=8))
                client.headers["Cookie"] = f"carepath={token}"
                rows += [{"role": user.role, "page": page, **await _page(client, page, requests)} for page in pages]
    finally:
        await system.stop()
    return {
        "referrals": referrals,
        "requests": requests,
        "slowest_p95": max(row["p95"] for row in rows),
        "largest": max(row["bytes"] for row in rows),
        "machine": machine.described(folder),
        "rows": rows,
    }


async def _page(client: httpx.AsyncClient, page: str, requests: int) -> Row:
    taken, size = [], 0
    for _ in range(requests):
        begun = time.perf_counter()
        answer = await client.get(page)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, f"{page} answered {answer.status_code}"
        size = max(size, len(answer.content))
    return {"bytes": size, **percentiles(taken)}


def table(found: Row) -> list[str]:
    """For reading: p50, p95 and p99 in milliseconds, and how large each page is."""
    lines = [f"{'role and page':<50}{'p50':>8}{'p95':>8}{'p99':>8}{'KB':>7}"]
    for row in found["rows"]:
        times = "".join(f"{row[name]:>8.1f}" for name in ("p50", "p95", "p99"))
        lines.append(f"{row['role'] + ' ' + row['page']:<50}{times}{row['bytes'] / 1000:>7.1f}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench PAGES=1")
    parser.add_argument("--referrals", type=int, default=FULL.referrals)
    parser.add_argument("--requests", type=int, default=FULL.requests)
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args()
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.to.parent) as place:
        folder = Path(place)
        configure_logs("INFO", (folder / "log").open("w"))
        found = asyncio.run(measure(folder / "data", asked.referrals, asked.requests))
    kept = orjson.loads(asked.to.read_bytes()) if asked.to.exists() else {}
    asked.to.write_bytes(orjson.dumps({**kept, "pages": found}, option=orjson.OPT_INDENT_2))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
