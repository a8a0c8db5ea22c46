"""Runs the jobs, each in a process of its own beside a broker of its own, the three systems in turn."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from tests.bench.plan import Size

SYSTEMS = ("floor", "carepath", "plain")
_LONGEST = 900
_PARTITIONS, _MANY = 4, 32
"""As `make demo` has them; the embedded broker keeps about 5 MB a partition, and a backlog must fit in."""

Row = dict[str, Any]


def rows(size: Size, folder: Path) -> Iterator[Row]:
    """Every measurement as it is taken: `row` names it, `system` whose it is, `round` which time."""
    people = {"people": size.people, "warm": size.warm}
    for round_ in range(1, size.rounds + 1):
        # Neighbours in time meet the same machine, and none of the three is always first.
        for system in _in_turn(round_):
            yield job(folder, system, "throughput", round_, {**people, "seconds": size.seconds})
        for system in _in_turn(round_):
            options = {**people, "seconds": size.seconds, "per_second": size.pace}
            yield job(folder, system, "latency", round_, options)
    for system in SYSTEMS:
        yield job(folder, system, "start", 1, {"begun": time.time()})
    for many in size.growth:
        for system in SYSTEMS:
            options = {"people": many, "seconds": size.seconds / 2, "warm": size.warm}
            yield {**job(folder, system, "growth", 1, options), "people": many}
    for system in SYSTEMS:
        events = size.plain_events if system == "plain" else size.events
        yield job(folder, system, "backlog", 1, {"people": max(1, events // 10), "events": events})
    yield job(folder, "carepath", "timers", 1, {"timers": size.timers})


def _in_turn(round_: int) -> tuple[str, ...]:
    first = round_ % len(SYSTEMS)
    return SYSTEMS[first:] + SYSTEMS[:first]


def job(folder: Path, system: str, name: str, round_: int, options: Row) -> Row:
    with tempfile.TemporaryDirectory(dir=folder) as data, broker(_MANY if name == "backlog" else _PARTITIONS) as kafka:
        asked = [system, name, data, kafka, orjson.dumps(options).decode()]
        command = [sys.executable, "-m", "tests.bench.jobs", *asked]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST)
        if done.returncode != 0:
            raise RuntimeError(f"{name} of {system} failed:\n{done.stderr[-3000:]}")
    return {"row": name, "system": system, "round": round_, **orjson.loads(done.stdout)}


@contextmanager
def broker(partitions: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.broker", str(partitions)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as broker:
        assert broker.stdout is not None
        try:
            yield broker.stdout.readline().strip()
        finally:
            # It ends with its standard input, also when this process is killed.
            broker.communicate()
