"""Who may see or change what. Everything that is not said here is denied, and reads as if it did not exist."""

from services.referrals.domain.advice import machine as advice_machine
from services.referrals.domain.advice.state import AdviceState
from services.referrals.domain.patient.record import caregiver_ids
from services.referrals.domain.patient.state import PatientState
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


def sees_advice(user: User, advice: AdviceState) -> bool:
    """Psychology sees all questions, referrers their own. Clinicians speak among themselves here: nobody else does."""
    return advice_machine.owns(advice, user.role, user.id)


def of_a_referral_seen(user: User, patient: PatientState) -> bool:
    """The patient of a referral, or of a question, that this caller has just been allowed to see."""
    return user.role in ("psychology", "service", "referrer") or patient.patient_id == user.id


def reads_outcome(user: User, patient: PatientState) -> bool:
    """The referrer reads the outcome only while the patient's consent to share it stands."""
    return user.role != "referrer" or ConsentScope.SHARE_BACK in patient.consents
