"""By when the next step of a referral is owed, and who looks after it; none where no day or no person is named."""

from datetime import datetime

from services.referrals.domain.referral.standings import AWAITING_PATIENT, AWAITING_TRIAGE
from services.referrals.domain.referral.state import ReferralState, Status

_MET = (Status.SCHEDULED, Status.IN_TREATMENT)


def due(state: ReferralState) -> datetime | None:
    """The decision, the reading of an outcome, the end of an offer, the day to ask again, or the meeting."""
    if state.status in AWAITING_TRIAGE:
        return state.triage_due
    if state.status is Status.OUTCOME_SENT:
        return state.acknowledge_by
    if state.status is Status.OFFERED:
        return state.offer_until
    if state.status in AWAITING_PATIENT:
        return state.ask_again_at
    return state.appointment.at if state.appointment and state.status is Status.SCHEDULED else None


def responsible(state: ReferralState) -> str | None:
    """Whoever meets the person; before that, whoever looked at the referral last."""
    return state.appointment.clinician_id if state.appointment and state.status in _MET else state.triage_by
