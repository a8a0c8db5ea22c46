"""What the benchmark asks of each of the three systems, and what the three have in common."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

Applied = Callable[[int], None]
"""Called with a person's number once the effect of their command is durable in the second service."""

REFERRALS, NOTIFICATIONS = "carepath.referrals", "carepath.notifications"


class System(Protocol):
    """Two services in one process. People are numbered from 0; a person has at most one hop under way."""

    def __init__(self, folder: Path, kafka: str, applied: Applied) -> None: ...

    async def start(self) -> None:
        """The first service begins."""

    async def listen(self) -> None:
        """The second service begins."""

    async def stop(self) -> None: ...

    async def register(self, people: Sequence[int]) -> None:
        """Make people known; returns once it is durable in both services, or in the first while it is alone."""

    async def command(self, person: int) -> None:
        """Give or withdraw one consent, in turn; returns once it is durable in the first service."""

    async def settled(self) -> bool:
        """Whether all that was decided so far is published."""

    async def effects(self, person: int) -> int:
        """How many of a person's commands took effect in the second service, counted in its store."""


def person_id(person: int) -> str:
    return f"patient-{person:06d}"


def person_number(id: str) -> int:
    return int(id.removeprefix("patient-"))


def contact(person: int) -> dict[str, Any]:
    """What is known of an invented person."""
    return {
        "name": f"Invented Person {person}",
        "email": f"person-{person}@example.org",
        "birth_date": "1980-02-03",
        "phone": "+44 1632 960001",
        "language": "en",
        "time_zone": "Europe/London",
    }
