"""What somebody can want of an engagement."""

import datetime as dt

from pydantic import AwareDatetime, Field

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import ContactKind

LONGEST_CONTACT = 240
"""In minutes. A local limit: what is longer was mistyped."""


class OpenEngagement(Command):
    """An episode is planned."""

    engagement_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    referral_id: Identifier


class BeginEngagement(Command):
    """Treatment started at `happened_at`."""

    engagement_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    happened_at: AwareDatetime
    clinician_id: Identifier | None = None


class NoteActivity(Command):
    """The person did something in their programme at `happened_at`, or a clinician wrote it down for them.

    `opens_at` is when the next module opens by itself, where one has ended: before that there may be nothing to do.
    """

    happened_at: AwareDatetime
    on_behalf: bool
    opens_at: AwareDatetime | None = None


class NoteOpening(Command):
    """From `opens_at` on there is something that the person can do."""

    opens_at: AwareDatetime


class NoteNothingLeft(Command):
    """The person has done all that there is: the next step is a clinician's."""


class NoteMissed(Command):
    """The person missed so many meetings of their group in a row, from `row_from` on; that of this number is one."""

    group_id: Identifier
    number: int = Field(ge=1)
    in_a_row: int = Field(ge=1)
    row_from: int = Field(ge=1)


class LogContact(Command):
    """Psychology was in touch with the person, or tried to be. `minutes` is the time that it took."""

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)


class TakeBreak(Command):
    """The person takes a break until the end of the day `until`: no step follows meanwhile."""

    until: dt.date


class EndEngagement(Command):
    """The treatment has ended."""
