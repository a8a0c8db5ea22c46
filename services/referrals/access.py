"""Who may see or change what. Everything that is not said here is denied, and reads as if it did not exist."""

from services.referrals.domain.patient.record import caregiver_ids
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import ConsentScope
from shared.runtime.auth import User


def sees_patient(user: User, patient: PatientState) -> bool:
    """Psychology and services see everybody; a referrer those whom they registered; patients themselves."""
    return user.role in ("psychology", "service") or cares_for(user, patient)


def cares_for(user: User, patient: PatientState) -> bool:
    """The referrer who registered the patient, or the patient."""
    owner = {"referrer": patient.registered_by, "patient": patient.patient_id}
    return bool(user.id) and owner.get(user.role) == user.id


def keeps_record(user: User, patient: PatientState) -> bool:
    """Consents and trusted people are the patient's to say; a clinician of theirs may take them down for them."""
    return user.role == "psychology" or cares_for(user, patient)


def is_trusted(user: User, patient: PatientState) -> bool:
    """A caregiver whom the patient names, while the caregiver consent stands."""
    return user.role == "caregiver" and ConsentScope.CAREGIVER in patient.consents and user.id in caregiver_ids(patient)


def sees_referral(user: User, referral: ReferralState) -> bool:
    """Psychology and services see all; referrers their own; patients their own once it is more than a draft."""
    if user.role == "patient" and referral.status is Status.DRAFT:
        return False
    return user.role == "service" or (user.role != "system" and machine.owns(referral, user.role, user.id))


def of_a_referral_seen(user: User, patient: PatientState) -> bool:
    """The patient of a referral that this caller has just been allowed to see."""
    return user.role in ("psychology", "service", "referrer") or patient.patient_id == user.id


def reads_outcome(user: User, patient: PatientState) -> bool:
    """The referrer reads the outcome only while the patient's consent to share it stands."""
    return user.role != "referrer" or ConsentScope.SHARE_BACK in patient.consents


def sees_place(user: User, place: PlaceState) -> bool:
    """Who waits at a place, and why there, is for psychology and services."""
    return user.role in ("psychology", "service")


def asks_for_room(user: User, place: PlaceState) -> bool:
    """Whether there is room: before anything is said of a patient, and without a word about one."""
    return user.role in ("referrer", "patient") or sees_place(user, place)
