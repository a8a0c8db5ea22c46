"""Who may see or change what. Everything that is not said here is denied, and reads as if it did not exist."""

from collections.abc import Callable, Sequence

from services.referrals.domain.advice import machine as advice_machine
from services.referrals.domain.advice.state import AdviceState
from services.referrals.domain.care_plan.state import CarePlanState
from services.referrals.domain.patient import caregivers
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
    """A caregiver who takes part, while the caregiver consent stands."""
    return user.role == "caregiver" and caregivers.takes_part(patient, user.id)


def is_named(user: User, patient: PatientState) -> bool:
    """A caregiver whom the patient names, whether or not they take part: they answer for themselves."""
    return user.role == "caregiver" and caregivers.find(patient, user.id) is not None


def asks_what_is_open(user: User, patient: PatientState) -> bool:
    """Services, before they show or send anything to somebody whom a patient trusts."""
    return user.role == "service"


def of_an_open_plan(user: User, plan: CarePlanState) -> bool:
    """The plan of a patient who has opened it to this caller, or whose own it is."""
    return user.role in ("caregiver", "patient")


def previews(user: User, patient: PatientState) -> bool:
    """The patient sees what those whom they trust see."""
    return user.role == "patient" and user.id == patient.patient_id


def may_ask_for(on_behalf_of: str | None) -> Callable[[User, PatientState], bool]:
    """Who may begin a referral: clinicians for their own patients, or for those of a colleague (whom the clinic must
    say that they act for); patients for themselves; caregivers for those who trust them.
    """

    def may(user: User, patient: PatientState) -> bool:
        theirs = user.role == "referrer" and on_behalf_of is not None and patient.registered_by == on_behalf_of
        return theirs or cares_for(user, patient) or is_trusted(user, patient)

    return may


def sees_referral(user: User, referral: ReferralState) -> bool:
    """Psychology and services see all; others their own. A draft is seen by those who write it: a clinician's by
    clinicians, one that the patient or a caregiver asks for by these.
    """
    writers = ("referrer",) if referral.requester == "referrer" else ("patient", "caregiver")
    if referral.status is Status.DRAFT and user.role not in (*writers, "service"):
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


def shares_care_plan(user: User, patient: PatientState, referrals: Sequence[ReferralState]) -> bool:
    """Psychology, the pain clinicians who registered or referred this person, and the person."""
    refers = user.role == "referrer" and any(machine.owns(one, user.role, user.id) for one in referrals)
    return user.role == "psychology" or refers or cares_for(user, patient)


def sees_discussions(user: User) -> bool:
    """Of those who share a plan, the clinicians: discussions are between them."""
    return user.role in ("psychology", "referrer")


def of_a_discussion_seen(user: User, _: PatientState) -> bool:
    """The patient of a discussion that this caller has just been allowed to see."""
    return sees_discussions(user)


def sees_place(user: User, place: PlaceState) -> bool:
    """Who waits at a place, and why there, is for psychology and services."""
    return user.role in ("psychology", "service")


def asks_for_room(user: User, place: PlaceState) -> bool:
    """Whether there is room: before anything is said of a patient, and without a word about one."""
    return user.role in ("referrer", "patient") or sees_place(user, place)
