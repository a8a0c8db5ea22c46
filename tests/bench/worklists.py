"""How long a worklist takes to answer, over a clinic's whole history: `make bench LISTS=1`.

Documents are made by evolve and sealed by the vault, then written through the store; each list of each role is then
asked for over the service's own HTTP application, its first page and pages all along it.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import orjson

from services.referrals import views
from services.referrals.main import parts
from shared.contracts.envelope import Event
from shared.contracts.referrals import Priority
from shared.runtime.aggregate import Aggregate
from shared.runtime.auth import User, issue
from shared.runtime.clock import MovedClock
from shared.runtime.logs import configure_logs
from shared.runtime.service import Service, open_store, spare_the_collector
from shared.runtime.settings import Settings, load_clinic
from shared.runtime.store.port import Document
from shared.runtime.store.sqlite import SqliteEngine
from tests.bench import apart, machine
from tests.bench.load import percentiles
from tests.bench.plan import FULL
from tests.bench.system import contact, person_id
from tests.parts.plans import overhear, plan
from tests.referrals.explore import histories
from tests.referrals.people import REGISTERED, SUBMITTED

_SECRET = "a-secret-that-only-the-benchmark-knows"
_AT_ONCE = 500
_REFERRERS = 20
_REASON = (
    "Pain in the lower back for four years, worse since the winter; sleep is poor and work has become part-time. " * 4
)
_STATUSES = (
    *("submitted",) * 3,
    *("in_treatment",) * 6,
    *("loop_closed",) * 4,
    *("information_requested", "accepted", "undecided", "outcome_sent", "draft", "declined", "withdrawn"),
    *("waitlisted", "offered", "awaiting_booking", "scheduled", "did_not_attend", "cancellation_requested"),
)
"""Of twenty-six referrals: where they stand. Not a real clinic's figures; every list is long enough to be paged."""
_HISTORIES = histories()
"""Of each status the shortest way there."""

Row = dict[str, Any]


@dataclass
class Desk:
    """The running service and somebody who asks it."""

    service: Service
    clock: MovedClock
    client: httpx.AsyncClient
    said: list[str]

    async def get(self, user: User, **query: Any) -> Any:
        answer = await self.client.get("/referrals", params=query, headers=self._signed(user))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seconds(self, user: User, query: Row) -> float:
        """With no person's key in memory, as for the first who looks at a list after half a minute."""
        self.clock.offset += timedelta(minutes=1)
        headers = self._signed(user)
        begun = time.perf_counter()
        answer = await self.client.get("/referrals", params=query, headers=headers)
        taken = time.perf_counter() - begun
        assert answer.status_code == 200, answer.text
        return taken

    def _signed(self, user: User) -> dict[str, str]:
        token = issue(_SECRET, user, self.clock.now(), timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}


