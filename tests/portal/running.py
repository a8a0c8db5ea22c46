"""The whole system, running beside a test in a thread of its own, and visitors who use its pages as a browser would."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from deploy.embedded import Embedded, free_ports
from shared.runtime.clock import MovedClock
from shared.runtime.service import Service
from shared.runtime.signed_links import SIGNER
from shared.runtime.store.port import Store

T = TypeVar("T")


class Running:
    """A started system. `settle` returns once everything that was said has been heard by all."""

    def __init__(self, folder: Path, clinic: Path) -> None:
        self.clock = MovedClock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._system = Embedded(folder, ports=free_ports(), clock=self.clock, clinic=clinic, quick=True)
        self.addresses = self._system.addresses
        self.secret = self._system.secrets.token_secret
        self.secrets = self._system.secrets
        self.trusted = self._system.secrets.trusted
        self.link_secret = self._system.secrets.of(SIGNER)
        self.webhook_secret = self._system.secrets.webhook_secret
        self.clinic = self._system.clinic
        self.mail = folder / "mail"

    def start(self) -> None:
        self._thread.start()
        self.run(self._system.start())

    def settle(self) -> None:
        self.run(self._system.settle())

    def to_morning(self) -> None:
        """On to ten in the morning of the next day: no hour is quiet then, whenever the tests run."""
        tomorrow = datetime.combine(self.clock.now().date() + timedelta(days=1), time(10), UTC)
        self.clock.offset += tomorrow - self.clock.now()
        self.settle()

    def stop(self) -> None:
        self.run(self._system.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def service(self, name: str) -> Service:
        """A service itself; use it by `run`."""
        return next(one for one in self._system.services if one.parts.name == name)

    def store(self, service: str) -> Store:
        """What a service keeps; use it by `run`."""
        return self.service(service).store

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` where the system runs."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)


@contextmanager
def running(folder: Path, clinic: Path = Path("deploy/clinic.yaml")) -> Iterator[Running]:
    system = Running(folder, clinic)
    system.start()
    try:
        yield system
    finally:
        system.stop()
