"""The two aggregates of this service, with the clinic's configuration bound in."""

from functools import partial

from services.referrals.domain.patient import record
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral import evolve, lists
from services.referrals.domain.referral.decide import decide
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import EVENTS, ReferralEvent
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
        queried=("patient_id",),
        unique={"open_key": "already-open"},
        ordered=lists.ORDERED,
    )
