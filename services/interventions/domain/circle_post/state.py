"""What is remembered of a post in a circle."""

from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions.circle_post import PostKind, PostRemoval, PostReport
from shared.contracts.personal import Personal

PostStatus = Literal["held", "shown", "removed", "withdrawn"]


class Report(Part):
    """A member asked us to look."""

    member_id: str
    reason_code: PostReport
    at: AwareDatetime


class Joined(Part):
    """A member has the same goal."""

    member_id: str
    at: AwareDatetime


class CirclePostState(Part):
    """`checked` says that somebody looked at it as it stands. `risk` that it holds words of the clinic's list.

    `reports` are those not looked at yet, `heard` are all who ever reported it. It waits since `waits_since`.
    """

    status: PostStatus | None = None
    post_id: str = ""
    circle_id: str = ""
    member_id: str = ""
    patient_id: str = ""
    episode_id: str = ""
    kind: PostKind = "message"
    text: Personal[str] = None
    check_first: bool = True
    checked: bool = False
    risk: bool = False
    reports: tuple[Report, ...] = ()
    heard: tuple[str, ...] = ()
    written_at: AwareDatetime | None = None
    waits_since: AwareDatetime | None = None
    waits_told_at: AwareDatetime | None = None
    removed_for: PostRemoval | None = None
    joined: tuple[Joined, ...] = ()
    reached_at: AwareDatetime | None = None

    @property
    def to_check(self) -> bool:
        """Whether somebody has to look at it."""
        return self.status in ("held", "shown") and not self.checked

    @property
    def for_psychology(self) -> bool:
        """Whether only psychology may look at it."""
        return self.risk or bool(self.reports)
