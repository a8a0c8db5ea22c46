"""Patients: registration, consents, and the people whom they trust."""

from collections.abc import Sequence

from fastapi import Response

from services.referrals import access, patient_views
from services.referrals.api.bodies import CaregiverBody, ConsentBody, RegisterBody
from services.referrals.api.router import router
from services.referrals.domain.patient.commands import (
    GiveConsent,
    LinkCaregiver,
    RegisterPatient,
    UnlinkCaregiver,
    WithdrawConsent,
)
from services.referrals.domain.patient.state import PatientState
from shared.contracts.referrals import ConsentScope
from shared.runtime.aggregate import derived_id
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, Found, allow


@router.post("/patients", status_code=201)
async def register(body: RegisterBody, caller: Caller = allow("referrer")) -> Response:
    """Make a person known, with the consents they gave."""
    fields = dict(body)
    return await caller.create(
        "patient", "patient", lambda id: RegisterPatient(now=caller.now, actor=caller.actor, patient_id=id, **fields)
    )


@router.get("/patients")
async def patients(caller: Caller = allow("referrer", "psychology", "service")) -> list[patient_views.PatientRow]:
    """A referrer's own patients, or all."""
    where = {"registered_by": caller.user.id} if caller.user.role == "referrer" else {}
    found = [one for one in await caller.find("patient", **where) if access.sees_patient(caller.user, one.state)]
    return patient_views.by_name([patient_views.patient_row(one.id, one.version, one.state) for one in found])


@router.get("/patients/{patient_id}")
async def patient(
    patient_id: str, caller: Caller = allow("referrer", "psychology", "patient", "service")
) -> patient_views.PatientView:
    """One patient's record."""
    found = await caller.load("patient", patient_id, may=access.sees_patient)
    return patient_views.patient_view(found.id, found.version, found.state)


@router.post("/patients/{patient_id}/consents")
async def consent(
    patient_id: str, body: ConsentBody, caller: Caller = allow("referrer", "psychology", "patient")
) -> Response:
    """Give one consent, until a day if they like, or take it back. Either counts at once."""
    said = {"now": caller.now, "actor": caller.actor, "scope": body.scope}
    command = GiveConsent(**said, until=body.until) if body.granted else WithdrawConsent(**said)
    return await caller.change("patient", patient_id, command, may=access.keeps_record)


@router.post("/patients/{patient_id}/caregivers")
async def link_caregiver(
    patient_id: str, body: CaregiverBody, caller: Caller = allow("referrer", "psychology", "patient")
) -> Response:
    """Name somebody whom the patient trusts. The same address is the same person."""
    caregiver_id = derived_id("caregiver", patient_id, body.email.lower())
    command = LinkCaregiver(now=caller.now, actor=caller.actor, caregiver_id=caregiver_id, **dict(body))
    return await caller.change("patient", patient_id, command, may=access.keeps_record)


@router.post("/patients/{patient_id}/caregivers/{caregiver_id}/remove")
async def unlink_caregiver(
    patient_id: str, caregiver_id: str, caller: Caller = allow("referrer", "psychology", "patient")
) -> Response:
    """Name this person no longer."""
    command = UnlinkCaregiver(now=caller.now, actor=caller.actor, caregiver_id=caregiver_id)
    return await caller.change("patient", patient_id, command, may=access.keeps_record)


async def timeline(caller: Caller, patient_id: str) -> bool:
    """Whether the caller may read what happened to this patient."""
    try:
        await caller.load("patient", patient_id, may=access.sees_patient)
    except NotFound:
        return False
    return True


async def of_referral(caller: Caller, patient_id: str) -> PatientState:
    """The patient of a referral that the caller has just been allowed to see."""
    found = await caller.load("patient", patient_id, may=access.of_a_referral_seen)
    state: PatientState = found.state
    return state


async def refer_consented(caller: Caller, patient_id: str) -> bool:
    """Whether the patient agrees, now, to be referred. The caller has seen what it is for."""
    return ConsentScope.REFER in (await of_referral(caller, patient_id)).consents


async def names_of(caller: Caller, found: Sequence[Found]) -> dict[str, str | None]:
    """What the patients of these referrals or questions are called. The caller has been allowed to see them."""
    ids = {one.state.patient_id for one in found}
    patients = await caller.load_many("patient", ids, may=access.of_a_referral_seen)
    return {id: patients[id].state.name if id in patients else None for id in ids}
