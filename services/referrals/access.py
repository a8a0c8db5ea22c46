"""In which standings somebody is to what is kept here; what these may see or do stands in `shared/policy/table.py`."""

from collections.abc import Callable, Sequence

from services.referrals.domain.advice import machine as advice_machine
from services.referrals.domain.advice.state import AdviceState
from services.referrals.domain.care_plan.state import CarePlanState
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.clinic import Clinic
from shared.contracts.on_call import safety_leads
from shared.contracts.referrals import ConsentScope
from shared.policy.table import named
from shared.policy.who import of_patient, of_role
from shared.runtime.auth import User

_READ, _KEEP = named("referrals.patient.read"), named("referrals.patient.keep")
_REFER, _ASK, _NAME = (named(f"referrals.patient.{verb}") for verb in ("refer", "ask", "name"))
_CHOOSE, _SHARED = named("referrals.patient.choose-news"), named("referrals.patient.shared")
_PREVIEW, _SCOPES = named("referrals.patient.preview"), named("referrals.patient.scopes")
_REFERRAL, _OUTCOME = named("referrals.referral.read"), named("referrals.referral.outcome")
_ADVICE, _DISCUSSION = named("referrals.advice.read"), named("referrals.discussion.read")
_PLAN, _OPEN_PLAN = named("referrals.plan.share"), named("referrals.plan.open")
_PLACE, _ROOM = named("referrals.place.read"), named("referrals.place.room")
_BREAK, _OWN_GLASS, _REVIEW = (named(f"referrals.glass.{verb}") for verb in ("break", "own", "review"))
_TREATED = named("referrals.team.ask")
_OWNS = {"referrer": "referrer", "patient": "self", "caregiver": "asker", "psychology": "team"}


def to_patient(user: User, patient: PatientState) -> frozenset[str]:
    """How somebody stands to a patient."""
    stands = set(of_patient(user, patient.patient_id))
    if user.role == "referrer" and user.id and user.id == patient.registered_by:
        stands.add("registrar")
    if user.role == "caregiver" and caregivers.find(patient, user.id) is not None:
        stands.add("named")
        if caregivers.takes_part(patient, user.id):
            stands.add("trusted")
    return frozenset(stands)


def to_referral(user: User, referral: ReferralState) -> frozenset[str]:
    """How somebody stands to a referral. A draft is for those who write it: a clinician's for clinicians, one that the
    patient or a caregiver asks for, for these.
    """
    stands = set(of_role(user))
    if user.role in _OWNS and machine.owns(referral, user.role, user.id):
        stands.add(_OWNS[user.role])
    writers = ("referrer",) if referral.requester == "referrer" else ("patient", "caregiver")
    if referral.status is Status.DRAFT and user.role not in (*writers, "service"):
        stands.add("draft-of-others")
    return frozenset(stands)


def sees_patient(user: User, patient: PatientState) -> bool:
    """Read the record."""
    return _READ.lets(to_patient(user, patient))


def cares_for(user: User, patient: PatientState) -> bool:
    """Ask a question about them."""
    return _ASK.lets(to_patient(user, patient))


def keeps_record(user: User, patient: PatientState) -> bool:
    """Consents and trusted people are the patient's to say; a clinician of theirs may take them down for them."""
    return _KEEP.lets(to_patient(user, patient))


def is_trusted(user: User, patient: PatientState) -> bool:
    """Read what is open."""
    return _SHARED.lets(to_patient(user, patient))


def is_named(user: User, patient: PatientState) -> bool:
    """Answer for oneself."""
    return _CHOOSE.lets(to_patient(user, patient))


def asks_what_is_open(user: User, patient: PatientState) -> bool:
    """Services, before they show or send anything to somebody whom a patient trusts."""
    return _SCOPES.lets(to_patient(user, patient))


def of_an_open_plan(user: User, plan: CarePlanState) -> bool:
    """The plan of a patient who has opened it to this caller, as was looked at just before, or whose own it is."""
    stands = {"scope"} if user.role == "caregiver" else of_patient(user, plan.patient_id)
    return _OPEN_PLAN.lets(stands)


def previews(user: User, patient: PatientState) -> bool:
    """The patient sees what those whom they trust see."""
    return _PREVIEW.lets(to_patient(user, patient))


def may_ask_for(on_behalf_of: str | None) -> Callable[[User, PatientState], bool]:
    """Who may begin a referral. Whether the clinic says that they act for a colleague is looked at after this."""

    def may(user: User, patient: PatientState) -> bool:
        theirs = user.role == "referrer" and on_behalf_of is not None and patient.registered_by == on_behalf_of
        return _REFER.lets(to_patient(user, patient) | ({"colleague"} if theirs else frozenset()))

    return may


def sees_referral(user: User, referral: ReferralState) -> bool:
    """Read a referral."""
    return _REFERRAL.lets(to_referral(user, referral))


def sees_advice(user: User, advice: AdviceState) -> bool:
    """Clinicians speak among themselves here: nobody else does."""
    owns = user.role in ("referrer", "psychology") and advice_machine.owns(advice, user.role, user.id)
    return _ADVICE.lets({_OWNS[user.role]} if owns else ())


def of_a_referral_seen(user: User, patient: PatientState) -> bool:
    """The patient of a referral, or of a question, that this caller has just been allowed to see."""
    return _NAME.lets(to_patient(user, patient))


def reads_outcome(user: User, patient: PatientState) -> bool:
    """Of a referral that this caller has just been allowed to see: the outcome, unless the patient keeps it."""
    hidden = user.role == "referrer" and ConsentScope.SHARE_BACK not in patient.consents
    stands = {_OWNS[user.role]} if user.role in _OWNS else of_role(user)
    return _OUTCOME.lets({*stands, "not-shared-back"} if hidden else stands)


def shares_care_plan(user: User, patient: PatientState, referrals: Sequence[ReferralState]) -> bool:
    """Psychology, the pain clinicians who registered or referred this person, and the person."""
    refers = user.role == "referrer" and any(machine.owns(one, user.role, user.id) for one in referrals)
    return _PLAN.lets(to_patient(user, patient) | ({"referrer"} if refers else frozenset()))


def sees_discussions(user: User) -> bool:
    """Of those who share a plan, the clinicians: discussions are between them."""
    return _DISCUSSION.lets(of_role(user))


def of_a_discussion_seen(user: User, _: PatientState) -> bool:
    """The patient of a discussion that this caller has just been allowed to see."""
    return sees_discussions(user)


def sees_place(user: User, place: PlaceState) -> bool:
    """Who waits at a place, and why there."""
    return _PLACE.lets(of_role(user))


def asks_for_room(user: User, place: PlaceState) -> bool:
    """Whether there is room: before anything is said of a patient, and without a word about one."""
    return _ROOM.lets(of_role(user))


def breaks_glass(user: User) -> bool:
    """Open a record in need."""
    return _BREAK.lets(of_role(user))


def reads_own_glass(user: User, patient: PatientState) -> bool:
    """Who opened one's own record in need."""
    return _OWN_GLASS.lets(to_patient(user, patient))


def reviews_glass(user: User, clinic: Clinic) -> bool:
    """Look at what was opened in need."""
    is_lead = user.role == "psychology" and user.id in safety_leads(clinic)
    return _REVIEW.lets({"safety-lead"} if is_lead else ())


def asks_who_treats(user: User) -> bool:
    """Services, before they show something of a patient to psychology."""
    return _TREATED.lets(of_role(user))
