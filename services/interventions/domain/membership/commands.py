"""What somebody can want of a membership."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import InvitationReason, RefusedSeat
from shared.contracts.referrals import MissedReason

ShownName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class InviteToGroup(Command):
    """Psychology asks somebody whether they would like to take part."""

    membership_id: Identifier
    group_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    referral_id: Identifier
    episode_version: int = Field(ge=1)
    starts_at: AwareDatetime
    answer_by: AwareDatetime


class AnswerInvitation(Command):
    """Yes, with the rules that were read and the name to be shown, or none; or rather not."""

    accept: bool
    rules_version: int | None = Field(default=None, ge=1)
    name: ShownName | None = None
    reason_code: InvitationReason | None = None


class NoteDates(Command):
    """The dates of the group have changed; it meets next at `next_session_at`."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    next_session_at: AwareDatetime


class NoteSeat(Command):
    """The group gave a seat, or a place on the reserve list."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    seat: Literal["seat", "reserve"]


class NoteRefusal(Command):
    """The group takes nobody any more."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    reason: RefusedSeat


class ChangeName(Command):
    """Be shown to the others under another name, or none."""

    name: ShownName | None = None


class AskAboutRules(Command):
    """Session `number` is near: whoever agreed to other rules than those of now is asked."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    number: int = Field(ge=1)


class AgreeToRules(Command):
    """Yes to the rules of that version, which were read."""

    rules_version: int = Field(ge=1)


class TellAbsence(Command):
    """Say beforehand that they cannot come to one session, which begins at `session_at`."""

    number: int = Field(ge=1)
    session_at: AwareDatetime


class LeaveGroup(Command):
    """Leave the group. No reason is asked for."""


class NoteAttendance(Command):
    """It was said who was there, at the session that began at `session_at`."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    number: int = Field(ge=1)
    session_at: AwareDatetime
    module_ids: tuple[str, ...]
    present: bool
    reason_code: MissedReason = "not_specified"
    told: bool = False


class EndPart(Command):
    """The group has finished, or does not take place."""

    group_id: Identifier
    invitation: int = Field(ge=1)
    how: Literal["finished", "group_cancelled"]


class EndWithTreatment(Command):
    """The treatment that it belongs to has ended, with the event of that number. An invitation from after it stands."""

    episode_version: int = Field(ge=1)
