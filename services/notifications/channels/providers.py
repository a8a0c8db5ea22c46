"""Several providers of one channel: where the first does not take a message for now, the next is asked.

One that failed several times in a row rests for a while, so that a dead one costs no message its time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

import structlog

from services.notifications.channels.port import (
    Carrier,
    M,
    MayStill,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)

log = structlog.get_logger()

FAILURES = 3
"""So many in a row before a provider rests. A local setting, as is how long it does."""
RESTS = timedelta(minutes=2)


@dataclass
class Health:
    """How one provider does, as this process sees it."""

    name: str
    failures: int = 0
    resting_until: datetime | None = None
    last_failure: str = ""

    def failed(self, now: datetime, why: str) -> None:
        """Once more in a row."""
        self.failures += 1
        self.last_failure = why
        if self.failures >= FAILURES:
            self.resting_until = now + RESTS

    def worked(self) -> None:
        """It is well again."""
        self.failures, self.resting_until, self.last_failure = 0, None, ""


class Providers(Generic[M]):
    """Tries its carriers, each with its name, in order. Where all of them rest, all are tried."""

    def __init__(self, carriers: Mapping[str, Carrier[M]], now: Callable[[], datetime]) -> None:
        self._carriers: list[tuple[Carrier[M], Health]] = [(one, Health(name)) for name, one in carriers.items()]
        self._now = now

    @property
    def health(self) -> tuple[Health, ...]:
        """How each does."""
        return tuple(health for _, health in self._carriers)

    async def send(self, message: M, may_still: MayStill) -> None:
        """By the first that takes it. Where an outcome is unknown no other is asked: it may have been taken.

        Raises what the last of them raised; `PermanentFailure` where there is none.
        """
        awake = [(carrier, health) for carrier, health in self._carriers if not self._rests(health)]
        refused: TemporaryFailure | None = None
        for carrier, health in awake or self._carriers:
            try:
                await carrier.send(message, may_still)
            except TemporaryFailure as fault:
                self._failed(health, str(fault))
                refused = fault
            except OutcomeUnknown as fault:
                self._failed(health, str(fault))
                raise
            else:
                health.worked()
                return
        raise refused or PermanentFailure("no-provider")

    def _rests(self, health: Health) -> bool:
        return health.resting_until is not None and health.resting_until > self._now()

    def _failed(self, health: Health, why: str) -> None:
        health.failed(self._now(), why)
        log.warning("notifications.provider_failed", provider=health.name, failures=health.failures, fault=why)
