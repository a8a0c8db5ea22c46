"""What somebody can want of an activity."""

from pydantic import Field

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import Written


class SaveActivity(Command):
    """Keep what was written so far, in part or whole; only what is named changes. The first one begins it.

    `finish` says that the person is done with it. `number` counts the doings of this activity, from 1.
    """

    record_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    module_id: str
    activity_id: str
    worksheet_id: str | None = None
    worksheet_version: int | None = None
    number: int = Field(default=1, ge=1)
    written: tuple[Written, ...] = ()
    rating_before: int | None = Field(default=None, ge=0, le=10)
    rating_after: int | None = Field(default=None, ge=0, le=10)
    finish: bool = False
