"""Whether the audit is whole: no record changed, taken out, moved or cut off, as far as anybody else knows of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from shared.runtime.audit.records import NOTHING_BEFORE, OPENED, Json, hash_of
from shared.runtime.audit.writer import Head
from shared.runtime.store.port import Audit

_PAGE = 1000
_ALL = 10**9


@dataclass(frozen=True)
class Fault:
    """The first record of a chain that is not as it was written, and what is wrong with it."""

    chain: str
    n: int
    problem: str

    def __str__(self) -> str:
        return f"chain {self.chain}, record {self.n}: {self.problem}"


@dataclass
class Report:
    """What was found. It is whole where there are no `faults`."""

    records: int = 0
    heads: list[Head] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def heads_in(lines: Iterable[bytes]) -> list[Head]:
    """The heads that stand in lines of JSON: a file of heads, what `verify` printed, or a service's log."""
    found = []
    for line in lines:
        try:
            said = orjson.loads(line)
            found.append(Head(str(said["chain"]), int(said["n"]), str(said["hash"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


async def check(audit: Audit, known: Iterable[Head] = ()) -> Report:
    """Read all chains of one store, and compare them with the heads that are `known` from elsewhere."""
    report = Report()
    stated: dict[str, dict[int, str]] = {}
    for head in known:
        stated.setdefault(head.chain, {})[head.n] = head.hash
    chains = sorted(one["chain"] for one in await audit.heads(_ALL))
    for chain in chains:
        first = next(iter(await audit.chain(chain, 0, 1)))
        for name, n, hash in first.get("after") or []:
            stated.setdefault(name, {})[n] = hash
    for chain in chains:
        await _follow(audit, chain, stated.get(chain, {}), report)
    for chain in sorted(stated.keys() - set(chains)):
        n = max(stated[chain])
        report.faults.append(Fault(chain, n, f"the whole chain is gone; it had {n} records at least"))
    return report


async def _follow(audit: Audit, chain: str, stated: Mapping[int, str], report: Report) -> None:
    n, previous, fault = 0, NOTHING_BEFORE, None
    while fault is None and (page := await audit.chain(chain, n, _PAGE)):
        for record in page:
            fault = _fault(record, Head(chain, n + 1, previous), stated)
            if fault is not None:
                break
            n, previous = n + 1, record["hash"]
            report.records += 1
    if fault is None and stated and max(stated) > n:
        fault = f"the chain ends at {n}, but had {max(stated)} records at least: its end was cut off"
    if fault is None:
        report.heads.append(Head(chain, n, previous))
    else:
        report.faults.append(Fault(chain, n + 1, fault))


def _fault(record: Json, due: Head, stated: Mapping[int, str]) -> str | None:
    """What is wrong with the record that is `due` in its chain behind the one with that hash."""
    n = due.n
    if record.get("chain") != due.chain or record.get("n") != n:
        return f"it is missing; what is there calls itself record {record.get('n')} of {record.get('chain')}"
    if record.get("hash") != hash_of(record):
        return "it was changed after it was written: its hash does not fit"
    if record.get("previous") != due.hash:
        return "it does not follow the record before it"
    if (record.get("action") == OPENED) != (n == 1):
        return "it is not the record that opens a chain" if n == 1 else "a chain is opened in the middle"
    if n in stated and stated[n] != record["hash"]:
        return "it is not the record that stood here before: the chain was written anew"
    return None
