"""Where a referral stands in the lists that people work from: keys in whose order a store reads them, page after page.

A key is `<stage>|<rank>`, before it whose list it is; `<stage>|<day>` and `<stage>|<urgency>|<rank>` are the same list
by what is due and by urgency. Stored keys follow this table only when their referral is saved again, so the name of
a stage never changes its meaning.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from services.referrals.domain.referral import owed
from services.referrals.domain.referral.standings import OPEN
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import Priority

TEAM, REFERRER, PATIENT = "team_list", "referrer_list", "patient_list"
TEAM_DUE, REFERRER_DUE = "team_due", "referrer_due"
TEAM_URGENCY, REFERRER_URGENCY = "team_urgency", "referrer_urgency"
ORDERED = (TEAM, REFERRER, PATIENT, TEAM_DUE, REFERRER_DUE, TEAM_URGENCY, REFERRER_URGENCY)

WAITING_ON_REFERRER = "3-open-1-waiting_on_referrer"
STAGES: Mapping[Status, str] = {
    Status.OUTCOME_SENT: "1-outcome_to_read",
    Status.DRAFT: "2-draft",
    Status.INFORMATION_REQUESTED: WAITING_ON_REFERRER,
    Status.UNDECIDED: "3-open-2-undecided",
    Status.NOT_NOW: "3-open-2-undecided-not_now",
    Status.SUBMITTED: "3-open-3-awaiting_triage",
    Status.IN_TRIAGE: "3-open-3-awaiting_triage",
    Status.CANCELLATION_REQUESTED: "3-open-3-cancellation",
    Status.ACCEPTED: "3-open-4-accepted",
    Status.WAITLISTED: "3-open-5-booking-1-waitlisted",
    Status.OFFERED: "3-open-5-booking-2-offered",
    Status.AWAITING_BOOKING: "3-open-5-booking-3-to_book",
    Status.DID_NOT_ATTEND: "3-open-5-booking-4-missed",
    Status.APPOINTMENT_CANCELLED: "3-open-5-booking-4-missed",
    Status.SCHEDULED: "3-open-6-scheduled",
    Status.IN_TREATMENT: "3-open-7-in_treatment",
    Status.RETURNED: "4-over-1-returned",
    Status.DECLINED: "4-over-1-returned",
    Status.REDIRECTED: "4-over-1-returned",
    Status.WITHDRAWN: "4-over-2-ended",
    Status.CANCELLED: "4-over-2-ended",
    Status.LOOP_CLOSED: "4-over-2-ended",
    Status.ENTERED_IN_ERROR: "4-over-2-ended",
}
"""What asks something of the referrer comes first. A list of several stages is a beginning that they share."""

_SOONEST = (Priority.VERY_URGENT, Priority.URGENT, Priority.ROUTINE)
_TRIAGE = (Status.SUBMITTED, Status.IN_TRIAGE)
_UNSENT = "~"
_LAST = 10**14
"""Milliseconds far beyond any date: what is over is listed the newest first."""


def keys(state: ReferralState, documents_missing: bool) -> Mapping[str, str | None]:
    """The referral's place in the lists of the team, of its referrer and its patient.

    A draft is in the lists of whoever asks for it. While documents are missing, triage waits on the referrer.
    """
    if state.status is None:
        return dict.fromkeys(ORDERED)
    stage = WAITING_ON_REFERRER if documents_missing and state.status in _TRIAGE else STAGES[state.status]
    wait, urgency = _wait(state), _urgency(state)
    rank = urgency if state.status in _TRIAGE and state.priority else 0
    day = owed.due(state)
    due = f"{_text(day) if day else _UNSENT}|{state.referral_id}"
    draft, by_clinician = state.status is Status.DRAFT, state.requester == "referrer"
    team = None if draft else stage
    referrer = None if draft and not by_clinician else f"{state.referrer_id}|{stage}"
    return {
        TEAM: team and f"{team}|{rank}|{wait}",
        TEAM_DUE: team and f"{team}|{due}",
        TEAM_URGENCY: team and f"{team}|{urgency}|{wait}",
        REFERRER: referrer and f"{referrer}|{wait}",
        REFERRER_DUE: referrer and f"{referrer}|{due}",
        REFERRER_URGENCY: referrer and f"{referrer}|{urgency}|{wait}",
        PATIENT: None if draft and by_clinician else f"{state.patient_id}|{stage}|{wait}",
    }


def stages(beginning: str) -> list[str]:
    """The stages of the list whose stages begin so."""
    return sorted({stage for stage in STAGES.values() if stage.startswith(beginning)})


def ranks() -> range:
    """What may stand before the wait in keys of the team: how soon triage has to decide."""
    return range(len(_SOONEST))


def of_priority(stage: str, priority: Priority) -> str:
    """What keys of the team begin with while triage, whose stage is in order of priority, decides about that one."""
    return f"{stage}|{_SOONEST.index(priority)}|"


def order(state: ReferralState) -> str:
    """What a person's own referrals are sorted by: by stage, and in each stage the longest wait first."""
    return f"{STAGES[state.status or Status.DRAFT]}|{_wait(state)}"


def _urgency(state: ReferralState) -> int:
    """Without a priority it is the last."""
    return _SOONEST.index(state.priority) if state.priority else len(_SOONEST)


def _wait(state: ReferralState) -> str:
    """The longest wait first, what was never sent last. Moments in UTC and of one width, so that texts sort as they."""
    if state.status not in OPEN and state.closed_at is not None:
        return f"{_LAST - int(state.closed_at.timestamp() * 1000):015d}|{state.referral_id}"
    return f"{_text(state.clock_started_at) if state.clock_started_at else _UNSENT}|{state.referral_id}"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
