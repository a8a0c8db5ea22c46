"""What somebody can want of a peer leader."""

import datetime as dt

from pydantic import Field

from services.interventions.domain.engagement.commands import LONGEST_CONTACT
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier


class TrainPeerLeader(Command):
    """Psychology says that somebody was trained to lead circles, and who supervises them."""

    leader_id: Identifier
    patient_id: Identifier
    trained_on: dt.date
    supervisor_id: Identifier


class BeginLeading(Command):
    """A circle has them as its leader."""

    circle_id: Identifier
    member_id: Identifier


class EndLeading(Command):
    """A circle has them no more."""

    circle_id: Identifier
    member_id: Identifier


class HoldSupervision(Command):
    """They spoke with psychology about how it goes. `minutes` is the time that it took."""

    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)


class StandDown(Command):
    """They lead no circle any more."""
