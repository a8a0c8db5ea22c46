"""How a storm of due messages drains: `make bench STORM=1` (4,000 messages) or `STORM=100000`.

The whole storm is compared with a tenth of it, and e-mail beside a dead provider of text messages with e-mail alone,
all in the same run. Sends take no time and a broker acknowledges at once, so that what is measured is the pump, the
sender and the store. Nothing here passes or fails by time.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, get_args

import orjson

from shared.contracts.notifications import Channel
from tests.bench import machine
from tests.bench.storm_parts import Row, Sms, drain, fill

ALL: tuple[Channel, ...] = get_args(Channel)
USUAL = 4000
_ROUNDS = 3
_EMAILS = 1000


def alone(work: Any, *arguments: Any) -> Any:
    """In a process of its own, which ends with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(work, *arguments).result()


def storm(folder: Path, messages: int) -> Row:
    """That many messages by all channels."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        alone(fill, Path(place), messages, ALL)
        found: Row = alone(drain, Path(place), ALL, "well", ALL, messages)
    return found


def emails(folder: Path, messages: int, channels: Sequence[Channel], sms: Sms) -> Row:
    """How fast that many e-mails go out, with as many text messages beside them where these are among `channels`."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        alone(fill, Path(place), messages * len(channels), channels)
        found: Row = alone(drain, Path(place), channels, sms, ("email",), messages)
    return found


def beside_a_dead_one(folder: Path, messages: int) -> Row:
    """E-mails a second beside text messages whose provider is well, hangs, or refuses, by those of e-mail alone. The
    medians of ratios of neighbours in time.
    """
    ratios: dict[str, list[float]] = {"well": [], "hangs": [], "refuses": []}
    for _ in range(_ROUNDS):
        by_itself = emails(folder, messages, ("email",), "well")["per_second"]
        for sms in get_args(Sms):
            found = emails(folder, messages, ("email", "sms"), sms)
            ratios[sms].append(found["per_second"] / by_itself)
    return {name: round(statistics.median(found), 2) for name, found in ratios.items()}


def measure(folder: Path, messages: int) -> Row:
    """The whole storm against a tenth of it, and e-mail beside a dead provider. Each is printed as it is found."""
    tenth = _shown("tenth", storm(folder, max(1, messages // 10)))
    whole = _shown("whole", storm(folder, messages))
    by = ("per_second", "cpu_us_each", "peak_mib")
    ratios = _shown("ratios", {name: round(whole[name] / tenth[name], 2) for name in by})
    dead = _shown("email_beside_sms", beside_a_dead_one(folder, _EMAILS))
    found = {"tenth": tenth, "whole": whole, "ratios": ratios, "email_beside_sms": dead}
    return {**found, "machine": machine.described(folder)}


def _shown(name: str, found: Row) -> Row:
    print(name, "  ".join(f"{key}={value}" for key, value in found.items()), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench STORM=1")
    parser.add_argument("--messages", type=int, default=USUAL)
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args()
    # `STORM=1` asks for a storm of the usual size.
    messages = asked.messages if asked.messages > 1 else USUAL
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    found = measure(asked.to.parent, messages)
    kept = orjson.loads(asked.to.read_bytes()) if asked.to.exists() else {}
    asked.to.write_bytes(orjson.dumps({**kept, "storm": found}, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
