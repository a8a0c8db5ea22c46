"""`make demo`: the whole system in one process, with a clinic full of invented people to look around in."""

import argparse
import asyncio
import shutil
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from deploy.embedded import CannotStart, Embedded
from deploy.reaching import HINTS
from deploy.seed import seed
from shared.runtime.clock import MovedClock
from shared.runtime.errors import Unavailable
from shared.runtime.logs import configure_logs
from shared.runtime.service import spare_the_collector
from shared.runtime.settings import SettingsFault

_SEEDED = "seeded"


async def demo(port: int, folder: Path) -> None:
    """Start, fill on the first start, and run until a signal comes."""
    ports = {"portal": port, "referrals": port + 1, "interventions": port + 2, "notifications": port + 3}
    clock = MovedClock()
    system = Embedded(folder, ports=ports, clock=clock, quick=True)
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await system.start()
    try:
        await _until(stop, _open_for_visitors(system, clock, folder))
        if not stop.is_set():
            _welcome(system)
        await stop.wait()
    finally:
        print("\nStopping. The data stays in", folder, flush=True)
        await system.stop()


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do `work`, but leave it when somebody wants to stop."""
    doing = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    both: tuple[asyncio.Task[Any], ...] = (doing, stopping)
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        doing.result()
    else:
        doing.cancel()


async def _open_for_visitors(system: Embedded, clock: MovedClock, folder: Path) -> None:
    if (folder / _SEEDED).exists():
        return
    print("First start: inventing a clinic with some 50 people. This takes two or three minutes.", flush=True)
    count = await seed(system, clock, lambda day, days: _progress(day, days))
    (folder / _SEEDED).write_text(f"{count} people\n", encoding="utf-8")


def _progress(day: int, days: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  day {day} of {days}", end="" if day < days else "\n", flush=True)


def _welcome(system: Embedded) -> None:
    print(f"\nCarepath is open at {system.addresses['portal']}\n")
    print("Everybody in it is invented. Sign in as one of them; for example:")
    for member in system.clinic.staff:
        print(f"  {member.name:20} {member.role}")
    print("  ... and any patient or caregiver on the sign-in page.")
    print("\nWhat they chose about messages, and what became of it:")
    for name, what, page in HINTS:
        print(f"  {name:20} {what}: {page}")
    print(f"\nMessages that would have gone out are files in {system.folder / 'mail'}. Nothing leaves this machine.")
    print("  *.eml e-mails   *.sms.txt text messages   *.push.txt notifications")
    print("Stop with Ctrl-C. `make demo RESET=1` starts anew.", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port of the portal; the services take the next three")
    parser.add_argument("--folder", type=Path, default=Path("var/demo"), help="where the data is kept")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    if folder.exists() and (arguments.reset or not (folder / _SEEDED).exists()):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.jsonl").open("a", encoding="utf-8") as logs:
        configure_logs("INFO", logs)
        spare_the_collector()
        try:
            asyncio.run(demo(arguments.port, folder))
        except (CannotStart, SettingsFault, Unavailable) as fault:
            sys.exit(str(fault))


if __name__ == "__main__":
    main()
