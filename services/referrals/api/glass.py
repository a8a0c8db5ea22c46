"""Opening a record in need, and looking at it afterwards; and which team treats whom, for the other services."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import BaseModel

from services.referrals import access
from services.referrals.api.bodies import Body
from services.referrals.api.router import router
from services.referrals.api.serving import Configured
from services.referrals.domain.glass.commands import BreakGlass, GlassNote, GlassReason, ReviewGlass
from services.referrals.domain.glass.rules import is_open
from services.referrals.domain.glass.state import GlassState
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import GlassVerdict
from shared.runtime.auth import User
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, Found, allow


class GlassBody(Body):
    """Why the record has to be seen now. The patient reads it."""

    reason: GlassReason


class ReviewBody(Body):
    """What a safety lead says of it."""

    verdict: GlassVerdict
    note: GlassNote | None = None


class GlassRow(BaseModel):
    """One opening. `open`: the record can still be seen by it."""

    glass_id: str
    version: int
    patient_id: str
    staff_id: str
    reason: str | None
    opened_at: datetime | None
    until: datetime | None
    open: bool
    review_by: datetime | None
    overdue: bool
    reviewed_by: str | None
    reviewed_at: datetime | None
    verdict: GlassVerdict | None
    note: str | None


class TreatedView(BaseModel):
    """Those of the patients asked about whom somebody's team treats, or whose record they have opened."""

    treated: list[str]


@router.post("/patients/{patient_id}/break-glass", status_code=201)
async def break_glass(patient_id: str, body: GlassBody, caller: Caller = allow("psychology")) -> Response:
    """Open the record of somebody whom another team treats, for a while. The patient and the safety lead hear of it."""
    await caller.core.load("patient", patient_id)
    if not access.breaks_glass(caller.user):
        raise NotFound(patient_id)
    if not await caller.is_outside(patient_id):
        raise Rejected("glass-not-needed")
    who = {"now": caller.now, "actor": caller.actor, "staff_id": caller.user.id}
    return await caller.create(
        "glass", "glass", lambda id: BreakGlass(**who, glass_id=id, patient_id=patient_id, reason=body.reason)
    )


@router.get("/patients/{patient_id}/glass")
async def of_patient(patient_id: str, caller: Caller = allow("patient")) -> list[GlassRow]:
    """Who has opened one's own record in need, and why; the newest first."""
    await caller.load("patient", patient_id, may=access.reads_own_glass)
    found = await caller.find("glass", patient_id=patient_id)
    return _rows([_told(one) for one in found], caller)


@router.get("/glass")
async def to_review(clinic: Configured, caller: Caller = allow("psychology")) -> list[GlassRow]:
    """What a safety lead has to look at, the oldest first; for everybody else it does not exist."""
    if not access.reviews_glass(caller.user, clinic):
        raise NotFound("glass")
    return _rows(await caller.find("glass", to_review="yes"), caller)[::-1]


@router.post("/glass/{glass_id}/review")
async def review(glass_id: str, body: ReviewBody, clinic: Configured, caller: Caller = allow("psychology")) -> Response:
    """Say whether it was right. Nobody reviews what they opened themselves."""

    def may(user: User, state: GlassState) -> bool:
        return access.reviews_glass(user, clinic)

    command = ReviewGlass(now=caller.now, actor=caller.actor, reviewed_by=caller.user.id, **dict(body))
    return await caller.change("glass", glass_id, command, may=may)


@router.get("/treated")
async def treated(
    staff_id: Identifier,
    team: Annotated[list[Identifier], Query(max_length=50)] = [],  # noqa: B006 - FastAPI copies it
    patient: Annotated[list[Identifier], Query(max_length=100)] = [],  # noqa: B006
    caller: Caller = allow("service"),
) -> TreatedView:
    """For a service, before it shows something of these patients to somebody of psychology."""
    if not access.asks_who_treats(caller.user):
        raise NotFound("treated")
    user = User(staff_id, "psychology", tuple(team))
    treating = caller.core.treating
    known = frozenset(patient) if treating is None else await treating.treated(user, patient)
    return TreatedView(treated=sorted(known))


def _rows(found: list[Found], caller: Caller) -> list[GlassRow]:
    newest = sorted(found, key=lambda one: (one.state.opened_at, one.id), reverse=True)
    return [GlassRow(**dict(one.state), version=one.version, open=is_open(one.state, caller.now)) for one in newest]


def _told(one: Found) -> Found:
    """What the safety lead writes down is a note of the clinic."""
    return Found(one.id, one.version, one.state.model_copy(update={"note": None}), one.key)
