"""Kafka's producer as the relay needs it: acknowledged by all in-sync replicas, idempotent, patient.

An outage is waited out inside the client. A send is never given up and repeated: that is how holes happen.
"""

import asyncio
import contextlib

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.runtime.errors import Unavailable

_STOP_SECONDS = 5.0
_BATCH_BYTES = 512 * 1024
"""A window of events in one piece a partition; the usual 16 KB are some twenty events."""


class KafkaProducer:
    """A producer to the brokers at `bootstrap`."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises `Unavailable` with a remedy."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=_BATCH_BYTES,
            max_request_size=2 * 1024 * 1024,
        )
        try:
            await producer.start()
        except (KafkaError, OSError) as fault:
            await producer.stop()
            raise Unavailable(f"Kafka does not answer at {self._bootstrap}; start it or mend CAREPATH_KAFKA") from fault
        self._producer = producer

    async def send(self, topic: str, key: str, value: bytes) -> None:
        if self._producer is None:
            raise Unavailable("the producer is not started yet")
        try:
            acknowledged = await self._producer.send(topic, value=value, key=key.encode())
            await acknowledged
        except (KafkaError, OSError) as fault:
            raise Unavailable(f"Kafka did not take an event: {type(fault).__name__}") from fault

    async def stop(self) -> None:
        """Flush and close, but do not hang while the brokers are away: what is unsent is in the outboxes."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            with contextlib.suppress(TimeoutError, KafkaError, OSError):
                await asyncio.wait_for(producer.stop(), _STOP_SECONDS)
