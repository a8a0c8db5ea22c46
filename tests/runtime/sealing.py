"""A person with something personal in every kind of place, and a shelf of keys in memory."""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from shared.contracts.personal import Personal
from shared.runtime.store.port import Json, Keys
from shared.runtime.vault import Vault
from tests.runtime.toys import NAME
from tests.runtime.world import MASTER, HandClock


class Contact(BaseModel):
    kind: str
    address: Personal[str] = None


class Person(BaseModel):
    id: str
    name: Personal[str] = None
    words: Personal[tuple[str, ...]] = None
    home: Contact | None = None
    contacts: tuple[Contact, ...] = ()
    by_kind: dict[str, Contact] = {}
    scores: list[int] = []


FULL = Person(
    id="p",
    name=NAME,
    words=(NAME, "ache"),
    home=Contact(kind="post", address=NAME),
    contacts=(Contact(kind="mail", address=NAME), Contact(kind="none")),
    by_kind={"work": Contact(kind="phone", address=NAME)},
    scores=[1, 2],
)


class Shelf:
    """Keys in memory, with the lock-step races that a test wants."""

    def __init__(self) -> None:
        self.entries: dict[str, Json] = {}
        self.meeting = asyncio.Barrier(1)

    async def get(self, person: str) -> Json | None:
        entry = self.entries.get(person)
        await self.meeting.wait()
        return entry

    async def get_many(self, persons: Sequence[str]) -> dict[str, Json]:
        entries = {person: self.entries[person] for person in persons if person in self.entries}
        await self.meeting.wait()
        return entries

    async def put_new(self, person: str, entry: Json) -> Json:
        return self.entries.setdefault(person, entry)

    async def replace(self, person: str, entry: Json) -> None:
        self.entries[person] = entry

    async def swap(self, person: str, before: Json, entry: Json) -> bool:
        holds = self.entries.get(person) == before
        if holds:
            self.entries[person] = entry
        return holds

    async def page(self, after: str, limit: int) -> dict[str, Json]:
        return {person: self.entries[person] for person in sorted(self.entries) if person > after}


def vault(keys: Keys, clock: HandClock | None = None, master: bytes = MASTER) -> Vault:
    return Vault(keys, master, clock or HandClock())
