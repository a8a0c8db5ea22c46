"""What a test may do to a server, wherever it comes from: take it away, bring it back, empty it.

The address stays the same through all of it, so that a test sees what a client sees in an outage. `kill`, `start` and
the like block for seconds; an async test has `away`, or calls them through `asyncio.to_thread`.
"""

import asyncio
import os
import random
import socket
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "var" / "parts"


class Server(ABC):
    def __init__(self, address: str) -> None:
        self.address = address

    @abstractmethod
    def start(self) -> None:
        """Start, and return when it answers."""

    @abstractmethod
    def kill(self) -> None:
        """End it without a chance to say goodbye (SIGKILL); its data stay."""

    @abstractmethod
    def wipe(self) -> None:
        """Forget all data; only while it is down."""

    @abstractmethod
    def close(self) -> None:
        """End it for good and leave nothing behind."""

    def restart(self, *, emptied: bool = False) -> None:
        with self.outage(emptied=emptied):
            pass

    @contextmanager
    def outage(self, *, emptied: bool = False) -> Iterator[None]:
        """The server is away within the block, and back after it even if the test fails there."""
        self.kill()
        try:
            yield
        finally:
            if emptied:
                self.wipe()
            self.start()

    @asynccontextmanager
    async def away(self, *, emptied: bool = False) -> AsyncIterator[None]:
        """The same, for a test whose services run in its own event loop and must go on meanwhile."""
        await asyncio.to_thread(self.kill)
        try:
            yield
        finally:
            if emptied:
                await asyncio.to_thread(self.wipe)
            await asyncio.to_thread(self.start)


class GivenServer(Server):
    """A server somebody else runs, named in the environment: we use it and never stop it."""

    def __init__(self, address: str, variable: str) -> None:
        super().__init__(address)
        self.variable = variable

    def start(self) -> None:
        pass

    def kill(self) -> None:
        pytest.skip(f"{self.variable} names a server the tests may not stop; unset it to run this test")

    def wipe(self) -> None:
        self.kill()

    def close(self) -> None:
        pass


def given(variable: str) -> Server | None:
    address = os.environ.get(variable)
    return GivenServer(address, variable) if address else None


def free_port() -> int:
    """A port below the range from which the kernel takes client ports.

    While a server is away, a client that keeps calling could otherwise be given that very port as its own, connect to
    itself, and keep the server from coming back. The system's randomness, since hypothesis seeds the other one alike
    in every worker.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
