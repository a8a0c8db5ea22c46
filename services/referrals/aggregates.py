"""The two aggregates of this service, with the clinic's configuration bound in."""

from functools import partial

from services.referrals.domain import evolve, patient
from services.referrals.domain.decide import decide
from services.referrals.domain.state import PatientState, ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import EVENTS, ReferralEvent
from shared.runtime.aggregate import Aggregate

PATIENT = Aggregate(
    name="patient",
    state=PatientState,
    decide=patient.decide,
    evolve=patient.evolve,
    events=patient.EVENTS,
    person=patient.person,
    keys=patient.keys,
    queried=("registered_by", *patient.CAREGIVER_KEYS),
)


def aggregates(clinic: Clinic) -> tuple[Aggregate, ...]:
    """Patient and referral."""
    return PATIENT, referral(clinic)


def referral(clinic: Clinic) -> Aggregate:
    """The referral, with the waits that this clinic allows."""
    return Aggregate(
        name="referral",
        state=ReferralState,
        decide=partial(decide, clinic),
        evolve=evolve.evolve,
        events=tuple(event for event in EVENTS if issubclass(event, ReferralEvent)),
        person=evolve.person,
        timers=partial(evolve.timers, clinic),
        keys=evolve.keys,
        queried=("status", "patient_id", "referrer_id"),
        unique={"open_key": "already-open"},
    )
