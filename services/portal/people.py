"""The names of people who stand in lists of services that know only their ids."""

import asyncio
from typing import Any

from services.portal.calls import Away, Json, at
from services.portal.visit import Visit


async def name_rows(visit: Visit, rows: list[Json], names: dict[str, str | None]) -> None:
    """Give each row the name of its person; those whom `names` lacks are looked up, and added to it."""
    unknown = sorted({row["patient_id"] for row in rows} - names.keys())
    for id, record in zip(unknown, await asyncio.gather(*(person(visit, id) for id in unknown)), strict=True):
        names[id] = record["name"] if record else None
    for row in rows:
        row["name"] = names[row["patient_id"]]


async def person(visit: Visit, id: str) -> Any:
    """The record of a person; `None` where it is not this reader's, or while nobody can say."""
    try:
        return await visit.found("referrals", at("patients", id))
    except Away:
        return None
