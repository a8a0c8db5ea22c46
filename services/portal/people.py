"""The names of people who stand in lists of services that know only their ids."""

import asyncio
from collections.abc import Iterable
from typing import Any

from services.portal.calls import Away, Json, Refused, at
from services.portal.visit import Visit

_AT_ONCE = 100
"""More would make an address longer than servers let through."""


async def name_rows(visit: Visit, rows: list[Json], names: dict[str, str | None]) -> None:
    """Give each row the name of its person; those whom `names` lacks are looked up, and added to it."""
    unknown = sorted({row["patient_id"] for row in rows} - names.keys())
    names.update(dict.fromkeys(unknown))
    some = [unknown[start : start + _AT_ONCE] for start in range(0, len(unknown), _AT_ONCE)]
    for records in await asyncio.gather(*(_records(visit, ids) for ids in some)):
        names.update({record["id"]: record["name"] for record in records})
    for row in rows:
        row["name"] = names[row["patient_id"]]


async def names_of(visit: Visit, ids: Iterable[str | None]) -> dict[str, str | None]:
    """The names of these people; `None` where there is none to read."""
    rows, found = [{"patient_id": id} for id in ids if id], dict[str, str | None]()
    await name_rows(visit, rows, found)
    return found


async def person(visit: Visit, id: str) -> Any:
    """The record of a person; `None` where it is not this reader's, or while nobody can say."""
    try:
        return await visit.found("referrals", at("patients", id))
    except Away:
        return None


async def _records(visit: Visit, ids: list[str]) -> list[Json]:
    try:
        found: list[Json] = await visit.get("referrals", "/patients", id=ids)
    except (Away, Refused):
        return []
    return found
