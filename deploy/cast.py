"""Who is in the story of an invented person."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from deploy.people import Desk, Person
from shared.clinical import MEASURES

Story = AsyncIterator[float]
"""Does something, then yields how many days it waits."""

SPANISH = {"Tomás Herrera", "Lucía Ortega", "Javier Molina", "Rosa Jiménez", "Carlos Vega", "Pilar Romero"} | {
    *("Teresa Campos", "Beatriz Luna", "Andrés Prieto", "Sofía Marín")
}


@dataclass(frozen=True)
class Cast:
    """The people of one story. `number` makes every invented detail different and repeatable."""

    number: int
    name: str
    referrer: Person
    psychology: Person
    desk: Desk
    settle: Callable[[], Any]

    @property
    def language(self) -> str:
        return "es" if self.name in SPANISH else "en"

    @property
    def family_email(self) -> str:
        return f"family{self.number}@people.example"

    def answers(self, measure: str, ease: int) -> dict[str, int]:
        """Whole answers to a measure; `ease` 0 is a hard time, 10 a good one. The last item of PHQ-9 stays at 0."""
        made = {}
        for item in MEASURES[measure].items:
            top = 8 if measure == "PEG" else 3
            value = top - (ease * top) // 12 - (self.number + item) % 2
            made[str(item)] = 0 if (measure, item) == ("PHQ-9", 9) else max(0, value)
        return made
