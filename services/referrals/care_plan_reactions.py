"""What a closed referral means for the plan of its patient."""

from services.referrals.domain.care_plan.commands import CloseForReferral
from shared.contracts.referrals import ReferralEvent
from shared.runtime.aggregate import Cause, Target, derived_id


def care_plan_of(patient_id: str) -> str:
    """The id of the one plan that a person has."""
    return derived_id("care-plan", patient_id)


def close_discussions(event: ReferralEvent, cause: Cause) -> list[Target]:
    """A referral has closed, by whichever of its last events: discussions about it close too."""
    command = CloseForReferral(now=cause.now, actor=cause.actor, referral_id=event.referral_id)
    return [Target("care_plan", care_plan_of(event.patient_id), command)]
