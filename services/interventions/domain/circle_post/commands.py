"""What somebody can want of a post in a circle."""

from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.circle_post import PostKind, PostRemoval, PostReport

LONGEST_POST = 2000
"""In characters. A technical limit."""

PostText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_POST)]


class WritePost(Command):
    """A member writes to their circle. `joined` and `open` say whether they are in it, and whether it runs."""

    post_id: Identifier
    circle_id: Identifier
    member_id: Identifier
    patient_id: Identifier
    episode_id: Identifier
    kind: PostKind
    text: PostText
    joined: bool
    open: bool


class CheckPost(Command):
    """Somebody looked at it: it is shown or stays, or it is removed for a reason.

    `as_leader` is the member who leads the circle, where it is not psychology that looks.
    """

    show: bool
    reason_code: PostRemoval | None = None
    as_leader: Identifier | None = None


class ReportPost(Command):
    """A member asks us to look at it."""

    member_id: Identifier
    reason_code: PostReport


class JoinGoal(Command):
    """A member has the same goal."""

    member_id: Identifier


class ReachGoal(Command):
    """Its author reached it."""


class WithdrawPost(Command):
    """Its author left."""
