"""How a process reaches the brokers and the other services. A simulation takes another network, and nothing else."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import httpx

from shared.runtime.consumer import subscribe
from shared.runtime.inbound import Record
from shared.runtime.producer import KafkaProducer
from shared.runtime.relay import Producer

Handle = Callable[[list[Record]], Awaitable[None]]


class Sender(Producer, Protocol):
    """A producer that is connected and closed."""

    async def start(self) -> None:
        """Connect. Raises `Unavailable` with a remedy."""

    async def stop(self) -> None: ...


class Listener(Protocol):
    """One member of a consumer group."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def ping(self, timeout: float | None) -> bool:  # noqa: ASYNC109 - FastStream's own signature
        """Whether the brokers answer."""


class Network(Protocol):
    """Makes what a process needs, not connected yet."""

    def sender(self) -> Sender: ...

    def listener(self, group: str, services: Sequence[str], handle: Handle) -> Listener: ...

    def client(self) -> httpx.AsyncClient: ...


class RealNetwork:
    """Kafka at `bootstrap`, and HTTP."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    def sender(self) -> Sender:
        return KafkaProducer(self._bootstrap)

    def listener(self, group: str, services: Sequence[str], handle: Handle) -> Listener:
        return subscribe(self._bootstrap, group, services, handle)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=5.0, follow_redirects=False)
