"""What is said about a referral once the patient has agreed: waiting, offers, appointments, notes and the end."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals.referral import ReferralEvent
from shared.contracts.referrals.values import (
    Appointment,
    AppointmentEnd,
    CancelReason,
    MissedReason,
    OfferReason,
    OutcomeSummary,
    OverdueStep,
    OwedBy,
    PauseReason,
    Priority,
    ProgressOccasion,
    Reading,
    ReferralKind,
)

# --- waiting -------------------------------------------------------------------------------------------------------


class ReferralWaitlisted(ReferralEvent):
    """It waits for a seat at `place_id`. `waiting_since` is when the wait began, moved on by every pause.

    `wait` counts how often it has waited for a seat: whoever hesitates leaves the list, and may come back.
    """

    TYPE: ClassVar[str] = "carepath.referral.waitlisted.v1"

    priority: Priority
    waiting_since: AwareDatetime
    wait: int = Field(default=1, ge=1)


class SeatOffered(ReferralEvent):
    """A seat is held for the patient until `offer_until`."""

    TYPE: ClassVar[str] = "carepath.referral.seat_offered.v1"

    offer_until: AwareDatetime


class OfferTaken(ReferralEvent):
    """The patient takes the seat."""

    TYPE: ClassVar[str] = "carepath.referral.offer_taken.v1"


class BookingRequested(ReferralEvent):
    """A first meeting is owed to the patient."""

    TYPE: ClassVar[str] = "carepath.referral.booking_requested.v1"


class OfferDeclined(ReferralEvent):
    """The patient would rather wait for another seat."""

    TYPE: ClassVar[str] = "carepath.referral.offer_declined.v1"

    reason_code: OfferReason


class OfferLapsed(ReferralEvent):
    """Nobody answered in time; the patient goes on waiting. `times` counts the lapsed offers."""

    TYPE: ClassVar[str] = "carepath.referral.offer_lapsed.v1"

    times: int = Field(ge=1)


class ClockPaused(ReferralEvent):
    """The waiting clock stands still, for a coded reason."""

    TYPE: ClassVar[str] = "carepath.referral.clock_paused.v1"

    reason_code: PauseReason


class ClockResumed(ReferralEvent):
    """The waiting clock goes on. `waiting_since` is the start of the wait, moved on by every pause."""

    TYPE: ClassVar[str] = "carepath.referral.clock_resumed.v1"

    waiting_since: AwareDatetime


class WaitingBreached(ReferralEvent):
    """The patient has waited this many weeks, without pauses, and treatment has not begun."""

    TYPE: ClassVar[str] = "carepath.referral.waiting_breached.v1"

    weeks: int = Field(ge=1)


class RescreenDue(ReferralEvent):
    """The patient has waited long enough to be asked again how they are. `times` counts the askings."""

    TYPE: ClassVar[str] = "carepath.referral.rescreen_due.v1"

    times: int = Field(ge=1)


class RescreenRecorded(ReferralEvent):
    """How the patient is while they wait."""

    TYPE: ClassVar[str] = "carepath.referral.rescreen_recorded.v1"

    readings: tuple[Reading, ...]


class WorseWhileWaiting(ReferralEvent):
    """The triage rules now recommend more, or sooner, than at the decision: psychology must look again."""

    TYPE: ClassVar[str] = "carepath.referral.worse_while_waiting.v1"

    reasons: tuple[str, ...]
    triage_due: AwareDatetime


class StepOverdue(ReferralEvent):
    """Somebody owes the next step, and its time has passed. `reminder` counts from 1."""

    TYPE: ClassVar[str] = "carepath.referral.step_overdue.v1"

    step: OverdueStep
    owed_by: OwedBy
    reminder: int = Field(ge=1)


# --- appointments and treatment ------------------------------------------------------------------------------------


class AppointmentScheduled(ReferralEvent):
    """A first meeting is planned, or planned anew."""

    TYPE: ClassVar[str] = "carepath.referral.appointment_scheduled.v1"

    appointment: Appointment

    @property
    def minutes(self) -> int:
        """How long it is planned to last."""
        return self.appointment.minutes


class AppointmentMissed(ReferralEvent):
    """The patient did not attend."""

    TYPE: ClassVar[str] = "carepath.referral.appointment_missed.v1"

    reason_code: MissedReason


class AppointmentCancelled(ReferralEvent):
    """The meeting of `appointment` will not take place; another one is owed."""

    TYPE: ClassVar[str] = "carepath.referral.appointment_cancelled.v1"

    reason_code: AppointmentEnd
    appointment: Appointment | None = None


class TreatmentStarted(ReferralEvent):
    """The first contact took place: the waiting clock stops. This is the note to the referrer at the start.

    `group_id` is there where it was the first meeting of a group, `clinician_id` where somebody met them by themselves.
    """

    TYPE: ClassVar[str] = "carepath.referral.treatment_started.v1"

    kind: ReferralKind = "treatment"
    group_id: Identifier | None = None
    clinician_id: Identifier | None = None


class ProgressNoted(ReferralEvent):
    """A note to the referrer on the way, without closing anything: at the middle, at a change of step, or any time.

    `quiet_days` is there where the note says that the person was not heard from for so many days, and is being called;
    `missed_reason` where it says that they did not come to a meeting of the group `group_id`, and have not begun.
    """

    TYPE: ClassVar[str] = "carepath.referral.progress_noted.v1"

    occasion: ProgressOccasion
    note: Personal[str] = None
    quiet_days: int | None = Field(default=None, ge=0)
    missed_reason: MissedReason | None = None
    group_id: Identifier | None = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return data.get("quiet_days") is None


# --- the end -------------------------------------------------------------------------------------------------------


class CancellationRequested(ReferralEvent):
    """The referrer asks to cancel; psychology confirms, since work may be under way or done."""

    TYPE: ClassVar[str] = "carepath.referral.cancellation_requested.v1"

    reason_code: CancelReason
    note: Personal[str] = None


class CancellationTurnedDown(ReferralEvent):
    """Psychology does not cancel, and says why. It goes on where it stood when the referrer asked: `back_to`."""

    TYPE: ClassVar[str] = "carepath.referral.cancellation_turned_down.v1"

    back_to: str
    rationale: Personal[str]


class ReferralCancelled(ReferralEvent):
    """Psychology confirmed the cancellation."""

    TYPE: ClassVar[str] = "carepath.referral.cancelled.v1"

    reason_code: CancelReason


class FindingsSent(ReferralEvent):
    """What an assessment found, and what is advised: the outcome of a referral for assessment only."""

    TYPE: ClassVar[str] = "carepath.referral.findings_sent.v1"

    findings: Personal[str]
    recommendation: Personal[str] = None
    acknowledge_by: AwareDatetime


class ReferralReopened(ReferralEvent):
    """What was ended without treatment is looked at again."""

    TYPE: ClassVar[str] = "carepath.referral.reopened.v1"

    rationale: Personal[str]
    triage_due: AwareDatetime


class EnteredInError(ReferralEvent):
    """It should never have been made; what followed from it is undone where it can be."""

    TYPE: ClassVar[str] = "carepath.referral.entered_in_error.v1"

    note: Personal[str] = None


class OutcomeReceived(ReferralEvent):
    """The episode's outcome reached the referral; the referrer is asked to read and acknowledge it."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_received.v1"

    summary: OutcomeSummary
    acknowledge_by: AwareDatetime


class OutcomeChased(ReferralEvent):
    """Still unacknowledged. `times` counts the reminders."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_chased.v1"

    times: int = Field(ge=1)


class OutcomeAcknowledged(ReferralEvent):
    """The referrer has read the outcome: the loop is closed."""

    TYPE: ClassVar[str] = "carepath.referral.outcome_acknowledged.v1"
