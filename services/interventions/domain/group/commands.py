"""What somebody can want of a group."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import Absence, GroupEnd, GroupMode
from shared.contracts.referrals import Language

Where = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
LONGEST_MINUTES = 480


class PlanGroup(Command):
    """Form a group for the newest version of a programme: one session for each module, `every_days` apart."""

    group_id: Identifier
    programme_id: Identifier
    language: Language
    mode: GroupMode
    where: Where
    facilitators: tuple[Identifier, Identifier]
    first_at: AwareDatetime
    minutes: int = Field(ge=15, le=LONGEST_MINUTES)
    every_days: int = Field(default=7, ge=1, le=60)
    maximum: int | None = Field(default=None, ge=2)
    place_id: Identifier | None = None


class SeatCommand(Command):
    """What a membership wants of its group. Late or repeated, it changes nothing and is no error."""

    membership_id: Identifier
    invitation: int = Field(ge=1)


class NoteInvited(SeatCommand):
    """Somebody was asked whether they would like to take part. They were told that it starts at `starts_at`."""

    episode_id: Identifier
    patient_id: Identifier
    starts_at: AwareDatetime


class TakeSeat(SeatCommand):
    """Somebody said yes, at `accepted_at`."""

    episode_id: Identifier
    patient_id: Identifier
    accepted_at: AwareDatetime


class GiveUpSeat(SeatCommand):
    """Somebody leaves their seat, or the reserve list."""


class ConfirmGroup(Command):
    """Begin as planned, also with fewer people than the minimum."""


class PostponeGroup(Command):
    """All sessions take place so many days later."""

    days: int = Field(ge=1, le=180)


class MoveSession(Command):
    """One session takes place at another time, or elsewhere. What is not given stays."""

    number: int = Field(ge=1)
    at: AwareDatetime | None = None
    minutes: int | None = Field(default=None, ge=15, le=LONGEST_MINUTES)
    where: Where | None = None


class ReplaceFacilitator(Command):
    """Somebody else leads one session, or all that are still to come."""

    leaves: Identifier
    comes: Identifier
    number: int | None = Field(default=None, ge=1)


class TakeAttendance(Command):
    """Who was there, said once for everybody. Said again, it corrects."""

    number: int = Field(ge=1)
    present: tuple[Identifier, ...] = ()
    absent: tuple[Absence, ...] = ()


class MarkNotHeld(Command):
    """A session did not take place, though its time has passed."""

    number: int = Field(ge=1)
    reason_code: GroupEnd


class CancelGroup(Command):
    """It does not take place, or not any more."""

    reason_code: GroupEnd
