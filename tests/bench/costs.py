"""What a guarantee costs: Carepath with one of them taken away, for measuring only.

`make bench COSTS=1` prints the CPU time of a hop with all of them, and without each; and beside it the floor, bare and
with the contents that a clinic needs, both by hand.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiokafka
import orjson
from pydantic import BaseModel

from shared.runtime import producer
from shared.runtime.store import sqlite, sqlite_documents, sqlite_records
from shared.runtime.vault import Vault
from tests.bench.byhand import Byhand
from tests.bench.carepath import Carepath
from tests.bench.floor import Floor
from tests.bench.jobs import throughput
from tests.bench.load import Build, Load
from tests.bench.run import broker

_ROUNDS = 3
_OPTIONS = {"people": 1000, "seconds": 6, "warm": 2}


def _nothing() -> None:
    return None


def _no_disk() -> None:
    """A commit is answered before the disk has it."""
    connect = sqlite.SqliteEngine._connect

    def careless(engine: sqlite.SqliteEngine) -> Any:
        connection = connect(engine)
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    sqlite.SqliteEngine._connect = careless  # type: ignore[method-assign]


def _no_encryption() -> None:
    async def seal(_: Vault, model: BaseModel, _person: str | None, _place: str) -> Any:
        return model.model_dump(mode="json")

    async def open_(_: Vault, sealed: Any, _place: str) -> Any:
        return sealed

    Vault.seal, Vault.open = seal, open_  # type: ignore[method-assign,assignment]


def _no_ledger() -> None:
    async def file(*_: Any) -> None:
        return None

    sqlite_documents.filings = lambda _: []  # type: ignore[assignment,attr-defined]
    sqlite_records.SqliteLedger.file = file  # type: ignore[method-assign,assignment]


def _no_idempotence() -> None:
    """The brokers answer before the replicas have it, and a retry may double or turn round."""

    def careless(**options: Any) -> aiokafka.AIOKafkaProducer:
        return aiokafka.AIOKafkaProducer(**{**options, "acks": 1, "enable_idempotence": False})

    producer.AIOKafkaProducer = careless  # type: ignore[attr-defined]


def _no_group() -> None:
    """No guarantee, but the other way round: what it costs if each write has a commit of its own."""
    sqlite._GROUP = 1


WITHOUT: dict[str, Callable[[], None]] = {
    "nothing taken away": _nothing,
    "disk (fsync)": _no_disk,
    "encryption": _no_encryption,
    "ledger": _no_ledger,
    "acks=all, idempotence": _no_idempotence,
    "group commit": _no_group,
}
BESIDE: dict[str, Build] = {"floor": Floor, "byhand": Byhand}


async def _measured(name: str, folder: Path, kafka: str) -> dict[str, Any]:
    WITHOUT.get(name, _nothing)()
    load = Load(BESIDE.get(name, Carepath), folder, kafka)
    figures = await throughput(load, _OPTIONS)
    await load.system.stop()
    return figures


def main() -> None:
    place = Path("var")
    place.mkdir(exist_ok=True)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*WITHOUT, *BESIDE)}
    for _ in range(_ROUNDS):
        for name in found:
            with tempfile.TemporaryDirectory(dir=place) as folder, broker(4) as kafka:
                command = [sys.executable, "-m", "tests.bench.costs", name, folder, kafka]
                done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
            found[name].append(orjson.loads(done.stdout))
    for name, runs in found.items():
        cpu = statistics.median(run["cpu_us_per_hop"] for run in runs)
        speed = statistics.median(run["hops_per_second"] for run in runs)
        print(f"{name:<24}{cpu:>8.0f} µs CPU per hop{speed:>8.0f} hops per second")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(orjson.dumps(asyncio.run(_measured(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))).decode())
    else:
        main()
