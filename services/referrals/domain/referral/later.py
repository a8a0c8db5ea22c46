"""What somebody may want to happen to a referral once the patient has agreed, and at its end."""

from pydantic import AwareDatetime, Field

from services.referrals.domain.referral.commands import Answers
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import (
    AppointmentEnd,
    CancelReason,
    MissedReason,
    Mode,
    OfferReason,
    OutcomeSummary,
    PauseReason,
    ProgressOccasion,
)


class ReceiveOffer(Command):
    """A place holds a seat for the patient until `offer_until`, in the wait of this number."""

    place_id: Identifier
    offer_until: AwareDatetime
    wait: int = Field(default=1, ge=1)


class TakeOffer(Command):
    """The patient takes the seat; a clinician may take it down for them."""


class DeclineOffer(Command):
    """The patient would rather wait for another seat."""

    reason_code: OfferReason


class PauseClock(Command):
    """The wait does not count for a while."""

    reason_code: PauseReason


class ResumeClock(Command):
    """The wait counts again."""


class Rescreen(Command):
    """The patient says how they are while they wait: the measures of their pathway, complete."""

    answers: Answers


class ScheduleAppointment(Command):
    """A first meeting is planned, or planned anew."""

    at: AwareDatetime
    minutes: int = Field(default=50, ge=5, le=480)
    mode: Mode
    clinician_id: Identifier


class CancelAppointment(Command):
    """The meeting will not take place."""

    reason_code: AppointmentEnd


class RecordMissed(Command):
    """The patient did not attend."""

    reason_code: MissedReason


class RecordAttended(Command):
    """The first meeting took place."""


class BeginInGroup(Command):
    """They came to the first meeting of their group: that is where treatment begins."""

    group_id: Identifier


class NoteMissedGroup(Command):
    """They did not come to a meeting of their group before they have begun, and had told nobody. Noted once a group."""

    group_id: Identifier
    reason_code: MissedReason


class NoteProgress(Command):
    """A note to the referrer on the way. With `quiet_days` it says for how long the person was not heard from."""

    occasion: ProgressOccasion = "note"
    note: str | None = None
    quiet_days: int | None = Field(default=None, ge=0)


class RequestCancellation(Command):
    """The referrer asks to cancel."""

    reason_code: CancelReason
    note: str | None = None


class TurnDownCancellation(Command):
    """Psychology does not cancel: it goes on where it stood. `rationale` is what the referrer reads."""

    rationale: str


class ConfirmCancellation(Command):
    """Psychology confirms the referrer's wish to cancel."""


class ReceiveOutcome(Command):
    """The episode has ended."""

    summary: OutcomeSummary


class SendFindings(Command):
    """What an assessment found, and what is advised."""

    findings: str
    recommendation: str | None = None


class AcknowledgeOutcome(Command):
    """The referrer has read the outcome."""


class ReopenReferral(Command):
    """What was ended without treatment is looked at again."""

    rationale: str


class EnterInError(Command):
    """It should never have been made."""

    note: str
