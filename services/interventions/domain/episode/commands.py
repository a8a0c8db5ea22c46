"""What somebody can want of an episode."""

from pydantic import Field

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import AsideReason, Occasion, ReviewMoment, StepDecision
from shared.contracts.referrals import EndDetail, EndReason, Reading


class OpenEpisode(Command):
    """Triage accepted: plan the treatment and pin the newest version of its programme."""

    episode_id: Identifier
    patient_id: Identifier
    referral_id: Identifier
    programme_id: str
    step: int = Field(ge=1, le=4)


class ActivateEpisode(Command):
    """The patient agreed: start. `clinician_id` is who held the first meeting, where there was one."""

    clinician_id: Identifier | None = None


class CancelEpisode(Command):
    """The referral has ended without an outcome."""


class OfferWhileWaiting(Command):
    """The person has agreed and waits for a seat: the first module may be done meanwhile."""


class CompleteModule(Command):
    """The patient went through a module."""

    module_id: str


class UnlockModule(Command):
    """A clinician opens a module early, out of order too, and says why."""

    module_id: str
    reason: str


class SetModuleAside(Command):
    """A module is left undone, by the person or with them: what comes after it opens all the same."""

    module_id: str
    reason_code: AsideReason


class MigrateEpisode(Command):
    """Go on in a newer version of the programme."""

    version: int = Field(ge=1)


class RecordMeasure(Command):
    """A questionnaire of this episode is complete."""

    occasion: Occasion
    reading: Reading
    programme_id: str | None = None


class RecordCheckIn(Command):
    """A questionnaire of a check-in of this episode is complete."""

    moment: str
    reading: Reading


class FinishEpisode(Command):
    """A clinician ends the treatment. `recommendation` is what the pain team reads; never a session note."""

    end_reason: EndReason
    end_detail: EndDetail | None = None
    recommendation: str | None = None


class DecideStep(Command):
    """A clinician decides how treatment goes on. With a programme it goes on in that one, on `step` (1 to 4); without
    one the decision is on record, and what it asks for is arranged by people. `departure_reason` is there where the
    decision is not what the rules advise.
    """

    moment: ReviewMoment
    decision: StepDecision
    programme_id: str | None = None
    step: int | None = Field(default=None, ge=1, le=4)
    departure_reason: str | None = None


class PaceByGroup(Command):
    """The person has a seat in a group, or has it no longer (`None`)."""

    group_id: Identifier | None


class NoteGroupSession(Command):
    """Their group met, with or without them."""

    number: int = Field(ge=1)
    module_ids: tuple[str, ...]
    attended: bool


class FlagRisk(Command):
    """A risk alert of this person is open."""

    alert_id: Identifier


class ClearRisk(Command):
    """A risk alert of this person is closed, with a plan."""

    alert_id: Identifier
