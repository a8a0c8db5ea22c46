"""Those whom a patient trusts: what they say for themselves, what the patient opens to them, and what they then see."""

import datetime as dt
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from services.referrals import access, shared_views
from services.referrals.api.bodies import Body
from services.referrals.api.router import router
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.record import CAREGIVER_KEYS
from services.referrals.domain.patient.state import PatientState
from services.referrals.reactions import care_plan_of
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import CaregiverScope, Language
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, Found, allow


class CaregiverAnswer(Body):
    """Yes or no, and how they would like to be told things."""

    accept: bool
    language: Language | None = None
    email: bool = False


class CaregiverWishes(Body):
    """How they would like to be told things."""

    language: Language
    email: bool


class YoungBody(Body):
    """Whether they are a child or a young person."""

    young: bool


class ScopeBody(Body):
    """What is opened or closed; `until` is the last day."""

    scope: CaregiverScope
    opened: bool
    until: dt.date | None = None


class OpenedView(BaseModel):
    """What is open to one caregiver at this moment. `named`: they take part, and the patient agrees.

    `invited`: they are asked whether they would take part, and may still answer.
    """

    named: bool
    scopes: tuple[CaregiverScope, ...]
    email: bool
    invited: bool


@router.get("/patients/{patient_id}/caregivers/{caregiver_id}/scopes")
async def scopes(patient_id: str, caregiver_id: str, caller: Caller = allow("service")) -> OpenedView:
    """What is open to them right now. Other services ask this before they show or send anything."""
    state = (await caller.load("patient", patient_id, may=access.asks_what_is_open)).state
    known = caregivers.find(state, caregiver_id)
    return OpenedView(
        named=caregivers.takes_part(state, caregiver_id),
        scopes=tuple(sorted(caregivers.open_scopes(state, caregiver_id, caller.now))),
        email=known is not None and known.by_email,
        invited=shared_views.is_asked(caregiver_id, state, caller.now),
    )


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/scopes")
async def change_scope(
    patient_id: str, caregiver_id: str, body: ScopeBody, caller: Caller = allow("referrer", "psychology", "patient")
) -> Response:
    """Open one thing to them, or close it. Either counts at once."""
    said = {"now": caller.now, "actor": caller.actor, "caregiver_id": caregiver_id, "scope": body.scope}
    command = c.OpenScope(**said, until=body.until) if body.opened else c.CloseScope(**said)
    return await caller.change("patient", patient_id, command, may=access.keeps_record)


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/young")
async def note_young(
    patient_id: str,
    caregiver_id: str,
    body: YoungBody,
    caller: Caller = allow("referrer", "psychology", "patient", "caregiver"),
) -> Response:
    """Write down that they are a child or a young person, or are not. Caregivers say it of themselves."""
    may = access.keeps_record
    if caller.user.role == "caregiver":
        _require_self(caller, caregiver_id)
        may = access.is_named
    command = c.NoteYoungCarer(now=caller.now, actor=caller.actor, caregiver_id=caregiver_id, young=body.young)
    return await caller.change("patient", patient_id, command, may=may)


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/answer")
async def answer(
    patient_id: str, caregiver_id: str, body: CaregiverAnswer, caller: Caller = allow("caregiver")
) -> Response:
    """Say yes or no to an invitation."""
    _require_self(caller, caregiver_id)
    command = c.AnswerCaregiver(now=caller.now, actor=caller.actor, caregiver_id=caregiver_id, **dict(body))
    return await caller.change("patient", patient_id, command, may=access.is_named)


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/preferences")
async def change_preferences(
    patient_id: str, caregiver_id: str, body: CaregiverWishes, caller: Caller = allow("caregiver")
) -> Response:
    """Be told things otherwise."""
    _require_self(caller, caregiver_id)
    said = {"now": caller.now, "actor": caller.actor, "caregiver_id": caregiver_id}
    command = c.ChangeCaregiverPreferences(**said, **dict(body))
    return await caller.change("patient", patient_id, command, may=access.is_named)


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/leave")
async def leave(patient_id: str, caregiver_id: str, caller: Caller = allow("caregiver")) -> Response:
    """Take part no longer."""
    _require_self(caller, caregiver_id)
    command = c.LeaveAsCaregiver(now=caller.now, actor=caller.actor, caregiver_id=caregiver_id)
    return await caller.change("patient", patient_id, command, may=access.is_named)


@router.get("/caregivers/{caregiver_id}/patients")
async def trusting_patients(
    caregiver_id: str, caller: Caller = allow("caregiver")
) -> list[shared_views.TrustingPatient]:
    """Who trusts this caregiver and agrees that they are told; and who has asked them whether they would take part."""
    _require_self(caller, caregiver_id)
    found = [one for key in CAREGIVER_KEYS for one in await caller.find("patient", **{key: caregiver_id})]
    return [
        shared_views.trusting_patient(caregiver_id, one.version, one.state, caller.now)
        for one in found
        if access.is_trusted(caller.user, one.state) or shared_views.is_asked(caregiver_id, one.state, caller.now)
    ]


@router.get("/patients/{patient_id}/shared", response_model_exclude_none=True)
async def shared(
    patient_id: str,
    caregiver_id: Annotated[Identifier, Query()],
    language: Language = "en",
    caller: Caller = allow("caregiver", "patient"),
) -> shared_views.Shared:
    """What somebody whom the patient trusts sees of them here; the patient sees exactly the same."""
    if caller.user.role == "caregiver":
        _require_self(caller, caregiver_id)
        patient = await caller.load("patient", patient_id, may=access.is_trusted)
    else:
        patient = await caller.load("patient", patient_id, may=access.previews)
    state: PatientState = patient.state
    if not caregivers.takes_part(state, caregiver_id):
        raise NotFound(caregiver_id)
    opened = caregivers.open_scopes(state, caregiver_id, caller.now)
    referrals: list[Found] = []
    if opened & {"news", "appointments"}:
        referrals = [one for one in await caller.find("referral", patient_id=patient_id) if _is_sent(one)]
    plan = None
    if "plan" in opened:
        plans = await caller.load_many("care_plan", [care_plan_of(patient_id)], may=access.of_an_open_plan)
        plan = next((one.state for one in plans.values()), None)
    return shared_views.shared(state, opened, [one.state for one in referrals], plan, language)


def _require_self(caller: Caller, caregiver_id: str) -> None:
    if caller.user.id != caregiver_id:
        raise NotFound(caregiver_id)


def _is_sent(referral: Found) -> bool:
    return referral.state.status not in (None, "draft", "entered_in_error")
