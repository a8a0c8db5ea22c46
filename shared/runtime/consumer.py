"""FastStream's batch subscriber, so set up that nothing is committed before it is applied. Only this file subscribes.

The parser looks at no header and decodes nothing: one bad message must not stop or lose its batch. Acknowledgement is
manual, and a rebalance waits for the batch in hand, so that two members never work on the same partition.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Union

import structlog
from aiokafka import ConsumerRebalanceListener
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, Topic
from faststream.kafka.message import KafkaAckableMessage
from faststream.specification import AsyncAPI
from pydantic import SkipValidation

from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.runtime.errors import Unavailable
from shared.runtime.inbound import Record, as_record
from shared.runtime.logs import error_text

log = structlog.get_logger()

BATCH_SECONDS = 25.0
"""A batch's work is given back after this long: well inside the rebalance timeout, during which the others wait."""
REBALANCE_MS = 60_000
_BATCH_RECORDS = 500
_EMPTY_POLL_MS = 4
"""FastStream sleeps as long again after an empty poll, and what arrives then waits for it."""
_AGAIN_SECONDS = 0.5


class Gate(ConsumerRebalanceListener):  # type: ignore[misc]
    """Closed while partitions are between owners. A batch read before a revocation is not worked on after it."""

    def __init__(self) -> None:
        self.epoch = 0
        self.lock = asyncio.Lock()
        self._held = False

    async def on_partitions_revoked(self, _: Any) -> None:
        self.epoch += 1
        if not self._held:
            await self.lock.acquire()
            self._held = True

    async def on_partitions_assigned(self, _: Any) -> None:
        if self._held:
            self._held = False
            self.lock.release()


async def _raw_parser(batch: Sequence[Any], original: Any) -> KafkaAckableMessage:
    return KafkaAckableMessage(
        body=[record.value or b"" for record in batch],
        headers={},
        batch_headers=[],
        raw_message=tuple(batch),
        message_id=f"{batch[0].offset}",
        correlation_id="batch",
        # FastStream offers the consumer nowhere else; pinned to 0.7.8 and tested.
        consumer=original.__self__._consumer,
    )


async def _records(message: KafkaMessage) -> Any:
    return message.raw_message


class Answerable(Protocol):
    """A batch as the brokers lent it: commit it, or give it back."""

    async def ack(self) -> Any: ...

    async def nack(self) -> Any: ...


class Member:
    """What one member of a consumer group does with each batch. `gate` is told of rebalances."""

    def __init__(self, handle: Callable[[list[Record]], Awaitable[None]]) -> None:
        self.gate = Gate()
        self._handle = handle

    async def take(self, records: Sequence[Any], message: Answerable) -> None:
        """Apply the batch and commit it, or give it back; not at all if its partitions have changed hands."""
        epoch = self.gate.epoch
        async with self.gate.lock:
            if self.gate.epoch == epoch:
                await self._apply([as_record(record) for record in records], message)

    async def _apply(self, records: list[Record], message: Answerable) -> None:
        try:
            async with asyncio.timeout(BATCH_SECONDS):
                await self._handle(records)
        except Exception as fault:
            # Whatever it was: under manual acknowledgement, a batch that is not given back would be passed over.
            expected = isinstance(fault, Unavailable | TimeoutError)
            log.log(30 if expected else 40, "batch_given_back", records=len(records), error=error_text(fault))
            await asyncio.sleep(_AGAIN_SECONDS)
            await message.nack()
            return
        await message.ack()


def subscribe(
    bootstrap: str, group: str, services: Sequence[str], handle: Callable[[list[Record]], Awaitable[None]]
) -> KafkaBroker:
    """A broker that feeds `handle` from the topics of `services`. Not started yet."""
    broker = KafkaBroker(bootstrap, logger=None)
    member = Member(handle)
    said: Any = Union[tuple(event for service in services for event in PUBLISHERS[service])]  # noqa: UP007

    broker.publisher(topic_of(group), schema=Union[PUBLISHERS[group]], title=f"events-of-{group}")  # noqa: UP007

    @broker.subscriber(
        # Topics are made by whoever runs the brokers; FastStream would guess: one partition, kept once.
        *(Topic(topic_of(service), declare=False) for service in services),
        group_id=group,
        batch=True,
        batch_timeout_ms=_EMPTY_POLL_MS,
        max_records=_BATCH_RECORDS,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        listener=member.gate,
        rebalance_timeout_ms=REBALANCE_MS,
        fetch_max_wait_ms=20,
        parser=_raw_parser,
        decoder=_records,
        title=f"events-for-{group}",
    )
    async def events(records: SkipValidation[list[said]], message: KafkaMessage) -> None:
        await member.take(records, message)

    return broker


def described(group: str, services: Sequence[str]) -> dict[str, Any]:
    """The events that a service reads and publishes, as an AsyncAPI document."""
    never_started = subscribe("kafka:9092", group, services, _nothing)
    return dict(AsyncAPI(never_started, title=f"Carepath {group}", version="1").to_specification().to_jsonable())


async def _nothing(_: list[Record]) -> None:
    return None
