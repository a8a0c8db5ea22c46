"""What somebody can want of one person's part in a circle."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.interventions.domain.engagement.commands import LONGEST_CONTACT
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import ContactKind
from shared.contracts.interventions.circle_member import NudgeWord

ShownName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
"""How the others see them. A technical limit: it stands above each of their messages."""


class InviteToCircle(Command):
    """A seat is held for them. `invited_by` is of psychology."""

    member_id: Identifier
    circle_id: Identifier
    patient_id: Identifier
    episode_id: Identifier
    round: int = Field(ge=1)
    invited_by: Identifier


class AnswerCircle(Command):
    """They say whether they want to join; `present_rules` is the version that whoever joins now agrees to.

    `open` says whether the circle still runs.
    """

    accept: bool
    rules_version: int | None = None
    present_rules: int = Field(ge=1)
    name: ShownName | None = None
    open: bool


class ChangeCircleName(Command):
    """They want to be shown under another name, or none."""

    name: ShownName | None = None


class LeaveCircle(Command):
    """They leave; or psychology takes them out."""


class NotePost(Command):
    """They wrote a post at `written_at`. It goes when they leave, or at once where they have left since."""

    post_id: Identifier
    written_at: AwareDatetime


class SetMute(Command):
    """They do not want to read another member, or do again."""

    other_id: Identifier
    muted: bool


class SendNudge(Command):
    """They send another member a kind word. `to_is_here` says whether that member is in the circle."""

    to_member_id: Identifier
    word: NudgeWord
    to_is_here: bool


class ReceiveNudge(Command):
    """Another member sent them a kind word."""

    from_member_id: Identifier
    word: NudgeWord


class LogCircleContact(Command):
    """Psychology or the circle's leader was in touch with them, or tried to be. `minutes` is the time that it took."""

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)
