"""What each status of a referral means elsewhere: in FHIR, in the closed loop, in a reader's own lists."""

from dataclasses import dataclass

from services.referrals.domain.referral.state import Status


@dataclass(frozen=True)
class Standing:
    """`task` is the status of a FHIR Task; `business` the code of the HL7 BSeR guide where it has one, or our own;
    `ers` the twin in the NHS e-Referral Service. An `open` referral bars a second one for the same patient and pathway.
    """

    task: str
    business: str | None = None
    ers: str | None = None
    open: bool = False
    final: bool = False


STANDINGS: dict[Status, Standing] = {
    Status.DRAFT: Standing("draft"),
    Status.SUBMITTED: Standing("received", "2.0", open=True),
    Status.INFORMATION_REQUESTED: Standing("received", "2.0+information", "FURTHER_INFORMATION_REQUIRED", open=True),
    Status.IN_TRIAGE: Standing("received", "2.0", "AWAITING_TRIAGE", open=True),
    Status.ACCEPTED: Standing("accepted", "3.0", "TRIAGED_PROVIDER_TO_ACTION", open=True),
    Status.UNDECIDED: Standing("on-hold", "3.0+undecided", open=True),
    Status.NOT_NOW: Standing("on-hold", "3.0+not-now", open=True),
    Status.WAITLISTED: Standing("accepted", "3.0+waitlist", "DEFERRED_TO_PROVIDER", open=True),
    Status.OFFERED: Standing("accepted", "3.0+offered", "NOT_BOOKED", open=True),
    Status.AWAITING_BOOKING: Standing("accepted", "3.0+booking", "NOT_BOOKED", open=True),
    Status.SCHEDULED: Standing("in-progress", "5.1.1", "BOOKED", open=True),
    Status.DID_NOT_ATTEND: Standing("in-progress", "5.1.2", "DID_NOT_ATTEND", open=True),
    Status.APPOINTMENT_CANCELLED: Standing("in-progress", "5.1.3", "APPT_CANCELLED", open=True),
    Status.IN_TREATMENT: Standing("in-progress", "5.1.4", "ASSESSMENT_RESULT", open=True),
    Status.CANCELLATION_REQUESTED: Standing("in-progress", "5.2", open=True),
    Status.RETURNED: Standing("rejected", "4.0+advice", "TRIAGE_RESPONSE", final=True),
    Status.DECLINED: Standing("rejected", "4.0", "REJECTED", final=True),
    Status.REDIRECTED: Standing("rejected", "4.0", "REJECTED", final=True),
    Status.WITHDRAWN: Standing("cancelled", "6.0", "CANCELLED_REFERRAL", final=True),
    Status.CANCELLED: Standing("cancelled", "6.0", "CANCELLED_REFERRAL", final=True),
    Status.OUTCOME_SENT: Standing("completed", "7.0"),
    Status.LOOP_CLOSED: Standing("completed", "7.0+acknowledged", final=True),
    Status.ENTERED_IN_ERROR: Standing("entered-in-error", final=True),
}
OPEN = frozenset(status for status, standing in STANDINGS.items() if standing.open)
AWAITING_TRIAGE = (Status.SUBMITTED, Status.INFORMATION_REQUESTED, Status.IN_TRIAGE)
AWAITING_PATIENT = (Status.ACCEPTED, Status.UNDECIDED, Status.NOT_NOW)
AT_A_PLACE = (Status.WAITLISTED, Status.OFFERED, Status.AWAITING_BOOKING)
BOOKING = (Status.AWAITING_BOOKING, Status.SCHEDULED, Status.DID_NOT_ATTEND, Status.APPOINTMENT_CANCELLED)
BEFORE_TREATMENT = tuple(dict.fromkeys((*AWAITING_TRIAGE, *AWAITING_PATIENT, *AT_A_PLACE, *BOOKING)))
UNDER_WAY = (*BEFORE_TREATMENT, Status.IN_TREATMENT)
ENDED_UNTREATED = (Status.RETURNED, Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED)
