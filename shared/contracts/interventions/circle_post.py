"""What is said of one message, or shared goal, in a circle. Its words stand under the key of whoever wrote it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal

PostKind = Literal["message", "goal"]
PostRemoval = Literal["against_rules", "about_somebody", "medical_advice", "advertising", "other"]
"""Why a message is not shown; its author is told so kindly. A local list."""

PostReport = Literal["hurtful", "worried_about_them", "medical_advice", "private_matter", "other"]
"""Why somebody asks us to look at a message. A local list."""


class CirclePostEvent(Event):
    """What every event of a post carries. `member_id` and `patient_id` are its author's."""

    post_id: Identifier
    circle_id: Identifier
    member_id: Identifier
    patient_id: Identifier


class CirclePostWritten(CirclePostEvent):
    """Somebody wrote it. With `held` nobody else reads it until it was checked.

    `check_first` is what the clinic had set then. `episode_id` is their treatment, for whoever worries about them.
    """

    TYPE: ClassVar[str] = "carepath.circle_post.written.v1"

    episode_id: Identifier
    kind: PostKind
    text: Personal[str] = None
    check_first: bool
    held: bool


class CircleRiskWordsWritten(CirclePostEvent):
    """It holds words of the clinic's list: a person must look at it now. It is held in any case."""

    TYPE: ClassVar[str] = "carepath.circle_post.risk_words_written.v1"

    episode_id: Identifier
    words: Personal[tuple[str, ...]] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """What becomes of it is: the alert."""
        return False


class CirclePostShown(CirclePostEvent):
    """The others can read it. `checked_by` is `None` where the clinic checks afterwards."""

    TYPE: ClassVar[str] = "carepath.circle_post.shown.v1"

    checked_by: Identifier | None = None


class CirclePostChecked(CirclePostEvent):
    """Somebody looked at what was shown already, and it stays."""

    TYPE: ClassVar[str] = "carepath.circle_post.checked.v1"

    checked_by: Identifier

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Nothing changes for them."""
        return False


class CirclePostRemoved(CirclePostEvent):
    """The others will not read it, or not any more."""

    TYPE: ClassVar[str] = "carepath.circle_post.removed.v1"

    reason_code: PostRemoval
    removed_by: Identifier


class CirclePostReported(CirclePostEvent):
    """A member asks us to look at it. It is held until psychology did. Only psychology learns who asked."""

    TYPE: ClassVar[str] = "carepath.circle_post.reported.v1"

    reported_by: Identifier
    reason_code: PostReport

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Its author must not learn who asked."""
        return False


class CirclePostWaits(CirclePostEvent):
    """Nobody has checked it since `since`. Said again while it lasts."""

    TYPE: ClassVar[str] = "carepath.circle_post.waits.v1"

    since: AwareDatetime

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """It is for whoever checks."""
        return False


class CirclePostWithdrawn(CirclePostEvent):
    """Its author left: it is gone."""

    TYPE: ClassVar[str] = "carepath.circle_post.withdrawn.v1"


class CircleGoalJoined(CirclePostEvent):
    """Another member has the same goal now."""

    TYPE: ClassVar[str] = "carepath.circle_post.goal_joined.v1"

    joined_by: Identifier

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Whoever leaves takes it with them; a history would keep it."""
        return False


class CircleGoalReached(CirclePostEvent):
    """Its author says that they reached it."""

    TYPE: ClassVar[str] = "carepath.circle_post.goal_reached.v1"


CIRCLE_POST_EVENTS: tuple[type[Event], ...] = (
    CirclePostWritten,
    CircleRiskWordsWritten,
    CirclePostShown,
    CirclePostChecked,
    CirclePostRemoved,
    CirclePostReported,
    CirclePostWaits,
    CirclePostWithdrawn,
    CircleGoalJoined,
    CircleGoalReached,
)
