"""One job on one system, in a process of its own: `python -m tests.bench.jobs SYSTEM JOB FOLDER KAFKA OPTIONS`.

Prints its figures as one line of JSON.
"""

import asyncio
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from tests.bench.load import Load, percentiles
from tests.parts.wait import eventually

Figures = dict[str, Any]


async def throughput(load: Load, options: Figures) -> Figures:
    await load.system.start()
    await load.system.listen()
    await load.system.register(range(options["people"]))
    pace = await load.closed(options["people"], options["seconds"], options["warm"])
    return {
        "hops_per_second": round(pace.per_second, 1),
        "cpu_us_per_hop": round(pace.cpu_microseconds, 1),
    }


async def latency(load: Load, options: Figures) -> Figures:
    await load.system.start()
    await load.system.listen()
    await load.system.register(range(options["people"]))
    await load.closed(min(20, options["people"]), options["warm"], 0)
    taken = await load.open(options["people"], options["seconds"], options["per_second"])
    return {**percentiles(taken), "milliseconds": [round(t * 1000, 3) for t in taken]}


async def growth(load: Load, options: Figures) -> Figures:
    """As throughput, over many people, with what they take up."""
    figures = await throughput(load, options)
    bytes_ = sum(file.stat().st_size for file in options["folder"].rglob("*") if file.is_file())
    return {**figures, "megabytes_on_disk": round(bytes_ / 1e6, 1), "megabytes_in_memory": _resident()}


async def start(load: Load, options: Figures) -> Figures:
    """From the start of the process to the first effect."""
    await load.system.start()
    await load.system.listen()
    await load.system.register(range(1))
    await load.hop(0)
    return {"seconds_to_first_effect": round(time.time() - options["begun"], 2)}


async def backlog(load: Load, options: Figures) -> Figures:
    """Events that were decided before the second service began, from the first that it applies to the last."""
    people, events = options["people"], options["events"]
    await load.system.start()
    await load.system.register(range(people))
    await load.decide(people, events)
    await eventually(load.system.settled, "everything published", 600)
    await load.system.listen()
    first, last = await load.heard()
    return {"events": events, "events_per_second": round((events - 1) / (last - first), 1)}


async def timers(load: Load, options: Figures) -> Figures:
    """Only Carepath has timers."""
    await load.system.start()
    seconds = await load.system.overdue(  # type: ignore[attr-defined]
        options["timers"]
    )
    return {"timers": options["timers"], "timers_per_second": round(options["timers"] / seconds, 1)}


JOBS = {f.__name__: f for f in (throughput, latency, growth, start, backlog, timers)}


async def work(system: str, job: str, folder: Path, kafka: str, options: Figures) -> Figures:
    """Do the job, then see whether every hop was applied exactly once."""
    # Only this one: the others' modules would be in its memory and in its collector's way.
    build = getattr(import_module(f"tests.bench.{system}"), system.capitalize())
    load = Load(build, folder, kafka)
    figures = await JOBS[job](load, {**options, "folder": folder})
    await eventually(load.system.settled, "everything published", 60)
    figures["hops"] = sum(load.sent.values())
    figures["exactly_once"] = await load.exact()
    await load.system.stop()
    return figures


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 1e6, 1)


if __name__ == "__main__":
    _, system_, job_, folder_, kafka_, options_ = sys.argv
    print(orjson.dumps(asyncio.run(work(system_, job_, Path(folder_), kafka_, orjson.loads(options_)))).decode())
