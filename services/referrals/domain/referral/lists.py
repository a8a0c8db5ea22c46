"""Where a referral stands in the lists that people work from: keys in whose order a store reads them, page after page.

A key is `<stage>|<rank>`, before it whose list it is. Stored keys follow this table only when their referral is saved
again, so the name of a stage never changes its meaning.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import Priority

TEAM, REFERRER, PATIENT = "team_list", "referrer_list", "patient_list"
ORDERED = (TEAM, REFERRER, PATIENT)

STAGES: Mapping[Status, str] = {
    Status.OUTCOME_SENT: "1-outcome_to_read",
    Status.DRAFT: "2-draft",
    Status.INFORMATION_REQUESTED: "3-open-1-waiting_on_referrer",
    Status.UNDECIDED: "3-open-2-undecided",
    Status.SUBMITTED: "3-open-3-awaiting_triage",
    Status.ACCEPTED: "3-open-4-accepted",
    Status.IN_TREATMENT: "3-open-5-in_treatment",
    Status.RETURNED: "4-over",
    Status.DECLINED: "4-over",
    Status.WITHDRAWN: "4-over",
    Status.LOOP_CLOSED: "4-over",
}
"""What asks something of the referrer comes first. A list of several stages is a beginning that they share."""

_SOONEST = (Priority.VERY_URGENT, Priority.URGENT, Priority.ROUTINE)
_UNSENT = "~"


def keys(state: ReferralState) -> Mapping[str, str | None]:
    """The referral's place in the lists of the team, of its referrer and, once it is more than a draft, its patient."""
    if state.status is None:
        return dict.fromkeys(ORDERED)
    stage, wait = STAGES[state.status], _wait(state)
    urgency = _SOONEST.index(state.priority) if state.status is Status.SUBMITTED and state.priority else 0
    return {
        TEAM: f"{stage}|{urgency}|{wait}",
        REFERRER: f"{state.referrer_id}|{stage}|{wait}",
        PATIENT: None if state.status is Status.DRAFT else f"{state.patient_id}|{stage}|{wait}",
    }


def _wait(state: ReferralState) -> str:
    """The longest wait first, what was never sent last. Moments in UTC and of one width, so that texts sort as they."""
    return f"{_text(state.submitted_at) if state.submitted_at else _UNSENT}|{state.referral_id}"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
