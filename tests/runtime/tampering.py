"""Writing an audit, and what somebody with all rights on the store may do to it afterwards."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count

import orjson

from shared.runtime.audit.records import chained
from shared.runtime.audit.writer import AuditLog, Head
from shared.runtime.store.port import Audit, Json, Store
from tests.runtime.stores import DISKS

WHO = ["patient-" + letter * 20 for letter in "abc"]


class Ticking:
    """A clock that never says the same twice."""

    def __init__(self) -> None:
        self._seconds = count()

    def now(self) -> datetime:
        return datetime.fromtimestamp(1_800_000_000 + next(self._seconds), UTC)


def log(store: Audit, instance: str, clock: Ticking | None = None) -> AuditLog:
    return AuditLog("referrals", store, clock or Ticking(), instance)


def look(person: str, **fields: object) -> Json:
    """A record before it has its place."""
    told = {"at": "2027-01-15T08:00:00.000000+00:00", "actor": "ana", "role": "psychology", "on_behalf_of": None}
    more = {"route": "GET /x", "outcome": "done", "status": 200, "purpose": "treatment", "request": "r"}
    return {**told, **more, "person": person, "action": "read", "what": ["referral"], **fields}


async def written(store: Store) -> list[Head]:
    """Two chains, the second of which was opened once the first had ended; and their heads."""
    clock = Ticking()
    for instance in ("one", "two"):
        audit = log(store.audit, instance, clock)
        for person in WHO:
            await audit.record([look(person)])
            await audit.record([look(person), look(person)])
    return [Head(one["chain"], one["n"], one["hash"]) for one in reversed(await store.audit.heads(5))]


async def everything(store: Store) -> list[Json]:
    """All records, chain after chain."""
    chains = sorted(one["chain"] for one in await store.audit.heads(100))
    return [record for chain in chains for record in await store.audit.chain(chain)]


def put_in_place(place: Sequence[str], records: Sequence[Json]) -> None:
    """Make these the only records, each at its own chain and number, or where it says by `at_n`."""
    rows = [(one["chain"], one.get("at_n", one["n"]), {k: v for k, v in one.items() if k != "at_n"}) for one in records]
    match place:
        case ["sqlite", path]:
            with sqlite3.connect(path) as connection:
                connection.executescript("DROP TRIGGER audit_kept; DROP TRIGGER audit_unchanged; DELETE FROM audit;")
                connection.executemany(
                    "INSERT INTO audit (chain, n, body) VALUES (?, ?, ?)",
                    [(chain, n, orjson.dumps(body).decode()) for chain, n, body in rows],
                )
            connection.close()
        case ["mongo", url, database]:
            from pymongo import MongoClient

            with MongoClient[Json](url) as client:
                client[database]["audit"].delete_many({})
                client[database]["audit"].insert_many([{"_id": f"{chain}/{n}", **body} for chain, n, body in rows])
        case [_, name]:
            DISKS[name].audit = {(chain, n): orjson.dumps(body) for chain, n, body in rows}


def _edit(records: list[Json]) -> None:
    records[5] = {**records[5], "actor": "somebody-else"}


def _edit_with_its_hash(records: list[Json]) -> None:
    kept = {name: value for name, value in records[5].items() if name != "hash"}
    records[5] = chained({**kept, "actor": "somebody-else"}, records[5]["previous"])


def _cut_out(records: list[Json]) -> None:
    del records[5]


def _cut_out_and_close_the_gap(records: list[Json]) -> None:
    chain = records[5]["chain"]
    del records[5]
    for place, one in enumerate(records):
        if one["chain"] == chain and place >= 5:
            records[place] = {**one, "n": one["n"] - 1}


def _swap(records: list[Json]) -> None:
    records[5], records[6] = {**records[6], "n": 6}, {**records[5], "n": 7}


def _cut_the_beginning(records: list[Json]) -> None:
    del records[:2]


TAMPERING: dict[str, tuple[Callable[[list[Json]], None], int]] = {
    "edited": (_edit, 6),
    "edited, with a hash that fits": (_edit_with_its_hash, 7),
    "cut out": (_cut_out, 6),
    "cut out, and the rest moved up": (_cut_out_and_close_the_gap, 6),
    "two swapped": (_swap, 6),
    "the beginning cut": (_cut_the_beginning, 1),
}
"""What is done to records of the first chain, and the first record at which it shows."""


def forged(records: Sequence[Json], change: Callable[[Json], Json]) -> list[Json]:
    """The chains written anew, every hash fitting, each record as `change` makes it."""
    made: list[Json] = []
    for one in records:
        bare = change({name: value for name, value in one.items() if name not in ("hash", "previous")})
        before = made[-1]["hash"] if made and made[-1]["chain"] == one["chain"] else ""
        made.append(chained(bare, before))
    return made
