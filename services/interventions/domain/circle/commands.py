"""What somebody can want of a circle."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.circle import CircleEnd, CircleMode
from shared.contracts.referrals import Language

ShortWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
"""The name of a circle. A technical limit: it must fit on a line."""
Where = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""A room, or a link. A technical limit."""


class StartCircle(Command):
    """Psychology starts a circle. `agenda_id` and `agenda_version` are what its meetings follow."""

    circle_id: Identifier
    title: ShortWords
    language: Language
    mode: CircleMode
    where: Where
    agenda_id: str
    agenda_version: int = Field(ge=1)
    coordinator_id: Identifier
    from_group_id: Identifier | None = None


class HoldCircleSeat(Command):
    """Psychology invites somebody."""

    member_id: Identifier
    patient_id: Identifier
    episode_id: Identifier


class TakeCircleSeat(Command):
    """They said yes to their invitation number `round`."""

    member_id: Identifier
    round: int = Field(ge=1)


class FreeCircleSeat(Command):
    """They said no to it, or left."""

    member_id: Identifier
    round: int = Field(ge=1)


class AppointLeader(Command):
    """A member leads from now on. `trained` says whether they are trained for it and have not stood down."""

    member_id: Identifier
    trained: bool


class RemoveLeader(Command):
    """The member stood down, or could not take it on."""

    member_id: Identifier


class NotePostShown(Command):
    """A post was shown at `happened_at`."""

    happened_at: AwareDatetime


class PlanCircleMeeting(Command):
    """The next meeting, about a topic of the agenda. `where` only if it is elsewhere than always."""

    meet_at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: Where | None = None
    topic: str


class MoveCircleMeeting(Command):
    """One meeting takes place at another time, or elsewhere."""

    number: int = Field(ge=1)
    meet_at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: Where | None = None


class CancelCircleMeeting(Command):
    """One meeting does not take place, or did not."""

    number: int = Field(ge=1)


class HoldCircleMeeting(Command):
    """It took place; `present` are members."""

    number: int = Field(ge=1)
    present: tuple[Identifier, ...]


class CloseCircle(Command):
    """A person closes the circle for good."""

    reason_code: CircleEnd
