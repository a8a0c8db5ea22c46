"""Who somebody is whom patients trust, and how to reach them: for those who answer them."""

from pydantic import BaseModel

from services.referrals import access
from services.referrals.api.router import router
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient.record import CAREGIVER_KEYS
from services.referrals.domain.patient.state import CaregiverStatus
from shared.contracts.referrals import Language, Relationship
from shared.runtime.http import Caller, Found, allow


class CarerContact(BaseModel):
    """Who they are to one patient. `takes_part`: they said yes, and the patient agrees that they are told things."""

    patient_id: str
    patient_name: str | None
    name: str | None
    email: str | None
    relationship: Relationship
    language: Language
    status: CaregiverStatus
    takes_part: bool
    young: bool


@router.get("/caregivers/{caregiver_id}/contacts")
async def contacts(caregiver_id: str, caller: Caller = allow("psychology")) -> list[CarerContact]:
    """By patient who names them. Empty where nobody does any more: with the name goes what the record knew of them."""
    found = [one for key in CAREGIVER_KEYS for one in await caller.find("patient", **{key: caregiver_id})]
    return [_contact(one, caregiver_id) for one in found if access.sees_patient(caller.user, one.state)]


def _contact(patient: Found, caregiver_id: str) -> CarerContact:
    known = caregivers.find(patient.state, caregiver_id)
    if known is None:
        raise LookupError(f"a record was found by a caregiver whom it does not name: {patient.id}")
    said = known.model_dump(include=set(CarerContact.model_fields))
    return CarerContact.model_validate(
        {
            **said,
            "patient_id": patient.id,
            "patient_name": patient.state.name,
            "takes_part": caregivers.takes_part(patient.state, caregiver_id),
        }
    )
