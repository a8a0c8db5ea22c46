"""How long pages of the portal take, over a clinic's whole history of referrals: `make bench PAGES=1`.

The whole system runs as `make demo` runs it, in one process on SQLite, with the demo's people, who have real
histories and messages; beside them are as many referrals as `worklists.py` writes, with their treatments. Pages are
asked for over HTTP, one after the other.
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
from deploy.people import Desk
from deploy.seed import seed
from shared.runtime.auth import User, issue
from shared.runtime.clock import MovedClock
from shared.runtime.logs import configure_logs
from shared.runtime.service import Service, spare_the_collector
from tests.bench import apart, machine, treatments, worklists
from tests.bench.load import cpu_seconds, percentiles
from tests.bench.plan import FULL
from tests.bench.system import person_id

Row = dict[str, Any]

_REFERRER, _PSYCHOLOGY, _OPERATOR = User("referrer-7", "referrer"), User("psy-moreno", "psychology"), "op-byrne"
_FILLED = "filled.json"
"""What is in a folder that was filled before."""


async def measure(folder: Path, referrals: int, requests: int) -> Row:
    """Each page `requests` times."""
    spare_the_collector()
    clock = MovedClock()
    system = Embedded(folder, ports=free_ports(), clock=clock, quick=True)
    await system.start()
    try:
        filled = await _fill(system, clock, referrals)
        async with httpx.AsyncClient(base_url=system.addresses["portal"], trust_env=False, timeout=30.0) as client:
            rows = []
            for user, pages in (await _pages(system)).items():
                token = issue(system.secrets.token_secret, user, clock.now(), timedelta(hours=8))
                client.headers["Cookie"] = f"carepath={token}"
                rows += [{"role": user.role, "page": page, **await _page(client, page, requests)} for page in pages]
    finally:
        await system.stop()
    return {
        **filled,
        "requests": requests,
        "slowest_p95": max(row["p95"] for row in rows),
        "largest": max(row["bytes"] for row in rows),
        "machine": machine.described(folder),
        "rows": rows,
    }


async def _fill(system: Embedded, clock: MovedClock, referrals: int) -> Row:
    """How much is there. The demo's people come first, while there is little to hold up their hundred days."""
    note = system.folder / _FILLED
    if note.exists():
        found: Row = orjson.loads(note.read_bytes())
        return found
    begun = time.perf_counter()
    people = await seed(system, clock, lambda day, days: None)
    await worklists.fill(_service(system, "referrals"), referrals)
    treated = await treatments.fill(_service(system, "interventions"), referrals)
    seconds = round(time.perf_counter() - begun, 1)
    filled = {"referrals": referrals, "treatments": treated, "demo_people": people, "seconds_to_fill": seconds}
    note.write_bytes(orjson.dumps(filled))
    return filled


async def _pages(system: Embedded) -> dict[User, tuple[str, ...]]:
    """What each person asks for. Somebody of the demo stands for whoever has a history."""
    async with httpx.AsyncClient(timeout=30.0) as client:
        desk = Desk(client, system.addresses, system.secrets.token_secret, system.clock)
        staff = desk.person(_PSYCHOLOGY.id, "psychology")
        [demo, *_] = await staff.get("interventions", "/episodes", list="ready_to_finish")
        record = await staff.get("referrals", f"/patients/{demo['patient_id']}")
        carers = [one["caregiver_id"] for one in record["caregivers"]]
        patient, person = demo["patient_id"], f"/patients/{demo['patient_id']}"
    listed = ("/waiting/treatment", "/waiting/treatment?sort=name", "/waiting/treatment?sort=due")
    chosen = ("/waiting/triage?due=overdue", "/waiting/triage?contains=Zz", "/waiting/triage?priority=urgent&sort=name")
    seen = (f"/referrals/{worklists.referral_id(0)}", f"/patients/{person_id(0)}", person, f"/episodes/{demo['id']}")
    return {
        _REFERRER: (
            *("/", "/mine/open", "/mine/all", "/mine/all?sort=name", "/mine/all?sort=due", "/mine/all?contains=Zz"),
            *("/patients", f"/patients/{person_id(7)}", f"/referrals/{worklists.referral_id(7)}"),
        ),
        User(record["registered_by"], "referrer"): ("/", person, "/inbox"),
        _PSYCHOLOGY: (
            *("/", "/waiting/triage", *listed, *chosen, "/caseload", "/caseload?who=mine", "/figures", *seen),
            *("/groups", "/circles", "/caregivers", "/inbox"),
        ),
        User(_OPERATOR, "operator"): ("/", "/inbox", "/figures"),
        User(patient, "patient"): ("/", "/programme", "/progress", "/plan", "/inbox", "/privacy", "/help"),
        **{User(id, "caregiver"): ("/", "/for-you", "/inbox") for id in carers[:1]},
    }


def _service(system: Embedded, name: str) -> Service:
    return next(one for one in system.services if one.parts.name == name)


async def _page(client: httpx.AsyncClient, page: str, requests: int) -> Row:
    taken, worked, size = [], [], 0
    for _ in range(requests):
        begun, busy = time.perf_counter(), cpu_seconds()
        answer = await client.get(page)
        taken.append(time.perf_counter() - begun)
        worked.append(cpu_seconds() - busy)
        if answer.status_code != 200:
            raise RuntimeError(f"{page} answered {answer.status_code}")
        size = max(size, len(answer.content))
    return {"bytes": size, **percentiles(taken), "cpu_p50": percentiles(worked)["p50"]}


def table(found: Row) -> list[str]:
    """For reading: p50, p95 and p99 and the processor's time in milliseconds, and how large each page is."""
    lines = [f"{'role and page':<58}{'p50':>8}{'p95':>8}{'p99':>8}{'cpu':>8}{'KB':>7}"]
    for row in found["rows"]:
        times = "".join(f"{row[name]:>8.1f}" for name in ("p50", "p95", "p99", "cpu_p50"))
        lines.append(f"{row['role'] + ' ' + row['page']:<58}{times}{row['bytes'] / 1000:>7.1f}")
    return lines


def measured(folder: Path, referrals: int, requests: int) -> Row:
    """The same in a process of its own, with its data in `folder`."""
    return apart.measured("pages", folder, referrals, requests, within=1800)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench PAGES=1")
    parser.add_argument("--referrals", type=int, default=FULL.referrals)
    parser.add_argument("--requests", type=int, default=FULL.page_requests)
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"))
    parser.add_argument("--keep", type=Path, help="a folder that is filled if it is empty, and stays")
    asked = parser.parse_args()
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.to.parent) as place:
        folder = asked.keep or Path(place) / "data"
        configure_logs("INFO", (Path(place) / "log").open("w"))
        found = asyncio.run(measure(folder, asked.referrals, asked.requests))
    kept = orjson.loads(asked.to.read_bytes()) if asked.to.exists() else {}
    asked.to.write_bytes(orjson.dumps({**kept, "pages": found}, option=orjson.OPT_INDENT_2))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
