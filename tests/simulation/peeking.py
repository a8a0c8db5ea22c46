"""What is sealed, opened for whoever checks: they hold the vault's disk in their hands, and wait for nothing."""

from typing import Any

from shared.runtime.clock import Clock
from shared.runtime.store.port import Json
from shared.runtime.vault import Vault
from tests.simulation.disk import DirectLine, Disk
from tests.simulation.records import SimulatedKeys


class Peek:
    """Opens what is personal; of somebody erased it reads as `None`."""

    def __init__(self, vault: Disk, master: bytes, clock: Clock) -> None:
        self._vault = Vault(SimulatedKeys(vault, DirectLine()), master, clock)
        self._opened: dict[str, Json] = {}

    def data(self, entry: Json) -> Json:
        """What an event says. Read once: it is asked for often, and an event never changes."""
        if entry["id"] not in self._opened:
            place = f"{entry['subject']}:{entry['sequence']}"
            self._opened[entry["id"]] = run_at_once(self._vault.open(entry["data"], place))
        return self._opened[entry["id"]]


def run_at_once(work: Any) -> Any:
    """The result of a coroutine that never has to wait."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("it waited")
