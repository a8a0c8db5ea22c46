"""Reading the audit: each record for operators, and who looked when and why for the person whose data it is."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from shared.contracts.commands import Rejected
from shared.runtime.audit import trail
from shared.runtime.audit.reading import Looks, Place, days_of, place_of
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["audit"])

_KIND = "audit"


class AuditRecords(BaseModel):
    """Records about one person, the newest first, each with its place in its chain. `next` asks for the page after."""

    records: list[dict[str, Any]]
    next: str | None


class LooksRow(BaseModel):
    """What one person did with somebody's data on one day, between two moments."""

    day: date
    actor: str | None
    role: str | None
    purpose: str | None
    outcome: str
    first: datetime
    last: datetime
    read: bool
    changed: bool
    what: list[str]


class LooksPage(BaseModel):
    """A week, the newest day first. `earlier` is the next day before it with something on it."""

    looks: list[LooksRow]
    earlier: date | None


@router.get("/audit")
async def records(
    patient: str = Query(max_length=128),
    before: str | None = Query(None, max_length=300),
    limit: int = Query(100, ge=1, le=500),
    caller: Caller = allow("operator", "patient"),
) -> AuditRecords:
    """Every look at a person's data and every change of it, denied and failed ones too."""
    _require_reader(caller, patient)
    found = await caller.core.store.audit.of_person(patient, _place(before), limit + 1)
    shown = found[:limit]
    told = [{**one, "actor": _named(caller, one["actor"], one["role"])} for one in shown]
    return AuditRecords(records=told, next=_cursor(place_of(shown[-1])) if len(found) > limit else None)


@router.get("/audit/days")
async def days(
    request: Request,
    patient: str = Query(max_length=128),
    last: date | None = None,
    caller: Caller = allow("operator", "patient"),
) -> LooksPage:
    """Who else looked at a person's data in the week that ends with `last`: today, where no day is named."""
    _require_reader(caller, patient)
    zone = ZoneInfo(request.app.state.service.settings.clinic.time_zone)
    found = await days_of(caller.core.store.audit, patient, last or caller.now.astimezone(zone).date(), zone)
    return LooksPage(looks=[_row(caller, one) for one in found.looks], earlier=found.earlier)


def _require_reader(caller: Caller, patient: str) -> None:
    """Patients read who looked at their own record; operators answer for all. Looking here is on record as well."""
    trail.asked_for(patient, _KIND)
    if caller.user.role == "patient" and caller.user.id != patient:
        raise NotFound(patient)


def _row(caller: Caller, one: Looks) -> LooksRow:
    told = {"actor": _named(caller, one.actor, one.role), "what": sorted(one.what)}
    return LooksRow.model_validate({**vars(one), **told})


def _named(caller: Caller, actor: str | None, role: str | None) -> str | None:
    """Who it was. Which other patient it was is no patient's to learn."""
    return None if caller.user.role == "patient" and role == "patient" and actor != caller.user.id else actor


def _cursor(place: Place) -> str:
    at, chain, n = place
    return f"{at}|{chain}|{n}"


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    match cursor.split("|"):
        case [at, chain, n] if n.isdigit():
            return at, chain, int(n)
    raise Rejected("cursor-invalid")
