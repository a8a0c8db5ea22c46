"""The aggregates of this service, with the clinic's configuration bound in."""

from functools import partial

from services.referrals.domain.advice import decide as advice_decide
from services.referrals.domain.advice import evolve as advice_evolve
from services.referrals.domain.advice.state import AdviceState
from services.referrals.domain.care_plan import decide as care_plan_decide
from services.referrals.domain.care_plan import evolve as care_plan_evolve
from services.referrals.domain.care_plan.state import CarePlanState
from services.referrals.domain.patient import record
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.place import decide as place_decide
from services.referrals.domain.place import evolve as place_evolve
from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral import evolve, keys, lists, timers
from services.referrals.domain.referral.decide import decide
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import ADVICE_EVENTS, CARE_PLAN_EVENTS, PLACE_EVENTS, REFERRAL_EVENTS
from shared.runtime.aggregate import Aggregate


def aggregates(clinic: Clinic) -> tuple[Aggregate, ...]:
    """Patient, referral, place, advice and care plan."""
    return patient(clinic), referral(clinic), place(clinic), advice(clinic), care_plan(clinic)


def patient(clinic: Clinic) -> Aggregate:
    """A person's record, with what this clinic allows to be shared."""
    return Aggregate(
        name="patient",
        state=PatientState,
        decide=partial(record.decide, clinic),
        evolve=record.evolve,
        events=record.EVENTS,
        person=record.person,
        timers=record.timers,
        keys=record.keys,
        queried=("registered_by", *record.CAREGIVER_KEYS),
    )


def referral(clinic: Clinic) -> Aggregate:
    """The referral, with the waits that this clinic allows."""
    return Aggregate(
        name="referral",
        state=ReferralState,
        decide=partial(decide, clinic),
        evolve=evolve.evolve,
        events=REFERRAL_EVENTS,
        person=keys.person,
        timers=partial(timers.timers, clinic),
        keys=partial(keys.keys, clinic),
        queried=("patient_id", "placer", "number"),
        ordered=lists.ORDERED,
        unique={"open_key": "already-open"},
    )


def care_plan(clinic: Clinic) -> Aggregate:
    """The plan that disciplines share, with the calendar, the staff and the waits of this clinic."""
    return Aggregate(
        name="care_plan",
        state=CarePlanState,
        decide=partial(care_plan_decide.decide, clinic),
        evolve=care_plan_evolve.evolve,
        events=CARE_PLAN_EVENTS,
        person=care_plan_evolve.person,
        timers=partial(care_plan_evolve.timers, clinic),
        keys=care_plan_evolve.keys,
        queried=("patient_id", "asked_of_pain", "asked_of_psychology"),
    )


def place(clinic: Clinic) -> Aggregate:
    """The place, with the seats and waits that this clinic configures. It is nobody's: no field of it is personal."""
    return Aggregate(
        name="place",
        state=PlaceState,
        decide=partial(place_decide.decide, clinic),
        evolve=place_evolve.evolve,
        events=PLACE_EVENTS,
        person=lambda _: None,
        timers=partial(place_evolve.timers, clinic),
    )


def advice(clinic: Clinic) -> Aggregate:
    """A question to psychology, with the waits that this clinic allows."""
    return Aggregate(
        name="advice",
        state=AdviceState,
        decide=partial(advice_decide.decide, clinic),
        evolve=advice_evolve.evolve,
        events=ADVICE_EVENTS,
        person=advice_evolve.person,
        timers=partial(advice_evolve.timers, clinic),
        keys=advice_evolve.keys,
        queried=("status", "patient_id", "referrer_id"),
    )
