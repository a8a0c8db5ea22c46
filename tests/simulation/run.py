"""`python -m tests.simulation.run`: many runs; of one that breaks a rule, a short story that can be run again."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from tests.simulation.plan import Plan, plan
from tests.simulation.shrink import shrink
from tests.simulation.sometimes import SOMETIMES, missing
from tests.simulation.troubles import Trouble
from tests.simulation.world import Outcome, run

FOLDER = Path("var/simulation")
_TOLD = 40


def main() -> int:
    """0 if no run broke a rule."""
    asked = _arguments()
    if asked.story:
        return _replay(Plan.from_json(json.loads(Path(asked.story).read_text(encoding="utf-8"))))
    plans = list(_crash_points(asked.crash_points) if asked.crash_points else _plans(asked))
    FOLDER.mkdir(parents=True, exist_ok=True)
    started, happened, events, years = time.monotonic(), Counter[str](), 0, 0.0
    with (FOLDER / "seeds.log").open("w", encoding="utf-8") as log:
        for one, outcome in zip(plans, _run_all(plans, asked.workers), strict=False):
            print(_line(one, outcome), file=log, flush=True)
            if outcome.violation:
                _tell(one, outcome)
                return 1
            happened += outcome.happened
            events += outcome.events
            years += one.patients * outcome.days / 365
    took = time.monotonic() - started
    print(f"{len(plans)} runs, {years:.0f} pathway-years, {events} events in {took:.0f} s: no rule was broken.")
    if asked.crash_points:
        return 0
    lacking = missing(happened)
    print(f"{len(SOMETIMES) - len(lacking)} of {len(SOMETIMES)} things that must happen sometimes did.")
    for name in lacking:
        print(f"  never: {name}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make sim", description=__doc__)
    parser.add_argument("--seeds", default="1-100", help="one seed, or the first and the last: 1-100")
    parser.add_argument("--fresh", type=int, default=0, help="so many seeds that nobody has run before, instead")
    parser.add_argument("--size", type=float, default=1.0, help="1 is some four months of up to four patients")
    parser.add_argument("--crash-points", type=int, default=0, help="so many runs, each with one crash, instead")
    parser.add_argument("--story", default="", help="a story that was saved by a failing run")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _plans(asked: argparse.Namespace) -> Iterator[Plan]:
    if asked.fresh:
        first = int.from_bytes(os.urandom(5), "big")
        print(f"fresh seeds {first}-{first + asked.fresh - 1}")
        yield from (plan(seed, asked.size) for seed in range(first, first + asked.fresh))
        return
    first, _, last = asked.seeds.partition("-")
    yield from (plan(seed, asked.size) for seed in range(int(first), int(last or first) + 1))


def _crash_points(count: int) -> Iterator[Plan]:
    """Calm runs, each but for one crash: before or after one write, evenly over all writes of the run."""
    rng = Random("crash points")
    seed = 0
    while count > 0:
        seed += 1
        calm = plan(seed).but(plan(seed).steps, ())
        writes = run(calm).writes
        for _ in range(min(count, 50)):
            kind = rng.choice(("crash_before", "crash_after"))
            yield calm.but(calm.steps, (Trouble(0.0, kind, "", "", rng.randint(1, writes)),))
            count -= 1


def _run_all(plans: list[Plan], workers: int) -> Iterator[Outcome]:
    if workers < 2:
        yield from map(run, plans)
        return
    with ProcessPoolExecutor(workers) as pool:
        try:
            yield from pool.map(run, plans)
        finally:
            pool.shutdown(cancel_futures=True)


def _line(one: Plan, outcome: Outcome) -> str:
    size = f"{one.patients} patients, {outcome.days:.0f} days, {len(one.steps)} visits, {len(one.troubles)} troubles"
    return f"{one.seed}: {size}, {outcome.events} events, digest {outcome.digest}: {outcome.violation or 'well'}"


def _replay(one: Plan) -> int:
    outcome = run(one)
    print(*outcome.told[-_TOLD:], sep="\n")
    print(outcome.violation or "No rule was broken.")
    return 1 if outcome.violation else 0


def _tell(one: Plan, outcome: Outcome) -> None:
    print(f"Seed {one.seed} broke a rule: {outcome.violation}\nIts story is being made short.", flush=True)
    short = shrink(one, lambda fewer: run(fewer).violation is not None)
    file = FOLDER / f"story-{one.seed}.json"
    file.write_text(json.dumps(short.as_json(), indent=1), encoding="utf-8")
    print(f"{len(short.steps)} visits and {len(short.troubles)} troubles are enough:")
    _replay(short)
    print(f"Run it again with: make sim STORY={file}")


if __name__ == "__main__":
    sys.exit(main())
