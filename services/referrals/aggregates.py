"""The aggregates of this service, with the clinic's configuration bound in."""

from functools import partial

from services.referrals.domain.patient import record
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.place import decide as place_decide
from services.referrals.domain.place import evolve as place_evolve
from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral import evolve
from services.referrals.domain.referral.decide import decide
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import PLACE_EVENTS, REFERRAL_EVENTS
from shared.runtime.aggregate import Aggregate

PATIENT = Aggregate(
    name="patient",
    state=PatientState,
    decide=record.decide,
    evolve=record.evolve,
    events=record.EVENTS,
    person=record.person,
    keys=record.keys,
    queried=("registered_by", *record.CAREGIVER_KEYS),
)


def aggregates(clinic: Clinic) -> tuple[Aggregate, ...]:
    """Patient, referral and place."""
    return PATIENT, referral(clinic), place(clinic)


def referral(clinic: Clinic) -> Aggregate:
    """The referral, with the waits that this clinic allows."""
    return Aggregate(
        name="referral",
        state=ReferralState,
        decide=partial(decide, clinic),
        evolve=evolve.evolve,
        events=REFERRAL_EVENTS,
        person=evolve.person,
        timers=partial(evolve.timers, clinic),
        keys=evolve.keys,
        queried=("status", "patient_id", "referrer_id"),
        unique={"open_key": "already-open"},
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