async def measure(folder: Path, referrals: int, requests: int) -> Row:
    """Every list of every role over that many referrals, with `requests` for its first page and for its others."""
    async with _service(folder) as desk:
        begun = time.perf_counter()
        await fill(desk.service, referrals)
        filled = time.perf_counter() - begun
        rows = [row for user, worklist in _readers() for row in [await _list(desk, user, worklist, requests)]]
        plans = {f"{row['role']} {row['list']}": row.pop("plan") for row in rows}
    return {
        "referrals": referrals,
        "requests": requests,
        "seconds_to_fill": round(filled, 1),
        "slowest_p95": max(part["p95"] for row in rows for part in (row["first"], row["along"]) if part),
        "machine": machine.described(folder),
        "rows": rows,
        "plans": plans,
    }


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[Desk]:
    place = f"sqlite:{folder}"
    spare_the_collector()
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), _SECRET, {}, load_clinic(Path("deploy/clinic.yaml")))
    store, vault = open_store(place, "referrals"), open_store(place, "vault")
    clock = MovedClock()
    service = Service(parts(settings), settings, store, vault, clock)
    assert isinstance(store.engine, SqliteEngine)
    said = overhear(store.engine)
    await store.engine.open([aggregate.schema for aggregate in service.parts.aggregates])
    await vault.engine.open([])
    transport = httpx.ASGITransport(app=service.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://referrals") as client:
        yield Desk(service, clock, client, said)
    await store.engine.close()
    await vault.engine.close()


async def fill(service: Service, referrals: int) -> None:
    """That many people with a referral each, straight into the store."""
    for some in batches(range(referrals)):
        await asyncio.gather(*(_write(service, n) for n in some))


def batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as are written side by side."""
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


def referral_id(n: int) -> str:
    return f"referral-{n:06d}"


def status_of(n: int) -> str:
    """Where the referral stands. A referrer's patients are of every status, and each status of every urgency."""
    # Steps that share no factor.
    return _STATUSES[n * 7 // _REFERRERS % len(_STATUSES)]


def history(n: int) -> list[Event]:
    """How it came there."""
    sent = sent_at(n)
    changes = {"referral_id": referral_id(n), "patient_id": person_id(n), "referrer_id": _referrer(n), "at": sent}
    submitted = {"reason": _REASON, "priority": list(Priority)[n % 3], "triage_due": sent + timedelta(days=10)}
    return [
        event.model_copy(update={**changes, **(submitted if isinstance(event, type(SUBMITTED)) else {})})
        for event in _HISTORIES[status_of(n)]
    ]


def sent_at(n: int) -> datetime:
    return datetime(2024, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=17 * n)


def _referrer(n: int) -> str:
    return f"referrer-{n % _REFERRERS}"


async def _write(service: Service, n: int) -> None:
    """A person, and their referral."""
    known = {name: value for name, value in contact(n).items() if name != "birth_date"}
    ids = {"patient_id": person_id(n), "referrer_id": _referrer(n), "registered_by": _referrer(n), "at": sent_at(n)}
    person = REGISTERED.model_copy(update={**known, **ids})
    await _save(service, "patient", person_id(n), [person])
    await _save(service, "referral", referral_id(n), history(n))


async def _save(service: Service, kind: str, id: str, story: list[Any]) -> None:
    aggregate: Aggregate = service.core.aggregates[kind]
    await save(service, kind, id, reduce(aggregate.evolve, story, aggregate.state()), len(story))


async def save(service: Service, kind: str, id: str, state: Any, count: int) -> None:
    """What `count` events came to, as if all were told. No timer of it rings."""
    aggregate: Aggregate = service.core.aggregates[kind]
    document = Document(
        id,
        kind,
        version=count,
        rev=1,
        relayed=count,
        last_event=f"{id}-{count}",
        state=await service.vault.seal(state, aggregate.person(state), f"{id}@1"),
        keys={key: value for key, value in aggregate.keys(state).items() if value is not None},
    )
    await service.store.documents.save(document)


def _readers() -> Iterator[tuple[User, views.Worklist]]:
    ids = {"referrer": "referrer-7", "patient": person_id(7), "psychology": "ana", "service": "portal"}
    for role, worklists in views.ALLOWED.items():
        for worklist in views.STAGES:
            if worklist in worklists:
                yield User(ids[role], role), worklist


async def _list(desk: Desk, user: User, worklist: views.Worklist, requests: int) -> Row:
    """The first page again and again, and then pages all along the list."""
    places = await _places(desk, user, worklist)
    first = [await desk.seconds(user, {"list": worklist}) for _ in range(requests)]
    turns = itertools.islice(itertools.cycle(places), requests) if places else ()
    along = [await desk.seconds(user, {"list": worklist, "after": after}) for after in turns]
    return {
        "role": user.role,
        "list": worklist,
        "rows": len((await desk.get(user, list=worklist))["rows"]),
        "first": percentiles(first),
        "along": percentiles(along) if along else None,
        "plan": await _plan(desk, user, {"list": worklist, **({"after": places[-1]} if places else {})}),
    }


async def _places(desk: Desk, user: User, worklist: views.Worklist) -> list[str]:
    """Cursors in the middle of the list, as a reader who goes from page to page gets them."""
    found: list[str] = []
    after: Row = {}
    while cursor := (await desk.get(user, list=worklist, limit=200, **after))["next"]:
        found.append(cursor)
        after = {"after": cursor}
    return found


async def _plan(desk: Desk, user: User, query: Row) -> list[str]:
    """How SQLite goes about one request for the list."""
    desk.said.clear()
    await desk.get(user, **query)
    engine = desk.service.store.engine
    assert isinstance(engine, SqliteEngine)
    asked = [text for text in desk.said if text.startswith("SELECT")]
    steps = [step for text in asked for step in await plan(engine, text)]
    return [step for step in dict.fromkeys(steps) if "docs_" in step or "TEMP" in step]


def table(found: Row) -> list[str]:
    """For reading: p50, p95 and p99 in milliseconds, and all that SQLite does for the lists."""
    lines = [f"{'role and list':<34}{'rows':>6}   {'first page':<22}{'all along':<22}"]
    for row in found["rows"]:
        first, along = (_shown(row[part]) for part in ("first", "along"))
        lines.append(f"{row['role'] + ' ' + row['list']:<34}{row['rows']:>6}   {first:<22}{along:<22}".rstrip())
    return [*lines, "", *dict.fromkeys(step for steps in found["plans"].values() for step in steps)]


def _shown(taken: Row | None) -> str:
    return " / ".join(f"{taken[name]:.1f}" for name in ("p50", "p95", "p99")) if taken else "-"


def measured(folder: Path, referrals: int, requests: int) -> Row:
    """The same in a process of its own, with its data in `folder`."""
    return apart.measured("worklists", folder, referrals, requests, within=900)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench LISTS=1")
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
    asked.to.write_bytes(orjson.dumps({**kept, "worklists": found}, option=orjson.OPT_INDENT_2))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
